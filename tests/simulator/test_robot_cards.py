from tests.simulator.bots import Socket
from tests.simulator.corp import ROBOT, button_card
from tests.simulator.fakes import Wire


async def press(wire: Wire, robot: Socket, user: str = "Off_Wang") -> str:
    """One click on card t1; the req_id that the robot got."""
    await wire.sim_post("press", user=user, card="t1", button="签收")
    return str((await robot.next())["headers"]["req_id"])


async def update(robot: Socket, req_id: str, card: object, **more: object) -> int:
    body = {"response_type": "update_template_card", "template_card": card, **more}
    ack = await robot.send("aibot_respond_update_msg", body, req_id)
    return int(ack["errcode"])


async def test_a_click_replaces_the_card_for_everybody(wire: Wire) -> None:
    robot = await wire.robot()
    assert await robot.card("wrONE", button_card("t1")) == 0

    await wire.sim_post("press", user="Off_Wang", card="t1", button="accept")
    frame = await robot.next()
    done = button_card("t1", main_title={"title": "已签收"})
    assert await update(robot, frame["headers"]["req_id"], done) == 0

    click = frame["body"]["event"]["template_card_event"]
    assert (click["event_key"], click["task_id"]) == ("accept", "t1")
    assert frame["body"]["chatid"] == "wrONE"
    assert [one["card"]["title"] for one in await wire.messages("wrONE")] == ["已签收"]
    assert await wire.errors() == []


async def test_userids_change_only_their_view(wire: Wire) -> None:
    robot = await wire.robot()
    await robot.card("wrONE", button_card("t1"))
    req_id = await press(wire, robot)

    changed = button_card("t1", main_title={"title": "你已签收"})
    assert await update(robot, req_id, changed, userids=["Off_Wang"]) == 0

    seen = (await wire.ask("GET", "/sim/chats/wrONE?viewer=Off_Wang"))[1]["messages"]
    assert seen[0]["card"]["title"] == "你已签收"
    assert (await wire.messages("wrONE"))[0]["card"]["title"] == "邻里纠纷"


async def test_trap_03_a_late_card_update_changes_nothing(wire: Wire) -> None:
    robot = await wire.robot()
    await robot.card("wrONE", button_card("t1"))
    req_id = await press(wire, robot)
    wire.sim.desks[ROBOT].turns[req_id].at_real -= 5.1

    assert await update(robot, req_id, button_card("t1", main_title={"title": "晚"})) == 846608
    assert (await wire.messages("wrONE"))[0]["card"]["title"] == "邻里纠纷"
    assert await wire.errors() == ["event_late"]


async def test_trap_14_an_update_of_another_task_is_refused(wire: Wire) -> None:
    robot = await wire.robot()
    await robot.card("wrONE", button_card("t1"))

    assert await update(robot, await press(wire, robot), button_card("t2")) == 40058
    assert await wire.errors() == ["card_update_task"]


async def test_a_click_is_answered_once(wire: Wire) -> None:
    robot = await wire.robot()
    await robot.card("wrONE", button_card("t1"))
    req_id = await press(wire, robot)

    assert await update(robot, req_id, button_card("t1")) == 0
    assert await update(robot, req_id, button_card("t1")) == 846605
    assert await wire.errors() == ["event_twice"]


async def test_trap_14_double_click_and_old_version_arrive(wire: Wire) -> None:
    robot = await wire.robot()
    await robot.card("wrONE", button_card("t1"))
    closed = {
        "card_type": "text_notice",
        "main_title": {"title": "已办结"},
        "card_action": {"type": 1, "url": "https://example.invalid"},
        "task_id": "t1",
    }
    assert await update(robot, await press(wire, robot), closed) == 0

    await wire.sim_post("press", user="wg_li", card="t1", button="退回", times=2)

    keys = [(await robot.next())["body"]["event"]["template_card_event"]["event_key"]] * 2
    assert keys == ["back", "back"]
    assert (await wire.messages("wrONE"))[0]["card"]["live"] is False
