"""A stream of distinct reports (消息流): each sentence is one matter that must become one ticket.

Residents and carriers speak by turns at every door: a group and the private chats with both robots
and the app. Who finds the robot disconnected says it again, as people do. Crash and wire tests
pour it.
"""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.stories.world import Json, World

_MATTERS = (
    "门口的路灯不亮", "门口的垃圾没人清", "的楼道漏水", "的噪音很大吵得睡不着", "门口有人乱停车",
)  # fmt: skip
# More of other kinds, for long runs: who says two of one kind in one place says one matter.
MORE = (
    *_MATTERS, "的飞线充电很乱", "楼下的狗没拴绳乱跑", "有人在楼顶乱搭乱建",
)  # fmt: skip
_ESTATES = (("桂花苑", 18), ("槐安里", 9))
_SPEAKERS = {
    "桂花苑": ("王阿姨", "陈叔", "徐小蕾", "方小满", "唐朔", "林知远"),
    "槐安里": ("赵大爷", "刘暖暖", "陆嘉宁", "沈伯渔", "高明芳"),
}
PRIVATE = ("bot", "ge", "app")
CALLBACKS = ("ge", "app")


@dataclass(frozen=True)
class Report:
    """Who says what where; ``chat`` is a group's name or the prefix of a private chat."""

    user: str
    chat: str
    text: str


@dataclass
class Poured:
    """What was said and left the simulator, in order."""

    reports: list[Report] = field(default_factory=list)
    msgids: dict[str, str] = field(default_factory=dict)  # by text
    unheard: int = 0
    spoilt: int = 0  # by a death: three unanswered messages of one person, WeCom delivers no more

    def of(self, *chats: str) -> list[Report]:
        """Those said in one of these chats."""
        return [one for one in self.reports if one.chat in chats]


def reports(seed: int, kinds: tuple[str, ...] = _MATTERS) -> Iterator[Report]:
    """All distinct reports of the sample estates, in an order given by ``seed``."""
    dice = random.Random(seed)  # noqa: S311 - a repeatable order
    matters = [
        (estate, building, matter)
        for matter in kinds
        for estate, buildings in _ESTATES
        for building in range(1, buildings + 1)
    ]
    dice.shuffle(matters)
    for number, (estate, building, matter) in enumerate(matters):
        speakers = _SPEAKERS[estate]
        chat = (estate, *PRIVATE)[number % 4]
        yield Report(speakers[number % len(speakers)], chat, f"{estate}{building}号楼{matter}")


async def pour(world: World, poured: Poured, source: Iterator[Report], most: int,
               done: asyncio.Event | None = None, pause_s: float = 0.15) -> None:  # fmt: skip
    """Say the next ``most`` reports of ``source``, fewer when ``done`` is set before."""
    for report in source:
        while not (answer := await _said(world, report))["delivered"]:
            if answer["reason"] == "unfinished":
                break
            poured.unheard += 1
            await asyncio.sleep(pause_s)
        if answer["delivered"]:
            poured.reports.append(report)
            poured.msgids[report.text] = answer["msgid"]
        else:
            poured.spoilt += 1
        if len(poured.reports) >= most or (done is not None and done.is_set()):
            return
        await asyncio.sleep(pause_s)


async def _said(world: World, report: Report) -> Json:
    """The simulator's answer: whether it left."""
    return await world.person(report.user).tries_to_say(report.text, report.chat, wait=False)
