"""Talk that enters the archive through the simulator: rows, recall, licence, bell; trap 21."""

import asyncio
import base64
import ctypes
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from simulator import standin
from simulator.archive_api import rows_of
from tests.servers import needs
from tests.simulator.bots import Bot
from tests.simulator.fakes import Wire, running


@pytest.fixture
async def room(bot: Bot, tmp_path: Path) -> AsyncIterator[Wire]:
    """A simulator with an archive, and a bot that hears it ring."""
    async with running(bot_url=bot.url) as wire:
        wire.sim.archive = rows_of(wire.sim, tmp_path / "archive")
        yield wire


def rows(wire: Wire) -> list[str]:
    assert wire.sim.archive is not None
    file = wire.sim.archive.folder / "rows"
    return file.read_text("utf-8").splitlines() if file.exists() else []


async def test_words_in_a_group_without_robot_become_a_sealed_row(room: Wire) -> None:
    said = await room.sim_post("archive/say", room="wrNONE", who="res_a", text="漏水了")

    assert (said["archived"], said["seq"]) == (True, 101)
    assert said["msgid"].endswith("_external")
    assert await room.texts("wrNONE") == ["漏水了"]
    [row] = rows(room)
    assert row.startswith("101 {")
    assert "漏水" not in row


async def test_trap_21_bell_rings_once_in_fifteen_seconds_without_an_agent(
    room: Wire, bot: Bot
) -> None:
    """Traps 6 and 21: notify events carry no AgentID and are coalesced to 15 s."""
    for number in range(3):
        await room.sim_post("archive/say", room="wrNONE", who="res_a", text=f"第{number}句")
    await room.sim_post("clock", advance_s=1)
    assert len(bot.got) == 1
    await room.sim_post("clock", advance_s=20)

    letters = [plain for door, plain in bot.got if door == "app"]
    assert len(letters) == 2
    assert all("msgaudit_notify" in one and "AgentID" not in one for one in letters)
    assert all(b"AgentID" not in raw for _, raw in bot.raw)


async def test_without_a_licensed_member_nothing_is_kept(room: Wire) -> None:
    await room.sim_post("console", archived=["cmd_zhao"])
    lost = await room.sim_post("archive/say", room="wrNONE", who="res_a", text="漏水了")
    await room.sim_post("console", archived=["wg_li"])
    kept = await room.sim_post("archive/say", room="wrNONE", who="res_a", text="漏水了")

    assert (lost["archived"], kept["archived"]) == (False, True)
    assert len(rows(room)) == 1


async def test_recall_takes_the_words_away_and_tells_of_it(room: Wire) -> None:
    said = await room.sim_post("archive/say", room="wrNONE", who="res_a", text="漏水了")
    asked = {"msgid": said["msgid"], "who": "res_b"}
    assert (await room.ask("POST", "/sim/archive/recall", asked))[0] == 403
    await room.sim_post("archive/recall", msgid=said["msgid"], who="res_a")

    assert await room.texts("wrNONE") == []
    assert len(rows(room)) == 2


async def test_reset_empties_the_archive_and_numbers_go_on(room: Wire) -> None:
    await room.sim_post("archive/say", room="wrNONE", who="res_a", text="漏水了")
    await room.sim_post("reset")
    said = await room.sim_post("archive/switch", user="wg_li")

    assert said["seq"] == 102
    assert len(rows(room)) == 1


@pytest.mark.parametrize(
    ("call", "body", "status"),
    [
        ("say", {"room": "wrNO", "who": "res_a", "text": "a"}, 404),
        ("say", {"room": "wrNONE", "who": "nobody", "text": "a"}, 404),
        ("say", {"room": "wrNONE", "who": "cmd_zhao", "text": "a"}, 403),
        ("say", {"who": "res_a", "text": "a"}, 400),
        ("say", {"room": "wrNONE", "who": "res_a", "msgtype": "vote"}, 400),
        ("say", {"room": "wrNONE", "who": "res_a", "text": "a", "file": "?"}, 400),
        ("recall", {"msgid": "m0", "who": "res_a"}, 404),
        ("agree", {"room": "wrNONE", "who": "res_a", "agreed": "yes"}, 400),
    ],
)
async def test_what_cannot_be_is_refused(
    room: Wire, call: str, body: dict[str, Any], status: int
) -> None:
    assert (await room.ask("POST", f"/sim/archive/{call}", body))[0] == status


async def test_without_a_folder_there_is_no_archive(wire: Wire) -> None:
    said = {"room": "wrNONE", "who": "res_a", "text": "a"}
    assert (await wire.ask("POST", "/sim/archive/say", said))[0] == 409


async def test_library_hands_out_what_was_said(
    room: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if standin.compiler() is None:
        needs.missing("a C compiler for the archive's stand-in library", "gcc")
    assert room.sim.archive is not None
    monkeypatch.setenv("JINGGE_STANDIN", str(room.sim.archive.folder))
    library = ctypes.CDLL(str(standin.build(tmp_path / standin.NAME)))
    picture = base64.b64encode(b"made up").decode()
    await room.sim_post("archive/say", room="wrNONE", who="res_a", text="漏水了")
    await room.sim_post(
        "archive/say", room="wrNONE", who="wmWEIXIN", msgtype="image", body={}, file=picture
    )

    page = await asyncio.to_thread(first_page, library, room.sim.archive.account)

    assert page.count('"seq"') == 2
    assert len(list((room.sim.archive.folder / "media").iterdir())) == 1


def first_page(library: ctypes.CDLL, account: str) -> str:
    """What GetChatData answers to whoever knows the account."""
    for name in ("NewSdk", "NewSlice", "GetContentFromSlice"):
        getattr(library, name).restype = ctypes.c_void_p
    sdk, out = ctypes.c_void_p(library.NewSdk()), ctypes.c_void_p(library.NewSlice())
    assert library.Init(sdk, *(one.encode() for one in account.split())) == 0
    assert library.GetChatData(sdk, ctypes.c_ulonglong(0), 1000, b"", b"", 5, out) == 0
    return ctypes.string_at(library.GetContentFromSlice(out), library.GetSliceLen(out)).decode()
