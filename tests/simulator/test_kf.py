"""微信客服 in the simulator: strict endpoints, and the traps of number 24, each by name."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from simulator.world import KfAccount
from tests.simulator.bots import Bot
from tests.simulator.corp import Json, made_up_world
from tests.simulator.fakes import Wire, running

A, ANN, BEA = "wkA", "wmANN", "wmBEA"


@pytest.fixture(autouse=True)
def account() -> Iterator[None]:
    world = made_up_world()
    world.kf = (KfAccount(A, "测试客服", {ANN: "安", BEA: "贝"}),)
    yield
    world.kf = ()


@pytest.fixture
async def kf() -> AsyncIterator[Wire]:
    """A simulator that has the account; no bot hears its knocks."""
    async with running() as wire:
        yield wire


async def says(wire: Wire, text: str = "路灯坏了", customer: str = ANN, **more: object) -> Json:
    answer: Json = await wire.sim_post("kf/say", customer=customer, text=text, **more)
    return answer


async def send(wire: Wire, msgid: str, customer: str = ANN, **more: Any) -> int:
    body = {"touser": customer, "open_kfid": A, "msgid": msgid, "msgtype": "text"}
    answer = await wire.call("kf/send_msg", {**body, "text": {"content": "好"}, **more})
    return int(answer["errcode"])


async def sync(wire: Wire, **more: object) -> Json:
    return await wire.call("kf/sync_msg", {"open_kfid": A, **more})


async def test_what_she_says_is_synced_page_by_page(kf: Wire) -> None:
    for number in range(3):
        await says(kf, f"第{number}句")

    first = await sync(kf, limit=2)
    second = await sync(kf, cursor=first["next_cursor"], limit=2)

    assert (len(first["msg_list"]), first["has_more"]) == (2, 1)
    assert (len(second["msg_list"]), second["has_more"]) == (1, 0)
    row = second["msg_list"][0]
    assert (row["origin"], row["external_userid"], row["text"]) == (3, ANN, {"content": "第2句"})
    assert await kf.errors() == []


async def test_trap_24_more_with_an_empty_page(kf: Wire) -> None:
    await says(kf)
    await kf.sim_post("kf/trap", empty_pages=1)

    empty = await sync(kf)
    full = await sync(kf, cursor=empty["next_cursor"])

    assert (empty["msg_list"], empty["has_more"]) == ([], 1)
    assert (len(full["msg_list"]), full["has_more"]) == (1, 0)


async def test_trap_24_token_lives_ten_minutes(kf: Wire) -> None:
    token = kf.sim.kf.new_token(A, kf.sim.clock.seconds() + 600)
    assert (await sync(kf, token=token))["errcode"] == 0

    await kf.sim_post("clock", advance_s=601)

    assert (await sync(kf, token=token))["errcode"] == 95007
    assert (await sync(kf, token="ENCnobody"))["errcode"] == 95007


async def test_trap_24_without_a_token_reading_is_limited(kf: Wire) -> None:
    codes = [(await sync(kf))["errcode"] for _ in range(21)]

    assert codes == [0] * 20 + [45009]


async def test_trap_24_lost_cursor_reads_three_days_again(kf: Wire) -> None:
    await says(kf, "老话")
    await kf.sim_post("clock", advance_s=3 * 86400 + 60)
    await says(kf, "新话")
    cursor = (await sync(kf))["next_cursor"]
    await says(kf, "最新")

    assert [r["text"]["content"] for r in (await sync(kf))["msg_list"]] == ["新话", "最新"]
    assert [r["text"]["content"] for r in (await sync(kf, cursor=cursor))["msg_list"]] == ["最新"]
    assert (await sync(kf, cursor="c99.0"))["errcode"] == 40058


async def test_trap_24_sixth_message_is_refused_until_she_speaks(kf: Wire) -> None:
    await says(kf)

    assert [await send(kf, f"m{n}") for n in range(6)] == [0, 0, 0, 0, 0, 95001]
    await says(kf)
    assert await send(kf, "m6") == 0
    assert await kf.errors() == ["kf_budget"]


async def test_trap_24_48_hours_are_over(kf: Wire) -> None:
    await kf.sim_post("clock", advance_s=48 * 3600 - 60)
    await says(kf, customer=BEA)
    assert await send(kf, "m0") == 95001
    await says(kf)
    kf.sim.kf.session(A, ANN).heard_s = kf.sim.clock.seconds() - 48 * 3600

    assert await send(kf, "m1") == 95001


async def test_same_msgid_is_shown_once(kf: Wire) -> None:
    await says(kf)

    assert [await send(kf, "m1"), await send(kf, "m1")] == [0, 0]

    assert await kf.texts(f"kf:{A}:{ANN}") == ["路灯坏了", "好"]


async def test_trap_24_accepted_and_then_not_delivered(kf: Wire) -> None:
    await says(kf)
    cursor = (await sync(kf))["next_cursor"]
    await kf.sim_post("kf/trap", fail_next=10)

    assert await send(kf, "m1") == 0

    [row] = (await sync(kf, cursor=cursor))["msg_list"]
    assert (row["event"]["event_type"], row["event"]["fail_msgid"]) == ("msg_send_fail", "m1")
    assert await kf.texts(f"kf:{A}:{ANN}") == ["路灯坏了"]


async def test_trap_24_human_takes_the_session(kf: Wire) -> None:
    await says(kf)
    who = {"customer": ANN, "user": "wg_li"}
    await kf.sim_post("kf/servicer", do="take", **who)
    state = await kf.call("kf/service_state/get", {"open_kfid": A, "external_userid": ANN})

    assert (state["service_state"], state["servicer_userid"]) == (3, "wg_li")
    assert await send(kf, "m1") == 95018
    await kf.sim_post("kf/servicer", do="say", text="我来", **who)
    await kf.sim_post("kf/servicer", do="end", **who)
    assert await send(kf, "m2") == 95018
    await says(kf)
    assert await send(kf, "m3") == 0
    origins = [row["origin"] for row in (await sync(kf))["msg_list"]]
    assert origins == [3, 4, 5, 4, 3]


async def test_only_who_is_on_duty_at_the_account_gets_a_session(kf: Wire) -> None:
    """Trap 24: a human must be named, and must receive customers now."""
    world = made_up_world()
    world.kf = (KfAccount(A, "测试客服", {ANN: "安"}, ("wg_li",)),)
    async with running() as wire:
        await says(wire)
        who = {"open_kfid": A, "external_userid": ANN, "service_state": 3}

        assert await servicers(wire) == [{"userid": "wg_li", "status": 0}]
        await wire.sim_post("kf/servicer", customer=ANN, do="rest", user="wg_li")
        assert await servicers(wire) == [{"userid": "wg_li", "status": 1}]
        refused = await wire.call("kf/service_state/trans", {**who, "servicer_userid": "wg_li"})
        assert refused["errcode"] == 95014
        await wire.sim_post("kf/servicer", customer=ANN, do="work", user="wg_li")
        taken = await wire.call("kf/service_state/trans", {**who, "servicer_userid": "wg_li"})
        assert taken["msg_code"]


async def servicers(wire: Wire) -> list[Json]:
    answer = await wire.call("kf/servicer/list", open_kfid=A)
    return list(answer["servicer_list"])


async def test_session_moves_along_the_allowed_roads_only(kf: Wire) -> None:
    await says(kf)
    who = {"open_kfid": A, "external_userid": ANN}

    async def trans(state: int, **more: object) -> Json:
        return await kf.call("kf/service_state/trans", {**who, "service_state": state, **more})

    assert (await trans(1))["errcode"] == 0
    assert (await trans(0))["errcode"] == 40058
    assert (await trans(2))["msg_code"]
    assert (await trans(3, servicer_userid="nobody"))["errcode"] == 60111
    assert (await trans(3, servicer_userid="wg_li"))["errcode"] == 0
    assert (await trans(4))["msg_code"]
    assert (await trans(1))["errcode"] == 40058


async def test_trap_24_welcome_code_works_once_within_twenty_seconds(kf: Wire) -> None:
    async def enters(customer: str) -> str:
        await kf.sim_post("kf/enter", customer=customer, scene="poster", param="g01")
        rows = (await sync(kf))["msg_list"]
        return str(rows[-1]["event"].get("welcome_code", ""))

    async def greet(code: str) -> int:
        body = {"code": code, "msgid": f"w{code[-8:]}", "msgtype": "text"}
        answer = await kf.call("kf/send_msg_on_event", {**body, "text": {"content": "您好"}})
        return int(answer["errcode"])

    code = await enters(ANN)
    assert [await greet(code), await greet(code)] == [0, 40058]
    assert await enters(ANN) == ""
    late = await enters(BEA)
    await kf.sim_post("clock", advance_s=21)
    assert await greet(late) == 40058
    assert await kf.errors() == ["kf_code", "kf_code_late"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"open_kfid": "wkNONE"}, 95000, id="account"),
        pytest.param({"touser": "wmNOBODY"}, 40096, id="customer"),
        pytest.param({"msgid": "x" * 33}, 40058, id="msgid_long"),
        pytest.param({"msgid": "a:b"}, 40058, id="msgid_signs"),
        pytest.param({"text": {"content": "长" * 700}}, 40058, id="text_long"),
        pytest.param({"text": {"content": ""}}, 40058, id="text_empty"),
        pytest.param({"msgtype": "template_card"}, 40008, id="card"),
        pytest.param({"msgtype": "msgmenu"}, 40058, id="menu_missing"),
        pytest.param(
            {"msgtype": "msgmenu", "msgmenu": {"head_content": "长" * 400}}, 40058, id="head_long"
        ),
        pytest.param(
            {"msgtype": "msgmenu", "msgmenu": {"list": [{"type": "click"}] * 11}}, 40058, id="many"
        ),
        pytest.param(
            {"msgtype": "msgmenu", "msgmenu": {"list": [{"type": "click"}]}}, 40058, id="no_click"
        ),
    ],
)
async def test_misshapen_message_is_refused(kf: Wire, change: Json, code: int) -> None:
    await says(kf)

    body: Json = {"msgid": "m1", **change}

    assert await send(kf, body.pop("msgid"), **body) == code


async def test_tap_on_a_menu_comes_back_with_its_id(kf: Wire) -> None:
    await says(kf)
    menu = {"list": [{"type": "click", "click": {"id": "say:5", "content": "很满意"}}]}
    assert await send(kf, "m1", msgtype="msgmenu", msgmenu=menu) == 0

    await says(kf, "很满意", tap=True)

    row = (await sync(kf))["msg_list"][-1]
    assert row["text"] == {"content": "很满意", "menu_id": "say:5"}
    status, _ = await kf.ask("POST", "/sim/kf/say", {"customer": ANN, "text": "无", "tap": True})
    assert status == 409


async def test_media_and_places_come_as_wecom_sends_them(kf: Wire) -> None:
    await says(kf, image="aGVsbG8gaGVsbG8=")
    await says(kf, voice=True)
    await says(kf, location={"latitude": 1.0, "longitude": 2.0, "name": "东门"})

    rows = (await sync(kf))["msg_list"]

    assert [row["msgtype"] for row in rows] == ["image", "voice", "location"]
    assert rows[0]["image"]["media_id"] in kf.sim.media.files


async def test_link_remembers_its_scene(kf: Wire) -> None:
    answer = await kf.call("kf/add_contact_way", {"open_kfid": A, "scene": "poster"})

    assert answer["url"].startswith("https://work.weixin.qq.com/kfid/kfc")
    bad = await kf.call("kf/add_contact_way", {"open_kfid": A, "scene": "长"})
    assert bad["errcode"] == 40058


async def test_trap_06_knock_comes_without_agent_and_sender(bot: Bot) -> None:
    async with running(bot_url=bot.url) as wire:
        await says(wire)

    [(door, letter)] = bot.got
    [(_, raw)] = bot.raw
    assert door == "app"
    assert "<Event><![CDATA[kf_msg_or_event]]></Event>" in letter
    assert "<OpenKfId><![CDATA[wkA]]></OpenKfId>" in letter
    assert "AgentID" not in letter + raw.decode()
    assert "FromUserName" not in letter


async def test_wrong_words_to_the_control_api_say_so(kf: Wire) -> None:
    async def status(path: str, **body: object) -> int:
        return (await kf.ask("POST", f"/sim/kf/{path}", body))[0]

    assert await status("say", customer="wmNOBODY", text="x") == 404
    assert await status("say", customer=ANN) == 400
    assert await status("servicer", customer=ANN, do="dance") == 400
    shown = (await kf.ask("GET", "/sim/kf"))[1]
    assert shown["accounts"][0]["customers"] == {ANN: "安", BEA: "贝"}
