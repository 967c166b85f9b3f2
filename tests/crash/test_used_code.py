"""Kill -9 after WeCom changed a card and before that was written down: the code is used, by us."""

from functools import partial

from tests.crash.checks import alive, settled
from tests.crash.conftest import Station
from tests.servers.polling import until
from tests.stories.world import World, open_world

LONGER_THAN_THE_BOT_LIVES_S = 20
OFFICER = "林知远"


async def is_greyed(world: World) -> bool:
    """Whether the officer sees the card changed."""
    return not any(card.live and "签收" in card.buttons
                   for card in await world.officer(OFFICER).cards())  # fmt: skip


async def test_card_that_the_dead_had_changed_counts_as_changed(sqlite_station: Station) -> None:
    async with open_world(sqlite_station.demo) as world:
        world.broken_on_purpose = frozenset({"code_used"})
        await world.resident("王阿姨").says("对门挂了面镜子正对我家,快打起来了", chat="桂花苑")
        card = await world.officer(OFFICER).card()
        late = {"after": "deliver", "delay_s": LONGER_THAN_THE_BOT_LIVES_S}
        await world.fault("message/update_template_card", "delay", **late)

        await card.press("签收", wait=False)
        await until(partial(is_greyed, world), "WeCom has changed the card")
        sqlite_station.demo.kill_bot()
        await until(partial(alive, world), "the bot is there", within_s=30)
        await settled(world)

        tried_again = {one["rule"] for one in await world.get("/sim/errors")}
        assert tried_again == {"code_used"}
        assert await is_greyed(world)
        assert sqlite_station.books().faults(await world.everything_said()) == {}
