"""Who tells the same, and who goes on: likeness, follow-ups and closed matters in one table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import deciding
from bot.domain.deciding import Context, Decision, Known, Move
from bot.domain.reading import Candidate, Matter, Place, Reading
from config.alike_rules import Alike
from config.vocabulary import Danger, Kind
from tests.domain.decisions import CHAT, FIRE, FIRE_THERE, NOW, SECOND, said

RULES = Alike(
    attach_at=0.5,
    ask_at=0.2,
    quick_categories=("P10", "P11"),
    neighbours=(("P10", "P11"), ("N01", "N07")),
    again=("又来了", "还是那家"),
    corrected=("打错了",),
    added=("补充",),
)
DAY = timedelta(days=1)
SMOKE = replace(CHAT, kind=Kind.REPORT, category="N01", public_facility=True, text_stripped="油烟")
NOISE = replace(CHAT, kind=Kind.REPORT, category="P10", text_stripped="半夜打牌")
THEIRS = Known(
    id=1,
    category="N01",
    danger=Danger.NONE,
    danger_class="",
    opened_at=NOW - 2 * DAY,
    place_key="g01|东门",
    is_own=False,
)
LOUD = replace(THEIRS, id=2, category="P11", opened_at=NOW - 3600 * SECOND, place_key="")
MINE = replace(THEIRS, id=3, is_own=True)


def context(*known: Known, place: str = "", closed: tuple[Known, ...] = ()) -> Context:
    return Context(NOW, 90 * SECOND, known, False, place, closed, RULES)


def like(known: Known, likeness: float) -> Known:
    return replace(known, likeness=likeness)


@pytest.mark.parametrize(
    ("reading", "before", "expected"),
    [
        pytest.param(
            SMOKE, context(like(THEIRS, 0.5), place="g01|东门"), Decision(Move.VOICE, 1), id="same"
        ),
        pytest.param(
            SMOKE, context(like(THEIRS, 0.5)), Decision(Move.VOICE, 1), id="public_without_a_spot"
        ),
        pytest.param(
            NOISE,
            context(like(LOUD, 1.0)),
            Decision(Move.OPEN, alike=(2,)),
            id="each_neighbour_has_an_upstairs",
        ),
        pytest.param(
            NOISE,
            context(like(replace(LOUD, is_own=True, category=str(NOISE.category)), 0.6)),
            Decision(Move.JOIN, 2),
            id="she_tells_it_again",
        ),
        pytest.param(
            NOISE,
            context(like(replace(LOUD, is_own=True), 0.6)),
            Decision(Move.OPEN, alike=(2,)),
            id="by_another_name_it_is_only_asked",
        ),
        pytest.param(
            SMOKE, context(like(THEIRS, 0.49)), Decision(Move.OPEN, alike=(1,)), id="a_look"
        ),
        pytest.param(SMOKE, context(like(THEIRS, 0.19)), Decision(Move.OPEN), id="nothing_alike"),
        pytest.param(
            SMOKE,
            context(*(like(replace(THEIRS, id=n), 0.2 + n / 100) for n in (4, 5, 6, 7))),
            Decision(Move.OPEN, alike=(7, 6, 5)),
            id="three_likest_first",
        ),
        pytest.param(
            SMOKE,
            context(like(THEIRS, 0.9), place="g01|5"),
            Decision(Move.OPEN, alike=(1,)),
            id="gate_and_building_need_a_look",
        ),
        pytest.param(
            replace(SMOKE, more=(Matter("N03", Place(), "housing", Danger.NONE),)),
            context(like(THEIRS, 0.9), place="g01|东门"),
            Decision(Move.OPEN, alike=(1,)),
            id="several_matters_are_not_joined_as_one",
        ),
        # follow-ups
        pytest.param(
            said("又来了", Kind.UPDATE), context(MINE), Decision(Move.UPDATE, 3), id="again"
        ),
        pytest.param(said("又来了"), context(THEIRS), Decision(Move.CHAT), id="again_of_nobody"),
        pytest.param(
            said("还是那家，昨天那样", Kind.REPORT, category="N07"),
            context(MINE),
            Decision(Move.UPDATE, 3),
            id="neighbouring_category",
        ),
        pytest.param(
            said("又来了", Kind.REPORT, category="P01"),
            context(MINE),
            Decision(Move.OPEN),
            id="another_kind_of_matter",
        ),
        pytest.param(
            said("又来了", Kind.UPDATE),
            replace(context(MINE), place_key="g01|5"),
            Decision(Move.UPDATE, 3),
            id="news_of_another_spot_are_still_hers",
        ),
        pytest.param(
            said("又来了，这次更吵，" + "一直在敲墙" * 8, Kind.REPORT, category="N01"),
            context(MINE),
            Decision(Move.OPEN),
            id="a_long_story_stands_alone",
        ),
        pytest.param(
            said("补充一点", Kind.QUESTION), context(MINE), Decision(Move.ANSWER), id="a_question"
        ),
        pytest.param(
            said("打错了 是1602", place=Place(room="1602")),
            context(MINE),
            Decision(Move.UPDATE, 3),
            id="correction",
        ),
        pytest.param(
            said("又来了", Kind.UPDATE),
            context(closed=(replace(MINE, is_told=True),)),
            Decision(Move.AGAIN, 3),
            id="closed_lately",
        ),
        pytest.param(
            said("又来了", Kind.UPDATE),
            context(replace(MINE, is_told=True)),
            Decision(Move.AGAIN, 3),
            id="result_was_told",
        ),
        pytest.param(
            said("补充一下", Kind.UPDATE),
            context(closed=(replace(MINE, is_told=True),)),
            Decision(Move.CHAT),
            id="only_again_opens_anew",
        ),
        pytest.param(
            said("又来了，动刀了", Kind.REPORT, danger=Danger.CONFIRMED, danger_class="weapon"),
            context(replace(MINE, opened_at=NOW - 3600 * SECOND)),
            Decision(Move.RAISE, 3),
            id="cry_about_her_open_ticket",
        ),
        pytest.param(
            said("又来了，动刀了", Kind.REPORT, danger=Danger.CONFIRMED, danger_class="weapon"),
            context(MINE),
            Decision(Move.OPEN),
            id="cry_days_later_rings_anew",
        ),
        pytest.param(
            said(
                "人走了又回来，动刀了", Kind.UPDATE, danger=Danger.CONFIRMED, danger_class="weapon"
            ),
            context(replace(MINE, opened_at=NOW - 3600 * SECOND)),
            Decision(Move.RAISE, 3),
            id="news_with_danger",
        ),
        pytest.param(
            said("又来了，有烟", Kind.REPORT, danger=Danger.SUSPECTED, danger_class="fire"),
            context(
                replace(
                    MINE, opened_at=NOW - 3600 * SECOND, danger=Danger.CONFIRMED, danger_class="x"
                )
            ),
            Decision(Move.OPEN),
            id="an_older_danger_does_not_swallow_a_new_one",
        ),
        pytest.param(
            FIRE, context(FIRE_THERE, place="g01|3"), Decision(Move.VOICE, 10), id="same_fire"
        ),
        pytest.param(
            FIRE,
            context(replace(FIRE_THERE, is_told=True), place="g01|3"),
            Decision(Move.OPEN),
            id="a_fire_that_was_told_is_over",
        ),
    ],
)
def test_message_leads_to(reading: Reading, before: Context, expected: Decision) -> None:
    assert deciding.decide(reading, before) == expected


@pytest.mark.parametrize(
    ("reading", "known", "place", "compared"),
    [
        pytest.param(SMOKE, THEIRS, "", True, id="facility_of_two_days_ago"),
        pytest.param(
            SMOKE, replace(THEIRS, opened_at=NOW - 8 * DAY), "", False, id="a_week_is_over"
        ),
        pytest.param(NOISE, LOUD, "", True, id="noise_and_quarrel_are_neighbours"),
        pytest.param(
            NOISE, replace(LOUD, opened_at=NOW - 25 * 3600 * SECOND), "", False, id="a_day_is_over"
        ),
        pytest.param(SMOKE, LOUD, "", False, id="another_kind"),
        pytest.param(
            replace(
                SMOKE, category="N03", candidates=(Candidate("N03", 0.5), Candidate("N01", 0.4))
            ),
            THEIRS,
            "",
            True,
            id="second_candidate_fits",
        ),
        pytest.param(replace(SMOKE, category="N15"), LOUD, "", True, id="vague_fits_all"),
        pytest.param(SMOKE, replace(THEIRS, protected=True), "", False, id="protected_ticket"),
        pytest.param(replace(SMOKE, protected=True), THEIRS, "", False, id="protected_words"),
        pytest.param(replace(SMOKE, danger=Danger.SUSPECTED), THEIRS, "", False, id="danger"),
        pytest.param(replace(SMOKE, kind=Kind.CHAT), THEIRS, "", False, id="chat"),
        pytest.param(SMOKE, replace(THEIRS, is_told=True), "", False, id="result_was_told"),
        pytest.param(SMOKE, replace(THEIRS, place_key="g01|3"), "g01|5", False, id="two_buildings"),
        pytest.param(SMOKE, THEIRS, "g01|5", True, id="gate_before_a_building"),
    ],
)
def test_only_one_block_is_compared(
    reading: Reading, known: Known, place: str, compared: bool
) -> None:
    assert deciding.comparable(reading, context(known, place=place)) == [known.id] * compared
