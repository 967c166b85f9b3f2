"""The world of a story (世界): people who speak, press and read, groups, tickets and the clock.

Sentences like ``await world.resident("王阿姨").says("…", chat="桂花苑")``. Everything goes over the
simulator's control API (docs/simulator.md); nothing of the bot is imported. Every step returns when
both sides are quiet, so a story never waits.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from tests.stories.demo import Demo
from tests.stories.discretion import Watch
from tests.stories.pages import Line, ShownCard, Ticket

Json = dict[str, Any]
QUIET_S = 100.0


@dataclass
class World:
    """One station, from the moment the story begins."""

    demo: Demo
    session: aiohttp.ClientSession
    people: dict[str, Json]
    chats: dict[str, Json]
    broken_on_purpose: frozenset[str] = field(default_factory=frozenset)

    # -- who and where --------------------------------------------------------------------

    def person(self, name: str) -> "Person":
        """Somebody of the roster or a resident, by name or id."""
        return Person(self, self.people[name]["id"])

    resident = officer = worker = staff = person

    def chat(self, name: str) -> "Room":
        """A group, by name or id."""
        return Room(self, self.chats[name]["id"])

    # -- what stands written --------------------------------------------------------------

    async def tickets(self) -> list[Ticket]:
        """All tickets, oldest first."""
        async with self.session.get(f"{self.demo.web}/api/tickets") as answer:
            assert answer.status == 200, await answer.text()
            return sorted(map(Ticket.of, await answer.json()), key=lambda one: one.serial)

    async def ticket(self, serial: str = "0001") -> Ticket:
        """The ticket with this 4-digit serial, read from its own page."""
        number = next((t.number for t in await self.tickets() if t.serial == serial), serial)
        async with self.session.get(f"{self.demo.web}/api/tickets/{number}") as answer:
            assert answer.status == 200, f"no ticket {serial}"
            return Ticket.of(await answer.json())

    async def only_ticket(self) -> Ticket:
        """The ticket of a story that has one."""
        found = await self.tickets()
        assert len(found) == 1, [(t.number, t.category, t.stage) for t in found]
        return await self.ticket(found[0].serial)

    # -- time -----------------------------------------------------------------------------

    async def now(self) -> datetime:
        """The moment on both clocks."""
        return datetime.fromisoformat((await self.get("/sim/clock"))["now"])

    async def pass_time(self, span: timedelta) -> None:
        """Let business time pass; everything between happens at its own moment."""
        await self.post("/sim/clock", advance_s=span.total_seconds())

    async def pass_seconds(self, count: float) -> None:
        """Let seconds pass."""
        await self.pass_time(timedelta(seconds=count))

    async def pass_minutes(self, count: float) -> None:
        """Let minutes pass."""
        await self.pass_time(timedelta(minutes=count))

    async def pass_hours(self, count: float) -> None:
        """Let hours pass."""
        await self.pass_time(timedelta(hours=count))

    async def pass_days(self, count: float) -> None:
        """Let days pass."""
        await self.pass_time(timedelta(days=count))

    # -- the simulator --------------------------------------------------------------------

    async def get(self, path: str) -> Any:
        """The JSON at ``path``."""
        async with self.session.get(f"{self.demo.sim}{path}") as answer:
            assert answer.status == 200, f"{path}: {answer.status} {await answer.text()}"
            return await answer.json()

    async def post(self, path: str, **body: object) -> Json:
        """What ``path`` answers to ``body``."""
        async with self.session.post(f"{self.demo.sim}{path}", json=body) as answer:
            assert answer.status == 200, f"{path}: {answer.status} {await answer.text()}"
            return dict(await answer.json())

    async def lines(self, path: str) -> list[Line]:
        """The messages at ``path``, oldest first."""
        return [Line.of(found) for found in (await self.get(path))["messages"]]

    async def everything_said(self) -> list[Line]:
        """All messages of all chats, by time."""
        return await self.lines("/sim/messages")

    async def fault(self, on: str, do: str, **more: object) -> None:
        """Let something go wrong on the wire."""
        await self.post("/sim/faults", on=on, do=do, **more)


@dataclass(frozen=True)
class Person:
    """Somebody with a phone in the hand."""

    world: World
    id: str

    async def says(self, text: str, chat: str = "", **more: object) -> str:
        """Speak: in a group with @ (``mention=False``: without), else to the robot in private.

        Returns the message's id. Fails if the bot could not hear it.
        """
        answer = await self.tries_to_say(text, chat, **more)
        assert answer["delivered"], f"not delivered: {answer}"
        return str(answer["msgid"])

    async def tries_to_say(self, text: str, chat: str = "", **more: object) -> Json:
        """As ``says``; the simulator's answer, whether heard or not."""
        if chat in self.world.chats:
            body = {"chat": self.world.chats[chat]["id"], "mention": True, **more}
        else:
            body = {"chat": f"{chat or 'bot'}:{self.id}", **more}
        return await self.world.post("/sim/say", user=self.id, text=text, **body)

    async def types(self, command: str, chat: str = "") -> str:
        """Type a command to the robot in private; returns what it answered, in one text."""
        before = len(await self.inbox())
        await self.says(command, chat)
        said = (await self.inbox())[before:]
        return "\n".join(line.text for line in said if line.is_bot and not line.card)

    async def inbox(self) -> list[Line]:
        """Everything in this person's 1:1 chats, oldest first."""
        return await self.world.lines(f"/sim/inbox/{self.id}")

    async def heard(self) -> list[str]:
        """What the bot told this person in private, cards left out, oldest first."""
        return [line.text for line in await self.inbox() if line.is_bot and not line.card]

    async def heard_all(self) -> str:
        """The same as one text, to look for words in."""
        return "\n".join(await self.heard())

    async def last(self) -> str:
        """The bot's last words to this person in private; empty when it was silent."""
        said = await self.heard()
        return said[-1] if said else ""

    async def cards(self) -> list[ShownCard]:
        """The cards this person sees, oldest first."""
        return [ShownCard.of(self.world, self.id, line) for line in await self.inbox() if line.card]

    async def card(self, number: str = "") -> ShownCard:
        """The newest card (of the ticket ``number``, full or serial), with live buttons if any.

        Lines of publicity, which come in the evening, are looked for in ``cards`` alone.
        """
        matters = [card for card in await self.cards() if "宣传 改" not in card.text]
        shown = [card for card in matters if number in card.text]
        assert shown, f"{self.id} sees no card {number}"
        return next((card for card in reversed(shown) if card.live), shown[-1])

    async def presses(self, button: str, number: str = "") -> Json:
        """Press a button of the newest card."""
        return await (await self.card(number)).press(button)


