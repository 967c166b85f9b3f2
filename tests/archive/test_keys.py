"""Private keys lie by version in a folder; a missing one is told from one that does not fit."""

from datetime import UTC, datetime

import pytest

from bot.wecom.archive import SealedRow, Unreadable, rows_of
from bot.wecom.archive_keys import Keys
from tests.archive.corp import Corp

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)


def rows(corp: Corp) -> list[SealedRow]:
    items = [line.split(" ", 1)[1] for line in (corp.folder / "rows").read_text().splitlines()]
    return rows_of(f'{{"errcode":0,"chatdata":[{",".join(items)}]}}')


def test_rows_of_several_key_versions_open_side_by_side(corp: Corp) -> None:
    """Trap 21: an item with an older publickey_ver."""
    corp.says("wmWANG", "旧钥匙", at=NOW)
    corp.new_key(2)
    corp.says("wmWANG", "新钥匙", at=NOW)
    keys = Keys(corp.keys)

    assert keys.versions() == [1, 2]
    assert [keys.unlocked(row) for row in rows(corp)] == ["random-key-101", "random-key-102"]


def test_missing_key_is_named_and_found_once_it_lies_there(corp: Corp) -> None:
    """Trap 21: key missing (10007 is the library's word for it)."""
    corp.new_key(3, told=False)
    corp.says("wmWANG", "新钥匙", at=NOW)
    keys = Keys(corp.keys)
    (row,) = rows(corp)

    with pytest.raises(Unreadable) as caught:
        keys.unlocked(row)
    corp.hand_over(3)

    assert caught.value.why == "no_key"
    assert keys.unlocked(row) == "random-key-101"


@pytest.mark.parametrize("content", ["", "no pem", "-----BEGIN PRIVATE KEY-----\nAA\n"])
def test_file_without_a_key_counts_as_missing(corp: Corp, content: str) -> None:
    corp.says("wmWANG", "一", at=NOW)
    (corp.keys / "1.pem").write_text(content)

    with pytest.raises(Unreadable, match="no_key"):
        Keys(corp.keys).unlocked(rows(corp)[0])


@pytest.mark.parametrize("key", ["", "***", "AAAA"])
def test_random_key_that_does_not_open_is_bad(corp: Corp, key: str) -> None:
    corp.archives({}, "m", encrypt_random_key=key)

    with pytest.raises(Unreadable, match="bad_key"):
        Keys(corp.keys).unlocked(rows(corp)[0])


def test_folder_that_is_not_there_has_no_versions(corp: Corp) -> None:
    assert Keys(corp.keys / "nowhere").versions() == []
