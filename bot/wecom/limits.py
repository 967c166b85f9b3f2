"""How often WeCom lets us speak (频控): ask a bucket before every send.

WeCom drops what is too much silently (app) or refuses it (robots), so the doors stop before it
does. A few tokens of each window are kept back for danger. The buckets are shared by all
processes; their names tell no conversation and no person.
Source: https://developer.work.weixin.qq.com/document/path/90312 and 101463.
"""

from bot.lines import line_of
from bot.wecom.channel import Buckets
from bot.wecom.errors import Limited

# We count when a word leaves, WeCom when it comes: longer by what a try may be on its way.
UNDERWAY_S = 10
WINDOWS = ((30, 60 + UNDERWAY_S), (1000, 3600 + UNDERWAY_S))
RESERVE = 5


def bucket_of(door: str, line: str) -> str:
    """The name of the bucket of one conversation at one door."""
    return f"say:{door}:{line}"


async def take(buckets: Buckets, door: str, chat: str, danger: bool) -> None:
    """One token of ``chat`` at ``door`` (robot id or app id) is taken.

    30 a minute and 1000 an hour per conversation of a robot, the same per member of an app;
    the last five of each window are for danger only.

    Raises: Limited with the business seconds to wait.
    """
    name = bucket_of(door, line_of(chat))
    wait_s = await buckets.take(name, WINDOWS, 0 if danger else RESERVE)
    if wait_s > 0:
        raise Limited("our own limit for this conversation", retry_after_s=wait_s)
