"""The papers of a mediation as documents (文书 docx): filled from the ticket, numbered, drafts.

``filled`` freezes what the ticket says on the day it is written; ``file_of`` is the document. What
the reporter said stands there as 反映 and as nobody's fact; names and numbers of the sides are left
blank, because they are written and signed by hand.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from bot.domain import rights
from bot.domain.clocks import ZONE
from bot.messages import Paper
from bot.turn import Turn
from config.mediation_rules import Form
from config.people_rules import Person
from config.rights_rules import Part
from config.rules import Rules
from handlers import loop, shown
from handlers import mediation_people as people
from storage.mediations import Mediation
from storage.tickets import Ticket

_LONGEST = 4000
_DRAFT = "（草稿：核对事实和身份，双方签名、盖章以后才算数）"
_SIDE = (
    "{side}：姓名____________  性别____  身份证件号码________________________  住址________________"
)
_CONFIRM = "双方认为有必要的，可以自协议生效之日起{days}日内共同向人民法院申请司法确认。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What stands on a paper."""

    title: str
    number: str
    ticket: str
    category: str
    place: str
    told_on: str
    reflected: str
    terms: str
    due: str
    end: str
    force: str
    confirm_days: int
    written_on: str

    def pack(self) -> str:
        """JSON for the sealed words of the paper."""
        return json.dumps(asdict(self), ensure_ascii=False)


def unpack(words: str) -> Content:
    """What ``pack`` wrote."""
    return Content(**json.loads(words))


def filled(
    turn: Turn,
    person: Person,
    ticket: Ticket,
    mediation: Mediation,
    form: Form,
    number: str,
    terms: str,
    due: str,
) -> Content:
    """The content of a paper as the ticket stands now and ``person`` may read it."""
    plan = people.plan_of(turn)
    told, today = ticket.opened_at.astimezone(ZONE), turn.now.astimezone(ZONE)
    return Content(
        title=form.name,
        number=number,
        ticket=ticket.number,
        category=loop.category_name(turn, ticket.category),
        place=shown.place(turn, ticket, person),
        told_on=f"{told.year}年{told.month}月{told.day}日",
        reflected=shown.said(turn, ticket, person, ticket.masked, _LONGEST),
        terms=terms,
        due=due,
        end=form.end,
        force=plan.force(mediation.force).name,
        confirm_days=plan.confirm_within.days if form.confirm else 0,
        written_on=f"{today.year}年{today.month}月{today.day}日",
    )


def for_reader(rules: Rules, person: Person, ticket: Ticket, content: Content) -> Content:
    """The content as this person may read it: who wrote it may have read more of the ticket."""
    matter = loop.matter_of(ticket)
    if not rights.may_read(person, Part.SUMMARY, matter, rules):
        content = replace(content, reflected="")
    if rights.may_read(person, Part.PLACE, matter, rules):
        return content
    place, told = loop.place_of(rules, ticket, full=False), shown.outside(rules, content.reflected)
    return replace(content, place=place, reflected=told)


def file_of(content: Content) -> Paper:
    """The document: the same on the page and as a file in the chat."""
    signs = ("甲方（签名、按指印）", "乙方（签名、按指印）", "调解员（签名）", "记录人（签名）")
    return Paper(
        name=f"{content.title}{content.ticket}.docx",
        title=content.title,
        number=content.number,
        mark=_DRAFT,
        lines=tuple(_lines(content)),
        signs=(*signs, f"{content.force}（盖章）        {content.written_on}制"),
    )


def _lines(content: Content) -> Iterator[str]:
    for side in ("甲方", "乙方"):
        yield _SIDE.format(side=side)
    yield "一、纠纷主要事实、争议事项"
    about = f"{content.category}，地点{content.place}"
    yield f"{content.told_on}收到反映（编号{content.ticket}）：{about}。"
    reflected = f"“{content.reflected}”" if content.reflected else "_" * 60
    yield f"反映人反映：{reflected}。以上为反映内容，未作为事实认定。"
    yield "双方确认的事实（由调解员核对后填写）：" + "_" * 60
    yield "二、双方自愿达成如下协议"
    yield content.terms or "_" * 90
    yield "三、履行方式、期限"
    yield f"于{content.due}以前履行。" if content.due else "_" * 60
    yield content.end
    if content.confirm_days:
        yield _CONFIRM.format(days=content.confirm_days)
