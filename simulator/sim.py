"""The running simulator: one object that all doors and the control API share.

It holds the world, the clock, what people see, the books, the faults and the media. Doors are in
modules of their own and get this object; `server.py` builds it.
"""

import asyncio
import base64
import itertools
import logging
import os
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from simulator.archive_rows import ArchiveRows
from simulator.books import Books, RateWindow
from simulator.clock import SimClock
from simulator.crypto import encrypt_bytes
from simulator.faults import FaultBoard
from simulator.group_desk import GroupDesk
from simulator.kf_desk import KfDesk
from simulator.limits import RULES, Rule
from simulator.model import BOT, Card, CardFace, Message, Timeline
from simulator.quiet import Activity, BotTime, Settler
from simulator.robots import RobotDesk
from simulator.tokens import ResponseCode, TokenOffice
from simulator.world import Chat, Json, World

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """Lengths of transport time, in real seconds; tests shorten them."""

    callback_deadline_s: float = 5.0
    event_window_s: float = 5.0
    retry_waits_s: tuple[float, ...] = (1.0, 2.0, 4.0)
    quiet_limit_s: float = 60.0
    stream_poll_s: float = 1.0


@dataclass(frozen=True)
class Stored:
    """One file that somebody sent or uploaded."""

    name: str
    kind: str
    raw: bytes
    at_s: float
    key: bytes | None = None


@dataclass
class Media:
    """Files by id; ids are never used twice."""

    files: dict[str, Stored] = field(default_factory=dict)

    def keep(self, stored: Stored) -> str:
        """Keep a file; its new id."""
        media_id = f"M{os.urandom(12).hex()}"
        self.files[media_id] = stored
        return media_id


