"""What a report or a danger leads to, given what went before: readings against contexts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import deciding
from bot.domain.deciding import Context, Decision, Known, Move
from bot.domain.reading import Place, Reading
from config.vocabulary import Danger
from tests.domain.decisions import (
    DARK,
    FIRE,
    FIRE_THERE,
    LAMP,
    MINUTE,
    NOW,
    OLD,
    QUARREL,
    SMOKE,
    SMOKE_THERE,
    context,
)


@pytest.mark.parametrize(
    ("reading", "before", "expected"),
    [
        # reports
        pytest.param(LAMP, context(), Decision(Move.OPEN), id="report"),
        pytest.param(LAMP, context(QUARREL), Decision(Move.OPEN), id="report_of_another_matter"),
        pytest.param(
            replace(LAMP, category="P01"), context(QUARREL), Decision(Move.JOIN, 7), id="goes_on"
        ),
        pytest.param(
            replace(LAMP, category=None), context(QUARREL), Decision(Move.JOIN, 7), id="vague"
        ),
        pytest.param(
            replace(LAMP, category="N15"), context(QUARREL), Decision(Move.JOIN, 7), id="others"
        ),
        pytest.param(
            replace(LAMP, category="P01"), context(OLD), Decision(Move.OPEN), id="window_is_over"
        ),
        pytest.param(
            replace(LAMP, category="P01"),
            context(replace(QUARREL, place_key="g01|3"), place="g01|5"),
            Decision(Move.OPEN),
            id="same_matter_elsewhere",
        ),
        pytest.param(
            LAMP, context(DARK, place="g01|3"), Decision(Move.VOICE, 9), id="second_voice"
        ),
        pytest.param(
            LAMP,
            context(replace(DARK, is_own=True, opened_at=OLD.opened_at), place="g01|3"),
            Decision(Move.JOIN, 9),
            id="she_says_it_again",
        ),
        pytest.param(LAMP, context(DARK), Decision(Move.OPEN), id="place_not_said"),
        pytest.param(
            LAMP,
            context(replace(DARK, place_key="")),
            Decision(Move.OPEN),
            id="place_never_said",
        ),
        pytest.param(
            LAMP,
            context(replace(DARK, opened_at=NOW - timedelta(hours=25)), place="g01|3"),
            Decision(Move.OPEN),
            id="too_long_ago",
        ),
        # danger
        pytest.param(FIRE, context(), Decision(Move.OPEN), id="fire"),
        pytest.param(
            FIRE, context(FIRE_THERE, place="g01|3"), Decision(Move.VOICE, 10), id="same_fire"
        ),
        pytest.param(FIRE, context(FIRE_THERE), Decision(Move.VOICE, 10), id="fire_somewhere"),
        pytest.param(
            FIRE,
            context(replace(FIRE_THERE, is_own=True)),
            Decision(Move.JOIN, 10),
            id="her_own_fire",
        ),
        pytest.param(
            FIRE, context(FIRE_THERE, place="g01|5"), Decision(Move.OPEN), id="fire_elsewhere"
        ),
        pytest.param(
            FIRE,
            context(replace(FIRE_THERE, opened_at=NOW - 11 * MINUTE)),
            Decision(Move.OPEN),
            id="fire_of_a_while_ago",
        ),
        pytest.param(
            replace(FIRE, danger_class="gas"),
            context(FIRE_THERE),
            Decision(Move.OPEN),
            id="another_danger",
        ),
        pytest.param(
            replace(FIRE, danger_class=None),
            context(replace(FIRE_THERE, danger_class="")),
            Decision(Move.VOICE, 10),
            id="danger_without_class",
        ),
        pytest.param(
            FIRE, context(SMOKE_THERE), Decision(Move.RAISE, 11), id="suspicion_becomes_certain"
        ),
        pytest.param(SMOKE, context(SMOKE_THERE), Decision(Move.VOICE, 11), id="same_suspicion"),
        pytest.param(SMOKE, context(FIRE_THERE), Decision(Move.VOICE, 10), id="never_lowered"),
        pytest.param(
            FIRE, context(QUARREL), Decision(Move.RAISE, 7), id="what_she_told_becomes_danger"
        ),
        pytest.param(
            SMOKE,
            context(replace(QUARREL, danger=Danger.CONFIRMED, danger_class="violence")),
            Decision(Move.JOIN, 7),
            id="suspicion_inside_her_danger",
        ),
        pytest.param(
            FIRE,
            context(replace(QUARREL, danger=Danger.CONFIRMED, danger_class="violence")),
            Decision(Move.RAISE, 7),
            id="clearer_danger_of_hers",
        ),
        pytest.param(
            FIRE,
            replace(
                context(
                    replace(
                        QUARREL,
                        danger=Danger.CONFIRMED,
                        danger_class="violence",
                        place_key="g01|3",
                    )
                ),
                place_key="g01|5",
            ),
            Decision(Move.OPEN),
            id="second_danger_of_hers_elsewhere",
        ),
        pytest.param(FIRE, context(OLD), Decision(Move.OPEN), id="nothing_fresh_of_hers"),
    ],
)
def test_message_leads_to(reading: Reading, before: Context, expected: Decision) -> None:
    assert deciding.decide(reading, before) == expected


PLACE_KEYS = st.sampled_from(["", "g01|3", "g01|5"])
KNOWN = st.lists(
    st.builds(
        Known,
        id=st.integers(1, 99),
        category=st.sampled_from(["P01", "N03", "N06"]),
        danger=st.sampled_from(Danger),
        danger_class=st.sampled_from(["", "fire", "gas"]),
        opened_at=st.timedeltas(timedelta(0), timedelta(days=2)).map(lambda ago: NOW - ago),
        place_key=PLACE_KEYS,
        is_own=st.booleans(),
    ),
    max_size=4,
)


@given(KNOWN, PLACE_KEYS, st.booleans(), st.sampled_from([FIRE, SMOKE]))
def test_danger_is_never_silenced(
    known: list[Known], place: str, media: bool, reading: Reading
) -> None:
    found = deciding.decide(reading, context(*known, place=place, media=media))

    about = next((k for k in known if k.id == found.ticket), None)
    assert found.move in {Move.OPEN, Move.RAISE, Move.JOIN, Move.VOICE}
    if found.move in {Move.JOIN, Move.VOICE}:
        assert any(k.id == found.ticket and k.danger is not Danger.NONE for k in known)
    assert (about is None) is (found.move is Move.OPEN)


@given(KNOWN, PLACE_KEYS, st.booleans())
def test_report_always_has_a_ticket(known: list[Known], place: str, media: bool) -> None:
    found = deciding.decide(LAMP, context(*known, place=place, media=media))

    assert found.move in {Move.OPEN, Move.JOIN, Move.VOICE}


@pytest.mark.parametrize(
    ("place", "key"),
    [
        pytest.param(Place(building="3", room="301"), "g01|3", id="building_and_no_finer"),
        pytest.param(Place(landmark="东门"), "g01|东门", id="landmark"),
        pytest.param(Place(road="桂花路", road_no="8"), "g01|桂花路8", id="road"),
        pytest.param(Place(road_no="8"), "", id="number_without_road"),
        pytest.param(Place(community="桂花苑"), "", id="estate_is_no_spot"),
        pytest.param(Place(), "", id="nothing"),
    ],
)
def test_spot_as_one_word(place: Place, key: str) -> None:
    assert deciding.place_key("g01", place) == key


@pytest.mark.parametrize(
    ("category", "place", "known_spot", "lacks"),
    [
        pytest.param("N03", Place(), False, True, id="lamp_somewhere"),
        pytest.param("N03", Place(landmark="东门"), False, False, id="lamp_at_the_gate"),
        pytest.param("N03", Place(), True, False, id="place_known_from_before"),
        pytest.param("P22", Place(), False, False, id="matter_without_place"),
    ],
)
def test_place_is_missing_only_if_nobody_could_walk_there(
    category: str, place: Place, known_spot: bool, lacks: bool
) -> None:
    assert deciding.lacks_place(category, place, known_spot) is lacks
