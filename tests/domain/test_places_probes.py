"""Every way in which people write a door, and numbers that are none; exact on all five fields."""

import json
from pathlib import Path

import pytest

from bot.domain.places import find_place
from bot.domain.words import normalise

_PROBES = [
    json.loads(line)
    for line in (Path(__file__).parent / "place_probes.jsonl").read_text("utf-8").splitlines()
]
_FIELDS = ("building", "unit", "floor", "room", "road_no")


@pytest.mark.parametrize("probe", _PROBES, ids=[probe["text"] for probe in _PROBES])
def test_numbers_of_a_door_are_exact(probe: dict[str, object]) -> None:
    place = find_place(normalise(str(probe["text"])).text, None, ())

    assert {name: getattr(place, name) for name in _FIELDS if getattr(place, name)} == probe[
        "place"
    ]


def test_probes_cover_forms_and_numbers_that_are_no_place() -> None:
    assert len(_PROBES) >= 150
    assert len({probe["text"] for probe in _PROBES}) == len(_PROBES)
    assert sum(not probe["place"] for probe in _PROBES) >= 50


def test_road_and_number_are_told_apart_from_the_door_behind_them() -> None:
    place = find_place("滨河路48号16幢4单元1105", None, ())

    assert (place.road, place.road_no) == ("滨河路", "48")
    assert (place.building, place.unit, place.room) == ("16", "4", "1105")


def test_two_addresses_do_not_mix() -> None:
    place = find_place("3栋501和5栋602吵架", None, ())

    assert (place.building, place.room) == ("3", "501")


@pytest.mark.parametrize("text", ["晚上黑得看不见路", "积水深得没路走", "雾大得看不清路"])
def test_way_that_nobody_can_see_is_no_road(text: str) -> None:
    assert not find_place(text, None, ()).road
