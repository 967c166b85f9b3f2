from typing import Any

import pytest

from tests.simulator.corp import AGENT, button_card
from tests.simulator.fakes import Wire

NOTICE = {
    "card_type": "text_notice",
    "main_title": {"title": "日报"},
    "card_action": {"type": 1, "url": "https://example.invalid"},
}


VOTE = {
    "card_type": "vote_interaction",
    "main_title": {"title": "满意吗"},
    "checkbox": {"question_key": "q", "option_list": [{"id": "5", "text": "满意"}]},
    "submit_button": {"text": "提交", "key": "rate"},
    "task_id": "v1",
}


CARDS = [
    pytest.param(button_card("c1"), 0, "", id="good"),
    pytest.param(button_card("c1", main_title={"title": "字" * 37}), 40058, "card_length", id="37"),
    pytest.param(
        button_card("c1", button_list=[{"text": "签", "key": "k" * 1025}]),
        40058,
        "card_length",
        id="key of 1025 bytes",
    ),
    pytest.param(
        button_card("c1", button_list=[{"text": "字" * 11, "key": "k"}]),
        40058,
        "card_length",
        id="button of 11",
    ),
    pytest.param(
        button_card("c1", button_list=[{"text": "a", "key": "k"}, {"text": "b", "key": "k"}]),
        40058,
        "card_key",
        id="two buttons, one key",
    ),
    pytest.param(
        button_card("c1", horizontal_content_list=[{"keyname": "六个字的名字", "value": ""}]),
        40058,
        "card_length",
        id="field name of 6",
    ),
    pytest.param(button_card("c 1"), 42014, "card_task_id", id="task_id with a blank"),
    pytest.param(button_card(""), 42014, "card_task_id", id="no task_id"),
    pytest.param({**NOTICE, "card_action": {}}, 42045, "card_action", id="no card_action"),
    pytest.param(NOTICE, 0, "", id="notice"),
    pytest.param(VOTE, 0, "", id="vote"),
    pytest.param({**VOTE, "submit_button": None}, 40058, "card_block", id="no submit"),
    pytest.param({**VOTE, "jump_list": [{"title": "x"}]}, 40058, "card_block", id="foreign block"),
    pytest.param(button_card("c1", main_title="text"), 40058, "card_block", id="title as text"),
    pytest.param(button_card("c1", button_list=["签"]), 40058, "card_block", id="button as text"),
    pytest.param({"card_type": "poster"}, 40058, "card_type", id="unknown type"),
]


@pytest.mark.parametrize(("card", "errcode", "rule"), CARDS)
async def test_trap_14_cards(wire: Wire, card: dict[str, Any], errcode: int, rule: str) -> None:
    assert (await wire.app_card("wg_li", card))["errcode"] == errcode
    assert await wire.errors() == ([rule] if rule else [])


async def test_trap_14_a_robot_card_has_a_shorter_title(wire: Wire) -> None:
    robot = await wire.robot()
    card = button_card("r1", main_title={"title": "字" * 27})

    assert await robot.card("wrONE", card) == 40058
    assert (await wire.app_card("wg_li", card))["errcode"] == 0


async def test_trap_14_a_task_id_is_used_once(wire: Wire) -> None:
    await wire.app_card("wg_li", button_card("c1"))

    same = await wire.app_card("wg_li", button_card("c1"))
    other = await wire.app_card("wg_li", button_card("c1", main_title={"title": "别的"}))

    assert (same["errcode"], other["errcode"]) == (42014, 42014)
    assert len(await wire.messages("app:wg_li")) == 1
    assert await wire.errors() == ["card_task_id"], "the same card again is only a repeated send"


async def change(wire: Wire, code: str, userids: Any = ("wg_li",), **more: Any) -> dict[str, Any]:
    body = {"userids": list(userids), "agentid": AGENT, "response_code": code}
    face = more or {"button": {"replace_name": "已签收"}}
    return await wire.call("message/update_template_card", body | face)


async def test_trap_15_a_response_code_works_once(wire: Wire) -> None:
    code = (await wire.app_card("wg_li|Off_Wang", button_card("c1")))["response_code"]

    first, second = await change(wire, code), await change(wire, code)

    assert (first["errcode"], second["errcode"]) == (0, 40058)
    mine = (await wire.messages("app:wg_li"))[0]["card"]
    other = (await wire.messages("app:Off_Wang"))[0]["card"]
    assert (mine["live"], mine["buttons"]) == (False, [{"key": "", "text": "已签收"}])
    assert other["live"] is True
    assert await wire.errors() == ["code_used"]


async def test_trap_15_a_response_code_dies_after_72_hours(wire: Wire) -> None:
    code = (await wire.app_card("wg_li", button_card("c1")))["response_code"]

    await wire.sim_post("clock", advance_s=72 * 3600 + 1)
    wire._token = ""

    assert (await change(wire, code))["errcode"] == 40058
    assert await wire.errors() == ["code_expired"]


async def test_trap_15_userids_as_text_are_refused(wire: Wire) -> None:
    code = (await wire.app_card("wg_li", button_card("c1")))["response_code"]
    body = {"userids": "wg_li", "agentid": AGENT, "response_code": code}

    answer = await wire.call("message/update_template_card", body)

    assert answer["errcode"] == 40058
    assert await wire.errors() == ["update_userids"]


async def test_a_whole_new_card_takes_the_place_of_the_old(wire: Wire) -> None:
    code = (await wire.app_card("wg_li", button_card("c1")))["response_code"]
    card = button_card("c1", main_title={"title": "已转李警官"}, replace_text="已转")

    assert (await change(wire, code, template_card=card))["errcode"] == 0

    shown = await wire.messages("app:wg_li")
    assert [(one["card"]["title"], one["card"]["live"]) for one in shown] == [("已转李警官", False)]


async def test_an_unknown_code_is_refused(wire: Wire) -> None:
    assert (await change(wire, "RC0"))["errcode"] == 40058
    assert await wire.errors() == ["code_unknown"]