class Sim:
    """Everything of one run. ``public_url`` is where the bot reaches the simulator."""

    def __init__(
        self,
        world: World,
        *,
        bot_url: str | None = None,
        now: datetime | None = None,
        virgin: bool = False,
        data: Path | None = None,
        pace: Pace | None = None,
        reset_hook: str | None = None,
    ) -> None:
        self.world = world
        self.bot_url = bot_url.rstrip("/") if bot_url else None
        self.start = now
        self.virgin = virgin
        self.pace = pace or Pace()
        self.reset_hook = reset_hook
        self.public_url = "http://127.0.0.1"
        self.folder: Path | None = None
        self.archive: ArchiveRows | None = None
        self.web_url: str | None = None
        self.clock = SimClock(now)
        self.activity = Activity()
        self.bot_time = BotTime(self.bot_url)
        self.faults = FaultBoard()
        self.books = Books(self.clock, data / "simulator-errors.jsonl" if data else None)
        self.settler = Settler(
            self.clock, self.activity, self.bot_time, self.frames_sent, self.pace.quiet_limit_s
        )
        self._msg_numbers = itertools.count(1)
        self._first_number = time.time_ns()
        self._tasks: set[asyncio.Task[None]] = set()
        self.desks: dict[str, RobotDesk] = {}
        self.clear()

    def spawn(self, what: str, work: Coroutine[None, None, None]) -> None:
        """Run ``work`` beside the caller; not quiet until it has ended."""

        async def counted() -> None:
            with self.activity.working(what):
                await work

        task = asyncio.get_running_loop().create_task(counted())
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            _log.error("background work failed", exc_info=task.exception())

    async def stop_work(self) -> None:
        """Stop every delivery under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Stop everything."""
        await self.stop_work()
        await self.bot_time.close()

    def clear(self, *, for_new_bot: bool = False) -> None:
        """Forget everything that was said; the clock starts anew, message ids go on.

        A ``for_new_bot`` keeps the tokens and cursors that it was given while it started.
        """
        living = {key: desk.link for key, desk in self.desks.items()}
        self.clock.restart(self.start)
        self.books.clear()
        self.faults.clear()
        self.timeline = Timeline()
        self.media = Media()
        if not for_new_bot:
            self.tokens = TokenOffice(self.world.app, self.clock)
            self.kf = KfDesk({account.id: account for account in self.world.kf})
        self.desks = {robot.id: RobotDesk(self, robot) for robot in self.world.robots.values()}
        for key, link in living.items():
            self.desks[key].link = link
        self.codes: dict[str, ResponseCode] = {}
        self.app_sent: dict[str, list[Message]] = {}
        self.app_contents: dict[str, float] = {}
        self.app_rate = RateWindow()
        self.appchats: dict[str, Chat] = {}
        self.appchat_owners: dict[str, str] = {}
        self.login_codes: dict[str, tuple[str, float]] = {}
        self.group_messages: dict[str, Json] = {}
        self._side_desks: dict[str, object] = {}
        self.left: set[str] = set()
        if self.archive is not None:
            self.archive.empty()
        self.spelled: dict[str, str] = {}
        self.world.restore()
        self.groups = GroupDesk(self.world)
        if not self.virgin:
            self._everybody_has_spoken()

    def desk_of(self, name: str, make: Callable[[], object]) -> object:
        """What a side door keeps of this run; made anew after every reset."""
        if name not in self._side_desks:
            self._side_desks[name] = make()
        return self._side_desks[name]

    def has_left(self, user: str) -> bool:
        """Whether this member was deleted from the corp."""
        return user in self.left

    def _everybody_has_spoken(self) -> None:
        for desk in self.desks.values():
            desk.contacts.update(self.world.people)
            desk.contacts.update(
                chat.id for chat in self.world.chats.values() if desk.robot.name in chat.robots
            )

    def frames_sent(self) -> dict[str, int]:
        """Callback frames sent over each robot's living connection."""
        return {key: desk.link.sent for key, desk in self.desks.items() if desk.link is not None}

    def new_msgid(self) -> str:
        """A message id that no run of this program has used."""
        return f"m{self.new_number():x}"

    def new_number(self) -> int:
        """A 63-bit number that no run of this program has used."""
        return self._first_number + next(self._msg_numbers)

    @staticmethod
    def new_key() -> bytes:
        """A fresh key for one encrypted file."""
        return os.urandom(32)

    def broke(self, rule_id: str, door: str, detail: str) -> Rule:
        """Write down a broken rule; returns it."""
        return self.books.broke(rule_id, door, detail)

    def refuse(self, rule_id: str, door: str, detail: str) -> Json:
        """Write down a broken rule; the answer that the platform gives."""
        rule = self.broke(rule_id, door, detail)
        return {"errcode": rule.errcode, "errmsg": f"{rule.says}; hint: {detail}"}

    def person_says(self, chat: str, user: str, text: str, image: str | None = None) -> Message:
        """Put a person's line into a chat."""
        return self.timeline.add(
            Message(self.new_msgid(), chat, user, self.clock.now(), text, image=image)
        )

    def bot_says(self, chat: str, door: str, kind: str, text: str) -> Message:
        """Put a line of the bot into a chat."""
        return self.timeline.add(
            Message(self.new_msgid(), chat, BOT, self.clock.now(), text, kind=kind, door=door)
        )

    def bot_shows(self, chat: str, door: str, door_id: str, raw: Json) -> Message:
        """Put a card of the bot into a chat."""
        task_id = raw.get("task_id") or None
        card = Card(door_id, task_id, chat, [(None, CardFace(raw))])
        message = self.bot_says(chat, door, "template_card", "")
        message.card = card
        self.timeline.cards.append(card)
        return message

    def task_id_used(self, raw: Json, door_id: str, door: str) -> Json | None:
        """The refusal when this card's task_id exists, else None.

        The very same card again is refused too, but is a repeated send of unknown outcome and no
        broken rule.
        """
        task_id = raw.get("task_id")
        known = self.timeline.cards_of(task_id, door_id) if task_id else []
        if not known:
            return None
        if known[0].versions[0][1].raw == raw:
            rule = RULES["card_task_id"]
            return {"errcode": rule.errcode, "errmsg": rule.says}
        return self.refuse("card_task_id", door, f"{task_id} exists")

    def keep_file(self, name: str, kind: str, raw: bytes) -> str:
        """Keep a plain file for media/get; its media_id."""
        return self.media.keep(Stored(name, kind, raw, self.clock.seconds()))

    def sealed_file(self, name: str, raw: bytes, key: bytes) -> tuple[str, str]:
        """URL of an encrypted copy that lives 5 minutes, and its key in base64 without ``=``."""
        media_id = self.media.keep(Stored(name, "image", raw, self.clock.seconds(), key))
        return f"{self.public_url}/robot-media/{media_id}", (
            base64.b64encode(key).decode().rstrip("=")
        )

    def sealed_bytes(self, media_id: str) -> bytes | None:
        """The encrypted bytes behind such a URL; None when unknown or too old."""
        stored = self.media.files.get(media_id)
        life_s = RULES["media_url_s"].number
        if stored is None or stored.key is None or self.clock.seconds() > stored.at_s + life_s:
            return None
        return encrypt_bytes(stored.key, stored.raw)
