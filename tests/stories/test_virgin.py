"""A corp where nobody has ever spoken to the robot: pushes would be refused, so the app speaks."""

import pytest

from tests.stories.demo import demo_process
from tests.stories.world import open_world

pytestmark = pytest.mark.slow


async def test_private_words_go_through_the_app_where_nobody_has_spoken_before() -> None:
    with demo_process("--virgin", DATABASE_URL="", REDIS_URL="") as demo:
        async with open_world(demo) as world:
            xu, lin = world.resident("徐小蕾"), world.officer("林知远")
            await xu.says("我老公喝多了又打我，我躲在厕所里", chat="桂花苑")

            private = [line for line in await xu.inbox() if line.is_bot]
            assert "110" in private[0].text
            assert {line.chat for line in private} == {f"app:{xu.id}"}
            assert {line.chat for line in await lin.inbox()} == {f"app:{lin.id}"}
            assert len(await world.chat("桂花苑").heard()) == 1
            await lin.presses("签收")
            assert (await world.ticket()).stage == "accepted"

            await lin.types("查 0001")
            answered = [line for line in await lin.inbox() if line.chat == f"bot:{lin.id}"]
            assert any("0001" in line.text for line in answered if line.is_bot)
