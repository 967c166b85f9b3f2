import asyncio

from tests.simulator.corp import ROBOT, ROBOT_SECRET
from tests.simulator.fakes import Wire, heard


async def test_a_mention_is_heard_and_answered_in_place(wire: Wire) -> None:
    robot = await wire.robot()

    said = await wire.say("wrONE", "res_a", "3号楼漏水", mention=True)
    frame = await robot.next()
    assert await robot.stream(frame["headers"]["req_id"], "正在看", finish=False) == 0
    assert await robot.stream(frame["headers"]["req_id"], "收到，编号0001") == 0

    assert said["delivered"] is True
    assert frame["cmd"] == "aibot_msg_callback"
    body = frame["body"]
    assert body["text"]["content"] == "@小试 3号楼漏水"
    assert (body["chatid"], body["chattype"]) == ("wrONE", "group")
    assert body["from"] == {"userid": "res_a"}
    assert body["msgid"] == said["msgid"]
    assert "response_url" not in body
    assert await wire.texts("wrONE") == ["@小试 3号楼漏水", "收到，编号0001"]
    assert await wire.errors() == []


async def test_without_a_mention_a_group_message_reaches_nobody(wire: Wire) -> None:
    robot = await wire.robot()

    said = await wire.say("wrONE", "res_a", "在吗")

    assert said["delivered"] is False
    assert robot.seen == 0
    assert await wire.texts("wrONE") == ["在吗"]


async def test_trap_07_a_mention_in_the_middle_keeps_its_place(wire: Wire) -> None:
    robot = await wire.robot()

    await wire.say("wrONE", "res_a", "楼道 @小试 堆物", mention=True)

    assert (await robot.next())["body"]["text"]["content"] == "楼道 @小试 堆物"


async def test_trap_07_a_robot_of_another_group_hears_nothing(wire: Wire) -> None:
    await wire.robot()

    said = await wire.say("wrONE", "res_a", "漏水", mention="小验")

    assert said["delivered"] is False


async def test_a_quote_gives_type_and_content_only(wire: Wire) -> None:
    robot = await wire.robot()
    first = await wire.say("wrONE", "res_b", "路灯坏了")

    await wire.say("wrONE", "res_a", "这个", mention=True, quote=first["msgid"])

    quote = (await robot.next())["body"]["quote"]
    assert quote == {"msgtype": "text", "text": {"content": "路灯坏了"}}


async def test_single_chats_need_no_mention(wire: Wire) -> None:
    robot = await wire.robot()

    said = await wire.say("bot:res_a", "res_a", "你好")

    body = (await robot.next())["body"]
    assert said["delivered"] is True
    assert body["chattype"] == "single"
    assert "chatid" not in body


async def test_wrong_secret_is_refused(wire: Wire) -> None:
    robot = await wire.connect()

    ack = await robot.send("aibot_subscribe", {"bot_id": ROBOT, "secret": "no"})

    assert ack["errcode"] == 853000
    assert await wire.errors() == ["subscribe_secret"]


async def test_a_frame_before_subscribe_is_refused(wire: Wire) -> None:
    robot = await wire.connect()

    assert await robot.markdown("wrONE") == 846605
    assert await wire.errors() == ["not_subscribed"]


async def test_ping_is_acked(wire: Wire) -> None:
    robot = await wire.robot()

    assert (await robot.send("ping"))["errcode"] == 0


async def test_trap_09_a_second_subscribe_takes_over(wire: Wire) -> None:
    first = await wire.robot()

    second = await wire.robot()

    event = (await first.next())["body"]["event"]
    assert event["eventtype"] == "disconnected_event"
    await asyncio.wait_for(first.closed.wait(), 3)
    assert (await wire.say("bot:res_a", "res_a", "在吗"))["delivered"] is True
    assert (await second.next())["cmd"] == "aibot_msg_callback"


async def test_trap_09_subscribe_on_a_healthy_link_is_refused(wire: Wire) -> None:
    robot = await wire.robot()

    ack = await robot.send("aibot_subscribe", {"bot_id": ROBOT, "secret": ROBOT_SECRET})

    assert ack["errcode"] == 846605
    assert await wire.errors() == ["subscribe_again"]


async def test_trap_09_thirty_first_subscribe_in_a_minute_is_refused(wire: Wire) -> None:
    robot = await wire.connect()
    codes = []
    for _ in range(31):
        robot = await wire.connect()
        ack = await robot.send("aibot_subscribe", {"bot_id": ROBOT, "secret": ROBOT_SECRET})
        codes.append(ack["errcode"])

    assert codes == [0] * 30 + [45009]
    assert await wire.errors() == ["subscribe_minute"]


async def test_without_a_connection_a_message_is_lost(wire: Wire) -> None:
    said = await wire.say("bot:res_a", "res_a", "在吗")

    assert (said["delivered"], said["reason"]) == (False, "no connection")


async def test_trap_10_an_unknown_req_id_is_refused(wire: Wire) -> None:
    robot = await wire.robot()

    assert await robot.stream("never_given", "好") == 846605
    assert await wire.errors() == ["req_id"]


async def test_trap_10_a_reply_after_24_hours_is_refused(wire: Wire) -> None:
    robot = await wire.robot()
    early, late = await heard(wire, robot), await heard(wire, robot, "res_b")

    await wire.sim_post("clock", advance_s=86000)
    assert await robot.stream(early, "还来得及") == 0
    await wire.sim_post("clock", advance_s=500)

    assert await robot.stream(late, "太晚了") == 846608
    assert await wire.errors() == ["reply_window_s"]


async def test_trap_10_a_reply_works_on_a_new_connection(wire: Wire) -> None:
    robot = await wire.robot()
    req_id = await heard(wire, robot)
    await robot.stop()

    robot = await wire.robot()

    assert await robot.stream(req_id, "我回来了") == 0


async def test_an_unknown_command_is_refused(wire: Wire) -> None:
    robot = await wire.robot()

    assert (await robot.send("aibot_send_biz_msg"))["errcode"] == 40058
    assert await wire.errors() == ["command_unknown"]


async def test_a_broken_frame_is_written_down(wire: Wire) -> None:
    robot = await wire.robot()

    await robot.ws.send_str("{not json")
    assert (await robot.send("ping"))["errcode"] == 0

    assert await wire.errors() == ["frame"]
