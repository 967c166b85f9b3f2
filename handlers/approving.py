"""Two persons (两人才办): what one asks for, another one decides, by button or by word.

One mechanism for everything that nobody may do alone: 挂起, 延期, 作废 and what comes later. Who
asked never decides, in none of his offices (兼任); who decides may do so in any of them. What was
granted is done in the same Turn, in the name of both. A wish that nobody decided falls away when
its ticket has moved on.
"""

from collections.abc import Callable
from typing import Any

from bot.domain import lifecycle, rights
from bot.events import ButtonKey, Clicked
from bot.lines import line_of
from bot.messages import Button, Card
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role
from handlers import loop, opening
from storage import approvals, tickets
from storage.approvals import Approval
from storage.tickets import Ticket

GRANT, DENY = "grant", "deny"
Done = Callable[[Turn, Ticket, Person, Approval], str]
_DONE: dict[Act, Done] = {}
_LEFT: dict[Act, Done] = {}
_LONGEST = 120
_REPORTER = "reporter"


def when_granted(act: Act, do: Done, leave: Done | None = None) -> None:
    """``do`` is what ``act`` means once a second person has said yes; it returns the answer.

    ``leave`` is what is done besides when he said no.
    """
    _DONE[act] = do
    if leave is not None:
        _LEFT[act] = leave


def ask(
    turn: Turn,
    ticket: Ticket,
    act: Act,
    person: Person,
    reason: str,
    data: dict[str, Any],
    decider: Person | None = None,
) -> str:
    """The answer to who asks; a card goes to ``decider``, else to who decides for him.

    Raises: Refused without a reason, while the same wish waits, or where nobody else is there.
    """
    if not reason.strip():
        raise Refused("needs_reason", act=act.label, number=ticket.number)
    if any(wish.act is act for wish in approvals.waiting(turn.db, ticket.id)):
        raise Refused("approval_waits", act=act.label, number=ticket.number)
    decider = decider or who_decides(turn, ticket, person)
    _put(turn, ticket, act, (person.id, person.name), reason, data, decider)
    return turn.text("approval_asked", number=ticket.number, act=act.label, name=decider.name)


def ask_for_reporter(
    turn: Turn, ticket: Ticket, act: Act, reason: str, not_by: tuple[str, ...]
) -> None:
    """The reporter's own wish; none of ``not_by`` decides it. Raises: Refused as ``ask``."""
    decider = who_decides(turn, ticket, None, not_by)
    data = {"not_by": list(not_by)}
    _put(turn, ticket, act, (_REPORTER, "反映人"), reason, data, decider)


def _put(
    turn: Turn,
    ticket: Ticket,
    act: Act,
    asker: tuple[str, str],
    reason: str,
    data: dict[str, Any],
    decider: Person,
) -> None:
    user, name = asker
    key = f"{turn.event.key}:approve:{act}:{ticket.id}"
    wish = Approval(
        key=key,
        ticket_id=ticket.id,
        act=act,
        asked_by=user,
        asked_at=turn.now,
        reason=reason.strip(),
        data=data,
    )
    number = approvals.ask(turn.db, wish)
    turn.note(ticket, Act.NOTE, by=user, reason=f"申请{act.label}：{reason.strip()[:80]}")
    turn.show_plain_card(decider.id, _card(turn, ticket, name, wish, number))


def who_decides(
    turn: Turn, ticket: Ticket, person: Person | None, not_by: tuple[str, ...] = ()
) -> Person:
    """His leader, else the station's, the room's or an inspector; never himself.

    Only who may see the ticket. Raises: Refused where there is nobody.
    """
    away = opening.away_now(turn)
    led = turn.rules.unit_leader(person) if person else None
    found = [led] if led and _may_decide(led) and led.id not in away else []
    for role in (Role.LEADER, Role.COMMAND_ROOM, Role.INSPECTOR):
        found += turn.rules.duty(role, turn.now, None, away)
    not_he = {*not_by, person.id if person else ""}
    seen = (one for one in found if _office(turn, ticket, one) is not None)
    others = [one for one in seen if one.id not in not_he]
    if not others:
        raise Refused("nobody_decides")
    return others[0]


