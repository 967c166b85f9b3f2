"""The same house, another stairwell; the same words, another door: one matter or two."""

from dataclasses import replace

import pytest

from bot.domain import deciding
from bot.domain.deciding import Decision, Known, Move
from bot.domain.reading import Matter, Place, Reading
from config.alike_rules import Alike
from config.vocabulary import Danger
from tests.domain.decisions import DARK, FIRE, FIRE_THERE, LAMP, MINUTE, NOW, context

TWO_DOORS = Alike(attach_at=0.5, ask_at=0.2, by_stairwell=("N04",), whole_building=("整栋",))
LIFT = replace(
    LAMP, category="N04", text_stripped="2单元电梯坏了", place=Place(building="3", unit="2")
)
LIFT_THERE = replace(DARK, category="N04", unit="1", likeness=0.9)


def at_door(reading: Reading, known: Known) -> Decision:
    before = replace(context(known, place="g01|3"), alike=TWO_DOORS)
    return deciding.decide(reading, before)


@pytest.mark.parametrize(
    ("reading", "known", "move"),
    [
        pytest.param(LIFT, LIFT_THERE, Move.OPEN, id="another_stairwell"),
        pytest.param(LIFT, replace(LIFT_THERE, unit="2"), Move.VOICE, id="the_same_stairwell"),
        pytest.param(LIFT, replace(LIFT_THERE, unit=""), Move.VOICE, id="not_said_before"),
        pytest.param(
            replace(LIFT, place=Place(building="3")),
            LIFT_THERE,
            Move.VOICE,
            id="not_said_this_time",
        ),
        pytest.param(
            replace(LIFT, category="N05"),
            replace(LIFT_THERE, category="N05"),
            Move.VOICE,
            id="a_matter_of_the_house",
        ),
        pytest.param(
            replace(LIFT, text_stripped="2单元说整栋楼的电梯都坏了"),
            LIFT_THERE,
            Move.VOICE,
            id="all_of_the_house",
        ),
        pytest.param(
            LIFT, replace(LIFT_THERE, is_own=True), Move.OPEN, id="her_own_of_a_moment_ago"
        ),
        pytest.param(
            replace(LIFT, category="N15", text_stripped="2单元也是"),
            replace(LIFT_THERE, is_own=True),
            Move.JOIN,
            id="she_goes_on",
        ),
        pytest.param(
            replace(FIRE, place=Place(building="3", unit="2")),
            replace(FIRE_THERE, unit="1", category="N04"),
            Move.VOICE,
            id="one_fire_is_one_alarm",
        ),
    ],
)
def test_another_stairwell_is_another_matter(reading: Reading, known: Known, move: Move) -> None:
    found = at_door(reading, known)

    assert found.move is move
    if found.move is Move.OPEN:
        assert found.alike == (known.id,), "a human may still look"


TWO = Matter(category="N03", place=Place(), department=None, danger=Danger.NONE)
WORDS = replace(LAMP, text_stripped="楼上天天半夜装修，全家都睡不着")
AGAIN = replace(DARK, category="P12", place_key="", likeness=1.0, opened_at=NOW - 29 * MINUTE)


@pytest.mark.parametrize(
    ("reading", "known", "move"),
    [
        pytest.param(WORDS, AGAIN, Move.VOICE, id="somebody_else_at_another_door"),
        pytest.param(WORDS, replace(AGAIN, is_own=True), Move.JOIN, id="herself_at_another_door"),
        pytest.param(replace(WORDS, more=(TWO,)), AGAIN, Move.VOICE, id="two_matters_in_one"),
        pytest.param(WORDS, replace(AGAIN, likeness=0.99), Move.OPEN, id="only_alike"),
        pytest.param(
            WORDS, replace(AGAIN, opened_at=NOW - 31 * MINUTE), Move.OPEN, id="too_long_ago"
        ),
        pytest.param(
            replace(WORDS, text_stripped="楼上太吵了"), AGAIN, Move.OPEN, id="what_anybody_says"
        ),
        pytest.param(WORDS, replace(AGAIN, place_key="g01|9"), Move.OPEN, id="another_place"),
    ],
)
def test_word_for_word_the_same_a_moment_ago_is_one_message(
    reading: Reading, known: Known, move: Move
) -> None:
    assert deciding.decide(reading, context(known, place="g01|3")).move is move
