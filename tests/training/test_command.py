"""``python -m training`` as an operator starts it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.model_file import MODEL, read_model
from tests.training.station import ROOT
from training.pair import put

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]  # a cold start on a busy machine
_WITHOUT = "import sys; sys.modules['sklearn'] = None; sys.modules['scipy'] = None; "


def _trained(*words: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """``python -m training words``, after ``before`` in the same process."""
    program = (
        f"{before}import sys; from training.__main__ import main; sys.exit(main({[*words]!r}))"
    )
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-c", program], text=True, capture_output=True, cwd=ROOT, env=kept,
        timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("words", [["--site", "config/site"], ["/nowhere"]], ids=["site", "all"])
def test_missing_scikit_learn_is_told_in_one_sentence(words: list[str]) -> None:
    done = _trained(*words, before=_WITHOUT)

    assert done.returncode == 2
    assert done.stderr.startswith("训练要用 scikit-learn")
    assert done.stderr.count("\n") == 1


def test_back_needs_nothing_that_trains(tmp_path: Path) -> None:
    put(tmp_path, b"first", {})
    put(tmp_path, b"second", {})

    done = _trained("--site", str(tmp_path), "--back", before=_WITHOUT)

    assert done.returncode == 0, done.stderr
    assert "已退回" in done.stdout
    assert read_model(tmp_path)[0] == b"first"


def test_back_without_a_model_is_a_sentence(tmp_path: Path) -> None:
    done = _trained("--site", str(tmp_path), "--back")

    assert done.returncode == 2
    assert "没有可退回的" in done.stderr


@pytest.mark.parametrize("word", ["--back", "--anyway"])
def test_words_for_a_site_need_a_site(word: str) -> None:
    done = _trained(word)

    assert done.returncode == 2
    assert "要和 --site 一起用" in done.stderr


def test_site_that_does_not_load_gets_its_faults_as_sentences(tmp_path: Path) -> None:
    done = _trained("--site", str(tmp_path))

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not (tmp_path / MODEL).exists()
