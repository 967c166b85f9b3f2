"""The key file: only its owner reads it, it is never lost silently and never half written."""

import json
import logging
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.faults import StartupFault
from storage.key_file import load_or_create_keys

SECRET = "季阿姨 13900000000"
ROW = "inbox.payload:aibot:88"


def test_first_start_keeps_keys_that_only_the_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys.json"

    first = load_or_create_keys(path, must_exist=False)
    again = load_or_create_keys(path, must_exist=True)

    assert again.open(first.close(SECRET, ROW), ROW) == SECRET
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_processes_that_start_together_end_with_the_same_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"

    with ThreadPoolExecutor(8) as pool:
        seals = list(pool.map(lambda _: load_or_create_keys(path, must_exist=False), range(8)))

    assert len({seal.hmac_key for seal in seals}) == 1


def test_database_without_its_keys_gets_no_new_ones(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"

    with pytest.raises(StartupFault, match="数据库已存在") as fault:
        load_or_create_keys(path, must_exist=True)

    assert str(path) in str(fault.value)
    assert not path.exists()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="not text"),
        pytest.param(b"[]", id="another shape"),
        pytest.param(b'{"keys": [], "current": "k1", "hmac_key": "AAAA"}', id="no keys"),
        pytest.param(b'{"keys": {"k1": 5}, "current": "k1", "hmac_key": "A"}', id="wrong type"),
        pytest.param(b'{"keys": {"k1": "AAAA"}, "current": "k1"}', id="lookup key missing"),
        pytest.param(
            b'{"keys": {"k1": "AAAA"}, "current": "k1", "hmac_key": "AAAA"}', id="short keys"
        ),
    ],
)
def test_damaged_key_file_stops_the_start_and_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(content)

    with pytest.raises(StartupFault, match="已损坏") as fault:
        load_or_create_keys(path, must_exist=False)

    assert str(path) in str(fault.value)
    assert path.read_bytes() == content


def test_half_written_key_file_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    load_or_create_keys(path, must_exist=False)
    path.write_text(path.read_text()[:-40])

    with pytest.raises(StartupFault, match="已损坏"):
        load_or_create_keys(path, must_exist=False)


def test_key_file_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.mkdir()

    with pytest.raises(StartupFault, match="不能用") as fault:
        load_or_create_keys(path, must_exist=False)

    assert str(path) in str(fault.value)


def test_data_directory_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "data"
    blocked.symlink_to(tmp_path / "nowhere" / "further")

    with pytest.raises(StartupFault, match="不能建立密钥文件"):
        load_or_create_keys(blocked / "keys.json", must_exist=False)


def test_key_file_open_to_others_is_narrowed_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "keys.json"
    load_or_create_keys(path, must_exist=False)
    path.chmod(0o644)

    with caplog.at_level(logging.INFO):
        seal = load_or_create_keys(path, must_exist=True)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert not any(key in caplog.text for key in json.loads(path.read_text())["keys"].values())
    assert seal.env_form()[2] not in caplog.text
