"""A name, number or path from outside leads to nothing outside its own folder (路径穿越).

Every route of the real web door is asked in raw bytes, as no browser would send them, while the
interpreter tells which files it opens. What a good walk over the same routes opened is what may be
opened. Another system's reports are looked up in the database behind its key; without one the odd
id is refused as well.
"""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.engine.keepsakes import Keepsakes
from bot.events import Heard, Media
from storage import backup_files
from storage.backup_files import BackupBroken
from storage.sealed import Seal
from tests.drafts.block import NOW, open_block
from tests.web import gates
from tests.web.gates import Gate, Row
from tests.web.real_doors import API_KEY, Doors, real_doors

ROOT = Path(__file__).parents[2]
LEADER = "zhong_yihang"
MARK = "not-for-any-page-4711"
UP = "../" * 12
ODD = (
    "..",
    "../shell.py",
    f"{UP}etc/passwd",
    "/etc/passwd",
    "../data/keys.json",
    "../../planted.txt",
    "..\\..\\planted.txt",
    "C:\\planted.txt",
    "....//....//planted.txt",
    "\u2024\u2024/planted.txt",
    "\uff0e\uff0e\uff0fplanted.txt",
    "texts.yaml\0.png",
    "\0",
    "file:///etc/passwd",
    "x" * 6000,
    "~/planted.txt",
)
OURS = ("dashboard/static", "dashboard/templates", "sidebar/static", "sidebar/templates")
BRIEF = (ODD[2], ODD[5], ODD[6], ODD[11], ODD[14])
READS = re.compile(r"query(?:\.get\(|\[)\"(\w+)\"")
HOLE = re.compile(r"\{\w+\}")
TRACE = re.compile(r'(?m)Traceback|File "|site-packages|^import |root:x:|' + MARK)
EVENTS = frozenset({"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.listdir"})
Told = tuple[int, str]
HOOKED: list[object] = []
_opened: list[set[str]] = []


def _hook(event: str, args: tuple[object, ...]) -> None:
    if _opened and event in EVENTS and isinstance(args[0], str | bytes | os.PathLike):
        _opened[-1].add(os.path.realpath(os.fsdecode(args[0]).replace("\0", "%00")))


@contextmanager
def opened() -> Iterator[set[str]]:
    """Every path that this process opens, makes or drops inside."""
    if not HOOKED:
        sys.addaudithook(_hook)  # stays for good, and is silent outside
        HOOKED.append(_hook)
    _opened.append(set())
    yield _opened[-1]
    _opened.clear()


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    async with open_block(tmp_path) as block, real_doors(block) as found:
        (tmp_path / "planted.txt").write_text(MARK)
        yield found


async def raw(doors: Doors, row: Row, target: str, cookie: str, body: str = "") -> Told:
    """Status and all that came back; 0 where the line was cut."""
    method = "GET" if row.method == "*" else row.method
    head = [
        f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", "Accept: text/html",
        f"Cookie: {cookie}", f"Authorization: Bearer {API_KEY}",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
    ]  # fmt: skip
    reader, writer = await asyncio.open_connection("127.0.0.1", int(doors.url.rpartition(":")[2]))
    writer.write("\r\n".join((*head, "", body)).encode())
    async with asyncio.timeout(30):
        told = (await reader.read()).decode(errors="replace")
    writer.close()
    found = re.match(r"HTTP/1\.[01] (\d{3})", told)
    return int(found[1]) if found else 0, told


def in_paths() -> Iterator[tuple[Row, str]]:
    """Each hole of each route filled with each odd word: bare, escaped, escaped twice."""
    for row in gates.TABLE:
        whole = row.path if HOLE.search(row.path) else f"{row.path}/{{tail}}"
        if whole != row.path and "static" not in row.path:
            continue
        for odd in ODD:
            once = quote(odd, safe="")
            dots = once.replace(".", "%2e")
            bare = odd.replace("\0", "%00").replace(" ", "%20")
            for given in dict.fromkeys((bare, once, dots, quote(once, safe=""))):
                yield row, _filled(whole, given)


def _filled(whole: str, odd: str) -> str:
    """The last hole is odd, those before it are good, so that the route is reached."""
    *before, last = HOLE.findall(whole)
    for hole in before:
        whole = whole.replace(hole, gates.NO_NUMBER if "number" in hole else "1")
    return whole.replace(last, odd)


