"""Who is woken by what a transaction left (钟楼): here at once, in other processes by the bells.

What is left is named by leases: an event of a partition, a row of a lane, a timer. The holder's
loop is woken; a ring that is lost costs one poll. ``tell`` costs next to nothing while this is the
only process, or holds the lease itself. Made by ``bot.engine.app``.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

from bot.engine.bells import Bell

LONGEST_S = 30.0


class Bells(Protocol):
    """Rings that other processes hear; ``storage.coordination.Coordination`` has them."""

    async def ring(self, bell: str) -> None:
        """Wake who waits for ``bell`` in any process."""

    async def wait(self, bell: str, timeout_s: float) -> bool:
        """True as soon as ``bell`` rang, False after ``timeout_s``."""


class Belfry:
    """The bells of this process, by lease; ``calls_out`` says of which others must hear."""

    def __init__(self) -> None:
        self._bells: dict[str, Bell] = {}
        self._afar: Bells | None = None
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._called = Bell()
        self.calls: dict[str, None] = {}
        self.calls_out: Callable[[str], bool] = lambda _name: False
        self._expected: dict[str, list[asyncio.Future[str]]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The leases whose loops run in this process."""
        return tuple(self._bells)

    def open(self, afar: Bells | None) -> None:
        """From now on other processes hear and are heard, where ``afar`` carries that far."""
        self._afar = afar
        if afar is not None:
            self._tasks[""] = asyncio.create_task(self._call(afar))

    def hang(self, name: str, bell: Bell) -> Bell:
        """``bell``, which from now on wakes the loop that works under that lease."""
        self._bells[name] = bell
        if self._afar is not None:
            self._tasks[name] = asyncio.create_task(self._listen(name, bell, self._afar))
        return bell

    def take_down(self, name: str) -> None:
        """That loop is gone."""
        del self._bells[name]
        if name in self._tasks:
            self._tasks.pop(name).cancel()

    async def close(self) -> None:
        """Nobody listens any more."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def tell(self, names: Iterable[str]) -> None:
        """Something was left for the holders of these leases."""
        for name in names:
            if self.calls_out(name):
                self.calls[name] = None
                self._called.ring()
            elif name in self._bells:
                self._bells[name].ring()

    def expect(self, key: str) -> asyncio.Future[str]:
        """What event ``key`` is answered, if its Turn is worked here; ``forget`` it afterwards."""
        told: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._expected.setdefault(key, []).append(told)
        return told

    def forget(self, key: str, told: asyncio.Future[str]) -> None:
        """Nobody waits for it any more."""
        waiting = self._expected.get(key, [])
        if told in waiting:
            waiting.remove(told)
        if not waiting:
            self._expected.pop(key, None)

    def answered(self, key: str, words: str) -> None:
        """The Turn of event ``key`` is committed; ``words`` are its packed answer, or nothing."""
        for told in self._expected.pop(key, ()):
            if not told.done():
                told.set_result(words)

    def ring_all(self) -> None:
        """Wake every loop of this process."""
        for bell in self._bells.values():
            bell.ring()

    async def _call(self, afar: Bells) -> None:
        """Hand on for ever what others must hear; many rings of one name are one."""
        while True:
            if await self._called.wait(LONGEST_S):
                names, self.calls = list(self.calls), {}
                for name in names:
                    await afar.ring(name)

    async def _listen(self, name: str, bell: Bell, afar: Bells) -> None:
        """Wake our loop of that lease, for ever, when another process rings."""
        while True:
            if await afar.wait(name, LONGEST_S):
                bell.ring()
