"""The voice call: what goes out, what comes back as events, and the limits kept before WeCom's."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.door_events import Learned
from bot.lines import line_of
from bot.messages import Errand, Text
from bot.wecom.client import Api
from bot.wecom.errors import Refusal, Unreachable
from bot.wecom.voice import Voice, end_of
from storage.coordination import InProcess
from tests.wecom.api_server import ApiServer
from tests.wecom.fakes import Clock, DictTokens, ListeningEars, row

PLACED = {"errcode": 0, "states": [{"code": 0, "callid": "6-1-out", "userid": "lin"}]}
LINE = line_of("chat")


@pytest.fixture
def voice(
    server: ApiServer,
    session: aiohttp.ClientSession,
    tokens: DictTokens,
    ears: ListeningEars,
    clock: Clock,
) -> Voice:
    return Voice(Api(server.config, session, tokens, clock), ears, InProcess(clock), clock)


def errand(clock: Clock, what: str = "call", **more: Any) -> Errand:
    data = {"user": "lin", "rung": 0, "look": 0, "at": clock().isoformat(), "line": LINE}
    return Errand(what=what, ticket=3, data={**data, **more})


def told(ears: ListeningEars) -> list[tuple[str, int]]:
    events = [event for event in ears.heard if isinstance(event, Learned)]
    return [(event.data["outcome"], event.data["reason"]) for event in events]


async def test_call_names_one_person_and_its_number_comes_back(
    voice: Voice, server: ApiServer, ears: ListeningEars, clock: Clock
) -> None:
    server.answers.append(PLACED)
    receipt = await voice.send(row(errand(clock), "voice:lin"))

    assert server.bodies("pstncc/call") == [{"callee_userid": ["lin"]}]
    assert receipt.msgid == "6-1-out"
    [event] = ears.heard
    assert isinstance(event, Learned)
    assert (event.what, event.ticket, event.line) == ("call", 3, LINE)
    assert (event.data["outcome"], event.data["call"]) == ("placed", "6-1-out")


@pytest.mark.parametrize("code", [301049, 301050, 301051])
async def test_call_that_was_not_bought_is_told_and_breaks_nothing(
    voice: Voice, server: ApiServer, ears: ListeningEars, clock: Clock, code: int
) -> None:
    server.answers.append({"errcode": code, "errmsg": "no"})

    await voice.send(row(errand(clock), "voice:lin"))

    assert told(ears) == [("not_made", code)]


async def test_fourth_call_within_eight_minutes_is_not_made(
    voice: Voice, server: ApiServer, ears: ListeningEars, clock: Clock
) -> None:
    for n in range(4):
        server.answers.append(PLACED)
        await voice.send(row(errand(clock), "voice:lin", key=f"r{n}"))
        clock.pass_s(60)
    await voice.send(row(errand(clock, user="qiu"), "voice:qiu", key="other"))
    clock.pass_s(480)
    await voice.send(row(errand(clock), "voice:lin", key="later"))

    assert len(server.bodies("pstncc/call")) == 5
    assert [outcome for outcome, _ in told(ears)] == [
        *("placed",) * 3,
        "not_made",
        *("placed", "not_made"),
    ]


async def test_ninth_call_of_a_day_is_not_made(
    voice: Voice, server: ApiServer, ears: ListeningEars, clock: Clock
) -> None:
    for n in range(9):
        server.answers.append(PLACED)
        await voice.send(row(errand(clock), "voice:lin", key=f"r{n}"))
        clock.pass_s(600)

    assert len(server.bodies("pstncc/call")) == 8
    assert told(ears)[-1] == ("not_made", 0)


async def test_call_whose_event_could_not_be_kept_is_not_made_twice(
    voice: Voice, server: ApiServer, ears: ListeningEars, clock: Clock
) -> None:
    server.answers.append(PLACED)
    ears.faults.append(OSError())
    with pytest.raises(Unreachable):
        await voice.send(row(errand(clock), "voice:lin"))

    await voice.send(row(errand(clock), "voice:lin"))

    assert len(server.bodies("pstncc/call")) == 1
    assert told(ears) == [("placed", 0)]


async def test_call_after_a_long_outage_is_left(
    voice: Voice, server: ApiServer, ears: ListeningEars, clock: Clock
) -> None:
    old = (clock() - timedelta(minutes=6)).isoformat()

    await voice.send(row(errand(clock, at=old), "voice:lin"))

    assert server.bodies("pstncc/call") == []
    assert told(ears) == [("late", 0)]


async def test_phone_says_no_words(voice: Voice) -> None:
    with pytest.raises(Refusal):
        await voice.send(row(Text(text="a"), "voice:lin"))


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        pytest.param({"istalked": 1, "reason": 0, "talktime": 9}, "answered", id="talked"),
        pytest.param({"istalked": 0, "reason": 3}, "answered", id="talks"),
        pytest.param({"istalked": 0, "reason": 1}, "ringing", id="rings"),
        pytest.param({"istalked": 0, "reason": 0}, "ringing", id="not_begun"),
        pytest.param({"istalked": 0, "reason": 8}, "unanswered", id="off"),
        pytest.param({"istalked": 0, "reason": 13}, "not_made", id="too_many"),
        pytest.param({"istalked": 0, "reason": "?"}, "ringing", id="odd"),
    ],
)
def test_states_are_read_as_documented(answer: dict[str, Any], outcome: str) -> None:
    assert end_of(answer, "6-1-out").outcome == outcome
