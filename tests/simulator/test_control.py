import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from simulator.clock import parse_moment
from simulator.sim import Pace
from tests.simulator.bots import Bot
from tests.simulator.corp import FAST, NOW, button_card
from tests.simulator.fakes import Wire, running


async def test_the_world_lists_people_chats_and_doors(both: Wire, bot: Bot) -> None:
    world = (await both.ask("GET", "/sim/world"))[1]

    people = {one["id"]: one for one in world["people"]}
    chats = {one["id"]: one for one in world["chats"]}
    assert people["res_a"]["role"] == "resident"
    assert people["cmd_zhao"]["grid"] is None
    assert set(chats["wrONE"]["members"]) == {"Off_Wang", "wg_li", "res_a", "res_b"}
    assert set(chats["wrTWO"]["members"]) == {"Off_Wang", "wg_li"}
    assert chats["bot:res_a"]["kind"] == "single"
    assert {"ge:res_a", "app:res_a"} <= set(chats)
    assert set(world["doors"]) == {"app", "robot_callback", "robot_socket"}
    assert world["doors"]["app"]["callback"] == f"{bot.url}/cb/app"
    assert world["doors"]["robot_socket"]["url"] == both.url.replace("http", "ws") + "/ws"
    assert world["now"].endswith("+08:00")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"chat": "no", "user": "res_a", "text": "x"}, 404, id="unknown chat"),
        pytest.param({"chat": "wrONE", "user": "no", "text": "x"}, 404, id="unknown person"),
        pytest.param({"chat": "wrTWO", "user": "res_a", "text": "x"}, 403, id="not a member"),
        pytest.param({"chat": "wrONE", "user": "res_a"}, 400, id="nothing said"),
        pytest.param(
            {"chat": "wrONE", "user": "res_a", "text": "x", "quote": "m0"}, 404, id="unknown quote"
        ),
        pytest.param(
            {"chat": "wrONE", "user": "res_a", "image": "no base64!"}, 400, id="no picture"
        ),
    ],
)
async def test_an_impossible_say_is_refused(wire: Wire, body: dict[str, Any], status: int) -> None:
    assert (await wire.ask("POST", "/sim/say", body))[0] == status


async def test_a_body_that_is_no_json_is_refused(wire: Wire) -> None:
    async with wire.http.post(f"{wire.url}/sim/say", data=b"{") as answer:
        assert answer.status == 400


async def test_press_knows_card_button_and_viewer(wire: Wire) -> None:
    await wire.app_card("wg_li", button_card("c1"))
    press = {"user": "wg_li", "card": "c1", "button": "签收"}

    found = [
        (await wire.ask("POST", "/sim/press", press | change))[0]
        for change in ({"card": "c2"}, {"button": "飞"}, {"user": "res_a"}, {"user": "no"})
    ]

    assert found == [404, 404, 403, 404]


async def test_a_card_shows_title_fields_and_buttons(wire: Wire) -> None:
    await wire.app_card("wg_li", button_card("c1", sub_title_text="楼上吵闹"))

    message = (await wire.ask("GET", "/sim/inbox/wg_li"))[1]["messages"][0]

    assert message["chat"] == "app:wg_li"
    assert message["from"] == "bot"
    card = message["card"]
    assert (card["task_id"], card["title"], card["live"]) == ("c1", "邻里纠纷", True)
    assert card["text"] == "一群\n楼上吵闹"
    assert card["fields"] == {"时限": "18:00"}
    assert card["buttons"][0] == {"key": "accept", "text": "签收"}


async def test_an_inbox_merges_private_chats_and_leaves_groups_out(wire: Wire) -> None:
    robot = await wire.robot()
    await wire.say("wrONE", "res_a", "群里说的")
    await wire.say("bot:res_a", "res_a", "私下说的")
    await wire.text("res_a", "应用说的")
    await robot.markdown("res_a", "机器人说的", chat_type=1)
    await wire.text("res_b", "别人的")

    found = (await wire.ask("GET", "/sim/inbox/res_a"))[1]["messages"]

    assert [(one["chat"], one["from"], one["text"]) for one in found] == [
        ("bot:res_a", "res_a", "私下说的"),
        ("app:res_a", "bot", "应用说的"),
        ("bot:res_a", "bot", "机器人说的"),
    ]
    moments = [parse_moment(one["at"]) for one in found]
    assert moments == sorted(moments)
    assert (await wire.ask("GET", "/sim/inbox/no"))[0] == 404
    assert (await wire.ask("GET", "/sim/chats/no"))[0] == 404


# ------------------------------------------------------------------ clock
class TimedBot(Bot):
    """A bot whose timers fall due at given moments."""

    def __init__(self, *timers: int) -> None:
        super().__init__()
        start = parse_moment(NOW)
        self.timers = [start + timedelta(seconds=after) for after in timers]
        self.fired: list[float] = []
        self.on_move = self._moved

    async def _moved(self, to: str) -> None:
        while self.timers and self.timers[0] <= parse_moment(to):
            self.fired.append((parse_moment(to) - parse_moment(NOW)).total_seconds())
            self.timers.pop(0)

    async def time_now(self, request: web.Request) -> web.Response:
        following = self.timers[0].isoformat() if self.timers else None
        self.time = {"now": NOW, "quiet": True, "next": following, "waiting_for": []}
        answer = await super().time_now(request)
        del answer
        following = self.timers[0].isoformat() if self.timers else None
        return web.json_response(self.time | {"next": following})


