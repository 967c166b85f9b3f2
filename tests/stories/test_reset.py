"""Reset (重来): the demo begins again from nothing, whatever has become of the bot."""

import os
import signal

import pytest

from tests.stories.world import World

WORDS = "3号楼门口的路灯不亮"


async def test_reset_forgets_everything_and_keeps_the_process(world: World) -> None:
    began, bot = await world.now(), world.demo.bot_pid()
    await world.resident("王阿姨").says(WORDS, chat="桂花苑")
    await world.pass_hours(5)
    assert len(await world.tickets()) == 1

    await world.post("/sim/reset")

    assert await world.tickets() == []
    assert (await world.now() - began).total_seconds() < 60
    assert world.demo.bot_pid() == bot
    await world.resident("王阿姨").says(WORDS, chat="桂花苑")
    ticket = await world.only_ticket()
    assert ticket.serial == "0001"
    assert (ticket.steps("open")[0].at - began).total_seconds() < 60


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["dead", "hung"])
async def test_reset_replaces_a_bot_that_does_not_answer(world: World, how: signal.Signals) -> None:
    await world.resident("王阿姨").says(WORDS, chat="桂花苑")
    bot = world.demo.bot_pid()
    os.kill(bot, how)

    await world.post("/sim/reset")

    assert world.demo.bot_pid() != bot
    assert await world.tickets() == []
