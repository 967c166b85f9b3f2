import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from simulator.play import Player, PlayFault
from simulator.script import BadScript, load_script
from tests.simulator.corp import button_card
from tests.simulator.fakes import Wire, until

SCRIPT = """\
steps:
  - {at: "09:05", note: 早上}
  - {who: 甲, chat: 一群, say: 3号楼漏水, mention: true, advance_s: 60}
  - {who: Off_Wang, press: 签收, card: 邻里}
  - {at: "10:00", expect: {ticket: "0001", stage: accepted}}
  - {at: "+1d 08:00"}
  - {who: 甲, chat: bot, say: 谢谢, expect: [{ticket: "0001", stage: STAGE}]}
"""
TICKET: dict[str, Any] = {
    "number": "T260304-0001K",
    "stage": "accepted",
    "journal": [
        {"at": "2026-03-04T09:07:00+08:00", "actor": "Off_Wang", "act": "accept"}
        | {"from": "assigned", "to": "accepted", "reason": "按钮"}
    ],
}


class Desk:
    """A ticket list as the bot's web door shows it."""

    url = ""


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async def listed(_request: web.Request) -> web.Response:
        return web.json_response([{"number": TICKET["number"]}])

    async def one(_request: web.Request) -> web.Response:
        return web.json_response(TICKET)

    server = web.Application()
    server.router.add_get("/api/tickets", listed)
    server.router.add_get("/api/tickets/{number}", one)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found = Desk()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    await runner.cleanup()


@pytest.fixture
async def answering(wire: Wire) -> Wire:
    await wire.robot()
    await wire.app_card("Off_Wang", button_card("c1"))
    return wire


def write(folder: Path, text: str) -> Path:
    path = folder / "day.yaml"
    path.write_text(text, "utf-8")
    return path


async def test_a_day_is_played_and_its_tickets_are_judged(
    answering: Wire, desk: Desk, tmp_path: Path
) -> None:
    steps = load_script(write(tmp_path, SCRIPT.replace("STAGE", "accepted")))
    lines: list[str] = []

    good = await Player(answering.url, desk.url, lines.append, 0, False).play(steps)

    text = "\n".join(lines)
    assert good is True
    assert "—— 早上" in text
    assert "甲 在 一群：@小试 3号楼漏水" in text
    assert re.search(r"卡片 → 应用 · 王所 邻里纠纷 / 一群 时限:18:00 \[签收\] \[退回\]", text)
    assert "工单 T260304-0001K accept assigned → accepted 王所（按钮）" in text
    assert text.count("3号楼漏水") == 1
    assert lines[-1] == "1 / 1 张工单到了剧本写的环节"
    now = (await answering.ask("GET", "/sim/clock"))[1]["now"]
    assert now.startswith("2026-03-05T08:00")


async def test_a_stage_that_was_not_reached_fails_the_day(
    answering: Wire, desk: Desk, tmp_path: Path
) -> None:
    steps = load_script(write(tmp_path, SCRIPT.replace("STAGE", "closed")))
    lines: list[str] = []

    assert await Player(answering.url, desk.url, lines.append, 0, False).play(steps) is False
    assert "✗ 工单 0001：accepted，应为 closed" in lines


async def test_a_press_without_such_a_card_stops_the_day(wire: Wire, tmp_path: Path) -> None:
    steps = load_script(write(tmp_path, "steps: [{who: 甲, press: 签收}]"))

    with pytest.raises(PlayFault, match="step 1"):
        await Player(wire.url, None, lambda _line: None, 0, False).play(steps)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param("steps: [{who: a, say: x}]", "chat", id="no chat"),
        pytest.param("steps: [{say: x, chat: y}]", "who", id="nobody"),
        pytest.param('steps: [{at: "25:00"}]', "HH:MM", id="no time"),
        pytest.param("steps: [{expect: {ticket: 1}}]", "stage", id="no stage"),
        pytest.param("steps: [{dance: 1}]", "dance", id="unknown key"),
        pytest.param("steps: []", "no steps", id="empty"),
        pytest.param("steps: [", "day.yaml", id="no yaml"),
    ],
)
def test_a_faulty_script_is_refused_before_it_is_played(
    tmp_path: Path, text: str, why: str
) -> None:
    with pytest.raises(BadScript, match=why):
        load_script(write(tmp_path, text))


def test_the_sample_days_script_can_be_played() -> None:
    steps = load_script(Path(__file__).parents[2] / "config" / "site" / "demo_day.yaml")

    assert any(step.expect for step in steps)


async def test_the_web_page_plays_the_day_in_the_background(
    answering: Wire, desk: Desk, tmp_path: Path
) -> None:
    script = write(tmp_path, SCRIPT.replace("STAGE", "accepted"))
    await answering.sim_post("play", script=str(script), web=desk.url, pace=0)

    twice = await answering.ask("POST", "/sim/play", {"script": str(script)})
    state: dict[str, Any] = {}
    for _ in range(300):
        state = (await answering.ask("GET", "/sim/play"))[1]
        if state["done"]:
            break
        await asyncio.sleep(0.01)

    assert twice[0] == 409
    assert (state["running"], state["done"], state["failed"]) == (False, True, False)
    assert state["line"] == "1 / 1 张工单到了剧本写的环节"


async def test_the_command_exits_with_the_verdict(
    answering: Wire, desk: Desk, tmp_path: Path
) -> None:
    async def command(text: str) -> tuple[int | None, str]:
        script = write(tmp_path, text)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "simulator.play", "--sim", answering.url, "--web", desk.url),
            *("--script", str(script), "--pace", "0"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await process.communicate()
        return process.returncode, out.decode()

    good = await command('steps: [{expect: {ticket: "0001", stage: accepted}}]')
    bad = await command('steps: [{expect: {ticket: "0002", stage: accepted}}]')
    faulty = await command("steps: [{dance: 1}]")

    assert good[0] == 0
    assert (bad[0], "没有这张工单" in bad[1]) == (1, True)
    assert (faulty[0], "dance" in faulty[1]) == (2, True)


async def test_the_program_says_when_it_is_ready_and_stops_at_sigterm(site: Path) -> None:
    from tests.simulator.corp import write_site

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "--world", str(write_site(site)), "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 15)).decode()
    process.terminate()

    assert re.fullmatch(r"sim ready url=http://127\.0\.0\.1:\d+\n", line)
    assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_a_missing_world_is_a_sentence_and_exit_2(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "--world", str(tmp_path / "none")),
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate()

    assert process.returncode == 2
    assert "模拟器没有启动" in err.decode()


async def test_until_gives_up() -> None:
    with pytest.raises(AssertionError):
        await until(lambda: False, 0.02)
