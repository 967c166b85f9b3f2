"""What a message leads to, given what went before: one table of readings against contexts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import deciding
from bot.domain.deciding import Context, Decision, Known, Move
from bot.domain.reading import Candidate, Matter, Place, Reading
from config.alike_rules import Alike
from config.vocabulary import Danger, Kind, Urgency

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
CHAT = Reading(
    kind=Kind.CHAT,
    category=None,
    category_name="",
    candidates=(),
    police=None,
    department=None,
    danger=Danger.NONE,
    danger_class=None,
    urgency=Urgency.U5,
    protected=False,
    public_facility=False,
    place=Place(),
    when=None,
    masked="",
    is_over=False,
    is_status_question=False,
    is_praise=False,
    more=(),
    why=(),
    text_stripped="今天天气真好，适合出门走一走晒太阳",
)
LAMP = replace(CHAT, kind=Kind.REPORT, category="N03", text_stripped="路灯坏了")
FIRE = replace(CHAT, kind=Kind.REPORT, category="N06", danger=Danger.CONFIRMED, danger_class="fire")
SMOKE = replace(FIRE, danger=Danger.SUSPECTED)
QUARREL = Known(
    id=7,
    category="P01",
    danger=Danger.NONE,
    danger_class="",
    opened_at=NOW - 30 * SECOND,
    place_key="",
    is_own=True,
)
OLD = replace(QUARREL, id=8, opened_at=NOW - 10 * MINUTE)
DARK = replace(QUARREL, id=9, category="N03", place_key="g01|3", is_own=False)
FIRE_THERE = replace(
    QUARREL,
    id=10,
    category="N06",
    danger=Danger.CONFIRMED,
    danger_class="fire",
    place_key="g01|3",
    is_own=False,
)
SMOKE_THERE = replace(FIRE_THERE, id=11, danger=Danger.SUSPECTED)


def context(*known: Known, place: str = "", media: bool = False) -> Context:
    return Context(now=NOW, window=90 * SECOND, known=known, has_media=media, place_key=place)


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


def said(text: str, kind: Kind = Kind.CHAT, **more: object) -> Reading:
    return replace(CHAT, kind=kind, text_stripped=text, **more)  # type: ignore[arg-type]


POST = Place(landmark="警务室")
LIKE_P01 = Candidate("P01", 0.02)
ASKED = replace(
    context(OLD),
    alike=Alike(
        attach_at=0.5, ask_at=0.2, asked_after=("几点到",), thanks=("谢谢",), thanked=("警官",)
    ),
)
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
        # talk
        pytest.param(
            replace(CHAT, is_over=True), context(OLD), Decision(Move.UPDATE, 8), id="it_is_over"
        ),
        pytest.param(
            replace(CHAT, is_over=True), context(DARK), Decision(Move.CHAT), id="nothing_of_hers"
        ),
        pytest.param(
            replace(CHAT, is_status_question=True),
            context(OLD),
            Decision(Move.STATUS, 8),
            id="how_far",
        ),
        pytest.param(
            replace(CHAT, is_praise=True), context(OLD), Decision(Move.PRAISE, 8), id="thanks"
        ),
        pytest.param(
            replace(CHAT, is_praise=True), context(), Decision(Move.PRAISE), id="thanks_for_nothing"
        ),
        pytest.param(said("快来啊"), context(QUARREL), Decision(Move.JOIN, 7), id="short_cry"),
        pytest.param(said("快来啊"), context(OLD), Decision(Move.CHAT), id="cry_too_late"),
        pytest.param(CHAT, context(QUARREL), Decision(Move.CHAT), id="long_chat"),
        pytest.param(CHAT, context(QUARREL, media=True), Decision(Move.JOIN, 7), id="photo"),
        pytest.param(
            replace(CHAT, place=Place(building="3")),
            context(QUARREL),
            Decision(Move.JOIN, 7),
            id="place_behind",
        ),
        pytest.param(
            replace(CHAT, kind=Kind.UPDATE), context(QUARREL), Decision(Move.JOIN, 7), id="news"
        ),
        pytest.param(
            replace(CHAT, kind=Kind.UPDATE), context(OLD), Decision(Move.UPDATE, 8), id="late_news"
        ),
        pytest.param(
            replace(CHAT, kind=Kind.UPDATE), context(), Decision(Move.CHAT), id="news_of_nothing"
        ),
        pytest.param(
            replace(CHAT, kind=Kind.QUESTION), context(), Decision(Move.ANSWER), id="question"
        ),
        pytest.param(
            said("周末开门吗", Kind.QUESTION, category="P17", place=POST),
            replace(context(QUARREL), is_answered=True),
            Decision(Move.ANSWER),
            id="question_that_is_answered",
        ),
        pytest.param(
            said("有人在吗", place=POST),
            replace(context(QUARREL), is_answered=True),
            Decision(Move.ANSWER),
            id="answered_though_it_sounds_like_chat",
        ),
        pytest.param(
            said("周末开门吗", Kind.QUESTION, category="P17", place=POST),
            replace(context(replace(QUARREL, danger=Danger.CONFIRMED)), is_answered=True),
            Decision(Move.JOIN, 7),
            id="question_beside_a_danger",
        ),
        pytest.param(
            said("要带什么", Kind.QUESTION, category="P17", candidates=(LIKE_P01,)),
            context(QUARREL),
            Decision(Move.ANSWER),
            id="question_of_another_matter",
        ),
        pytest.param(
            said("要带什么", Kind.QUESTION, category="P01", candidates=(LIKE_P01,)),
            context(QUARREL),
            Decision(Move.JOIN, 7),
            id="question_of_the_same_matter",
        ),
        pytest.param(
            said("是3号楼吗", Kind.QUESTION, category="P17", place=Place(building="3")),
            context(QUARREL),
            Decision(Move.JOIN, 7),
            id="spot_with_a_question_mark",
        ),
        pytest.param(
            said("谢谢林警官", Kind.UPDATE, is_praise=True),
            replace(ASKED, known=(OLD, replace(OLD, id=5, is_told=True))),
            Decision(Move.PRAISE, 5),
            id="thanks_are_no_news_of_what_has_just_begun",
        ),
        pytest.param(
            said("谢谢林警官", Kind.UPDATE),
            replace(ASKED, known=(QUARREL,)),
            Decision(Move.CHAT),
            id="thanks_join_nothing",
        ),
        pytest.param(
            said("谢谢林警官，人走了", Kind.UPDATE),
            replace(ASKED, known=(QUARREL,)),
            Decision(Move.JOIN, 7),
            id="thanks_with_news",
        ),
        pytest.param(
            said("谢谢林警官", Kind.UPDATE),
            replace(ASKED, known=(replace(QUARREL, danger=Danger.CONFIRMED),)),
            Decision(Move.JOIN, 7),
            id="thanks_in_danger",
        ),
        pytest.param(said("几点到"), ASKED, Decision(Move.STATUS, 8), id="asks_after_hers"),
        pytest.param(
            said("几点到"),
            replace(ASKED, is_overheard=True),
            Decision(Move.CHAT),
            id="neighbours_ask_each_other",
        ),
        pytest.param(CHAT, context(), Decision(Move.CHAT), id="chat"),
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
