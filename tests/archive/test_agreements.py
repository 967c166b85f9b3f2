"""Who refused before the bot came is asked of WeCom, with the archive's own token."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.engine.archive_consents import RoomConsents
from bot.wecom.archive_agree import Agreements
from bot.wecom.archive_rows import Consent
from bot.wecom.client import Api
from bot.wecom.errors import NotAllowed, Refusal, StaleToken
from bot.wecom.places import AppConfig
from simulator import archive_api
from simulator.server import serve
from simulator.sim import Sim
from tests.archive.conftest import Pull
from tests.archive.corp import Corp
from tests.archive.sites import GROUP
from tests.archive.test_pulling import texts
from tests.engine.house import NOW, House
from tests.simulator.corp import made_up_world
from tests.wecom.fakes import Clock, DictTokens


@pytest.fixture
def sim() -> Sim:
    made = Sim(made_up_world())
    archive_api.office(made).rooms[GROUP] = {
        "wmWANG": ("Disagree", 1_760_000_000),
        "wmLI": ("Agree", 1_760_000_000),
        "wmCHEN": ("Default_Agree", 0),
    }
    return made


@pytest.fixture
async def base(sim: Sim) -> AsyncIterator[str]:
    async with serve(sim) as url:
        yield url


def agreements(sim: Sim, base: str, session: aiohttp.ClientSession, secret: str) -> Agreements:
    config = AppConfig(corpid=sim.world.app.corpid, agentid=0, secret=secret, api_base=base)
    return Agreements(Api(config, session, DictTokens(), Clock()))


async def test_yes_and_no_of_a_group_are_told_and_silence_is_not(sim: Sim, base: str) -> None:
    async with aiohttp.ClientSession() as session:
        found = await agreements(sim, base, session, archive_api.secret_of(sim)).of_room(GROUP)

    at = datetime.fromtimestamp(1_760_000_000, UTC)
    assert found == [
        Consent(by="wmLI", at=at, agreed=True),
        Consent(by="wmWANG", at=at, agreed=False),
    ]


async def test_token_of_the_app_opens_no_archive(sim: Sim, base: str) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(StaleToken):
            await agreements(sim, base, session, sim.world.app.secret).of_room(GROUP)


async def test_room_that_is_not_archived_is_refused(sim: Sim, base: str) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(Refusal):
            await agreements(sim, base, session, archive_api.secret_of(sim)).of_room("wrOTHER")


async def test_group_is_asked_once_a_day_and_again_soon_after_a_fault() -> None:
    asked: list[str] = []
    moments = [NOW]

    async def ask(room: str) -> list[Consent]:
        asked.append(room)
        if len(asked) == 1:
            raise NotAllowed("no", 48002)
        return []

    consents = RoomConsents(ask, lambda: moments[-1])
    for later in (0, 1, 11, 60, 24 * 60, 24 * 60 + 12):
        moments.append(NOW + timedelta(minutes=later))
        await consents.fresh({GROUP})

    assert len(asked) == 3


@pytest.mark.slow
async def test_who_refused_before_the_bot_came_is_not_read(
    house: House, pull: Pull, corp: Corp
) -> None:
    """Trap 21: a sender who refused consent."""

    async def ask(_room: str) -> list[Consent]:
        return [Consent(by="wmWANG", at=NOW - timedelta(days=90), agreed=False)]

    pulling = pull()
    pulling._consents = RoomConsents(ask, house.engine.clock.now)
    corp.says("wmWANG", "一", at=NOW)
    corp.says("wmLI", "二", at=NOW)
    await pulling.look()
    corp.says("wmWANG", "三", at=NOW)
    await pulling.look()

    assert texts(house) == ["二"]
    assert pulling.counts["refused"] == 2
