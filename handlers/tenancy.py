"""租客登记、搬离: consent first, in a private chat, one question at a time, sealed all the way.

What was said goes to the police as a protected ticket whose words tell nothing; the answers lie
apart and are deleted after the configured days. There is no list and no search by person. No
identity number is asked for: papers are looked at by the officer. Called by ``field``.
"""

from dataclasses import replace
from datetime import timedelta

from bot.domain import field_words, rights
from bot.domain.clocks import ZONE
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.service_rules import Tenancy
from config.vocabulary import Act, Danger, Kind, Role, Urgency
from handlers import loop, opening
from handlers.intake import Hearing
from storage import forms
from storage.forms import Form
from storage.tickets import Ticket, Voice

IN, OUT = "tenancy_in", "tenancy_out"
_BEGIN = {"租客登记": IN, "租房登记": IN, "登记租客": IN, "租客搬离": OUT, "搬离登记": OUT}
_ASKED = {IN: ("name", "phone", "home", "count", "since"), OUT: ("name", "phone", "home", "since")}
LABELS = {"name": "姓名", "phone": "电话", "home": "住址", "count": "同住人数", "since": "日期"}
_LIFE = timedelta(minutes=30)
_YES, _NO = ("1", "同意", "愿意"), ("2", "不同意", "不愿意", "不")
_STOP = ("取消", "不填了", "算了", "停")
_LONGEST = 60


def said(turn: Turn, hearing: Hearing) -> bool:
    """True when the words begin, answer or stop this form."""
    plan = turn.rules.services.tenancy
    if plan is None:
        return False
    form = None if hearing.is_group else forms.open_of(turn.db, hearing.person_key, turn.now)
    if form is not None and form.form in _ASKED:
        return _answered(turn, hearing, plan, form)
    wanted = _BEGIN.get(hearing.said.strip().strip("。！!“”"))
    if wanted is None:
        return False
    if hearing.is_group:
        turn.answer(turn.text("tenancy_group"))
        return True
    _begin(turn, hearing, plan, wanted)
    return True


def place_given(turn: Turn, hearing: Hearing) -> bool:
    """True when nothing but an address answers the question for one; it can be no danger."""
    form = None if hearing.is_group else forms.open_of(turn.db, hearing.person_key, turn.now)
    plan = turn.rules.services.tenancy
    if plan is None or form is None or form.form not in _ASKED or not form.data["agreed"]:
        return False
    names = (n for g in turn.rules.grids.grids for e in g.estates for n in (e.name, *e.aliases))
    if _missing(form)[:1] != ["home"] or not field_words.is_bare_place(hearing.said, names):
        return False
    return _answered(turn, hearing, plan, form)


def _begin(turn: Turn, hearing: Hearing, plan: Tenancy, wanted: str) -> None:
    form = Form(
        key=f"{hearing.event.key}:form",
        form=wanted,
        person_key=hearing.person_key,
        grid=hearing.grid,
        began_at=turn.now,
        until=turn.now + _LIFE,
        data={"agreed": "", "answers": {}},
    )
    forms.begin(turn.db, form)
    words = turn.text("tenancy_consent", purpose=plan.purpose, days=plan.kept.days)
    turn.answer(words, choices=(("1", "同意"), ("2", "不同意")))


def _answered(turn: Turn, hearing: Hearing, plan: Tenancy, form: Form) -> bool:
    words = hearing.said.strip()
    if hearing.reading.kind is Kind.REPORT and len(words) > _LONGEST // 2:
        return False  # she tells of a matter; the form waits
    if words in _STOP:
        return _stopped(turn, form)
    if not form.data["agreed"]:
        return _consent(turn, form, words)
    missing = _missing(form)
    answers = {**form.data["answers"], missing[0]: words[:_LONGEST]}
    grid = hearing.grid if missing[0] == "home" and hearing.grid else form.grid
    form = replace(form, grid=grid, until=turn.now + _LIFE, data={**form.data, "answers": answers})
    if missing[1:]:
        forms.keep(turn.db, form)
        turn.answer(turn.text(f"tenancy_ask_{_key(form, missing[1])}"))
        return True
    _handed(turn, hearing.event, plan, form)
    return True


def _key(form: Form, asked: str) -> str:
    return f"{asked}_out" if form.form == OUT and asked == "since" else asked


def _missing(form: Form) -> list[str]:
    return [one for one in _ASKED[form.form] if one not in form.data["answers"]]


def _consent(turn: Turn, form: Form, words: str) -> bool:
    if words in _NO:
        return _stopped(turn, form)
    if words not in _YES:
        turn.answer(turn.text("tenancy_consent_again"))
        return True
    data = {**form.data, "agreed": turn.now.isoformat()}
    forms.keep(turn.db, replace(form, data=data, until=turn.now + _LIFE))
    turn.answer(turn.text(f"tenancy_ask_{_missing(form)[0]}"))
    return True


def _stopped(turn: Turn, form: Form) -> bool:
    forms.drop(turn.db, form, turn.now)
    turn.answer(turn.text("tenancy_stopped"))
    return True


def _handed(turn: Turn, event: Heard, plan: Tenancy, form: Form) -> None:
    """The ticket for the police; its words say only that there is something to read."""
    what = turn.text("tenancy_words_in" if form.form == IN else "tenancy_words_out")
    seed = opening.Seed(
        category=plan.category,
        urgency=Urgency.U5,
        text=what,
        masked=what,
        line=event.line,
        danger=Danger.NONE,
        protected=True,
        grid=form.grid,
        voice=Voice(user=event.by, chat=event.chat, said_at=turn.now.isoformat()),
        origin="form",
    )
    officer = _officer(turn, form.grid)
    ticket, route = opening.open_ticket(turn, seed, owner=officer)
    forms.end(turn.db, form, turn.now, ticket_id=ticket.id, forget_at=turn.now + plan.kept)
    opening.show_to_staff(turn, ticket, route)
    turn.answer(turn.text("tenancy_handed", number=ticket.number, days=plan.kept.days))


def _officer(turn: Turn, grid: str) -> Person:
    """The beat's officer on duty, else the command room; nobody but police."""
    away = opening.away_now(turn)
    there = turn.rules.duty(Role.OFFICER, turn.now, grid, away) if grid else []
    there = there or turn.rules.duty(Role.COMMAND_ROOM, turn.now, None, away)
    return (there or list(turn.rules.people_with(Role.COMMAND_ROOM)))[0]


def read_out(turn: Turn, ticket: Ticket, person: Person) -> str:
    """登记内容 0012, for the police who may see it; each look is journalled. Raises: Refused."""
    if not person.role.is_police:
        raise Refused("not_found", number=ticket.serial)
    if rights.may_act(person, Act.HANDLE, loop.matter_of(ticket), turn.rules):
        raise Refused("not_your_ticket", number=ticket.number, owner_unit=ticket.unit)
    form = forms.of_ticket(turn.db, ticket.id)
    if form is None:
        raise Refused("tenancy_gone", number=ticket.number)
    turn.note(ticket, Act.UNMASK, by=person.id, reason="查看登记内容")
    lines = [f"{LABELS[one]}：{words}" for one, words in form.data["answers"].items()]
    agreed = f"{form.began_at.astimezone(ZONE):%-m月%-d日 %H:%M}"
    return turn.text("tenancy_content", number=ticket.number, at=agreed, lines="\n".join(lines))
