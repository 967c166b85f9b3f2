"""The official robot SDK of WeCom, run in Node and led by a test (``robot.mjs``)."""

import json
from itertools import count
from pathlib import Path
from typing import Any

from tests.interop.node_script import Json, NodeScript


class SdkRobot(NodeScript):
    """One client of the SDK, connecting as soon as the block is entered.

    ``call`` is any method of the SDK's WSClient; ``event`` any of its events.
    """

    def __init__(self, node: Path, url: str, bot_id: str, secret: str) -> None:
        super().__init__(node, "robot.mjs", url, bot_id, secret)
        self._numbers = count(1)

    async def event(self, name: str) -> Any:
        """What came with the next event ``name`` that was not asked for yet."""
        line = await self.take(lambda line: line.get("event") == name, f"event {name}")
        return line.get("given")

    def had(self, name: str) -> bool:
        """True if an event ``name`` came that was not asked for."""
        return self.seen(lambda line: line.get("event") == name)

    async def call(self, method: str, *arguments: object) -> Json:
        """``{"answer": …}`` of an SDK method, or ``{"fault": …}`` if its promise was rejected."""
        number = next(self._numbers)
        await self.write(json.dumps({"id": number, "call": method, "args": arguments}))
        return await self.take(lambda line: line.get("id") == number, f"answer to {method}")
