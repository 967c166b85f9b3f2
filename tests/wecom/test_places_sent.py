"""A place that is no place on the globe is dropped, not taken for a spot in the Gulf of Guinea."""

from typing import Any

import pytest

from bot.events import Heard, Media
from bot.wecom import archive_rows, kf_letters, letters
from handlers.supplements import kept_words
from tests.security.readers import NOW, ROOM

NONE: tuple[tuple[Any, Any], ...] = (
    ("", ""), ("24.5", ""), ("here", "118.1"), ("nan", "118.1"), ("9" * 400, "118.1"),
    ("-90.1", "118.1"), ("24.5", "180.5"), (10**400, 118.1), (True, False), (None, None), ([], {}),
)  # fmt: skip
WORDS = "桂花苑南门"


def by_app(north: Any, east: Any) -> Heard:
    event = letters.event_of(
        {"MsgType": "location", "FromUserName": "wang_ayi", "MsgId": "1", "AgentID": "1000007",
         "CreateTime": "1772586000", "Location_X": north, "Location_Y": east, "Label": WORDS},
        ROOM, NOW,
    )  # fmt: skip
    assert isinstance(event, Heard)
    return event


def by_kf(north: Any, east: Any) -> Heard:
    place = {"latitude": north, "longitude": east, "name": WORDS}
    said = kf_letters._said({"msgtype": "location", "location": place})
    assert said is not None
    return Heard(key="kf:1", at=NOW, chat="kf:1", by="wm1", door="kf", **said)


def by_archive(north: Any, east: Any) -> Heard:
    found = archive_rows._content(
        "location", {"latitude": north, "longitude": east, "address": WORDS}
    )
    assert found is not None
    return Heard(key="archive:1", at=NOW, chat="g", by="wm1", door="archive", text=found.text,
                 media=found.media)  # fmt: skip


DOORS = (by_app, by_kf, by_archive)


@pytest.mark.parametrize("heard", DOORS)
@pytest.mark.parametrize("place", NONE, ids=lambda place: repr(place)[:30])
def test_a_place_that_is_none_is_dropped_and_the_words_stay(
    heard: Any, place: tuple[Any, Any]
) -> None:
    event = heard(*place)

    assert (event.text, event.media) == (WORDS, (Media(kind="location"),))
    assert kept_words(event) == "[位置 没有坐标]"


@pytest.mark.parametrize("heard", DOORS)
@pytest.mark.parametrize("place", [(24.5, 118.1), ("24.5", "118.1"), (0, 0.0)])
def test_a_place_on_the_globe_stays(heard: Any, place: tuple[Any, Any]) -> None:
    north, east = map(float, place)
    event = heard(*place)

    assert event.media == (Media(kind="location", url=f"geo:{north},{east}"),)
    assert kept_words(event) == f"[位置 {north},{east}]"
