"""Installs what the tests need and pip cannot bring; ``make test`` runs it before them.

As root on Debian or Ubuntu: PostgreSQL, Redis, Chromium, nginx, a C compiler, Prometheus' promtool
and a Chinese font by apt-get, without starting any service of the machine. Everywhere: the official
npm packages for tests/interop. What cannot be installed is named; the tests that need it then skip,
or fail under ``CI=true``.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.needs import (
    can_compile,
    find_chromium,
    find_nginx,
    find_node,
    find_npm,
    find_postgres,
    find_promtool,
    find_redis,
    has_chinese_font,
)

INTEROP = Path(__file__).parents[1] / "interop"
# Debian's way to say that a package may not start its service; it is ours only while we install.
POLICY = Path("/usr/sbin/policy-rc.d")


def main() -> None:
    """Install what is missing; print one line for each thing that stays missing."""
    wanted = missing_packages()
    if wanted and os.geteuid() == 0 and shutil.which("apt-get"):
        install(wanted)
    install_npm_packages()
    for package in missing_packages():
        say(f"没有 {package}：用到它的测试将跳过（CI=true 时算失败）")
    if not (INTEROP / "node_modules/@wecom").is_dir():
        say("没有 Node 官方包：互通测试将跳过（CI=true 时算失败）")


def missing_packages() -> list[str]:
    """Debian packages whose programs are not on this machine."""
    found = {
        "postgresql": find_postgres() is not None,
        "redis-server": find_redis() is not None,
        "chromium": find_chromium() is not None,
        "nginx-light": find_nginx() is not None,
        "gcc": can_compile(),
        "prometheus": find_promtool() is not None,
        "fonts-noto-cjk": has_chinese_font(),
    }
    return [package for package, is_there in found.items() if not is_there]


def install(packages: list[str]) -> None:
    """Install ``packages`` by apt-get; a failure is printed, not raised."""
    say(f"安装 {' '.join(packages)}")
    beside = {"fonts-noto-cjk": "fontconfig", "gcc": "libc6-dev"}
    extra = [beside[package] for package in packages if package in beside]
    with services_stay_off():
        apt("update")
        apt("install", "--yes", "--no-install-recommends", *packages, *extra)


def apt(*words: str) -> None:
    """Run apt-get without questions."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-qq", *words],
        env=quiet,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        say(f"apt-get {words[0]} 没有成功：{done.stderr.strip()[-500:]}")


@contextmanager
def services_stay_off() -> Iterator[None]:
    """While open, packages are installed without starting their services."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def install_npm_packages() -> None:
    """Install the locked npm packages of tests/interop once, without running their scripts."""
    lock, done = INTEROP / "package-lock.json", INTEROP / "node_modules/.package-lock.json"
    if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
        return
    node, npm = find_node(), find_npm()
    if node is None or npm is None:
        return
    say("安装互通测试用的 Node 官方包")
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    ran = subprocess.run(
        [str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=INTEROP,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        say(f"npm ci 没有成功：{ran.stderr.strip()[-500:]}")


def say(line: str) -> None:
    """One line for the person who runs ``make test``."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
