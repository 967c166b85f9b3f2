"""The bundle really built, carried to an empty folder, installed without a registry, and started.

Built from what is committed, so commit first. Minutes, and the registry once: `make soak`.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.commands.test_starting import CORP
from tests.docs.pages import ROOT

INSTALL = ROOT / "deploy" / "install.sh"
# No proxy leads anywhere and no registry is known: whoever asks for one fails at once.
ALONE = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "https_proxy": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "HOME": "/nonexistent",
    "PYTHONUTF8": "1",
}


def shell(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """``sh words`` in ``folder``, with no way out."""
    given = {"PATH": os.environ["PATH"], **ALONE, **more}
    return subprocess.run(
        ["sh", *words], cwd=folder, env=given, capture_output=True, text=True, check=False
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder that looks like a bundle, with next to nothing in it."""
    folder = tmp_path / "jingge-small"
    (folder / "wheels").mkdir(parents=True)
    (folder / "program").mkdir()
    shutil.copy(INSTALL, folder)
    (folder / "TARGETS").write_text("cp399 nowhere\n")
    (folder / "requirements.txt").write_text("")
    done = shell(folder, "-c", "sha256sum TARGETS requirements.txt > SHA256SUMS")
    assert done.returncode == 0
    return folder


def test_machine_without_its_wheels_is_told_which_there_are(small: Path, tmp_path: Path) -> None:
    done = shell(small, "install.sh", str(tmp_path / "to"), PYTHON=sys.executable)

    assert done.returncode == 2
    assert "cp399 nowhere" in done.stderr
    assert not (tmp_path / "to").exists()


def test_file_that_was_changed_on_the_way_is_found(small: Path, tmp_path: Path) -> None:
    (small / "TARGETS").write_text("cp311 x86_64\n")

    done = shell(small, "install.sh", str(tmp_path / "to"))

    assert done.returncode == 2
    assert "重新拷一份" in done.stderr


def tools(folder: Path, **instead: str) -> Path:
    """A PATH with what install.sh needs and no Python; ``instead`` are scripts put in it."""
    folder.mkdir()
    for name in ("sh", "sha256sum", "uname", "dirname", "ls", "ldd", "grep", "cut", "cat", "tr"):
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, script in instead.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return folder


def test_old_libc_is_named(small: Path, tmp_path: Path) -> None:
    path = tools(tmp_path / "bin", getconf='echo "glibc 2.17"')

    done = shell(small, "install.sh", str(tmp_path / "to"), PATH=str(path))

    assert done.returncode == 2
    assert "2.17" in done.stderr
    assert "2.28" in done.stderr


def test_old_python_is_named(small: Path, tmp_path: Path) -> None:
    says = '[ "$1" = --version ] && echo "Python 3.7.9" && exit 0\nexit 1'
    path = tools(tmp_path / "bin", python3=says)

    done = shell(small, "install.sh", str(tmp_path / "to"), PATH=str(path))

    assert done.returncode == 2
    assert "3.11" in done.stderr
    assert "3.7.9" in done.stderr


def test_folder_with_something_in_it_is_left_alone(small: Path, tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "to" / "mine").touch()

    done = shell(small, "install.sh", str(tmp_path / "to"))

    assert done.returncode == 2
    assert "已经有东西" in done.stderr


def carried(archive: Path, folder: Path) -> Path:
    """The bundle, unpacked after its sum was compared."""
    for path in (archive, archive.with_name(f"{archive.name}.sha256")):
        shutil.copy(path, folder)
    done = shell(folder, "-c", f"sha256sum -c {archive.name}.sha256")
    assert done.returncode == 0, done.stderr
    with tarfile.open(folder / archive.name) as packed:
        packed.extractall(folder, filter="data")
    [found] = [one for one in folder.iterdir() if one.is_dir()]
    return found


def built() -> Path:
    """A new bundle of what is committed; ``BUNDLE`` names one that was built before."""
    if given := os.environ.get("BUNDLE"):
        return Path(given)
    done = subprocess.run(
        [sys.executable, "deploy/make_bundle.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    made = re.search(r"做好了：(\S+)（", done.stdout)
    assert made is not None
    return Path(made[1])


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_bundle_is_built_installed_without_registry_and_starts(tmp_path: Path) -> None:
    bundle, to = carried(built(), tmp_path), tmp_path / "opt" / "jingge"

    done = shell(tmp_path, str(bundle / "install.sh"), str(to), PYTHON=sys.executable)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.rmtree(bundle)

    python = str(to / ".venv/bin/python")
    settings = {**CORP, "JINGGE_DATA_DIR": str(tmp_path / "data"), "JINGGE_WEB_PORT": "0"}
    with subprocess.Popen(
        [python, "run_bot.py", "run"], cwd=to, text=True, stdout=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], **ALONE, **settings},
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stdout.readline().startswith("bot ready web=")
        running.terminate()
        assert running.wait(30) == 0
