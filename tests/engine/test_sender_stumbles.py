"""A bug or a database that is away stops no sender and doubles no words."""

from collections.abc import Callable

import pytest
from sqlalchemy.exc import OperationalError

from bot.engine import sender as sender_module
from bot.wecom.errors import Refusal
from storage import outbox
from tests.engine.house import House, heard
from tests.engine.scripts import says


@pytest.mark.usefixtures("no_pause")
async def test_bug_of_a_lane_is_tried_a_few_times_and_lets_younger_rows_go(house: House) -> None:
    house.desk.scripts["e1"] = says("坏", "好")
    house.socket.of_words["坏"] = [KeyError("bug") for _ in range(20)]

    await house.hear(heard("e1"))
    await house.quiet()

    assert house.socket.words == ["好"]
    assert len(house.socket.tried) == sender_module.MOST_STUMBLES + 2
    assert house.outgoing() == [("parked", "bug"), ("sent", "")]


@pytest.mark.usefixtures("no_pause")
async def test_bug_in_telling_a_human_stops_no_sender(house: House) -> None:
    house.desk.scripts["e1"] = says("坏", "好")
    house.socket.of_words["坏"] = [Refusal("no") for _ in range(20)]

    def stumble() -> None:
        raise ZeroDivisionError

    house.desk.on_unsent = stumble
    await house.hear(heard("e1"))
    await house.quiet()

    assert house.socket.words == ["好"]
    assert house.outgoing() == [("parked", "bug"), ("sent", "")]


def _database_away_once(monkeypatch: pytest.MonkeyPatch, name: str) -> list[str]:
    """Let the next call of that outbox function meet a database that is gone."""
    real: Callable[..., object] = getattr(outbox, name)
    calls: list[str] = []

    def once(*words: object, **more: object) -> object:
        calls.append(name)
        if len(calls) == 1:
            raise OperationalError(name, {}, Exception("gone"))
        return real(*words, **more)

    monkeypatch.setattr(outbox, name, once)
    return calls


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize("name", ["sent", "due"])
async def test_words_are_said_once_when_the_database_is_away_for_a_moment(
    house: House, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    calls = _database_away_once(monkeypatch, name)
    house.desk.scripts["e1"] = says("只说一次")

    await house.hear(heard("e1"))
    await house.has(lambda: len(calls) > 1, "it was asked again")
    await house.quiet()

    assert house.socket.words == ["只说一次"]
    assert house.outgoing() == [("sent", "")]
