"""The pair of model files: put together, kept, taken back, never one that would not start."""

from pathlib import Path

import pytest

from config.faults import StartupFault
from config.model_file import MODEL, REPORT, SHIPPED, read_model
from training.pair import put, take_back


def test_put_pair_is_what_the_program_reads(tmp_path: Path) -> None:
    put(tmp_path, b"first", {"tickets": 1})

    assert read_model(tmp_path) == (b"first", [])
    assert sorted(path.name for path in tmp_path.iterdir()) == [MODEL, REPORT]


def test_taking_back_gives_the_pair_before_and_again_the_newer(tmp_path: Path) -> None:
    put(tmp_path, b"first", {})
    put(tmp_path, b"second", {})

    assert "上一次训练的" in take_back(tmp_path)
    assert read_model(tmp_path) == (b"first", [])

    take_back(tmp_path)
    assert read_model(tmp_path) == (b"second", [])


def test_taking_back_the_only_pair_gives_the_shipped_model(tmp_path: Path) -> None:
    put(tmp_path, b"first", {})

    assert "出厂的" in take_back(tmp_path)
    assert read_model(tmp_path)[0] == (SHIPPED / MODEL).read_bytes()

    take_back(tmp_path)
    assert read_model(tmp_path) == (b"first", [])


def test_pair_put_beside_the_shipped_model_is_taken_back_to_it(tmp_path: Path) -> None:
    put(tmp_path, b"first", {})
    take_back(tmp_path)
    put(tmp_path, b"second", {})

    take_back(tmp_path)

    assert not (tmp_path / MODEL).exists()


def test_model_that_would_not_start_is_not_put(tmp_path: Path) -> None:
    put(tmp_path, b"first", {})

    with pytest.raises(StartupFault, match="5 MB"):
        put(tmp_path, b"x" * 5_000_001, {})

    assert read_model(tmp_path) == (b"first", [])
    assert sorted(path.name for path in tmp_path.iterdir()) == [MODEL, REPORT]


def test_nothing_to_take_back_is_said(tmp_path: Path) -> None:
    with pytest.raises(StartupFault, match="没有可退回的"):
        take_back(tmp_path)


def test_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartupFault, match="写不进去"):
        put(tmp_path / "nowhere", b"first", {})
