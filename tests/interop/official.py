"""The official crypto package of WeCom, run in Node: as a filter, as a sender, as a receiver.

``official_crypto`` answers a list of requests in one process; ``post_callback`` plays WeCom at a
callback door; ``CallbackReceiver`` is a door for the simulator to post to.
"""

import asyncio
import json
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from tests.interop.node_script import HERE, WITHIN_S, Json, NodeScript


@dataclass(frozen=True)
class OfficialEnvelope:
    """Secrets of one callback door; ``receiveid`` is empty for a robot of the corp."""

    token: str
    key: str
    receiveid: str


async def official_crypto(node: Path, requests: list[Json]) -> list[Any]:
    """The package's answers to ``requests`` (forms: see ``crypto.mjs``)."""
    return list(json.loads(await _run(node, json.dumps(requests), "crypto.mjs")))


async def post_callback(node: Path, url: str, envelope: OfficialEnvelope, **order: object) -> Json:
    """What a door at ``url`` answered to one signed and encrypted request.

    ``order``: text, form (``xml``: app, ``json``: robot), echo, timestamp, nonce; the fields of
    the answer stand in ``callback.mjs``.
    """
    given = json.dumps({**asdict(envelope), **order})
    return dict(json.loads(await _run(node, given, "callback.mjs", url)))


class CallbackReceiver(NodeScript):
    """A callback door made of the official package; ``doors`` maps a path to its envelope.

    ``write`` a robot's reply as JSON and the next POST is answered with it, encrypted.
    """

    def __init__(self, node: Path, doors: dict[str, OfficialEnvelope]) -> None:
        words = [f"{path}={','.join(astuple(envelope))}" for path, envelope in doors.items()]
        super().__init__(node, "receiver.mjs", *words)

    async def url(self) -> str:
        """Where it listens; ask once."""
        line = await self.take(lambda line: "listening" in line, "listening port")
        return f"http://127.0.0.1:{line['listening']}"

    async def request(self, path: str) -> Json:
        """The next request at ``path``: signed, receiveid, text."""
        return await self.take(lambda line: line.get("path") == path, f"request at {path}")


async def _run(node: Path, given: str, script: str, *words: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(str(node), str(HERE / script), *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(WITHIN_S):
        printed, _ = await process.communicate(given.encode())
    assert process.returncode == 0, f"{script} ended with {process.returncode}"
    return printed
