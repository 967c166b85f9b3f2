"""Callback → reply, beside wechatpy's own Flask example under waitress (回复).

The example keeps nothing and says back what it heard. Ours keeps the event, gives it its whole Turn
and answers when that is committed: once for small talk, once for sentences that open tickets.
"""

import contextlib
import tempfile
from collections.abc import Callable, Iterator

from bench.door import databases, house
from bench.door.ack import Mouth
from bench.door.chain import Talk
from bench.door.load import closed
from bench.door.said import greetings, reports
from bench.door.served import pin, serving
from bench.door.wire import CORP, TOKEN, Said, new_aes_key
from bench.installed import peers_python
from bench.lines import Asked, Found, Measure, alternating

_WHAT = Measure("flask", "callback → reply ÷ wechatpy's Flask example under waitress", 0.4, 0.8)
_PEER, _PATH = "bench.door.echo_flask", "/wechat"
_MESSAGES, _WARM = 200, 100
_SAYINGS = {"greetings": greetings, "reports": reports}


def run(asked: Asked) -> Iterator[Found]:
    """SQLite, then PostgreSQL, each with both kinds of sentences."""
    pin()
    for where in databases.NAMES:
        for name, say in _SAYINGS.items():
            with databases.fresh(where) as url:
                if url is not None:
                    yield _measured(f"{where}, {name}", url, say, asked)


def _measured(
    where: str, url: str, say: Callable[[int, int], Iterator[Said]], asked: Asked
) -> Found:
    key, count = new_aes_key(), int(_MESSAGES * asked.scale)
    talk, mouth = Talk(key, count, say), Mouth(key, 5 * count)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="jingge-bench-"))
        given = [folder, url, key, "answer"]
        ours = stack.enter_context(serving("bench.door.house", given))
        python = str(peers_python())
        theirs = stack.enter_context(serving(_PEER, [key, CORP, TOKEN], python))
        closed(ours.url, talk.load(house.ANSWERING, _WARM))
        closed(theirs.url, mouth.load(_PATH, _WARM))
        rounds = alternating(
            lambda: talk.side(ours, house.ANSWERING),
            lambda: mouth.side(theirs, _PATH),
            asked.rounds,
        )
    return Found(_WHAT, where, rounds)