@dataclass(frozen=True)
class Room:
    """A group, as everybody in it sees it."""

    world: World
    id: str

    async def lines(self) -> list[Line]:
        """Everything said, oldest first."""
        return await self.world.lines(f"/sim/chats/{self.id}")

    async def heard(self) -> list[str]:
        """What the bot said here, oldest first."""
        return [line.text for line in await self.lines() if line.is_bot]

    async def heard_all(self) -> str:
        """The same as one text, to look for words in."""
        return "\n".join(await self.heard())

    async def last(self) -> str:
        """The bot's last words here; empty when it was silent."""
        said = await self.heard()
        return said[-1] if said else ""


@asynccontextmanager
async def open_world(demo: Demo) -> AsyncIterator[World]:
    """A world where nothing has happened; afterwards no rule is broken and the logs are clean."""
    timeout = aiohttp.ClientTimeout(total=QUIET_S)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        world = World(demo, session, {}, {})
        if not demo.fresh:
            await world.get("/sim/world")
            await session.delete(f"{demo.sim}/sim/faults")
            await world.post("/sim/reset")
        demo.fresh = False
        shown = await world.get("/sim/world")
        world.people = {one[key]: one for one in shown["people"] for key in ("id", "name")}
        groups = [one for one in shown["chats"] if one["kind"] != "single"]
        world.chats = {one[key]: one for one in groups for key in ("id", "name")}
        watch = Watch.of(demo.logs)
        yield world
        broken = await world.get("/sim/errors")
        unexpected = [one for one in broken if one["rule"] not in world.broken_on_purpose]
        assert unexpected == [], unexpected
        watch.assert_silent_about(shown["people"], await world.everything_said())
