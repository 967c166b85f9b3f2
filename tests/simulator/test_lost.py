"""What the simulator says of itself: handed over and never taken, and nothing else."""

from tests.simulator.bots import Bot
from tests.simulator.corp import Json
from tests.simulator.fakes import Wire, until


async def lost(wire: Wire) -> list[Json]:
    status, rows = await wire.ask("GET", "/sim/lost")
    assert status == 200
    found: list[Json] = rows
    return found


async def test_what_no_try_was_answered_of_is_lost(both: Wire, bot: Bot) -> None:
    bot.statuses = [500, 503, 500, 500]

    said = await both.say("app:wg_li", "wg_li", "在吗")

    [row] = await lost(both)
    assert (row["msgid"], row["door"], row["chat"]) == (said["msgid"], "app", "app:wg_li")
    assert row["ends"] == ["500", "503", "500", "500"]


async def test_a_late_answer_is_no_answer(both: Wire, bot: Bot) -> None:
    bot.wait_s = 0.6

    await both.say("ge:res_a", "res_a", "在吗")

    assert [row["ends"] for row in await lost(both)] == [["late"] * 4]


async def test_what_was_answered_once_is_never_lost(both: Wire, bot: Bot) -> None:
    bot.statuses = [500, 500, 500]

    await both.say("app:wg_li", "wg_li", "在吗")

    assert len(bot.got) == 4
    assert await lost(both) == []


async def test_an_answer_that_wecom_never_saw_counts_as_taken(both: Wire, bot: Bot) -> None:
    """The wire ate each 200: WeCom gives up, but the bot has said that it keeps it."""
    await both.sim_post("faults", on="callback", do="drop_answer", times=4)

    await both.say("app:wg_li", "wg_li", "在吗")

    assert len(bot.got) == 4
    assert await lost(both) == []


async def test_a_duplicate_of_which_one_was_answered_counts_as_taken(both: Wire, bot: Bot) -> None:
    await both.sim_post("faults", on="callback", do="duplicate")
    bot.statuses = [500, 200, 500, 500, 500]

    await both.say("app:wg_li", "wg_li", "在吗")

    assert await lost(both) == []


async def test_a_frame_is_lost_with_its_line_unless_a_later_one_there_was_answered(
    wire: Wire,
) -> None:
    robot = await wire.robot()
    for chat, text in (("wrTWO", "零"), ("wrONE", "一"), ("wrONE", "二")):
        await wire.say(chat, "wg_li", text, mention=True)
    frames = [await robot.next() for _ in range(3)]
    assert await lost(wire) == []

    assert await robot.stream(str(frames[2]["headers"]["req_id"]), "收到") == 0
    await robot.ws.close()
    await until(lambda: wire.sim.desks["aibSOCK"].link is None)

    assert [(row["chat"], row["ends"]) for row in await lost(wire)] == [("wrTWO", ["line ended"])]


async def test_a_reset_forgets_what_was_lost(both: Wire, bot: Bot) -> None:
    bot.statuses = [500] * 4
    await both.say("app:wg_li", "wg_li", "在吗")
    assert len(await lost(both)) == 1

    await both.sim_post("reset")

    assert await lost(both) == []
