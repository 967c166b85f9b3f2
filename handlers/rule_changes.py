"""Changes of the rules (改规则): a whole file is proposed, tried, decided by a second person.

Nothing is written to a disk here: the roof (``commands.rule_desk``) tries and writes what a row
says, and tells by ``Learned`` what came of it. Nobody approves his own; what makes danger weaker
needs a leader among the two, and the words 减弱险情 from who approves. Called by ``order_rows``,
``learning`` and for ``Proposed``.
"""

import re

from bot.domain import rights
from bot.domain.order_words import Order
from bot.door_events import Learned, Proposed
from bot.messages import Text, pack
from bot.turn import Turn
from config.faults import Refused
from config.load import FILES
from config.people_rules import Person
from config.rights_rules import Page
from config.rule_files import hash_of
from config.vocabulary import Role
from handlers import loop
from storage import changes, web
from storage.changes import OPEN, Change, Kind, State

WEAKER = "减弱险情"
ORDERS = (Order.RULES_READ, Order.RULES_GRANT, Order.RULES_DENY, Order.RULES_RESTORE)
LONGEST = 400_000
_MOST_TOLD, _LONGEST_WHY = 900, 200
_NUMBER = re.compile(r"^\s*(\d{1,9})\s*(.*)$", re.DOTALL)
_LABELS = {
    State.NEW: "正在试算",
    State.WAITING: "等第二个人",
    State.APPROVED: "正在写",
    State.DONE: "已生效",
    State.REFUSED: "没同意",
    State.FAULTY: "检查没通过",
    State.STALE: "文件已变",
}


def label(state: State) -> str:
    """The state as people read it."""
    return _LABELS[state]


def may_change(turn: Turn, person: Person | None) -> bool:
    """True for who may open the page of the rules."""
    return person is not None and rights.may_open(person, Page.RULES, turn.rules)


# -- proposed on a page -----------------------------------------------------------------------


def proposed(turn: Turn, event: Proposed) -> None:
    """Keep it, so that it is tried; the page hears its number."""
    turn.passive = pack(Text(text=_proposed(turn, event)))


def _proposed(turn: Turn, event: Proposed) -> str:
    if not may_change(turn, turn.rules.person(event.by)) or event.file not in FILES:
        return turn.text("rules_refused")
    if event.text == event.before or len(event.text) > LONGEST:
        return turn.text("rules_same", file=event.file)
    if waits := _under_way(turn, event.file):
        return turn.text("rules_busy", file=event.file, number=waits.id)
    number = changes.add(turn.db, _change(event))
    return turn.text("rules_proposed", file=event.file, number=number)


def _change(event: Proposed) -> Change:
    return Change(
        key=event.key,
        kind=Kind.EDIT,
        file=event.file,
        by=event.by,
        at=event.at,
        base=event.base,
        state=State.NEW,
        why=event.why[:_LONGEST_WHY],
        before=event.before,
        text=event.text,
    )


def _under_way(turn: Turn, file: str) -> Change | None:
    return next((one for one in changes.in_state(turn.db, *OPEN) if one.file == file), None)


# -- ordered in a chat or by a button ---------------------------------------------------------


def ordered(turn: Turn, person: Person, order: Order, words: str) -> str:
    """重读规则, 批准规则 12, 不批规则 12 理由, 恢复规则 12: the answer. Raises: Refused."""
    if not may_change(turn, person):
        raise Refused("rules_refused")
    if order is Order.RULES_READ:
        return _read_again(turn, person)
    found = _NUMBER.match(words)
    if found is None:
        raise Refused("rules_how")
    change = changes.get(turn.db, int(found[1]))
    if change is None or change.kind is Kind.RELOAD:
        raise Refused("rules_unknown", number=found[1])
    if order is Order.RULES_RESTORE:
        return _restored(turn, person, change)
    if change.state is not State.WAITING:
        raise Refused("rules_decided", number=change.id, state=label(change.state))
    said = found[2].strip()
    return (_granted if order is Order.RULES_GRANT else _denied)(turn, person, change, said)


def _granted(turn: Turn, person: Person, change: Change, words: str) -> str:
    if person.id == change.by:
        raise Refused("rules_own", number=change.id)
    if change.grave and not (_leads(turn, person, change) and WEAKER in words):
        raise Refused("rules_needs_leader", number=change.id, what=WEAKER)
    _step(turn, change, State.APPROVED, decided_by=person.id, decided_at=turn.now)
    return turn.text("rules_granted", number=change.id)


def _leads(turn: Turn, person: Person, change: Change) -> bool:
    """True when a leader of the station is one of the two."""
    two = (person, turn.rules.person(change.by))
    return any(one and rights.wearing(one, (Role.LEADER,)) for one in two)


def _denied(turn: Turn, person: Person, change: Change, words: str) -> str:
    _step(turn, change, State.REFUSED, decided_by=person.id, decided_at=turn.now)
    if person.id != change.by:
        values = {"file": change.file, "number": change.id, "name": person.name}
        turn.tell(change.by, turn.text("rules_denied", **values, reason=words or "没有写"))
    return turn.text("rules_denied_ok", number=change.id)


