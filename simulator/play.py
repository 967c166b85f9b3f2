"""Plays a day's script against a running simulator and bot, and judges the tickets at the end.

``python -m simulator.play --sim URL --web URL --script FILE [--pace S]``; exit code 0 only if every
ticket reached the stage that the script names, 1 otherwise, 2 for a script that cannot be played.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from simulator.clock import parse_moment
from simulator.script import BadScript, Expectation, Step, load_script
from simulator.transcript import GREEN, GREY, RED, Transcript
from simulator.world import Json

_TIMEOUT_S = 180.0


class PlayFault(Exception):
    """A step could not be played; the text says which and why."""


class Player:
    """Plays one script; ``say`` gets each line of the transcript."""

    def __init__(
        self,
        sim_url: str,
        web_url: str | None,
        say: Callable[[str], None],
        pace_s: float = 1.0,
        coloured: bool = True,
    ) -> None:
        self._sim = sim_url.rstrip("/")
        self._web = web_url.rstrip("/") if web_url else None
        self._say = say
        self._pace_s = pace_s
        self._coloured = coloured

    async def play(self, steps: list[Step]) -> bool:
        """Play all steps; True when every named stage was reached.

        Raises: PlayFault, when a step cannot be played.
        """
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as self._http:
            world = await self._ask("GET", f"{self._sim}/sim/world")
            self._read_world(world)
            first_day = parse_moment(world["now"])
            for step in steps:
                await self._step(step, first_day)
                await asyncio.sleep(self._pace_s)
            return await self._verdict(steps)

    def _read_world(self, world: Json) -> None:
        self._people = {one["name"]: one["id"] for one in world["people"]}
        self._people |= {one["id"]: one["id"] for one in world["people"]}
        self._chats = {one["name"]: one["id"] for one in world["chats"]}
        self._chats |= {one["id"]: one["id"] for one in world["chats"]}
        names = {one["id"]: one["name"] for one in world["people"]}
        self._script = Transcript(
            names, {one["id"]: one["name"] for one in world["chats"]}, self._coloured
        )

    async def _ask(self, method: str, url: str, body: Json | None = None) -> Any:
        try:
            async with self._http.request(method, url, json=body) as answer:
                data: Any = await answer.json(content_type=None)
                if answer.status >= 400:
                    raise PlayFault(f"{url} → {answer.status} {data}")
                return data
        except (aiohttp.ClientError, TimeoutError, ValueError) as bad:
            raise PlayFault(f"{url} → {type(bad).__name__}") from bad

    # ------------------------------------------------------------- steps
    async def _step(self, step: Step, first_day: datetime) -> None:
        if step.note:
            self._say(self._script.paint(GREY, f"—— {step.note}"))
        moment = step.moment(first_day)
        if moment:
            now = parse_moment((await self._ask("GET", f"{self._sim}/sim/clock"))["now"])
            await self._advance((moment - now).total_seconds())
        if step.say:
            await self._speak(step)
        if step.press:
            await self._press(step)
        await self._advance(step.advance_s)
        await self._show()
        for one in step.expect:
            self._judge(one, await self._tickets())

    async def _advance(self, seconds: float) -> None:
        if seconds > 0:
            await self._ask("POST", f"{self._sim}/sim/clock", {"advance_s": seconds})

    def _person(self, step: Step) -> str:
        if step.who not in self._people:
            raise PlayFault(f"step {step.number}: nobody is called {step.who}")
        return str(self._people[step.who])

    async def _speak(self, step: Step) -> None:
        user = self._person(step)
        chat = self._chats.get(step.chat, f"{step.chat}:{user}")
        body: Json = {"chat": chat, "user": user, "text": step.say}
        if step.mention is not None:
            body["mention"] = step.mention
        if step.quote:
            body["quote"] = await self._quoted(chat, step)
        answer = await self._ask("POST", f"{self._sim}/sim/say", body)
        if step.mention and not answer["delivered"]:
            raise PlayFault(f"step {step.number}: nobody heard it ({answer.get('reason')})")

    async def _quoted(self, chat: str, step: Step) -> str:
        found = await self._ask("GET", f"{self._sim}/sim/chats/{chat}")
        for one in reversed(found["messages"]):
            if step.quote in one["text"]:
                return str(one["msgid"])
        raise PlayFault(f"step {step.number}: no message with {step.quote} in {chat}")

    async def _press(self, step: Step) -> None:
        user = self._person(step)
        body = {
            "user": user,
            "card": await self._card(step, user),
            "button": step.press,
            "selected": step.selected,
            "times": step.times,
        }
        await self._ask("POST", f"{self._sim}/sim/press", body)

    async def _card(self, step: Step, user: str) -> str:
        """The newest live card of this person with such a button and ``card`` in its text."""
        found = await self._ask("GET", f"{self._sim}/sim/messages?viewer={user}")
        for one in reversed(found["messages"]):
            card = one["card"]
            if not card or not card["live"]:
                continue
            wanted = any(
                step.press in (button["text"], button["key"]) for button in card["buttons"]
            )
            if wanted and step.card in f"{card['title']}\n{card['text']}\n{card['fields']}":
                return str(card["task_id"])
        raise PlayFault(f"step {step.number}: {step.who} has no card with the button {step.press}")

    # ------------------------------------------------------------- showing and judging
    async def _show(self) -> None:
        found = await self._ask("GET", f"{self._sim}/sim/messages")
        for line in self._script.fresh(found["messages"], await self._tickets()):
            self._say(line)

    async def _tickets(self) -> list[Json]:
        if not self._web:
            return []
        listed = await self._ask("GET", f"{self._web}/api/tickets")
        rows = listed["tickets"] if isinstance(listed, dict) else listed
        return [await self._ask("GET", f"{self._web}/api/tickets/{one['number']}") for one in rows]

    def _judge(self, wanted: Expectation, tickets: list[Json]) -> bool:
        found = next((one for one in tickets if _is(one["number"], wanted.ticket)), None)
        good = found is not None and found["stage"] == wanted.stage
        stage = _stage_words(found)
        mark, colour = ("✓", GREEN) if good else ("✗", RED)
        tail = "" if good else f"，应为 {wanted.stage}"
        self._say(self._script.paint(colour, f"{mark} 工单 {wanted.ticket}：{stage}{tail}"))
        return good

    async def _verdict(self, steps: list[Step]) -> bool:
        last = {one.ticket: one for step in steps for one in step.expect}
        if last and not self._web:
            raise PlayFault("the script names stages, but there is no web URL to compare them")
        tickets = await self._tickets()
        good = [self._judge(one, tickets) for one in last.values()]
        colour = GREEN if all(good) else RED
        self._say(self._script.paint(colour, f"{sum(good)} / {len(good)} 张工单到了剧本写的环节"))
        return all(good)


def _stage_words(ticket: Json | None) -> str:
    """The label with the id, as far as the ticket list gives one."""
    if ticket is None:
        return "没有这张工单"
    label = ticket.get("stage_label")
    return f"{label}（{ticket['stage']}）" if label else str(ticket["stage"])


def _is(number: str, wanted: str) -> bool:
    return number == wanted or number.partition("-")[2][:4] == wanted


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """The command; see the module's text for exit codes."""
    parser = argparse.ArgumentParser(prog="simulator.play")
    parser.add_argument("--sim", required=True)
    parser.add_argument("--web")
    parser.add_argument("--script", type=Path, required=True)
    parser.add_argument("--pace", type=float, default=1.0, help="seconds between steps")
    given = parser.parse_args()
    coloured = "NO_COLOR" not in os.environ
    try:
        steps = load_script(given.script)
        player = Player(given.sim, given.web, _write, given.pace, coloured)
        return 0 if asyncio.run(player.play(steps)) else 1
    except (BadScript, OSError) as bad:
        sys.stderr.write(f"剧本有误:{bad}\n")
        return 2
    except PlayFault as bad:
        sys.stderr.write(f"剧本没有演完:{bad}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
