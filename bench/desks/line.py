"""Tickets per second (每秒建单): ours over HTTP ÷ django-helpdesk's API, ÷ roundup in process.

Ours is an encrypted callback answered in its own response when the Turn is committed: it reads the
sentence, opens the ticket, writes its journal, timers and outgoing rows, all durable (SQLite FULL,
PostgreSQL ``fsync``). It is that road and not Open311's because the answer comes after the ticket,
as theirs does. django-helpdesk validates a form, writes ticket and follow-up and makes mail;
roundup writes message and issue, without HTTP. Tickets are counted in the table, not in answers.
"""

import contextlib
import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from bench import installed
from bench.door import databases
from bench.door.house import ANSWERING
from bench.door.load import closed
from bench.door.served import Served, on_server_core, pin, serving
from bench.door.wire import Cipher, Said, frames, new_aes_key
from bench.lines import Asked, Found, Measure, Round, Side
from storage.database import Database, table_of
from storage.tables import TicketRow

_HELPDESK = Measure("tickets", "tickets over HTTP ÷ django-helpdesk 2.6.1 API", 10.0, 20.0)
_ROUNDUP = Measure("tickets", "tickets over HTTP ÷ roundup 2.6.0 in process", 1.5, 3.0)
_MATTERS = (
    "桂花苑{0}号楼门口的路灯坏了三天了，晚上黑得看不见路，麻烦派人修一下",
    "桂花苑{0}号楼楼道里堆满了纸箱和旧沙发，进出都不方便，请来看看",
    "桂花苑{0}号楼楼上天天半夜放音乐跳舞，吵得孩子睡不着",
    "桂花苑{0}号楼的电梯按了没反应，老人上下楼很不方便",
)
_OURS, _THEIRS, _IN_PROCESS, _WARM = 1500, 150, 300, 30

Open = Callable[[int], Side]
"""Opens so many tickets."""


def run(asked: Asked) -> Iterator[Found]:
    """Two rows for each database."""
    pin()
    for where in databases.NAMES:
        with contextlib.ExitStack() as stack:
            desks = _desks(stack, where)
            if desks:
                yield from _measured(where, desks, asked)


def _measured(where: str, desks: dict[str, Open], asked: Asked) -> Iterator[Found]:
    counts = {"ours": _OURS, "helpdesk": _THEIRS, "roundup": _IN_PROCESS}
    for open_some in desks.values():
        open_some(_WARM)
    names, found = list(desks), []
    for number in range(asked.rounds):
        first = number % len(names)
        order = names[first:] + names[:first]
        found.append({name: desks[name](int(counts[name] * asked.scale)) for name in order})
    for measure, peer in ((_HELPDESK, "helpdesk"), (_ROUNDUP, "roundup")):
        yield Found(measure, where, [Round(one["ours"], one[peer]) for one in found])


def _desks(stack: contextlib.ExitStack, where: str) -> dict[str, Open]:
    """All three, standing on databases of their own; empty where there is no such database."""
    urls = [stack.enter_context(databases.fresh(where)) for _ in range(3)]
    folders = [stack.enter_context(tempfile.TemporaryDirectory()) for _ in range(3)]
    if None in urls:
        return {}
    key, python = new_aes_key(), str(installed.peers_python())
    given = [[folder, str(url)] for folder, url in zip(folders, urls, strict=True)]
    house = stack.enter_context(serving("bench.door.house", [*given[0], key, "answer"]))
    desk = stack.enter_context(serving("bench.desks.helpdesk", given[1], python))
    tracker = stack.enter_context(_tracker([python, "-m", "bench.desks.roundup_desk", *given[2]]))
    return {
        "ours": _House(house, str(urls[0]), Cipher(key, "")).open,
        "helpdesk": _Desk(replace(desk, pid=desk.told["pid"])).open,
        "roundup": tracker,
    }


def _reports(start: int, count: int) -> Iterator[Said]:
    """Each of another house: what is said twice of one house is one matter with us."""
    for number in range(start, start + count):
        text = _MATTERS[number % len(_MATTERS)].format(number + 1)
        yield Said(f"7{number:015}", f"wmBench{number:09}", text)


class _House:
    """Ours."""

    def __init__(self, served: Served, url: str, cipher: Cipher) -> None:
        self._served = served
        self._url = url
        self._cipher = cipher
        self._said = 0

    def open(self, count: int) -> Side:
        """Raises: RuntimeError when not every report became a ticket."""
        said = _reports(self._said, count)
        self._said += count
        requests = frames(self._cipher, ANSWERING, said)
        before = self._tickets()
        side, _ = self._served.round(lambda url: closed(url, requests))
        if (opened := self._tickets() - before) != count:
            raise RuntimeError(f"{opened} tickets of {count} reports")
        return side

    def _tickets(self) -> int:
        database = Database(self._url)
        try:
            return int(database.read_now(_count))
        finally:
            database.close()


def _count(conn: Any) -> int:
    return int(conn.execute(select(func.count()).select_from(table_of(TicketRow))).scalar_one())


class _Desk:
    """django-helpdesk."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def open(self, count: int) -> Side:
        """Raises: RuntimeError when an answer was not 201."""
        before = self._served.cpu_s()
        said = [self._request(one.text, one.by) for one in _reports(0, count)]
        found = closed(self._served.url, said)
        if set(found.kinds) != {"201+"}:
            raise RuntimeError(f"answers were {dict(found.kinds)}")
        return Side(found.rate, (self._served.cpu_s() - before) / count * 1e6)

    def _request(self, text: str, by: str) -> bytes:
        told = self._served.told
        ticket = {
            "queue": told["queue"],
            "title": text[:40],
            "description": text,
            "submitter_email": f"{by}@example.invalid",
            "status": 1,
            "priority": 3,
        }
        body = json.dumps(ticket, ensure_ascii=False).encode()
        head = (
            f"POST /api/tickets/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Token {told['token']}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@contextlib.contextmanager
def _tracker(command: list[str]) -> Iterator[Open]:
    """Roundup, by its pipes."""
    running = subprocess.Popen(  # noqa: S603  the bench's own program
        command,
        cwd=installed.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    on_server_core(running.pid)
    assert running.stdin is not None and running.stdout is not None  # pipes  # noqa: S101, PT018
    told, heard = running.stdin, running.stdout
    heard.readline()

    def open_some(count: int) -> Side:
        told.write(f"{count}\n")
        told.flush()
        found = json.loads(heard.readline())
        return Side(count / found["seconds"], found["cpu_s"] / count * 1e6)

    try:
        yield open_some
    finally:
        told.close()
        running.wait(60)
