"""The machine: settings, rules, database, Redis; and how the command ends and what it prints."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.doctor import as_json, as_text, exit_code
from commands.doctor.findings import Mark
from tests.commands.program import ROOT, run
from tests.doctor.clinic import SITE, Clinic
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.timeout(120)


async def test_missing_settings_stop_the_bot_but_not_the_doctor(clinic: Clinic) -> None:
    clinic.given |= {"app_secret": "", "socket_bot_id": "", "robot_bot_id": ""}

    lines = await clinic.examine()

    said = [line.finding.sentence for line in lines if line.name == "设置"]
    assert any("JINGGE_APP_SECRET" in one and "应用管理" in one for one in said)
    assert exit_code(lines) == 2
    assert {line.name for line in lines} >= {"规则目录", "数据库", "还联系不上的人"}


async def test_grid_without_officer_stops_the_bot(clinic: Clinic, tmp_path: Path) -> None:
    site = Path(shutil.copytree(SITE, tmp_path / "site"))
    grids = (site / "grids.yaml").read_text("utf-8")
    (site / "grids.yaml").write_text(grids.replace("officer: lin_zhiyuan", "officer: nobody"))
    clinic.given["site"] = site

    lines = await clinic.examine()

    said = "".join(line.finding.sentence for line in lines if line.name == "规则目录")
    assert "grids.yaml" in said
    assert exit_code(lines) == 2
    assert [line.finding.mark for line in lines if line.name == "可见范围"] == [Mark.SKIPPED]


async def test_database_that_is_not_there_yet_is_no_fault_and_is_not_made(
    clinic: Clinic, tmp_path: Path
) -> None:
    lines = await clinic.examine("数据库")

    assert [line.finding.mark for line in lines] == [Mark.SKIPPED]
    assert not list(tmp_path.iterdir())  # noqa: ASYNC240


async def test_file_that_is_no_database_is_found_and_the_robot_left_alone(
    clinic: Clinic, tmp_path: Path
) -> None:
    (tmp_path / "jingge.db").write_bytes(b"this is no database" * 100)

    lines = await clinic.examine("数据库", "长连接机器人")

    assert [line.finding.mark for line in lines] == [Mark.TO_DO, Mark.SKIPPED]
    assert "从备份恢复" in lines[0].finding.sentence


async def test_lost_keys_are_found(clinic: Clinic, tmp_path: Path) -> None:
    database, _ = clinic.database()
    database.close()
    (tmp_path / "keys.json").unlink()

    assert "密钥文件" in await clinic.todo("数据库")


async def test_postgresql_that_is_down_is_found_and_its_password_not_told(clinic: Clinic) -> None:
    clinic.given["database_url"] = "postgresql://bot:made-up-word@127.0.0.1:9/jingge"

    said = await clinic.todo("数据库")

    assert "数据库连不上" in said
    assert "made-up-word" not in said


async def test_redis_that_is_down_is_found(clinic: Clinic) -> None:
    clinic.given["redis_url"] = "redis://:made-up-word@127.0.0.1:9/0"

    said = await clinic.todo("Redis")

    assert "Redis 连不上" in said
    assert "made-up-word" not in said


async def test_redis_that_answers_is_well(clinic: Clinic, redis_server: RedisServer) -> None:
    clinic.given["redis_url"] = redis_server.url

    lines = await clinic.examine("Redis")

    assert [line.finding.mark for line in lines] == [Mark.WELL]


async def test_report_has_a_sign_per_line_and_a_summary(clinic: Clinic) -> None:
    clinic.given["app_secret"] = "made-up-wrong"

    lines = await clinic.examine()

    text = as_text(lines)
    assert all(row[0] in "✓✗–" for row in text.split("\n\n")[0].splitlines())
    assert "件事要办" in text
    assert "上线前要知道：险情只能靠消息提醒" in text
    whole = json.loads(as_json(lines))
    assert whole["exit"] == 1
    assert {row["mark"] for row in whole["checks"]} == {"ok", "todo", "skipped", "know"}


@pytest.fixture
def corp(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings of a good corp for a process of its own."""
    command = [sys.executable, "-m", "simulator", "--world", "config/site"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split("url=")[1].strip()
        yield {
            "JINGGE_DATA_DIR": str(tmp_path),
            "JINGGE_CORP_ID": "wwxihe00demo",
            "JINGGE_APP_AGENTID": "1000007",
            "JINGGE_APP_SECRET": "demo-app-secret",
            "JINGGE_APP_TOKEN": "demoAppToken",
            "JINGGE_APP_AES_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
            "JINGGE_SOCKET_BOT_ID": "aibXIAOJING",
            "JINGGE_SOCKET_SECRET": "demo-socket-secret",
            "JINGGE_API_BASE": url,
            "JINGGE_SOCKET_URL": f"{url.replace('http', 'ws', 1)}/ws",
        }
        process.terminate()


@pytest.mark.timeout(90)  # starts programs, or reads much, on a busy machine
def test_command_ends_with_0_1_or_2_and_prints_no_secret(corp: dict[str, str]) -> None:
    good = run("doctor", settings=corp)
    bad = run("doctor", "--json", settings={**corp, "JINGGE_SOCKET_SECRET": "another-secret-word"})
    none = run("doctor", settings={"JINGGE_DATA_DIR": corp["JINGGE_DATA_DIR"]})

    assert (good.returncode, bad.returncode, none.returncode) == (0, 1, 2), (
        good.stdout + good.stderr
    )
    assert json.loads(bad.stdout)["exit"] == 1
    for done in (good, bad, none):
        assert "Traceback" not in done.stderr
        for name, value in [*corp.items(), ("JINGGE_X_SECRET", "another-secret-word")]:
            if any(part in name for part in ("SECRET", "TOKEN", "AES_KEY")):
                assert value not in done.stdout + done.stderr
