"""What the lanes share: doubts, media addresses, secrets."""

import aiohttp
import pytest

from bot.wecom.doubts import Doubts
from bot.wecom.errors import NotAllowed, Unreachable
from bot.wecom.media import download
from bot.wecom.places import AppConfig, RobotConfig, SocketConfig
from tests.wecom.fakes import KEY


def fail(doubts: Doubts, key: str, *, unknown: bool) -> None:
    with pytest.raises(Unreachable), doubts.watching(key):
        raise Unreachable("cut", unknown=unknown)


def test_only_an_unknown_outcome_leaves_a_doubt() -> None:
    doubts = Doubts()

    fail(doubts, "a", unknown=False)
    fail(doubts, "b", unknown=True)
    with pytest.raises(NotAllowed), doubts.watching("c"):
        raise NotAllowed("no")

    assert [doubts.is_doubtful(key) for key in "abc"] == [False, True, False]


def test_part_that_arrived_ends_the_doubt_and_a_done_row_is_forgotten() -> None:
    doubts = Doubts()
    fail(doubts, "a", unknown=True)

    doubts.part_said("a")
    assert (doubts.parts_said("a"), doubts.is_doubtful("a")) == (1, False)

    doubts.forget("a")
    assert doubts.parts_said("a") == 0


def test_oldest_of_a_thousand_doubts_is_forgotten() -> None:
    doubts = Doubts()
    for number in range(1001):
        fail(doubts, str(number), unknown=True)

    assert [doubts.is_doubtful(key) for key in ("0", "1", "1000")] == [False, True, True]


@pytest.mark.parametrize("address", ["", "file:///etc/passwd", "http://", "gopher://x/"])
async def test_address_that_is_no_web_address_is_unreachable(
    session: aiohttp.ClientSession, address: str
) -> None:
    with pytest.raises(Unreachable) as caught:
        await download(session, address, KEY, 100, 2.0)
    assert not caught.value.unknown


def test_secrets_of_the_doors_do_not_appear_in_their_repr() -> None:
    configs = (
        AppConfig(corpid="c", agentid=1, secret="hush", token="hush", aes_key="hush"),
        RobotConfig(bot_id="b", token="hush", aes_key="hush"),
        SocketConfig(bot_id="b", secret="hush"),
    )

    assert all("hush" not in repr(config) for config in configs)
