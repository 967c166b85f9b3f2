"""How the commands end: the exit code, and a Chinese sentence that says what to do."""

import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.program import ROOT, modules_after, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]  # a cold start on a busy machine
SITE = ROOT / "config" / "site"
CORP = {
    "JINGGE_CORP_ID": "wwmadeup",
    "JINGGE_APP_AGENTID": "1000002",
    "JINGGE_APP_SECRET": "made-up-secret",
    "JINGGE_APP_TOKEN": "madeuptoken",
    "JINGGE_APP_AES_KEY": "a" * 43,
    "JINGGE_API_BASE": "http://127.0.0.1:9",
    "JINGGE_SOCKET_URL": "ws://127.0.0.1:9",
    "JINGGE_SOCKET_BOT_ID": "bot",
    "JINGGE_SOCKET_SECRET": "made-up-secret",
}


@pytest.fixture
def busy_port() -> Iterator[str]:
    """A loopback port on which somebody else listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


@pytest.fixture
def faulty_site(tmp_path: Path) -> Path:
    """A site folder without its roster."""
    site = tmp_path / "site"
    shutil.copytree(SITE, site)
    (site / "roster.yaml").unlink()
    return site


def is_chinese_without_traceback(words: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]{4}", words)) and "Traceback" not in words


@pytest.mark.parametrize("word", ["--help", "-h", "help"])
def test_help_names_every_command_and_ends_with_0(word: str) -> None:
    done = run(word)

    assert done.returncode == 0
    for command in ("demo", "run", "check", "read", "replay", "migrate", "rotate"):
        assert re.search(rf"^  {command} ", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("words", [(), ("dance",), ("",)], ids=["nothing", "unknown", "empty"])
def test_unknown_command_shows_the_help_and_ends_with_2(words: tuple[str, ...]) -> None:
    done = run(*words)

    assert done.returncode == 2
    assert "用法：python run_bot.py" in done.stdout + done.stderr


def test_good_site_ends_check_with_0() -> None:
    done = run("check")

    assert done.returncode == 0, done.stdout
    assert "没有问题" in done.stdout


def test_faulty_site_ends_check_with_2_and_names_the_file(faulty_site: Path) -> None:
    done = run("check", "--site", str(faulty_site))

    assert done.returncode == 2
    assert "roster.yaml" in done.stdout
    assert is_chinese_without_traceback(done.stdout + done.stderr)


@pytest.mark.parametrize(
    "words",
    [("read",), ("replay", "nothing.jsonl"), ("demo", "--serve")],
    ids=["read", "replay", "demo"],
)
def test_faulty_site_keeps_a_command_from_starting(
    faulty_site: Path, words: tuple[str, ...]
) -> None:
    done = run(*words, "--site", str(faulty_site))

    assert done.returncode == 2
    assert "roster.yaml" in done.stderr
    assert is_chinese_without_traceback(done.stderr)
    assert not done.stdout


def test_faulty_site_keeps_the_bot_from_starting(faulty_site: Path, tmp_path: Path) -> None:
    settings = {**CORP, "JINGGE_DATA_DIR": str(tmp_path / "data")}

    done = run("run", "--site", str(faulty_site), settings=settings)

    assert done.returncode == 2
    assert "roster.yaml" in done.stderr
    assert is_chinese_without_traceback(done.stderr)


def test_site_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    done = run("read", "--site", str(tmp_path / "nowhere"))

    assert done.returncode == 2
    assert "没有这个文件夹" in done.stderr


def test_read_answers_each_line_and_ends_with_0() -> None:
    said = '{"id": 1, "text": "3号楼路灯不亮"}\nnot json\n'

    done = run("read", said=said)

    assert done.returncode == 0
    assert [("error" in line) for line in done.stdout.splitlines()] == [False, True]


def test_run_without_secrets_names_each_variable_and_where_it_stands(tmp_path: Path) -> None:
    settings = {**CORP, "JINGGE_APP_SECRET": "", "JINGGE_DATA_DIR": str(tmp_path)}

    done = run("run", settings=settings)

    assert done.returncode == 2
    assert "缺少设置 JINGGE_APP_SECRET" in done.stderr
    assert "管理后台" in done.stderr
    assert "JINGGE_APP_TOKEN" not in done.stderr
    assert "made-up-secret" not in done.stderr


@pytest.mark.parametrize("option", ["--sim-port", "--web-port"])
def test_demo_on_a_port_in_use_says_which(busy_port: str, option: str) -> None:
    done = run("demo", "--serve", option, busy_port)

    assert done.returncode == 2
    assert f"端口 {busy_port} 已被占用" in done.stderr
    assert "Traceback" not in done.stderr


def test_run_on_a_port_in_use_says_which(busy_port: str, tmp_path: Path) -> None:
    settings = {**CORP, "JINGGE_DATA_DIR": str(tmp_path / "data"), "JINGGE_WEB_PORT": busy_port}

    done = run("run", settings=settings)

    assert done.returncode == 2
    assert busy_port in done.stderr
    assert "Traceback" not in done.stderr


def test_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    data = tmp_path / "file" / "data"

    done = run("run", settings={**CORP, "JINGGE_DATA_DIR": str(data)})

    assert done.returncode == 2
    assert f"数据目录 {data} 写不进去" in done.stderr
    assert "Traceback" not in done.stderr


def test_file_that_cannot_be_read_ends_replay_with_2(tmp_path: Path) -> None:
    done = run("replay", str(tmp_path / "nothing.jsonl"))

    assert done.returncode == 2
    assert "读不出来" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["check", "read"])
def test_clerks_commands_load_neither_database_nor_network(command: str) -> None:
    loaded = modules_after(command, said='{"id": 1, "text": "路灯不亮"}\n')

    assert {"config", "bot"} <= loaded
    assert not loaded & {"storage", "sqlmodel", "sqlalchemy", "aiohttp", "redis", "wechatpy"}
