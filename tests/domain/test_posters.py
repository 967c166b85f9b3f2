"""A poster's building fills what nobody said, and gives way to the first words that name a spot."""

import pytest

from bot.domain import posters
from bot.domain.posters import SCANNED
from bot.domain.reading import Place
from config.load import load_rules
from tests.config.sites import SAMPLE


@pytest.mark.parametrize(
    ("scene", "place"),
    [
        pytest.param("g01.桂花苑.3", Place(community="桂花苑", building="3"), id="a building"),
        pytest.param("g01.桂花苑", Place(community="桂花苑"), id="an estate"),
        pytest.param("g01.没有这里.3", None, id="an estate that was renamed"),
        pytest.param("g01.桂花苑.999", None, id="no such building"),
        pytest.param("g01.桂花苑.33333333333", None, id="no number of a building"),
        pytest.param("g01", None, id="only a grid"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_poster_names_a_place_of_its_grid(scene: str, place: Place | None) -> None:
    rules = load_rules(SAMPLE)

    assert posters.place_in(scene, rules.grid("g01")) == place
    assert posters.place_in(scene, None) is None


def test_spot_of_a_poster_gives_way_to_words_and_keeps_a_room() -> None:
    scanned = {"community": "桂花苑", "building": "3", SCANNED: "yes"}

    assert posters.kept(scanned, {"building": "5"}) == {}
    assert posters.kept(scanned, {"room": "502"}) == scanned
    assert posters.kept({"building": "3"}, {"building": "5"}) == {"building": "3"}
    assert posters.as_place(scanned) == Place(community="桂花苑", building="3")
