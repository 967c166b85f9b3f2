"""What came of a change of the rules (改规则的结果): tried, put in its place, or not; who is told.

The roof (``commands.rule_desk``) says so by ``Learned``; here the row moves on. Called by
``learning``.
"""

from bot.door_events import Learned
from bot.turn import Turn
from config.vocabulary import Role
from handlers import loop
from handlers.rule_changes import WEAKER, named
from storage import changes, web
from storage.changes import OPEN, Change, Kind, State

_MOST_TOLD = 900


def learned(turn: Turn, event: Learned) -> None:
    """The roof tried it, wrote it, or could not."""
    if told := _TOLD.get(event.data["state"]):
        told(turn, event)
        return
    change = changes.get(turn.db, int(event.data["number"]))
    if change is not None:
        _LEARNED[State(event.data["state"])](turn, event, change)


def _behind(turn: Turn, event: Learned) -> None:
    _tell_admins(turn, turn.text("rules_behind", version=event.data["version"]))


def _weaker(turn: Turn, event: Learned) -> None:
    """Edited by hand while the program stood still: who answers for it hears of it."""
    said = turn.text("rules_weaker", what=event.data["words"], file=event.data["files"])
    for role in (Role.ADMIN, Role.LEADER):
        for person in turn.rules.people_with(role):
            turn.tell(person.id, said)


def _tried(turn: Turn, event: Learned, change: Change) -> None:
    """It is good: a second person decides; put back or edited by hand and no weaker, it goes on."""
    grave = bool(event.data["grave"])
    goes_on = change.kind is not Kind.EDIT and not grave
    state = State.APPROVED if goes_on else State.WAITING
    report = str(event.data["report"])
    values = {"state": state, "grave": grave, "report": report}
    was = (State.NEW, State.APPROVED)
    if not changes.step(turn.db, change.id, was, **values) or goes_on:
        return
    said = {"file": named(change), "number": change.id}
    grave_words = turn.text("rules_grave", what=WEAKER) if grave else ""
    if change.kind is Kind.RELOAD:
        turn.tell(change.by, turn.text("rules_hand_waiting", number=change.id, what=WEAKER))
    else:
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
        said = turn.text("rules_faulty", file=named(change), faults=faults)
    _tell_both(turn, change, said)


def _stale(turn: Turn, _event: Learned, change: Change) -> None:
    if changes.step(turn.db, change.id, OPEN, state=State.STALE):
        turn.tell(change.by, turn.text("rules_stale", file=named(change), number=change.id))


def _done(turn: Turn, event: Learned, change: Change) -> None:
    version = str(event.data["version"])
    values = {"state": State.DONE, "done_at": turn.now, "version": version}
    if not changes.step(turn.db, change.id, (State.APPROVED,), **values):
        return
    if change.kind is Kind.RELOAD:
        words = f"重读规则，版本 {version}{_agreed(turn, change)}"
        web.note_view(turn.db, event.key, change.by, words, 0, turn.now)
        said = turn.text("rules_read_done", version=version)
        _tell_both(turn, change, said, change.decided_by)
        return
    web.note_view(turn.db, event.key, change.by, _book_words(turn, change), 0, turn.now)
    said = turn.text("rules_done", file=named(change), version=version)
    _tell_both(turn, change, said, change.decided_by)


def _book_words(turn: Turn, change: Change) -> str:
    """As it stands in the book: what, and who agreed."""
    return f"改规则 {change.file}（第{change.id}号{_agreed(turn, change)}）"


def _agreed(turn: Turn, change: Change) -> str:
    return f"，{loop.name_of(turn, change.decided_by)}批准" if change.decided_by else ""


_LEARNED = {
    State.WAITING: _tried,
    State.FAULTY: _faulty,
    State.STALE: _stale,
    State.DONE: _done,
}


_TOLD = {"behind": _behind, "weaker": _weaker}


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
