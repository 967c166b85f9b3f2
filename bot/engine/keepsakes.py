"""Pictures and files that came with a message (附件): fetched at once, kept sealed.

A robot's addresses live five minutes, an app's media three days, so each is fetched right after
its message was committed, beside the Turn and never in its way; an app's that could not be had is
tried again for its three days, also after a restart. Each lies in ``media/<name>.sealed``; the
journal of the ticket names it. Nothing in a file's name or content tells whose it is.
"""

import asyncio
import base64
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bot.engine.pictures import NoPicture, cleaned
from bot.events import Heard, Media, media_names
from bot.wecom.errors import Refusal, WeComFault
from bot.wecom.media import MEDIA_LIMIT, UPLOAD_LIMITS
from storage.sealed import Seal, SealBroken

log = logging.getLogger(__name__)
BACKOFF_S = (0.0, 1.0, 5.0)
AGAIN_S = 300.0
APP_LIFE_S = 3 * 86400.0
_FETCHED = ("image", "voice", "video", "file")  # a place or a link has nothing to be fetched
Fetch = Callable[[Media, int], Awaitable[bytes]]


class Keepsakes:
    """Fetches and keeps; ``under_way`` counts what is not finished."""

    def __init__(self, folder: Path, seal: Seal) -> None:
        self._folder = folder
        self._seal = seal
        self._fetchers: dict[str, Fetch] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def under_way(self) -> int:
        """Pictures that are being fetched now."""
        return len(self._tasks)

    def plug(self, door: str, fetch: Fetch) -> None:
        """``fetch`` brings the media of events of ``door``."""
        self._fetchers[door] = fetch

    def keep(self, event: Heard) -> None:
        """Begin to fetch everything that came with ``event``."""
        fetch = self._fetchers.get(event.door)
        if fetch is None:
            return
        for medium, name in zip(event.media, media_names(event), strict=True):
            if medium.kind not in _FETCHED or not (medium.url or medium.media_id):
                continue  # a voice that the robot's door tells of, but does not hand out
            task = asyncio.create_task(self._keep(fetch, event.door, medium, name))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def stay_after(self) -> None:
        """Try again for ever what could not be had, as long as WeCom keeps it."""
        while True:
            await self.again(time.time())
            await asyncio.sleep(AGAIN_S)

    async def again(self, now_s: float) -> int:
        """How many of the media that wait were had now; those too old are given up."""
        had = 0
        for note in sorted(self._folder.glob("*.later")):
            if now_s - note.stat().st_mtime > APP_LIFE_S:
                log.warning("media %s was not to be had for three days", note.stem)
                note.unlink(missing_ok=True)
                continue
            fetch, medium = self._waiting(note)
            if fetch and medium and await self._once(fetch, medium, note.stem) != "again":
                note.unlink(missing_ok=True)
                had += 1
        return had

    def older_than(self, moment: datetime) -> set[str]:
        """Names of everything that was kept before ``moment`` (of the machine's clock)."""
        files = self._folder.glob("*.sealed")
        return {file.stem for file in files if file.stat().st_mtime < moment.timestamp()}

    def drop(self, names: Iterable[str]) -> None:
        """Delete what is kept under these names; a name that is gone already is no fault."""
        for name in names:
            (self._folder / f"{name}.sealed").unlink(missing_ok=True)

    async def read(self, name: str) -> bytes:
        """The bytes kept under ``name``. Raises: FileNotFoundError, SealBroken."""
        return await asyncio.to_thread(opened, self._folder, self._seal, name)

    async def close(self) -> None:
        """Wait for what has begun."""
        await asyncio.gather(*self._tasks)

    def _waiting(self, note: Path) -> tuple[Fetch | None, Media | None]:
        """Door and medium of a note; nothing of one that cannot be read (it grows too old)."""
        try:
            waiting = json.loads(self._seal.open(note.read_text(), f"later:{note.stem}"))
            return self._fetchers.get(waiting["door"]), Media(**waiting["medium"])
        except (OSError, ValueError, SealBroken) as fault:
            log.warning("note of media %s cannot be read: %s", note.stem, type(fault).__name__)
            return None, None

    async def _keep(self, fetch: Fetch, door: str, medium: Media, name: str) -> None:
        for wait_s in BACKOFF_S:
            await asyncio.sleep(wait_s)
            if await self._once(fetch, medium, name) != "again":
                return
        if medium.media_id:
            await asyncio.to_thread(self._put_off, door, medium, name)

    async def _once(self, fetch: Fetch, medium: Media, name: str) -> str:
        """``kept``, ``never`` for what WeCom will not hand out, ``again`` for everything else."""
        try:
            limit = UPLOAD_LIMITS.get(medium.kind, MEDIA_LIMIT)
            data = await fetch(medium, limit)
            if medium.kind == "image":
                data = await asyncio.to_thread(cleaned, data)
            await asyncio.to_thread(self._write, name, data)
        except NoPicture as fault:
            log.warning("media %s is no picture: %s", name, fault)
            return "never"
        except Refusal as fault:
            log.warning("media %s will never be had: errcode=%s", name, fault.errcode)
            return "never"
        except (WeComFault, OSError) as fault:
            log.warning("cannot keep media %s: %s", name, type(fault).__name__)
            return "again"
        return "kept"

    def _put_off(self, door: str, medium: Media, name: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        words = json.dumps({"door": door, "medium": asdict(medium)})
        note = self._folder / f"{name}.later"
        note.touch(mode=0o600)
        note.write_text(self._seal.close(words, f"later:{name}"))

    def _write(self, name: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._folder / f".{name}"
        draft.touch(mode=0o600)
        draft.write_text(self._seal.close(base64.b64encode(data).decode(), f"media:{name}"))
        draft.replace(self._folder / f"{name}.sealed")


def opened(folder: Path, seal: Seal, name: str) -> bytes:
    """The bytes of a kept picture. Raises: FileNotFoundError, SealBroken."""
    sealed = (folder / f"{name}.sealed").read_text()
    return base64.b64decode(seal.open(sealed, f"media:{name}"))
