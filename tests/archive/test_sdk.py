"""The ctypes adapter loads and calls a real C library with the header contract of Tencent's."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.wecom.archive import SealedRow, Unreadable
from bot.wecom.archive_keys import Keys
from bot.wecom.archive_sdk import ArchiveConfig, NoLibrary, SdkSource
from bot.wecom.errors import Gone, NotAllowed, Refusal, Unreachable, WeComFault
from tests.archive.corp import SECRET, Corp

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)


async def words_of(source: SdkSource, corp: Corp, rows: list[SealedRow]) -> list[str | Unreadable]:
    keys = Keys(corp.keys)
    return await source.opened([(keys.unlocked(row), row.body) for row in rows])


async def test_words_come_through_rsa_and_the_library(source: SdkSource, corp: Corp) -> None:
    corp.says("wmWANG", "3号楼下水道又堵了", at=NOW)

    rows = await source.page(0, 1000)

    (text,) = await words_of(source, corp, rows)
    assert isinstance(text, str)
    assert "3号楼下水道又堵了" in text
    assert "3号楼" not in rows[0].body


async def test_page_begins_after_the_seq_and_stays_within_the_limit(
    source: SdkSource, corp: Corp
) -> None:
    for n in range(5):
        corp.says("wmWANG", f"第{n}句", at=NOW)

    rows = await source.page(102, 2)

    assert [row.seq for row in rows] == [103, 104]
    assert corp.calls("page") == ["page 102 2 1"]


async def test_more_than_a_thousand_rows_are_refused_by_the_library(
    source: SdkSource, corp: Corp
) -> None:
    with pytest.raises(Refusal, match="10000"):
        await source.page(0, 1001)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (10001, Unreachable),
        (10002, Unreachable),
        (10003, Unreachable),
        (10000, Refusal),
        (10004, Refusal),
        (10009, NotAllowed),
        (10010, Gone),
        (10011, NotAllowed),
    ],
)
async def test_codes_of_the_library_become_classes(
    source: SdkSource, corp: Corp, code: int, fault: type[WeComFault]
) -> None:
    corp.stumbles("fail_page", code)

    with pytest.raises(fault) as caught:
        await source.page(0, 10)

    assert type(caught.value) is fault
    assert caught.value.errcode == code


@pytest.mark.parametrize("errcode", [301042, 301052, 40001])
async def test_errcode_inside_a_page_is_for_the_operator(
    source: SdkSource, corp: Corp, errcode: int
) -> None:
    corp.stumbles("answer", f'{{"errcode":{errcode},"errmsg":"no"}}')

    with pytest.raises(NotAllowed) as caught:
        await source.page(0, 10)

    assert caught.value.errcode == errcode


@pytest.mark.parametrize("answer", ["", "[]", "garbage", '{"chatdata":[{"seq":"x"}]}'])
async def test_answer_that_is_no_page_is_a_fault_or_empty(
    source: SdkSource, corp: Corp, answer: str
) -> None:
    corp.stumbles("answer", answer)

    if "chatdata" in answer:
        assert await source.page(0, 10) == []
    else:
        with pytest.raises(Refusal):
            await source.page(0, 10)


async def test_wrong_secret_is_for_the_operator(corp: Corp, config: ArchiveConfig) -> None:
    source = SdkSource(replace(config, secret="of somebody else"))

    with pytest.raises(NotAllowed):
        await source.page(0, 10)

    source.close()
    source.join(5)


def test_secret_is_in_no_repr(config: ArchiveConfig) -> None:
    assert SECRET not in repr(config)


@pytest.mark.parametrize("kind", ["missing", "no library", "another library"])
def test_library_that_cannot_be_used_is_named_as_such(
    tmp_path: Path, config: ArchiveConfig, kind: str
) -> None:
    path = tmp_path / "lib.so"
    if kind == "no library":
        path.write_text("not ELF")
    if kind == "another library":
        path = next(Path("/lib").rglob("libm.so.6"))

    with pytest.raises(NoLibrary):
        SdkSource(replace(config, library=path))


async def test_row_with_broken_words_is_unreadable_and_its_neighbour_is_not(
    source: SdkSource, corp: Corp
) -> None:
    """Trap 21: DecryptData fails for one item."""
    corp.says("wmWANG", "好的", at=NOW)
    corp.archives({"msgid": "bad"}, "bad", encrypt_chat_msg="AAAABBBBCCCC")
    corp.says("wmWANG", "不好", at=NOW)

    rows = await source.page(0, 10)
    texts = await words_of(source, corp, rows)

    assert [isinstance(text, Unreadable) for text in texts] == [False, True, False]
    assert isinstance(texts[1], Unreadable)
    assert texts[1].why == "sdk10006"


async def test_file_comes_whole_in_pieces_with_its_zero_bytes(
    source: SdkSource, corp: Corp
) -> None:
    data = bytes(range(256)) * 40
    corp.keeps_file("file-1", data, piece=1000)

    assert await source.media("file-1", 100_000) == data
    assert len(corp.calls("media")) == 11


async def test_file_longer_than_wanted_is_left(source: SdkSource, corp: Corp) -> None:
    corp.keeps_file("film", b"x" * 5000, piece=1000)

    with pytest.raises(Refusal, match="longer"):
        await source.media("film", 2500)

    assert len(corp.calls("media")) == 3


async def test_file_that_is_gone_says_so(source: SdkSource, corp: Corp) -> None:
    corp.stumbles("fail_media", 10010)

    with pytest.raises(Gone):
        await source.media("old", 1000)


async def test_library_that_hangs_holds_neither_the_loop_nor_the_files(
    corp: Corp, config: ArchiveConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.wecom.archive_sdk._SPARE_S", -0.8)
    source = SdkSource(config)
    corp.keeps_file("photo", b"jpeg")
    corp.stumbles("block", "")

    pulling = asyncio.create_task(source.page(0, 10))
    await asyncio.sleep(0)
    photo = await source.media("photo", 100)
    with pytest.raises(Unreachable, match="does not come back"):
        await pulling

    assert photo == b"jpeg"
    (corp.folder / "block").unlink()
    source.close()
    source.join(5)
