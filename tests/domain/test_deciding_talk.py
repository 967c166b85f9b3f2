"""What talk leads to, given what went before: thanks, questions, news, a cry, a photo."""

from dataclasses import replace

import pytest

from bot.domain import deciding
from bot.domain.deciding import Context, Decision, Move
from bot.domain.reading import Candidate, Place, Reading
from config.alike_rules import Alike
from config.vocabulary import Danger, Kind
from tests.domain.decisions import CHAT, DARK, OLD, QUARREL, context, said

POST = Place(landmark="警务室")
LIKE_P01 = Candidate("P01", 0.02)
ASKED = replace(
    context(OLD),
    alike=Alike(
        attach_at=0.5, ask_at=0.2, asked_after=("几点到",), thanks=("谢谢",), thanked=("警官",)
    ),
)


@pytest.mark.parametrize(
    ("reading", "before", "expected"),
    [
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
def test_talk_leads_to(reading: Reading, before: Context, expected: Decision) -> None:
    assert deciding.decide(reading, before) == expected
