"""The log as JSON: one line for each handled event, and nobody's words, names or numbers in it."""

import json
import logging
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.turn import Turn
from commands import logs
from tests.drafts.block import open_block
from tests.engine.conftest import Build
from tests.engine.conftest import build as build
from tests.engine.conftest import rules as rules
from tests.engine.house import heard
from tests.privacy.secrets import PHONE, PLANTED, SECRETS, found_in

FIELDS = {"at", "level", "name", "event", "kind", "line", "ms", "outcome", "text"}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The file that the program's own log goes to, as JSON."""
    root, path = logging.getLogger(), tmp_path / "bot.log"
    before, level = root.handlers[:], root.level
    logs.begin(path, form="json")
    yield path
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = before
    root.setLevel(level)


def _raw(log: Path) -> bytes:
    return log.read_bytes()


def _lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_each_handled_event_leaves_one_line_without_anything_personal(
    tmp_path: Path, log: Path
) -> None:
    async with open_block(tmp_path / "house") as house:
        keys = [
            await house.overhears("wang_ayi", f"桂花苑3号楼{n}单元路灯不亮，{PLANTED}")
            for n in range(1, 4)
        ]
        await house.overhears("wang_ayi", f"桂花苑3号楼有人拿刀追人，{PLANTED}")

    raw, handled = _raw(log), [line for line in _lines(log) if "outcome" in line]
    told = Counter(line["event"] for line in handled)
    assert {told[key] for key in keys} == {1}
    assert set(told.values()) == {1}
    assert all(set(line) == FIELDS for line in handled)
    assert {line["outcome"] for line in handled} == {"done"}
    assert found_in(raw, (*SECRETS, "wang_ayi")) == []


async def test_what_was_parked_says_so_in_its_line(
    build: Build, sqlite_url: str, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.engine.worker.BACKOFF_S", (0.0, 0.0))

    def breaks(_turn: Turn, _event: object) -> None:
        raise RuntimeError("a bug")

    house = build(sqlite_url)
    house.desk.always = breaks
    await house.open()
    await house.hear(heard("e1"))
    await house.quiet()

    (line,) = [line for line in _lines(log) if "outcome" in line]
    assert (line["event"], line["outcome"], line["kind"]) == ("e1", "dead", "heard")


@pytest.mark.parametrize("own", ["cron:morning_digest:202611240830", "timer:25512345", "timer:7"])
def test_id_that_the_clock_made_stays_readable_beside_a_phone(log: Path, own: str) -> None:
    logging.getLogger("test").info("handled scheduled id=%s:told line=%s %s", own, PHONE, PHONE)
    logging.getLogger("test").info("%s id=%s", PHONE, own)

    assert [own in line["text"] for line in _lines(log)] == [True, True]
    assert found_in(_raw(log)) == []


@pytest.mark.parametrize(
    "said",
    [
        f"id=timer:{PHONE}",
        f"id=cron:{PHONE}",
        f"id=cron:a:{PHONE}0",
        f"cron:a:{PHONE}",
        "id=timer:010-6234-5678",
    ],
)
def test_phone_that_looks_like_the_id_of_a_clock_is_starred(log: Path, said: str) -> None:
    logging.getLogger("test").info("%s", said)

    assert said not in _lines(log)[0]["text"]


@pytest.fixture
def sqlite_url(tmp_path: Path, new_sqlite: Any) -> str:
    made: str = new_sqlite(tmp_path / "jingge.db")
    return made
