"""The lanes of this process (出口): a sender for each, as settings and rules in force ask for it.

What the settings open is there as long as the program. What the rules name (a webhook of a team,
another system that wants to be told) comes, changes and goes with them, without a restart: started
sends finish, then the lane is made anew, or its lease is left and what still waits takes another
way. Kept by ``bot.engine.app``; the plans come from the roof.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from bot.engine.bells import Bell
from bot.engine.ground import Ground
from bot.engine.sender import POLL_S, Sender
from bot.wecom.channel import Lane
from config.rules import Rules
from storage import leases

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a lane is opened; another ``mark``, another lane of that name."""

    mark: object
    open: Callable[[], AbstractAsyncContextManager[Lane]]


Plan = Callable[[Rules], Mapping[str, Recipe]]


def always(lanes: list[Lane]) -> Plan:
    """These lanes, whatever the rules say; who made them closes them."""
    fixed = {lane.name: _standing(lane) for lane in lanes}
    return lambda _rules: fixed


def _standing(lane: Lane) -> Recipe:
    return Recipe(None, lambda: nullcontext(lane))


class Lanes:
    """One task for each lane."""

    def __init__(
        self,
        plans: tuple[Plan, ...],
        ground: Ground,
        serves: Callable[[str], bool],
    ) -> None:
        self._plans = plans
        self._on = ground
        self._serves = serves
        self._wanted: dict[str, Recipe] = {}
        self._serving: dict[str, tuple[Recipe, Sender]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._closed: set[str] = set()

    def follow(self, rules: Rules) -> frozenset[str]:
        """The names of the lanes that are there from now on, in this process or another."""
        named = {name: one for plan in self._plans for name, one in plan(rules).items()}
        self._wanted = {name: one for name, one in named.items() if self._serves(name)}
        for name, (recipe, sender) in self._serving.items():
            if name not in self._wanted or self._wanted[name].mark != recipe.mark:
                sender.retire()
        for name in self._wanted:
            self._on.keeper.also(leases.lane(name))
        return frozenset(named)

    def begin(self) -> None:
        """Start what is wanted and not there yet."""
        for name in self._wanted:
            if name not in self._tasks:
                self._tasks[name] = asyncio.create_task(self._run(name))

    async def _run(self, name: str) -> None:
        bell = self._on.belfry.hang(leases.lane(name), Bell())
        while name in self._wanted:
            sender = await self._serve(name, bell)
            if name not in self._wanted:
                await self._leave(name, sender)
        self._on.keeper.no_more(leases.lane(name))
        self._on.belfry.take_down(leases.lane(name))
        del self._tasks[name]

    async def _serve(self, name: str, bell: Bell) -> Sender:
        """The sender that served until other rules came."""
        recipe = self._wanted[name]
        async with recipe.open() as lane:
            sender = Sender(lane, self._on, bell)
            sender.is_closing = name in self._closed
            self._serving[name] = recipe, sender
            await sender.run()
        del self._serving[name]
        return sender

    async def _leave(self, name: str, sender: Sender) -> None:
        """Once no Turn can leave rows there any more: those that wait go another way.

        Every process does so in its turn, since its own Turns knew the lane a little longer.
        """
        log.info("lane %s is retired", name)
        while name not in self._wanted:
            await asyncio.sleep(POLL_S)
            if name in self._wanted:  # the rules name it again: what waits is said there
                return
            try:
                if self._on.holds(leases.lane(name)) and not await sender.forsake():
                    return
            except SQLAlchemyError as fault:
                log.warning("lane %s waits for the database: %s", name, type(fault).__name__)

    def close(self, *names: str) -> None:
        """Begin nothing more in these lanes, or in all; what is on the wire is finished."""
        self._closed |= set(names or self._serving)
        for name in self._closed & set(self._serving):
            self._serving[name][1].is_closing = True

    @property
    def closed(self) -> frozenset[str]:
        """Lanes that begin nothing more."""
        return frozenset(self._closed)

    def sending(self, *names: str) -> int:
        """How many rows of these lanes, or of all, are on the wire now."""
        serving = self._serving
        return sum(serving[name][1].sending for name in names or serving if name in serving)

    def failed(self) -> BaseException | None:
        """The fault of a lane whose task ended by one."""
        ended = (task for task in self._tasks.values() if task.done() and not task.cancelled())
        return next((task.exception() for task in ended if task.exception()), None)

    async def stop(self) -> None:
        """Cancel every task, the youngest first."""
        tasks = list(self._tasks.values())[::-1]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
