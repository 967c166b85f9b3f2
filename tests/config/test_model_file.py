"""The model file is taken whole or not at all."""

import hashlib
import json
from pathlib import Path

import pytest

from config.load import load_rules
from config.model_file import MODEL, REPORT, read_model


def put(folder: Path, raw: bytes, told: str | None = None) -> None:
    folder.mkdir(exist_ok=True)
    (folder / MODEL).write_bytes(raw)
    digest = told if told is not None else hashlib.sha256(raw).hexdigest()
    (folder / REPORT).write_text(json.dumps({"sha256": digest}), "utf-8")


def test_the_shipped_model_is_whole_and_small() -> None:
    raw = load_rules(Path("config/site")).reading.model

    assert 100_000 < len(raw) <= 5_000_000


def test_a_site_may_bring_its_own(tmp_path: Path) -> None:
    put(tmp_path, b"own")

    assert read_model(tmp_path) == (b"own", [])


@pytest.mark.parametrize(("raw", "told"), [(b"own", "00"), (bytes(5_000_001), None)])
def test_a_model_that_does_not_fit_its_report_is_a_fault(
    tmp_path: Path, raw: bytes, told: str | None
) -> None:
    put(tmp_path, raw, told)
    found, faults = read_model(tmp_path)

    assert found == b""
    assert len(faults) == 1


def test_a_model_without_a_report_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / MODEL).write_bytes(b"own")

    assert [fault.what for fault in read_model(tmp_path)[1]] == [f"读不出 {MODEL} 或 {REPORT}"]
