"""Pictures and files (媒体): fetched within their short life, never more than asked for.

A robot's file lies behind a URL for five minutes, encrypted; an app's behind a media_id for three
days. The doors call this from ``fetch``; sizes are WeCom's own.
"""

import aiohttp

from bot.wecom.crypto import BadBody, open_media
from bot.wecom.errors import Gone, Refusal
from bot.wecom.wire import outcome_known

_MB = 1024 * 1024
MEDIA_LIMIT = 20 * _MB
UPLOAD_LIMITS = {"image": 10 * _MB, "voice": 2 * _MB, "video": 10 * _MB, "file": 20 * _MB}


async def download(
    session: aiohttp.ClientSession, url: str, aes_key: str, limit_bytes: int, timeout_s: float
) -> bytes:
    """The decrypted bytes behind a robot's media URL.

    Raises: Gone (older than five minutes), Refusal (too big, wrong key), Unreachable.
    Source: https://developer.work.weixin.qq.com/document/path/101033.
    """
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    with outcome_known("media"):
        async with session.get(url, timeout=timeout, allow_redirects=False) as answer:
            if answer.status != 200:
                raise Gone(f"media: HTTP {answer.status}")
            data = await read_limited(answer, limit_bytes + 32)
    try:
        return open_media(data, aes_key)
    except BadBody as fault:
        raise Refusal("media and key do not belong together") from fault


async def read_limited(answer: aiohttp.ClientResponse, limit_bytes: int) -> bytes:
    """The whole body. Raises: Refusal when it is longer than ``limit_bytes``."""
    data = bytearray()
    async for piece in answer.content.iter_chunked(65536):
        data += piece
        if len(data) > limit_bytes:
            raise Refusal(f"longer than {limit_bytes} bytes")
    return bytes(data)
