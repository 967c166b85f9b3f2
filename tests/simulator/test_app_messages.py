from typing import Any

import pytest

from tests.simulator.corp import AGENT
from tests.simulator.fakes import Wire


async def test_a_text_reaches_the_member_and_names_the_unknown_in_lower_case(wire: Wire) -> None:
    answer = await wire.text("off_wang|Ghost", "还有1小时超时")

    assert (answer["errcode"], answer["invaliduser"]) == (0, "ghost")
    assert await wire.texts("app:Off_Wang") == ["还有1小时超时"]
    assert await wire.errors() == ["receiver_unknown"]


async def test_trap_17_no_known_receiver_is_81013(wire: Wire) -> None:
    assert (await wire.text("ghost"))["errcode"] == 81013


async def test_trap_17_the_thirty_first_message_in_a_minute_vanishes(wire: Wire) -> None:
    answers = [await wire.text("wg_li", str(n)) for n in range(31)]

    assert {answer["errcode"] for answer in answers} == {0}
    assert len(await wire.texts("app:wg_li")) == 30
    assert await wire.errors() == ["member_minute"]


async def test_trap_17_a_duplicate_within_its_interval_vanishes(wire: Wire) -> None:
    check = {"enable_duplicate_check": 1, "duplicate_check_interval": 60}

    await wire.text("wg_li", "催办", **check)
    await wire.text("wg_li", "催办", **check)
    await wire.sim_post("clock", advance_s=61)
    await wire.text("wg_li", "催办", **check)

    assert await wire.texts("app:wg_li") == ["催办", "催办"]
    assert await wire.errors() == []


async def test_trap_18_a_long_text_is_cut_at_a_character(wire: Wire) -> None:
    await wire.text("wg_li", "字" * 700)

    assert await wire.texts("app:wg_li") == ["字" * 682]
    assert await wire.errors() == ["text_bytes"]


@pytest.mark.parametrize(
    ("changes", "errcode", "rule"),
    [
        pytest.param({"agentid": 8}, 301002, "agentid", id="another agent"),
        pytest.param({"agentid": "7"}, 301002, "agentid", id="agentid as text"),
        pytest.param({"msgtype": "smoke"}, 40058, "parameter", id="unknown type"),
        pytest.param({"touser": ["wg_li"]}, 40058, "parameter", id="list of users"),
        pytest.param({"touser": "a|" * 1001}, 40032, "receivers_many", id="too many"),
    ],
)
async def test_a_wrong_send_is_refused(
    wire: Wire, changes: dict[str, Any], errcode: int, rule: str
) -> None:
    body = {"touser": "wg_li", "msgtype": "text", "agentid": AGENT, "text": {"content": "x"}}

    assert (await wire.call("message/send", body | changes))["errcode"] == errcode
    assert await wire.errors() == [rule]


async def test_a_body_that_is_no_json_is_refused(wire: Wire) -> None:
    url = f"{wire.url}/cgi-bin/message/send?access_token={await wire.token()}"

    async with wire.http.post(url, data=b"<xml/>") as answer:
        assert (await answer.json())["errcode"] == 47001


async def test_recall_takes_a_message_away_within_a_day(wire: Wire) -> None:
    first, second = await wire.text("wg_li", "一"), await wire.text("wg_li", "二")

    assert (await wire.call("message/recall", {"msgid": first["msgid"]}))["errcode"] == 0
    await wire.sim_post("clock", advance_s=86401)
    wire._token = ""

    assert (await wire.call("message/recall", {"msgid": second["msgid"]}))["errcode"] == 40058
    assert await wire.texts("app:wg_li") == ["二"]
