"""What an HTTP exchange came to (结局): transport failures and answers in the doors' own classes.

Shared by the API client, the robot's response_url and media downloads. The one question that
matters after a failure is whether WeCom may have acted; it is answered here and nowhere else.
"""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp

from bot.wecom.errors import Refusal, Unreachable, fault_of
from bot.wecom.reach import NotReachable

_ANSWER_LIMIT = 1024 * 1024


@contextmanager
def outcome_known(what: str) -> Iterator[None]:
    """Failures of the wire inside become ``Unreachable``.

    Before the connection stood nothing can have arrived; after it, nobody knows. The cause is
    not chained: aiohttp's words hold the URL, and the URL holds the token.

    Raises: Unreachable; Refusal for an address that is never called.
    """
    try:
        yield
    except NotReachable as fault:
        raise Refusal(f"{what}: {fault}") from None
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise Unreachable(f"{what}: no connection") from None
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
        raise Unreachable(f"{what}: not a web address") from None
    except (aiohttp.ClientError, TimeoutError, ConnectionError) as fault:
        raise Unreachable(f"{what}: {type(fault).__name__}", unknown=True) from None


async def payload_of(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    """The JSON object of an answer. Raises: Unreachable for anything else, also too long ones."""
    if answer.status != 200:
        raise Unreachable(f"HTTP {answer.status}", unknown=answer.status >= 500)
    raw = await _whole(answer)
    try:
        payload = json.loads(raw)
    except ValueError as fault:
        raise Unreachable("answer is not JSON", unknown=True) from fault
    if not isinstance(payload, dict):
        raise Unreachable("answer is not a JSON object", unknown=True)
    return payload


def raise_for_errcode(payload: dict[str, Any]) -> dict[str, Any]:
    """The same payload when its errcode is 0. Raises: the class of ``errors`` for its errcode."""
    errcode = payload.get("errcode", 0)
    if not isinstance(errcode, int):
        raise Unreachable("errcode is not a number", unknown=True)
    if errcode:
        raise fault_of(errcode, str(payload.get("errmsg", "")))
    return payload


def jittered(seconds: float) -> float:
    """A wait between half of ``seconds`` and all of it, so that many do not knock together."""
    return seconds * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    raw = bytearray()
    async for piece in answer.content.iter_chunked(65536):
        raw += piece
        if len(raw) > _ANSWER_LIMIT:
            raise Unreachable("answer is longer than 1 MB", unknown=True)
    return bytes(raw)
