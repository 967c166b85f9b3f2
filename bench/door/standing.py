"""How a program under measurement stands (立着): says where it listens, ends when stdin does."""

import asyncio
import json
import sys
from typing import Any

from aiohttp import web


async def until_told(url: str, **more: Any) -> None:
    """Say the first line, wait for the end of stdin."""
    sys.stdout.write(json.dumps({"url": url, **more}) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


async def serve(app: web.Application) -> None:
    """The bare application on a free port, until told."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    await until_told(f"http://{host}:{port}")
    await runner.cleanup()
