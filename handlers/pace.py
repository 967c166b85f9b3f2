"""Measured bands (时段): how long signing, going there and answering took in the last seven days.

Counts of tickets and, where there is enough to compare, which unit comes last; never a person.
The leader and the command room hear it on Mondays, and when they say 办理时段. Called by
``routine`` and ``order_rows``.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.domain import bands, rights
from bot.domain.bands import Step, Stretch
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Role
from handlers import opening
from storage import figures, paces
from storage.figures import Case
from storage.session import Db
from storage.spans import Span

JOB, AT = "pace", "40 8 * * 1"
_DAYS = 7
_MAY = (Role.LEADER, Role.COMMAND_ROOM, Role.ANALYST)
# Of each step, by unit, how long it took.
Spans = dict[Step, dict[str, list[timedelta]]]
NAMES: Mapping[Step, str] = {Step.SIGN: "签收", Step.START: "到场", Step.FEEDBACK: "反馈"}


def weekly(turn: Turn) -> None:
    """The bands of the week, to the leader and the command room; nothing where nothing was done."""
    said = told(turn)
    away = opening.away_now(turn)
    for person in turn.rules.first_of(_MAY[:2], turn.now, away) if said else ():
        turn.tell(person.id, said)


def asked(turn: Turn, person: Person) -> str:
    """办理时段: the same now. Raises: Refused for everybody who leads nobody."""
    if rights.wearing(person, _MAY) is None:
        raise Refused("role_refused", who=turn.rules.station.room_name)
    return told(turn) or turn.text("pace_none")


def told(turn: Turn) -> str:
    """The lines; empty where nothing was signed, begun or answered."""
    spans = of(turn.db, Span(turn.now - timedelta(days=_DAYS), turn.now))
    lines = [line for step in Step if spans[step] for line in _lines(turn, step, spans[step])]
    return "\n".join([turn.text("pace_head"), *lines]) if lines else ""


def of(db: Db, span: Span) -> Spans:
    """How long each step that ended in ``span`` took, by unit."""
    found: Spans = {step: {} for step in Step}
    cases = paces.touched(db, span)
    for case, stretches in zip(cases, _stretches(db, cases), strict=True):
        for step, at, long in stretches:
            if span.since <= at < span.until:
                found[step].setdefault(case.unit or "—", []).append(long)
    return found


def _stretches(db: Db, cases: Sequence[Case]) -> list[tuple[Stretch, ...]]:
    """The stretches of each ticket, remembered until it moves."""
    notes = figures.notes(db, "stretches")
    unknown = [one.id for one in cases if notes.get(one.id, (None,))[0] is not one]
    fresh = {ticket: tuple(bands.stretches(steps)) for ticket, steps in paces.steps(db, unknown)}
    for one in cases:
        if one.id in fresh:
            notes[one.id] = (one, fresh[one.id])
    return [notes[one.id][1] for one in cases]


def _lines(turn: Turn, step: Step, by_unit: Mapping[str, list[timedelta]]) -> list[str]:
    everything = [span for spans in by_unit.values() for span in spans]
    counted = bands.counted(step, everything)
    answer = "，".join(f"{name} {count}件" for name, count in counted.items() if count)
    values = {"what": NAMES[step], "count": len(everything)}
    last = bands.slowest(by_unit)
    lines = [turn.text("pace_line", **values, answer=answer)]
    return [*lines, turn.text("pace_last", what=NAMES[step], unit=last)] if last else lines
