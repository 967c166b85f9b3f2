"""The official Python SDK that echoes (官方 Python SDK 回声). Runs in the peers' environment.

The SDK hands a TLS context to every address, also to ``ws://``, which its library refuses; it is
taken away here, so all sides speak in the clear. Its own log is silent (it would print each frame).
"""

import asyncio
import sys
import warnings
from typing import Any

warnings.simplefilter("ignore", DeprecationWarning)  # of websockets' old module, which it imports

from aibot import WSClient, WSClientOptions, ws  # type: ignore[import-not-found]  # noqa: E402

_BOT, _SECRET = "aibBENCH", "bench"


class _Silent:
    def debug(self, message: str, *args: Any) -> None: ...
    def info(self, message: str, *args: Any) -> None: ...
    def warn(self, message: str, *args: Any) -> None: ...
    def error(self, message: str, *args: Any) -> None: ...


async def main(url: str) -> None:
    """Run until the process is ended."""
    ws._SSL_CONTEXT = None
    client = WSClient(WSClientOptions(_BOT, _SECRET, ws_url=url, logger=_Silent()))

    async def echo(frame: Any) -> None:
        said = frame["body"]["text"]["content"]
        await client.reply_stream(frame, frame["body"]["msgid"], said, True)

    client.on("message.text", echo)
    await client.connect()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
