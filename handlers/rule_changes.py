"""Changes of the rules (改规则): a whole file is proposed, tried, decided by a second person.

Nothing is written to a disk here: the roof (``commands.rule_desk``) tries and writes what a row
says; what came of it is read in ``rule_outcomes``. Nobody approves his own; what makes danger
weaker needs a leader among the two, and the words 减弱险情 from who approves. Files edited by hand
pass the same guard before 重读规则 takes them. Called by ``order_rows`` and for ``Proposed``.
"""

import re

from bot.domain import rights
from bot.domain.order_words import Order
from bot.door_events import Proposed
from bot.messages import Text, pack
from bot.turn import Turn
from config.faults import Refused
from config.load import FILES
from config.people_rules import Person
from config.rights_rules import Page
from config.rule_files import hash_of
from config.vocabulary import Role
from storage import changes
from storage.changes import OPEN, Change, Kind, State

WEAKER = "减弱险情"
ORDERS = (Order.RULES_READ, Order.RULES_GRANT, Order.RULES_DENY, Order.RULES_RESTORE)
LONGEST = 400_000
_LONGEST_WHY = 200
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


def named(change: Change) -> str:
    """The file of the change, as people read it."""
    return change.file or "手改的规则文件"


def is_shown(change: Change) -> bool:
    """True when people decide on it; of 重读规则 only what would make danger weaker."""
    return change.kind is not Kind.RELOAD or change.grave


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
    if change is None or not is_shown(change):
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
        values = {"file": named(change), "number": change.id, "name": person.name}
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
    """The folder is tried like any change; an older reading that still waits is given up."""
    for one in changes.in_state(turn.db, State.WAITING):
        if one.kind is Kind.RELOAD:
            changes.step(turn.db, one.id, (State.WAITING,), state=State.STALE)
    key = f"{turn.event.key}:read"
    changes.add(
        turn.db, Change(key=key, kind=Kind.RELOAD, by=person.id, at=turn.now, state=State.NEW)
    )
    return turn.text("rules_reading")


def _step(turn: Turn, change: Change, state: State, **values: object) -> None:
    """Raises: Refused, when somebody else was quicker."""
    if not changes.step(turn.db, change.id, (State.WAITING,), state=state, **values):
        raise Refused("rules_decided", number=change.id, state=label(change.state))
