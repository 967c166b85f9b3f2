"""The doctor beside a bot that really runs: its doors are knocked at, its connection is left."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.commands.program import ROOT, run
from tests.servers.process import free_port

pytestmark = [pytest.mark.timeout(120), pytest.mark.slow]
SECRETS = {
    "JINGGE_APP_SECRET": "demo-app-secret",
    "JINGGE_APP_TOKEN": "demoAppToken",
    "JINGGE_APP_AES_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "JINGGE_SOCKET_SECRET": "demo-socket-secret",
    "JINGGE_ROBOT_TOKEN": "demoRobotToken",
    "JINGGE_ROBOT_AES_KEY": "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA",
}


def is_connected(url: str) -> bool:
    """Whether the simulator says that the robot holds its connection."""
    with urllib.request.urlopen(f"{url}/sim/world", timeout=5) as answer:  # noqa: S310
        return bool(json.load(answer)["doors"]["robot_socket"]["connected"])


def started(command: list[str], stack: ExitStack, settings: dict[str, str] | None = None) -> str:
    """What the process says of itself when it is ready; it is stopped with ``stack``."""
    env = {"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", **(settings or {})}
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    stack.callback(process.wait, 30)
    stack.callback(process.terminate)
    assert process.stdout is not None
    stack.callback(process.stdout.close)
    return process.stdout.readline()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings of a bot that runs."""
    with ExitStack() as stack:
        said = started(["-m", "simulator", "--world", "config/site"], stack)
        url, port = said.split("url=")[1].strip(), free_port()
        settings = {
            **SECRETS,
            "JINGGE_DATA_DIR": str(tmp_path),
            "JINGGE_CORP_ID": "wwxihe00demo",
            "JINGGE_APP_AGENTID": "1000007",
            "JINGGE_SOCKET_BOT_ID": "aibXIAOJING",
            "JINGGE_ROBOT_BOT_ID": "aibXIAOGE",
            "JINGGE_API_BASE": url,
            "JINGGE_SOCKET_URL": f"{url.replace('http', 'ws', 1)}/ws",
            "JINGGE_WEB_PORT": str(port),
            "JINGGE_PUBLIC_URL": f"http://127.0.0.1:{port}/",
        }
        assert "ready" in started(["run_bot.py", "run"], stack, settings)
        deadline = time.monotonic() + 30
        while not is_connected(url):
            assert time.monotonic() < deadline, "the robot never connected"
            time.sleep(0.05)
        yield settings


def test_doors_of_a_running_bot_answer_and_its_connection_stays(running: dict[str, str]) -> None:
    """Traps 4 and 9: the echo is right, nobody takes the robot's connection over."""
    done = run("doctor", "--json", settings=running)

    checks = json.loads(done.stdout)["checks"]
    assert done.returncode == 1, done.stdout
    todo = [row for row in checks if row["mark"] == "todo"]
    assert {row["check"] for row in todo} == {"应用回调", "机器人回调", "可信域名"}
    doors = [row["sentence"] for row in todo if row["check"].endswith("回调")]
    assert all("不是 https" in one or "内网地址" in one for one in doors)
    [robot] = [row for row in checks if row["check"] == "长连接机器人"]
    assert (robot["mark"], "不去抢" in robot["sentence"]) == ("skipped", True)
    assert is_connected(running["JINGGE_API_BASE"])
    assert not any(secret in done.stdout + done.stderr for secret in SECRETS.values())