def may_decide(turn: Turn, ticket: Ticket, person: Person) -> bool:
    """True when one of his offices decides and may see that ticket."""
    return _office(turn, ticket, person) is not None


def _may_decide(person: Person) -> bool:
    """True when one of his offices is a deciding one."""
    return any(office.role in lifecycle.DECIDERS for office in rights.offices(person))


def _office(turn: Turn, ticket: Ticket, person: Person) -> Person | None:
    """The office in which he decides on that ticket: a deciding one that may see it."""
    matter = loop.matter_of(ticket)
    able = (one for one in rights.offices(person) if one.role in lifecycle.DECIDERS)
    return next((one for one in able if rights.may_see(one, matter, turn.rules)), None)


def _card(turn: Turn, ticket: Ticket, name: str, wish: Approval, number: int) -> Card:
    turn.cards_made += 1
    values = {"act": wish.act.label, "number": ticket.number, "name": name}
    keys = {act: ButtonKey(act, str(number), 0, ticket.line).pack() for act in (GRANT, DENY)}
    return Card(
        task_id=f"approve-{line_of(wish.key)}-{turn.cards_made}",
        title=turn.text("approval_title", **values),
        desc=turn.text("approval_desc", category=loop.matter_name(turn, ticket), **values),
        quote=wish.reason[:_LONGEST],
        buttons=(
            Button(text="同意", key=keys[GRANT], style=1),
            Button(text="不同意", key=keys[DENY], style=3),
        ),
        source=turn.text("card_source"),
    )


def may_answer(turn: Turn, wish: Approval, ticket: Ticket, person: Person) -> bool:
    """True when this person may say yes or no to that wish."""
    own = person.id == wish.asked_by or person.id in wish.data.get("not_by", ())
    return not own and may_decide(turn, ticket, person)


def pressed(turn: Turn, event: Clicked, key: ButtonKey) -> bool:
    """True when the button was one of these; what it means is done."""
    if key.act not in (GRANT, DENY):
        return False
    person = turn.rules.person(event.by)
    wish = approvals.get(turn.db, int(key.number)) if key.number.isdigit() else None
    if person is None or wish is None:
        raise Refused("approval_over")
    turn.tell(person.id, decide(turn, wish, person, granted=key.act == GRANT))
    return True


def said(turn: Turn, ticket: Ticket, person: Person, *, granted: bool, words: str) -> str:
    """同意 / 不同意 0012: the oldest wish on that ticket. Raises: Refused where none waits."""
    found = approvals.waiting(turn.db, ticket.id)
    if not found:
        raise Refused("approval_over")
    return decide(turn, found[0], person, granted=granted, words=words)


def decide(turn: Turn, wish: Approval, person: Person, *, granted: bool, words: str = "") -> str:
    """The answer to who decided; who asked hears it too.

    Raises: Refused for who asked himself, for who may not decide, and when the ticket moved on.
    """
    ticket = tickets.get(turn.db, wish.ticket_id)
    if person.id == wish.asked_by or person.id in wish.data.get("not_by", ()):
        raise Refused("approval_own")
    if not _may_decide(person):
        raise Refused("role_refused", act=wish.act.label)
    office = _office(turn, ticket, person)
    if office is None:
        raise Refused("approval_over")
    approvals.decide(turn.db, wish.id, person.id, turn.now, granted=granted)
    values = {"number": ticket.number, "act": wish.act.label, "name": person.name}
    if granted:
        done = _DONE[wish.act](turn, ticket, office, wish)
        if wish.asked_by == _REPORTER:
            return done
        turn.tell(wish.asked_by, turn.text("approval_granted", **values), ticket=ticket.id)
        return done
    reason = words.strip() or "没有写理由"
    turn.note(ticket, Act.NOTE, by=person.id, reason=f"不同意{wish.act.label}：{reason[:80]}")
    if wish.act in _LEFT:
        return _LEFT[wish.act](turn, ticket, office, wish)
    turn.tell(
        wish.asked_by, turn.text("approval_denied", **values, reason=reason), ticket=ticket.id
    )
    return turn.text("approval_denied_ok", **values)
