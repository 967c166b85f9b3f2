"""What becomes of a hazard (隐患): the notice as a draft, the reminder, the rate.

The 隐患整改通知书 is a numbered draft: the police sign it, no program does. Its second look (复核)
is in ``rechecking``. Called by ``field`` and ``overdue``.
"""

from datetime import timedelta

from bot.domain import clocks, lifecycle
from bot.domain.clocks import ZONE
from bot.events import Due
from bot.messages import Paper
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role, Stage
from handlers import shown
from storage import hazards
from storage.hazards import Hazard, Rate
from storage.tickets import Ticket

_YEAR = timedelta(days=365)
_LONGEST = 2000


def _hazard(turn: Turn, ticket: Ticket) -> Hazard:
    """What the ticket has as a hazard. Raises: Refused when it is none."""
    known = hazards.of_ticket(turn.db, ticket.id)
    if known is None:
        raise Refused("no_hazard", number=ticket.number)
    return known


def notice(turn: Turn, ticket: Ticket, person: Person) -> str:
    """通知书 0012: the numbered draft goes to this officer as a file. Raises: Refused."""
    known = _hazard(turn, ticket)
    if not person.role.is_police or person.role is Role.NARCOTICS:
        raise Refused("role_refused", act="开整改通知书")
    if lifecycle.TABLE.get((ticket.stage, Act.SUPPLEMENT)) is None:
        raise Refused("already_done", number=ticket.number, stage=ticket.stage.label)
    year = turn.now.astimezone(ZONE).year
    number = hazards.numbered(turn.db, ticket.id, year)
    year = known.notice_year or year
    name = f"{turn.rules.checklists.notice_prefix}〔{year}〕{number}号"
    turn.note(ticket, Act.NOTE, by=person.id, reason=f"隐患整改通知书草稿 {name}")
    turn.hand_paper(person.id, _paper(turn, person, ticket, known, name), ticket)
    return turn.text("notice_made", number=ticket.number, name=name)


def _paper(turn: Turn, person: Person, ticket: Ticket, known: Hazard, name: str) -> Paper:
    kind = turn.rules.checklists.hazard(known.hazard)
    place_kind = turn.rules.checklists.checklist(known.place_kind)
    due = f"{known.due_at.astimezone(ZONE):%Y年%-m月%-d日}"
    found = f"{known.found_at.astimezone(ZONE):%Y年%-m月%-d日}"
    return Paper(
        name=f"隐患整改通知书{ticket.serial}.docx",
        title="隐患整改通知书",
        number=name,
        mark="草稿，未经签批盖章无效",
        rows=(
            ("被检查单位（场所）", ""),
            ("地点", shown.place(turn, ticket, person)),
            ("场所类型", place_kind.name if place_kind else ""),
            ("检查时间", found),
            ("隐患类别", kind.name if kind else known.hazard),
            ("存在的问题", shown.said(turn, ticket, person, ticket.masked, _LONGEST)),
            ("整改要求", kind.demand if kind else ""),
            ("整改期限", f"{due}前"),
            ("单号", ticket.number),
        ),
        lines=("请按期改好并告知检查人，到期将复核。逾期不改的，依法处理。",),
        signs=(
            "检查人（签名）",
            "场所负责人（签名）",
            f"{turn.rules.station.name}（盖章）",
            "年 月 日",
        ),
    )


def remind(turn: Turn, _event: Due, ticket: Ticket) -> None:
    """The day comes near and it is not put right: who has it in hand hears of it once."""
    known = hazards.of_ticket(turn.db, ticket.id)
    over = (Stage.RESOLVED, Stage.RECHECK, Stage.EVALUATION)
    if known is None or known.fixed_at or not ticket.is_open or ticket.stage in over:
        return
    if ticket.owner:
        due, place = (
            clocks.moment_words(known.due_at, turn.now),
            shown.place(turn, ticket, ticket.owner),
        )
        text = turn.text("hazard_due", number=ticket.number, place=place, due=due)
        turn.tell(ticket.owner, text, ticket=ticket.id)


def rate(turn: Turn) -> str:
    """整改率 of a year, with its base, by class."""
    found = hazards.rates(turn.db, turn.now - _YEAR, turn.now)
    if not found:
        return turn.text("rate_none")
    lines = [
        turn.text("rate_line", what=one.name, share=share_words(found[one.id]))
        for one in turn.rules.checklists.hazards
        if one.id in found
    ]
    every = found.values()
    total = Rate(
        sum(r.found for r in every), sum(r.fixed for r in every), sum(r.late for r in every)
    )
    head = turn.text("rate_head", share=share_words(total))
    return "\n".join([head, *lines])


def share_words(rate: Rate) -> str:
    """``189/196，超期3``; a percentage only from ten on."""
    percent = f"（{rate.fixed / rate.found:.1%}）" if rate.found >= 10 else ""
    return f"{rate.fixed}/{rate.found}{percent}" + (f"，超期{rate.late}" if rate.late else "")
