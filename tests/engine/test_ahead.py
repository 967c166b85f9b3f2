"""What an event reads for long is read before its Turn: the writer goes on, a retry reads anew."""

import threading

from bot.events import Event
from bot.turn import Turn
from config.faults import Refused
from tests.engine.house import OTHER_GROUP, House, heard, note


async def test_others_have_their_turns_while_one_event_reads(house: House) -> None:
    going, let_go = threading.Event(), threading.Event()

    def reads(turn: Turn) -> None:
        going.set()
        assert let_go.wait(15)
        turn.known("sum", lambda: 42)

    house.desk.ahead["long"] = reads
    house.desk.scripts["long"] = lambda turn, _: note(turn, f"sum {turn.known('sum', lambda: 0)}")
    await house.hear(heard("long"))
    await house.has(going.is_set, "the long event reads")
    await house.hear(heard("short", chat=OTHER_GROUP))
    await house.has(lambda: house.done() == ["short"], "the short event is done meanwhile")
    let_go.set()
    await house.quiet()

    assert house.done() == ["short", "long", "sum 42"]


async def test_try_after_a_fault_reads_anew(house: House) -> None:
    read: list[int] = []

    def reads(turn: Turn) -> None:
        read.append(1)
        turn.known("tries", lambda: len(read))

    def script(turn: Turn, _event: Event) -> None:
        seen = turn.known("tries", lambda: 0)
        if seen == 1:
            raise ValueError("a bug of the first try")
        note(turn, f"try {seen}")

    house.desk.ahead["long"], house.desk.scripts["long"] = reads, script
    await house.hear(heard("long"))
    await house.quiet()

    assert house.done() == ["long", "try 2"]


async def test_refusal_met_while_reading_is_said_by_the_turn(house: House) -> None:
    def refuse(*_: object) -> None:
        raise Refused("role_refused")

    house.desk.ahead["long"] = house.desk.scripts["long"] = refuse
    await house.hear(heard("long"))
    await house.quiet()

    assert house.done() == ["long refused role_refused"]


async def test_bug_met_while_reading_is_counted_like_any_other(house: House) -> None:
    def stumble(_turn: Turn) -> None:
        raise ValueError("a bug")

    house.desk.ahead["long"] = stumble
    await house.hear(heard("long"))
    await house.quiet()

    assert house.inbox("long") == (True, True, 4)
    assert house.desk.dead == ["long"]
