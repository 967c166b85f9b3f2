"""What a test needs from the machine: found, or the test skips with one line, or fails in CI.

One rule for all programs that are not Python packages (PostgreSQL, Redis, Chromium, node): on a
person's machine a missing one skips the tests that need it; under ``CI=true`` it fails them, since
there a skipped test would look like a passed one. Called by the fixtures beside it and in interop.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

DEBIAN_POSTGRES = Path("/usr/lib/postgresql")
NODE_AT_LEAST = 18


def missing(what: str, package: str) -> NoReturn:
    """Skip this test, loudly; under ``CI=true`` fail it."""
    reason = f"NOT TESTED: {what} is missing; install {package} or run `make prepare` as root"
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def find_postgres() -> Path | None:
    """Folder that holds ``initdb`` and ``postgres``, the newest version that Debian installed."""
    on_path = shutil.which("initdb")
    if on_path is not None and shutil.which("postgres") is not None:
        return Path(on_path).resolve().parent
    folders = [found.parent for found in DEBIAN_POSTGRES.glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


def find_redis() -> Path | None:
    """The program ``redis-server``, or ``valkey-server``, which speaks the same protocol."""
    return _program("redis-server", "valkey-server")


def find_chromium() -> Path | None:
    """Chromium or Chrome as the system installed it; Playwright's own download is not used."""
    return _program("chromium", "chromium-browser", "google-chrome")


def find_nginx() -> Path | None:
    """The reverse proxy that deploy/nginx is written for."""
    return _program("nginx", "/usr/sbin/nginx")


def find_compiler() -> Path | None:
    """A C compiler, for libraries that stand in for other people's."""
    return _program("gcc", "cc", "clang")


def can_compile() -> bool:
    """True if a program that includes the C library's own headers is compiled."""
    compiler = find_compiler()
    if compiler is None:
        return False
    asked = [str(compiler), "-fsyntax-only", "-xc", "-"]
    source = "#include <stdio.h>\n#include <dlfcn.h>\n"
    return subprocess.run(asked, input=source, text=True, capture_output=True).returncode == 0


def find_promtool() -> Path | None:
    """What tries the alert rules as Prometheus would."""
    return _program("promtool")


def has_chinese_font() -> bool:
    """True if fontconfig knows a font with Chinese letters (without one, pages show boxes)."""
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def find_node() -> Path | None:
    """Node 18 or newer: the machine's own, else the one from PyPI beside this Python."""
    for node in (shutil.which("node"), Path(sys.executable).with_name("node")):
        if node is not None and Path(node).exists() and _major(Path(node)) >= NODE_AT_LEAST:
            return Path(node)
    return None


def find_npm() -> Path | None:
    """The ``npm`` that belongs to ``find_node``."""
    node = find_node()
    npm = None if node is None else node.with_name("npm")
    return npm if npm is not None and npm.exists() else _program("npm")


def _program(*names: str) -> Path | None:
    found = next((path for path in map(shutil.which, names) if path is not None), None)
    return None if found is None else Path(found)


def _major(node: Path) -> int:
    answer = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=False)
    version = answer.stdout.strip().removeprefix("v").split(".")[0]
    return int(version) if version.isdigit() else 0
