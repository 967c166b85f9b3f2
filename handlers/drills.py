"""Wake drills (叫醒演练): can the duty people be reached, and in how many seconds.

The leader picks a day and an hour by chat. Then everybody who is on duty gets a card and, where
phones can be rung, a call; he taps 醒了. After a few minutes who asked hears who was reached in how
many seconds, in the order of the roster: no ranking, nobody else hears it, nothing is counted up
over time. Every word says that it is a drill; a real danger at the same hour goes its own way.
"""

from datetime import timedelta

from bot.domain import clocks, coming, rights
from bot.door_events import Learned
from bot.events import ButtonKey, Clicked, Due
from bot.lines import line_of
from bot.messages import Button, Card
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Role
from handlers import calling, opening
from storage import drills, timers
from storage.drills import Call, Drill
from storage.timers import Timer

BEGIN, END, STATE = "drill_begin", "drill_end", "drill_phone"
TIMERS = (BEGIN, END, STATE)
AWAKE = "drill_awake"
KEPT = timedelta(days=30)
_MAY_ASK = (Role.LEADER, Role.COMMAND_ROOM)
_FARTHEST = timedelta(days=60)
_CALLED = (Role.OFFICER, Role.AUXILIARY, Role.COMMAND_ROOM, Role.LEADER)
_LINE = line_of("drills")
_OFF = ("取消", "不做了", "算了")


def ordered(turn: Turn, person: Person, words: str) -> str:
    """叫醒演练 明天 6:30: the answer; 叫醒演练 取消 calls it off. Raises: Refused."""
    if rights.wearing(person, _MAY_ASK) is None:
        raise Refused("role_refused", who=turn.rules.station.room_name)
    waiting = [drill for drill in drills.ahead(turn.db) if drill.at > turn.now]
    if words.strip() in _OFF:
        return _called_off(turn, waiting)
    at = coming.moment_of(words, turn.now)
    if at is None or at - turn.now > _FARTHEST:
        raise Refused("drill_needs_time")
    if waiting:
        known = clocks.moment_words(waiting[0].at, turn.now)
        raise Refused("drill_planned", at=known)
    drill = drills.plan(turn.db, f"{turn.event.key}:drill", at, person.id)
    _remember(turn, drill, BEGIN, at - turn.now)
    return turn.text("drill_ok", at=clocks.moment_words(at, turn.now))


def _called_off(turn: Turn, waiting: list[Drill]) -> str:
    if not waiting:
        raise Refused("drill_none")
    for drill in waiting:
        drills.end(turn.db, drill.id, turn.now)
    return turn.text("drill_off", at=clocks.moment_words(waiting[0].at, turn.now))


def _remember(turn: Turn, drill: Drill, kind: str, wait: timedelta) -> None:
    at, data = turn.now + wait, {"drill": drill.id}
    key = f"{turn.event.key}:{kind}:{drill.id}"
    timers.set_timer(turn.db, Timer(key=key, line=_LINE, kind=kind, due_at=at, data=data))


def due(turn: Turn, event: Due) -> None:
    """The hour has come, or the minutes for an answer are over, or a phone is looked at."""
    drill = drills.get(turn.db, int(event.data["drill"]))
    if drill is None or drill.ended_at is not None:
        return
    match event.kind:
        case _ if event.kind == BEGIN:
            _begin(turn, drill)
        case _ if event.kind == END:
            _report(turn, drill)
        case _:
            user = str(event.data["user"])
            turn.errand("voice", user, "call_state", None, dict(event.data), ring=True)


def _begin(turn: Turn, drill: Drill) -> None:
    for person in on_duty(turn):
        if drills.called(turn.db, drill.id, person.id, turn.now):
            turn.show_plain_card(person.id, _card(turn, drill, person), ring=True)
            data = {"user": person.id, "rung": calling.NOBODY, "look": 0, "drill": drill.id}
            data |= {"at": turn.now.isoformat(), "line": _LINE}
            turn.errand("voice", person.id, "call", None, data, ring=True)
    _remember(turn, drill, END, turn.rules.times.drill.wait)


def on_duty(turn: Turn) -> list[Person]:
    """Who would be called now if something happened, each once, in the order of the roster."""
    away = opening.away_now(turn)
    instead = opening.stand_ins(turn)
    gone = [user for user in away if user not in instead]
    grids = [grid.id for grid in turn.rules.grids.grids]
    found = set()
    for role in _CALLED:
        for grid in grids if role in (Role.OFFICER, Role.AUXILIARY) else [None]:
            there = turn.rules.duty(role, turn.now, grid, gone)
            found |= {instead.get(person.id, person.id) for person in there[:1]}
    return [person for person in turn.rules.people if person.id in found]