async def test_the_clock_stops_at_every_timer_of_the_bot() -> None:
    async with TimedBot(600, 1800, 9000).run() as bot, running(bot_url=bot.url) as wire:
        before = datetime.fromisoformat((await wire.ask("GET", "/sim/clock"))[1]["now"])

        after = (await wire.sim_post("clock", advance_s=7200))["now"]

        assert [round(at) for at in bot.fired] == [600, 1800]
        gone = (datetime.fromisoformat(after) - before).total_seconds()
        assert 7200 <= gone < 7205
        assert parse_moment(bot.moved[-1]) - before <= timedelta(seconds=7200.1)


@pytest.mark.parametrize("seconds", [-1, "x", True])
async def test_a_wrong_advance_is_refused(wire: Wire, seconds: object) -> None:
    assert (await wire.ask("POST", "/sim/clock", {"advance_s": seconds}))[0] == 400


async def test_a_bot_that_is_never_quiet_gives_504_and_its_name(bot: Bot) -> None:
    bot.time = {"now": NOW, "quiet": False, "next": None, "waiting_for": ["a running turn"]}
    pace = Pace(quiet_limit_s=0.2, retry_waits_s=(0.01,))
    async with running(bot_url=bot.url, pace=pace) as wire:
        status, body = await wire.ask("POST", "/sim/clock", {"advance_s": 60})
        said = await wire.ask("POST", "/sim/say", {"chat": "wrONE", "user": "res_a", "text": "x"})
        at_once = await wire.say("wrONE", "res_a", "x", wait=False)

    assert status == 504
    assert "a running turn" in body["waiting_for"]
    assert said[0] == 504
    assert said[1]["msgid"]
    assert at_once["delivered"] is False


async def test_a_bot_that_cannot_be_reached_is_waited_for() -> None:
    pace = Pace(quiet_limit_s=0.2)
    async with running(bot_url="http://127.0.0.1:9", pace=pace) as wire:
        status, body = await wire.ask("POST", "/sim/clock", {"advance_s": 60})

    assert status == 504
    assert "no answer" in body["waiting_for"]


async def test_say_waits_until_the_bot_has_seen_the_frame(both: Wire, bot: Bot) -> None:
    robot = await both.robot()
    unseen = {"now": NOW, "quiet": True, "next": None, "waiting_for": [], "seen": {}}
    bot.time = unseen
    saying = asyncio.ensure_future(both.say("bot:res_a", "res_a", "在吗"))
    await robot.next()
    done, _ = await asyncio.wait([saying], timeout=0.3)
    assert not done

    bot.time = unseen | {"seen": {"aibSOCK": 1}}

    assert (await asyncio.wait_for(saying, 3))["delivered"] is True


async def test_a_call_while_the_bot_is_asked_makes_it_be_asked_again() -> None:
    class Restless(Bot):
        asked = 0
        wire: Wire

        async def time_now(self, request: web.Request) -> web.Response:
            self.asked += 1
            if self.asked == 1:
                await self.wire.text("wg_li", "还有一句")
            return await super().time_now(request)

    async with Restless().run() as bot, running(bot_url=bot.url) as wire:
        bot.wire = wire

        await wire.say("wrONE", "res_a", "在吗")

        assert bot.asked == 2


async def test_press_tells_whether_the_card_changed_before_both_were_quiet(
    both: Wire, bot: Bot
) -> None:
    robot = await both.robot()
    await robot.card("res_a", button_card("t1"), chat_type=1)
    bot.time = {"now": NOW, "quiet": False, "next": None, "waiting_for": ["turn"]}
    pressing = asyncio.ensure_future(
        both.sim_post("press", user="res_a", card="t1", button="accept")
    )
    req_id = (await robot.next())["headers"]["req_id"]
    update = {"response_type": "update_template_card", "template_card": button_card("t1")}
    await robot.send("aibot_respond_update_msg", update, req_id)

    bot.time = None

    assert (await asyncio.wait_for(pressing, 3)) == {"delivered": True, "updated": True}


# ------------------------------------------------------------------ reset
async def test_reset_empties_everything_and_message_ids_go_on(wire: Wire) -> None:
    first = (await wire.say("wrONE", "res_a", "一"))["msgid"]
    await wire.call("message/whisper", {"x": 1})
    await wire.sim_post("clock", advance_s=3600)
    await wire.sim_post("faults", on="callback", do="refuse")

    answer = await wire.sim_post("reset")

    second = (await wire.say("wrONE", "res_a", "一"))["msgid"]
    assert answer["bot"] == "untouched"
    assert answer["now"].startswith("2026-03-04T09:00")
    assert first != second
    assert await wire.texts("wrONE") == ["一"]
    assert await wire.errors() == []
    assert (await wire.ask("GET", "/sim/faults"))[1] == []


async def test_reset_calls_the_hook_and_waits_for_the_bots_socket(bot: Bot) -> None:
    called: list[str] = []

    async def hook(request: web.Request) -> web.Response:
        called.append(request.path)
        return web.Response()

    server = web.Application()
    server.router.add_post("/restart", hook)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/restart"
    async with running(bot_url=bot.url, reset_hook=url, pace=FAST) as wire:
        old = await wire.robot()
        resetting = asyncio.ensure_future(wire.sim_post("reset"))
        await asyncio.wait_for(old.closed.wait(), 3)
        done, _ = await asyncio.wait([resetting], timeout=0.3)
        assert not done

        await wire.robot()

        assert (await asyncio.wait_for(resetting, 3))["bot"] == "restarted"
        assert (await wire.say("bot:res_a", "res_a", "在吗"))["delivered"] is True
    assert called == ["/restart"]
    await runner.cleanup()


async def test_with_a_data_folder_broken_rules_outlive_the_process(tmp_path: Path) -> None:
    async with running(data=tmp_path) as wire:
        await wire.text("ghost")

    lines = (tmp_path / "simulator-errors.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["rule"] for line in lines] == ["receiver_unknown", "receivers_none"]
