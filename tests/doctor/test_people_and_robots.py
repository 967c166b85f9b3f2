"""Whom nobody reaches, the robot's secret, and the connection that the doctor must not steal."""

import asyncio

import aiohttp
import pytest
from sqlalchemy import update

from commands.doctor.findings import Mark
from storage import leases
from storage.tables import LeaseRow
from tests.doctor.clinic import Clinic

pytestmark = pytest.mark.timeout(60)


async def test_who_spoke_is_reached_although_the_app_is_blind(clinic: Clinic) -> None:
    clinic.everybody_spoke()
    await clinic.fault("agent/get", do="error", code=60020)

    lines = await clinic.examine("还联系不上的人")

    assert [line.finding.mark for line in lines] == [Mark.WELL]


async def test_person_on_duty_whom_nothing_reaches_is_a_fault_with_one_thing_to_do(
    clinic: Clinic,
) -> None:
    """Trap 11: a robot may not push to who never spoke to it; the app does not see him either."""
    clinic.everybody_spoke(but="qiu_ruolan")
    await clinic.fault("user/get", do="error", code=60011, user="qiu_ruolan")

    said = await clinic.todo("还联系不上的人")

    assert "联系不上 邱若兰" in said
    assert "加进应用的“可见范围”" in said


async def test_app_that_answers_nothing_leaves_one_sentence_to_the_robot(clinic: Clinic) -> None:
    clinic.everybody_spoke(but="qiu_ruolan")
    await clinic.fault("gettoken", do="error", code=40001)

    said = await clinic.todo("还联系不上的人")

    assert "请他给“小警”发一句话" in said


async def test_account_that_left_cannot_be_reached_although_it_once_spoke(clinic: Clinic) -> None:
    """Trap 20: a member left."""
    clinic.everybody_spoke()
    await clinic.fault("user/get", do="error", code=60111, user="qiu_ruolan")

    assert "没有这个账号" in await clinic.todo("还联系不上的人")


async def test_who_is_never_on_duty_is_no_fault(clinic: Clinic) -> None:
    clinic.everybody_spoke(but="jia_shuwen")
    await clinic.fault("user/get", do="error", code=60011, user="jia_shuwen")

    lines = await clinic.examine("还联系不上的人")

    assert [line.finding.mark for line in lines] == [Mark.WELL]


async def test_robots_secret_is_tried_and_left_at_once(clinic: Clinic) -> None:
    lines = await clinic.examine("长连接机器人")

    assert [line.finding.mark for line in lines] == [Mark.WELL]
    assert "aibot_subscribe" in await clinic.calls()
    async with asyncio.timeout(5):
        while await clinic.is_connected():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_wrong_secret_of_the_robot_names_the_page(clinic: Clinic) -> None:
    """§10: 853000."""
    clinic.given["socket_secret"] = "made-up-wrong"

    assert "使用长连接" in await clinic.todo("长连接机器人")


async def test_robot_that_subscribes_too_often_waits(clinic: Clinic) -> None:
    """Trap 9: subscribe rate protection."""
    await clinic.fault("aibot_subscribe", do="error", code=45009)

    assert "太频繁" in await clinic.todo("长连接机器人")


async def test_robots_gateway_that_is_shut_is_named(clinic: Clinic) -> None:
    clinic.given["socket_url"] = "ws://127.0.0.1:9"

    assert "连不上 127.0.0.1:9" in await clinic.todo("长连接机器人")


async def test_gateway_that_never_acknowledges_is_named(clinic: Clinic) -> None:
    """Trap 10: accepted, but no acknowledgement."""
    clinic.given["ack_timeout_s"] = 0.3
    await clinic.fault("aibot_subscribe", do="drop_answer")

    assert "中途断了" in await clinic.todo("长连接机器人")


async def test_connection_of_a_running_bot_is_left_alone(clinic: Clinic) -> None:
    """Trap 9: a second subscribe takes the connection over."""
    database, _ = clinic.database()
    with database.writer_engine.begin() as conn:
        leases.hold(conn, "lane:socket", "a bot that runs")
        # It would renew every second; here nobody does.
        conn.execute(update(LeaseRow).values(until=leases.database_time(conn) + leases.LONGEST_S))
    database.close()
    url = clinic.settings.socket_url
    async with aiohttp.ClientSession() as http, http.ws_connect(url) as bot:
        body = {"bot_id": "aibXIAOJING", "secret": clinic.settings.socket_secret.get_secret_value()}
        await bot.send_json({"cmd": "aibot_subscribe", "headers": {"req_id": "r1"}, "body": body})
        assert (await bot.receive_json())["errcode"] == 0

        lines = await clinic.examine("长连接机器人")

        assert await clinic.is_connected()
    assert [line.finding.mark for line in lines] == [Mark.SKIPPED]
    assert "不去抢" in lines[0].finding.sentence
    assert (await clinic.calls()).count("aibot_subscribe") == 1


async def test_key_of_the_url_robot_that_is_no_base64_is_found(clinic: Clinic) -> None:
    clinic.given["robot_aes_key"] = "中" * 43

    lines = await clinic.examine("回调机器人")

    assert lines[0].finding.mark is Mark.TO_DO
    assert "EncodingAESKey" in lines[0].finding.sentence
