"""One of the Node scripts beside this file as a child process that speaks JSON lines.

Everything it prints is kept, so a test may ask for a line that came before it asked. Used by the
robot and the callback receiver of the interop tests.
"""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

Json = dict[str, Any]
HERE = Path(__file__).parent
WITHIN_S = 10.0


class NodeScript:
    """A running script; use it as an async context manager, it ends with the block."""

    def __init__(self, node: Path, script: str, *arguments: str) -> None:
        self._command = [str(node), str(HERE / script), *arguments]
        self._lines: list[Json] = []
        self._came = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(WITHIN_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reading

    async def take(self, fits: Callable[[Json], bool], what: str) -> Json:
        """The oldest line not yet taken that ``fits``, waiting up to 10 s for it."""
        try:
            async with asyncio.timeout(WITHIN_S), self._came:
                await self._came.wait_for(lambda: any(map(fits, self._lines)))
                found = next(line for line in self._lines if fits(line))
                self._lines.remove(found)
                return found
        except TimeoutError:
            raise AssertionError(f"no {what} within {WITHIN_S:.0f} s; got {self._lines}") from None

    def seen(self, fits: Callable[[Json], bool]) -> bool:
        """True if a line that ``fits`` came and was not taken."""
        return any(map(fits, self._lines))

    async def write(self, line: str) -> None:
        """Send one line to the script."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            async with self._came:
                self._lines.append(json.loads(line))
                self._came.notify_all()
