"""What was handed to the bot and never taken by it: the lawful losses of WeCom's doors.

A callback is given up after its last try; one that was ever answered with 200 is not among them. A
frame of the long connection is never repeated and has no acknowledgement: it counts as lost with
its line when that has ended, unless it or a later one of its conversation there was answered.
Called by the control API; crash tests hold what is not in the bot's database against it.
"""

from collections.abc import Iterator
from datetime import datetime

from simulator.clock import SHANGHAI, iso
from simulator.robots import RobotDesk, Turn
from simulator.sim import Sim
from simulator.world import Json


def lost_by(sim: Sim) -> list[Json]:
    """All of them; ``ends`` says how each try ended."""
    frames = [
        {
            "at": iso(datetime.fromtimestamp(turn.at_s, SHANGHAI)),
            "door": desk.robot.door,
            "msgid": turn.msgid,
            "chat": turn.chat.id,
            "user": turn.user,
            "ends": ["line ended"],
        }
        for desk in sim.desks.values()
        for turn in _gone_with_a_line(desk)
    ]
    return [*sim.books.given_up, *frames]


def _gone_with_a_line(desk: RobotDesk) -> Iterator[Turn]:
    """What went over a connection that has ended, after what was answered of its conversation."""
    after: dict[tuple[int, str], list[Turn]] = {}
    for turn in desk.turns.values():
        if turn.link is None or turn.link is desk.link:
            continue
        unread = after.setdefault((id(turn.link), turn.chat.id), [])
        if turn.named:
            unread.clear()
        else:
            unread.append(turn)
    for unread in after.values():
        yield from unread
