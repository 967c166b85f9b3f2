"""Pictures and files that came with a message (附件): fetched at once, kept sealed.

WeCom's addresses live five minutes, so a picture is fetched right after its message was committed,
beside the Turn and never in its way. Each lies in ``media/<name>.sealed``; the journal of the
ticket names it. Nothing in a file's name or content tells whose it is. The listener calls ``keep``.
"""

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from pathlib import Path

from bot.events import Heard, Media, media_names
from bot.wecom.errors import WeComFault
from storage.sealed import Seal

log = logging.getLogger(__name__)
BACKOFF_S = (0.0, 1.0, 5.0)
Fetch = Callable[[Media], Awaitable[bytes]]


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
            if not medium.url and not medium.media_id:
                continue  # a voice that the robot's door tells of, but does not hand out
            task = asyncio.create_task(self._keep(fetch, medium, name))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

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

    async def _keep(self, fetch: Fetch, medium: Media, name: str) -> None:
        for wait_s in BACKOFF_S:
            await asyncio.sleep(wait_s)
            try:
                data = await fetch(medium)
                await asyncio.to_thread(self._write, name, data)
            except (WeComFault, OSError) as fault:
                log.warning("cannot keep media %s: %s", name, type(fault).__name__)
            else:
                return

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
