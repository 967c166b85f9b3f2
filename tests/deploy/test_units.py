"""The systemd units, read by systemd's own checker."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from tests.servers.needs import missing

UNITS = sorted((ROOT / "deploy").glob("jingge*.service")) + sorted(
    (ROOT / "deploy").glob("jingge*.timer")
)
_HARD = ("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes")


@pytest.fixture(scope="module")
def analyze() -> str:
    """Systemd's own program, which needs no running systemd."""
    found = shutil.which("systemd-analyze")
    if found is None:
        missing("systemd-analyze", "systemd")
    return found


def faults(analyze: str, unit: Path, folder: Path) -> str:
    """What the checker says of ``unit``, its program taken to be this Python."""
    for one in UNITS:
        text = one.read_text("utf-8").replace("/opt/jingge/.venv/bin/python", sys.executable)
        (folder / one.name).write_text(text.replace("file:///opt/jingge/", "file:///"))
    name = unit.name.replace("@.", "@8081.")
    if name != unit.name:
        (folder / name).symlink_to(unit.name)
    done = subprocess.run(
        [analyze, "verify", "--man=no", str(folder / name)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_finds_no_fault(analyze: str, unit: Path, tmp_path: Path) -> None:
    said = faults(analyze, unit, tmp_path)

    assert [line for line in said.splitlines() if "jingge" in line] == []


def test_the_checker_would_say_it(analyze: str, tmp_path: Path) -> None:
    broken = tmp_path / "jingge-broken.service"
    broken.write_text("[Service]\nExecStart=/bin/true\nProtectSytem=strict\n")

    done = subprocess.run(
        [analyze, "verify", "--man=no", str(broken)], capture_output=True, text=True, check=False
    )

    assert "ProtectSytem" in done.stdout + done.stderr


@pytest.mark.parametrize(
    "unit", [one for one in UNITS if one.suffix == ".service"], ids=lambda path: path.name
)
def test_service_may_do_little(unit: Path) -> None:
    lines = unit.read_text("utf-8").splitlines()

    assert [line for line in _HARD if line not in lines] == []
    assert [
        line for line in lines if re.match(r"Environment=.*(SECRET|PASSWORD|_KEY)=", line)
    ] == []