def in_queries() -> Iterator[tuple[Row, str]]:
    """Each field of an address; where none is named, all that the program reads anywhere."""
    names = sorted({
        name for folder in ("bot", "handlers") for file in (ROOT / folder).rglob("*.py")
        for name in READS.findall(file.read_text("utf-8"))
    })  # fmt: skip
    for row in gates.TABLE:
        if row.method != "GET" or row.path == "/live":  # a stream without an end
            continue
        path, _, query = row.address.partition("?")
        pairs = dict(one.split("=", 1) for one in query.split("&") if one)
        for odd in BRIEF:
            strange = {name: quote(odd, safe="") for name in pairs or names}
            yield row, f"{path}?" + "&".join(f"{name}={word}" for name, word in strange.items())
            for name in pairs if len(pairs) > 1 else ():
                yield (
                    row,
                    f"{path}?"
                    + "&".join(
                        f"{key}={strange[key] if key == name else good}"
                        for key, good in pairs.items()
                    ),
                )


def foreign(paths: set[str], usual: set[str], doors: Doors) -> set[str]:
    """Those of ``paths`` that neither a good walk opened nor one of our own folders holds."""
    settings = doors.block.settings
    ours = [
        *(settings.site, settings.data_dir, ROOT / "static/vendor"),
        *(ROOT / f"handlers/{one}" for one in OURS),
        *(Path(sys.prefix), Path(sys.base_prefix)),
    ]
    real = [os.path.realpath(one) for one in ours]
    return {
        one for one in paths - usual
        if not any(one == folder or one.startswith(f"{folder}/") for folder in real)
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_no_route_reads_or_writes_outside_its_folder(doors: Doors, tmp_path: Path) -> None:
    cookies = await doors.block.login(LEADER)
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    key = doors.block.form_key(cookies)
    with opened() as usual:
        for row in gates.TABLE:
            if row.path != "/live" and row.gate is not Gate.WECOM:
                await doors.ask("GET", row.address, cookies)
    fields = list(in_queries())  # it reads our sources: before the look begins
    before = _below(tmp_path)
    asked, wrong = 0, []

    with opened() as seen:
        for row, target in in_paths():
            status, told = await raw(doors, row, target, cookie, _form(row, key))
            asked += 1
            if not 400 <= status < 500 or TRACE.search(told):
                wrong.append((row.method, target[:80], status, TRACE.findall(told)[:3]))
        for row, target in fields:
            status, told = await raw(doors, row, target, cookie)
            asked += 1
            is_file = row.path.startswith("/rules/") and row.asks
            if not (400 if is_file else 200) <= status < 500 or TRACE.search(told):
                wrong.append((row.method, target[:80], status, TRACE.findall(told)[:3]))
        for field, path in (("name", "file"), ("file", "words"), ("file", "sheet")):
            row = next(one for one in gates.forms() if one.path == f"/rules/{path}")
            for odd in ODD:
                body = f"key={key}&text=x&why=x&{field}={quote(odd, safe='')}"
                status, told = await raw(doors, row, row.path, cookie, body)
                asked += 1
                if status != 404 or TRACE.search(told):
                    wrong.append((row.method, row.path, status, [odd[:40]]))

    assert wrong == []
    assert foreign(seen, usual, doors) == set()
    assert _below(tmp_path) == before
    assert asked > 1000


def _below(folder: Path) -> set[str]:
    """Files below it, but for what database and logs do there by themselves."""
    files = (str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())
    return {one for one in files if "jingge.db" not in one}


def _form(row: Row, key: str) -> str:
    return f"key={key}&word=x" if row.method == "POST" else ""


async def test_what_came_with_a_message_is_kept_under_our_own_name(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "media"
    kept = Keepsakes(folder, Seal({"k1": b"k" * 32}, "k1", b"h" * 32))

    async def fetch(_medium: Media, _limit: int) -> bytes:
        return b"anything"

    kept.plug("app", fetch)
    for odd in ODD:
        media = (Media(kind="file", media_id=odd, url=odd),)
        kept.keep(
            Heard(key=f"app:{odd}", at=NOW, chat=odd, by=odd, door="app", text="", media=media)
        )
    await kept.close()

    names = _below(tmp_path)
    assert len(names) == len(ODD)
    assert [one for one in names if not re.fullmatch(r"data/media/[0-9a-f]{24}\.sealed", one)] == []


@pytest.mark.parametrize("odd", [one for one in ODD if set(one) & set("/\\\0") or one == ".."])
def test_a_backup_that_names_what_lies_elsewhere_is_none(odd: str, tmp_path: Path) -> None:
    about = backup_files.Manifest(NOW, "jingge.db", "0001", {}, {"jingge.db": "0"}, {odd: "0"})
    about.saved(tmp_path)

    with pytest.raises(BackupBroken, match="指到别处"):
        backup_files.manifest(tmp_path)