def _card(turn: Turn, drill: Drill, person: Person) -> Card:
    turn.cards_made += 1
    key = ButtonKey(AWAKE, str(drill.id), 0, _LINE).pack()
    return Card(
        task_id=f"drill-{drill.id}-{line_of(person.id)}-{turn.cards_made}",
        title=turn.text("drill_title"),
        desc=turn.text("drill_desc", at=clocks.moment_words(drill.at, turn.now)),
        buttons=(Button(text="醒了", key=key, style=1),),
        source=turn.text("card_source"),
    )


def pressed(turn: Turn, event: Clicked, key: ButtonKey) -> bool:
    """True when the button was 醒了; who pressed it is awake."""
    if key.act != AWAKE:
        return False
    drill = drills.get(turn.db, int(key.number)) if key.number.isdigit() else None
    if drill is None or turn.rules.person(event.by) is None:
        raise Refused("drill_over")
    turn.tell(event.by, _awake(turn, drill, event.by))
    return True


def said(turn: Turn, person: Person) -> str:
    """醒了, typed instead of pressed. Raises: Refused where no drill is going on."""
    going = [drill for drill in drills.ahead(turn.db) if drill.at <= turn.now]
    if not going:
        raise Refused("drill_over")
    return _awake(turn, going[-1], person.id)


def _awake(turn: Turn, drill: Drill, user: str) -> str:
    """Raises: Refused for who was not called, and after the report."""
    mine = next((call for call in drills.calls(turn.db, drill.id) if call.user == user), None)
    if mine is None or drill.ended_at is not None:
        raise Refused("drill_over")
    drills.awake(turn.db, drill.id, user, turn.now)
    seconds = _seconds(mine, mine.awake_at or turn.now)
    return turn.text("drill_awake_ok", count=seconds)


def _seconds(call: Call, at: object) -> int:
    assert hasattr(at, "timestamp")  # noqa: S101
    return int(at.timestamp() - call.called_at.timestamp())


def learned(turn: Turn, event: Learned) -> None:
    """What became of a phone call of a drill."""
    drill, user = int(event.data["drill"]), str(event.data["user"])
    outcome, look = str(event.data["outcome"]), int(event.data["look"])
    if outcome == "placed":
        _look_again(turn, event, 0)
    elif outcome == "ringing" and look + 1 < len(calling.LOOKS):
        _look_again(turn, event, look + 1)
    else:
        reached = outcome == "answered"
        drills.phoned(turn.db, drill, user, "phone_yes" if reached else "phone_no")


def _look_again(turn: Turn, event: Learned, number: int) -> None:
    names = ("user", "rung", "call", "drill", "line")
    data = {**{name: event.data[name] for name in names}, "look": number}
    key = f"{turn.event.key}:{STATE}:{number}"
    at = turn.now + calling.LOOKS[number]
    timers.set_timer(turn.db, Timer(key=key, line=_LINE, kind=STATE, due_at=at, data=data))


def _report(turn: Turn, drill: Drill) -> None:
    """Who asked hears who was reached, in the order of the roster."""
    drills.end(turn.db, drill.id, turn.now)
    found = drills.calls(turn.db, drill.id)
    reached = sum(call.awake_at is not None for call in found)
    head = turn.text(
        "drill_report",
        at=clocks.moment_words(drill.at, turn.now),
        count=len(found),
        times=reached,
        wait=clocks.span_words(turn.rules.times.drill.wait),
    )
    turn.tell(drill.asked_by, "\n".join([head, *(_line(turn, call) for call in found)]))


def _line(turn: Turn, call: Call) -> str:
    person = turn.rules.person(call.user)
    name = person.name if person else call.user
    phone = turn.text(f"drill_{call.phone}") if call.phone else ""
    if call.awake_at is None:
        return turn.text("drill_line_not", name=name, why=phone).strip()
    return turn.text(
        "drill_line", name=name, count=_seconds(call, call.awake_at), why=phone
    ).strip()


def forget(turn: Turn) -> None:
    """Nothing of a drill is kept longer than thirty days."""
    drills.forget(turn.db, turn.now - KEPT)
