"""What keeps the bot from starting is said in Chinese, and the exit code is 2."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.demo import ROOT

SITE = ROOT / "config/site"
SECRETS = {
    "JINGGE_CORP_ID": "wwxihe00demo",
    "JINGGE_APP_AGENTID": "1000007",
    "JINGGE_APP_SECRET": "demo-app-secret",
    "JINGGE_APP_TOKEN": "demoAppToken",
    "JINGGE_APP_AES_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "JINGGE_SOCKET_BOT_ID": "aibXIAOJING",
    "JINGGE_SOCKET_SECRET": "demo-socket-secret",
    "JINGGE_SOCKET_URL": "ws://127.0.0.1:9/ws",
    "JINGGE_API_BASE": "http://127.0.0.1:9",
    "JINGGE_WEB_PORT": "0",
}
_CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
WITHIN_S = 40


async def run(*words: str, at: Path, **changed: str | None) -> tuple[int | None, str]:
    """Exit code and stderr of ``run_bot.py words`` in the folder ``at``, with good settings."""
    clean = {name: value for name, value in os.environ.items() if "JINGGE" not in name}
    given = {**SECRETS, "JINGGE_SITE": str(SITE), "JINGGE_DATA_DIR": str(at / "data"), **changed}
    settings = {name: value for name, value in given.items() if value is not None}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "run_bot.py"), *words, cwd=at, env={**clean, **settings},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(WITHIN_S):
            _, said = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return process.returncode, said.decode("utf-8", "replace")


def assert_refused(code: int | None, said: str, *names: str) -> None:
    """Exit 2, Chinese, no traceback, and every one of ``names`` is in it."""
    assert code == 2, said
    assert _CHINESE.search(said), said
    assert "Traceback" not in said
    assert [name for name in names if name not in said] == [], said


async def test_faulty_site_is_refused_with_file_and_key(tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(SITE, site)
    grids = (site / "grids.yaml").read_text(encoding="utf-8")
    (site / "grids.yaml").write_text(grids.replace("officer:", "offizier:", 1), encoding="utf-8")

    for command in ("run", "demo"):
        code, said = await run(command, "--site", str(site), at=tmp_path)
        assert_refused(code, said, "grids.yaml", "offizier")


async def test_site_that_is_not_there_is_refused(tmp_path: Path) -> None:
    code, said = await run("run", "--site", str(tmp_path / "none"), at=tmp_path)

    assert_refused(code, said, "none")


@pytest.mark.parametrize("missing", ["JINGGE_APP_SECRET", "JINGGE_CORP_ID"])
async def test_missing_secret_is_named(missing: str, tmp_path: Path) -> None:
    code, said = await run("run", at=tmp_path, **{missing: None})

    assert_refused(code, said, missing, "企业微信管理后台")


async def test_wrong_key_is_named_but_not_shown(tmp_path: Path) -> None:
    code, said = await run("run", at=tmp_path, JINGGE_APP_AES_KEY="tooShortToBeAKey")

    assert_refused(code, said, "JINGGE_APP_AES_KEY")
    assert "tooShort" not in said


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield int(taken.getsockname()[1])


async def test_port_in_use_is_refused(taken_port: int, tmp_path: Path) -> None:
    code, said = await run("run", at=tmp_path, JINGGE_WEB_PORT=str(taken_port))
    assert_refused(code, said, str(taken_port))

    for option in ("--web-port", "--sim-port"):
        code, said = await run(
            "demo", "--serve", "--site", str(SITE), option, str(taken_port), at=tmp_path
        )
        assert_refused(code, said, str(taken_port))


async def test_damaged_keys_are_refused_and_kept(tmp_path: Path) -> None:
    keys = tmp_path / "data/keys.json"
    keys.parent.mkdir()
    keys.write_text("{}", encoding="utf-8")

    code, said = await run("run", at=tmp_path)

    assert_refused(code, said, "keys.json")
    assert keys.read_text(encoding="utf-8") == "{}"


async def test_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    database = tmp_path / "data/jingge.db"
    database.parent.mkdir()
    database.write_bytes(b"no database at all " * 100)

    code, said = await run("run", at=tmp_path)

    assert_refused(code, said, "jingge.db")
    assert database.read_bytes().startswith(b"no database")


@pytest.mark.parametrize(
    "url",
    ["postgresql://nobody:secretword@127.0.0.1:9/none", "mysql://root@127.0.0.1/x"],
    ids=["nobody there", "another kind"],
)
async def test_database_that_cannot_be_reached_is_refused(url: str, tmp_path: Path) -> None:
    code, said = await run("run", at=tmp_path, DATABASE_URL=url)

    assert_refused(code, said)
    assert "secretword" not in said
