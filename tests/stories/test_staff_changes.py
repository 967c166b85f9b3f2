"""People leave and are renamed (traps 19 and 20): tickets move on, nobody is forgotten."""

from datetime import timedelta

from tests.stories.world import World


async def test_tickets_of_somebody_who_left_go_to_the_leader_and_both_hear_of_it(
    world: World,
) -> None:
    """Trap 20: delete_user with open tickets."""
    await world.resident("王阿姨").says("3号楼门口的路灯坏了好几天", chat="桂花苑")
    await world.resident("赵大爷").says("楼上半夜打麻将太吵了，睡不着", chat="槐安里")
    noise = await world.ticket("0002")
    assert noise.owner == "lin_zhiyuan"

    await world.post("/sim/staff", user="lin_zhiyuan", does="leave")

    moved = await world.ticket("0002")
    assert moved.owner == "zhong_yihang"
    assert (await world.ticket("0001")).owner != "zhong_yihang"
    [step] = moved.steps("transfer")
    assert step.reason == "林知远已离开，转给钟一航"
    assert "0002" in (await world.staff("钟一航").card("0002")).text
    told = await world.staff("钟一航").heard_all()
    assert "林知远已离开" in told
    assert "手上1件已转给别人" in told
    assert "手上1件已转给别人" in await world.staff("左明凯").heard_all()
    await world.resident("赵大爷").says("楼道里有人打架了，快来人", chat="槐安里")
    assert all(t.owner != "lin_zhiyuan" for t in await world.tickets())


async def test_leave_that_nobody_told_is_found_the_next_morning(world: World) -> None:
    await world.resident("赵大爷").says("楼上半夜打麻将太吵了，睡不着", chat="槐安里")
    await world.officer("林知远").types("签收 0001")
    await world.post("/sim/staff", user="lin_zhiyuan", does="leave", told=False)
    await world.post("/sim/staff", user="tang_shuo", does="hide")
    await world.post("/sim/staff", user="lu_jianing", does="call", new="陆家宁")
    assert (await world.ticket()).owner == "lin_zhiyuan"

    await world.pass_time(timedelta(hours=23))

    assert (await world.ticket()).owner == "zhong_yihang"
    told = await world.staff("左明凯").heard_all()
    assert "收不到任务：唐朔" in told
    assert "陆嘉宁→陆家宁" in told


async def test_new_userid_is_the_same_person(world: World) -> None:
    """Trap 20: update_user with NewUserID."""
    await world.resident("赵大爷").says("楼上半夜打麻将太吵了，睡不着", chat="槐安里")
    await world.post("/sim/staff", user="lin_zhiyuan", does="rename", new="linzy2")
    assert (await world.ticket()).owner == "linzy2"

    await world.pass_seconds(2)
    said = await world.person("邱若兰").types("查 0001")
    world.people["林知远"] = {**world.people["林知远"], "id": "linzy2"}
    answer = await world.staff("林知远").types("签收 0001")

    assert "林知远" in said
    assert "0001" in answer
    ticket = await world.ticket()
    assert (ticket.stage, ticket.owner) == ("accepted", "linzy2")
    assert "由lin_zhiyuan改成linzy2" in await world.staff("左明凯").heard_all()


async def test_administrator_hears_that_the_app_is_about_to_be_closed(world: World) -> None:
    """Trap 20: inactive_alert, close_inactive_agent; each once a day."""
    for event in ("inactive_alert", "inactive_alert", "close_inactive_agent"):
        await world.post("/sim/warn", event=event)

    told = await world.staff("左明凯").heard()
    assert len([line for line in told if "再没人用会被停用" in line]) == 1
    assert len([line for line in told if "已停用本应用" in line]) == 1


async def test_administrator_hears_which_address_must_be_trusted(world: World) -> None:
    """Trap 16: 60020, told through the robot, once."""
    await world.fault("message/send", "error", code=60020, times=3)
    await world.resident("王阿姨").says("3号楼门口的路灯坏了好几天", chat="桂花苑")

    told = [line for line in await world.staff("左明凯").heard() if "203.0.113.7" in line]
    assert len(told) == 1
    assert "企业可信IP" in told[0]