def _restored(turn: Turn, person: Person, change: Change) -> str:
    """The text before that change becomes a change of its own."""
    last = changes.last_of(turn.db, change.file)
    if last is None or last.id != change.id or not change.before:
        raise Refused("rules_no_before", number=change.id)
    if waits := _under_way(turn, change.file):
        raise Refused("rules_busy", file=change.file, number=waits.id)
    number = changes.add(
        turn.db,
        Change(
            key=f"{turn.event.key}:restore",
            kind=Kind.RESTORE,
            file=change.file,
            by=person.id,
            at=turn.now,
            base=hash_of(change.text),
            state=State.NEW,
            why=f"恢复第{change.id}号改动以前的样子",
            before=change.text,
            text=change.before,
        ),
    )
    return turn.text("rules_restoring", file=change.file, number=number)


def _read_again(turn: Turn, person: Person) -> str:
    key = f"{turn.event.key}:read"
    changes.add(
        turn.db,
        Change(key=key, kind=Kind.RELOAD, by=person.id, at=turn.now, state=State.APPROVED),
    )
    return turn.text("rules_reading")


def _step(turn: Turn, change: Change, state: State, **values: object) -> None:
    """Raises: Refused, when somebody else was quicker."""
    if not changes.step(turn.db, change.id, (State.WAITING,), state=state, **values):
        raise Refused("rules_decided", number=change.id, state=label(change.state))


# -- what came of it --------------------------------------------------------------------------


def learned(turn: Turn, event: Learned) -> None:
    """The roof tried it, wrote it, or could not."""
    if event.data["state"] == "behind":
        _tell_admins(turn, turn.text("rules_behind", version=event.data["version"]))
        return
    change = changes.get(turn.db, int(event.data["number"]))
    if change is not None:
        _LEARNED[State(event.data["state"])](turn, event, change)


def _tried(turn: Turn, event: Learned, change: Change) -> None:
    """It is good: a second person decides; what is only put back and weakens nothing goes on."""
    grave = bool(event.data["grave"])
    goes_on = change.kind is Kind.RESTORE and not grave
    state = State.APPROVED if goes_on else State.WAITING
    report = str(event.data["report"])
    values = {"state": state, "grave": grave, "report": report}
    if not changes.step(turn.db, change.id, (State.NEW,), **values) or goes_on:
        return
    said = {"file": change.file, "number": change.id}
    grave_words = turn.text("rules_grave", what=WEAKER) if grave else ""
    turn.tell(change.by, turn.text("rules_waiting", **said) + grave_words)
    name = loop.name_of(turn, change.by)
    for leader in turn.rules.people_with(Role.LEADER):
        if leader.id != change.by:
            turn.tell(leader.id, turn.text("rules_to_decide", name=name, **said) + grave_words)


def _faulty(turn: Turn, event: Learned, change: Change) -> None:
    """Refused with the sentences of ``check``; the old rules go on."""
    report = str(event.data["report"])
    was = (State.NEW, State.APPROVED)
    if not changes.step(turn.db, change.id, was, state=State.FAULTY, report=report):
        return
    faults = _cut(str(event.data["faults"]))
    if change.kind is Kind.RELOAD:
        said = turn.text("rules_read_faulty", faults=faults)
    else:
        said = turn.text("rules_faulty", file=change.file, faults=faults)
    _tell_both(turn, change, said)


def _stale(turn: Turn, _event: Learned, change: Change) -> None:
    if changes.step(turn.db, change.id, OPEN, state=State.STALE):
        turn.tell(change.by, turn.text("rules_stale", file=change.file, number=change.id))


def _done(turn: Turn, event: Learned, change: Change) -> None:
    version = str(event.data["version"])
    values = {"state": State.DONE, "done_at": turn.now, "version": version}
    if not changes.step(turn.db, change.id, (State.APPROVED,), **values):
        return
    if change.kind is Kind.RELOAD:
        web.note_view(turn.db, event.key, change.by, f"重读规则，版本 {version}", 0, turn.now)
        _tell_both(turn, change, turn.text("rules_read_done", version=version))
        return
    web.note_view(turn.db, event.key, change.by, _book_words(turn, change), 0, turn.now)
    said = turn.text("rules_done", file=change.file, version=version)
    _tell_both(turn, change, said, change.decided_by)


def _book_words(turn: Turn, change: Change) -> str:
    """As it stands in the book: what, and who agreed."""
    by = f"，{loop.name_of(turn, change.decided_by)}批准" if change.decided_by else ""
    return f"改规则 {change.file}（第{change.id}号{by}）"


_LEARNED = {
    State.WAITING: _tried,
    State.FAULTY: _faulty,
    State.STALE: _stale,
    State.DONE: _done,
}


def _tell_both(turn: Turn, change: Change, said: str, *more: str) -> None:
    """Who asked, who decided, and the operator."""
    admins = [admin.id for admin in turn.rules.people_with(Role.ADMIN)]
    for user in dict.fromkeys([change.by, *more, *admins]):
        if user:
            turn.tell(user, said)


def _tell_admins(turn: Turn, said: str) -> None:
    for admin in turn.rules.people_with(Role.ADMIN):
        turn.tell(admin.id, said)


def _cut(faults: str) -> str:
    """Whole lines as far as one message holds them."""
    kept: list[str] = []
    for line in faults.splitlines():
        if sum(len(one) for one in kept) + len(line) > _MOST_TOLD:
            return "\n".join([*kept, "……其余的在网页“规则”里看。"])
        kept.append(line)
    return "\n".join(kept)
