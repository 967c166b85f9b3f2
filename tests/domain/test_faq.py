"""Questions and answers: which entry fits, how sure that is, and what a human is shown."""

from datetime import date

import pytest

from bot.domain.faq import Found, find
from config.faq_rules import Faq
from config.load import load_rules
from tests.domain.conftest import SITE

TODAY = date(2026, 11, 22)
FAQ = Faq.model_validate(
    {
        "filler": ["请问", "怎么", "吗", "了"],
        "entries": [
            {"id": "card", "ask": [["身份证"], ["办理", "办"]], "answer": "来窗口。"},
            {"id": "lost", "ask": [["身份证"], ["丢", "补办"]], "answer": "来补。"},
            {"id": "quick", "ask": [["临时身份证"]], "answer": "当天。", "categories": ["P17"]},
            {"id": "dog", "ask": [["狗证", "犬证"]], "answer": "打疫苗。"},
            {
                "id": "fair",
                "ask": [["灯会"]],
                "answer": "正月十五。",
                "valid_until": "2026-11-21",
            },
        ],
    }
)


def ask(text: str, category: str | None = None) -> Found:
    return find(text, FAQ, TODAY, category)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        pytest.param("请问身份证怎么办理", "card", id="both groups"),
        pytest.param("身份证丢了怎么补办", "lost", id="the entry that explains more"),
        pytest.param("临时身份证怎么办", "quick", id="longer word covers the shorter one"),
        pytest.param("請問犬證怎麼辦理", "dog", id="traditional characters"),
        pytest.param("狗 证 怎么办", "dog", id="torn word"),
    ],
)
def test_question_that_names_an_entry_wholly_is_sure(text: str, entry: str) -> None:
    found = ask(text)

    assert found.is_sure
    assert found.best is not None
    assert found.best.entry.id == entry


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("身份证", id="half of two entries"),
        pytest.param("身份证丢在狗证窗口了，又要办理", id="several fit"),
        pytest.param("请问食堂几点开饭", id="nothing fits"),
        pytest.param("", id="no words"),
        pytest.param("灯会在哪", id="out of date"),
    ],
)
def test_question_that_no_entry_clearly_answers_is_not_sure(text: str) -> None:
    assert not ask(text).is_sure


def test_two_likeliest_entries_stand_with_their_figures() -> None:
    found = ask("身份证怎么查")

    assert found.margin_words == "身份证·办理 0.45 对 身份证·丢 0.45"
    assert found.margin == 0.0


def test_nothing_is_shown_where_nothing_fits() -> None:
    assert ask("天气真好").margin_words == ""
    assert ask("天气真好").best is None


def test_category_that_the_reader_saw_lifts_its_entry() -> None:
    plain, hinted = ask("临时身份证多久能拿"), ask("临时身份证多久能拿", "P17")

    assert plain.best is not None
    assert hinted.best is not None
    assert hinted.best.score == pytest.approx(plain.best.score + 0.05)


def test_match_says_which_words_spoke_and_which_were_missing() -> None:
    found = ask("身份证怎么查")

    assert found.best is not None
    assert found.best.why == "身份证·办理 0.45：说到“身份证”，没说到“办理”"


def test_entry_holds_on_its_last_day() -> None:
    assert find("灯会在哪", FAQ, date(2026, 11, 21)).is_sure


@pytest.fixture(scope="module")
def station() -> Faq:
    """The sample station's own list."""
    return load_rules(SITE).faq


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("身份证丢了怎么补办", "id_card_lost"),
        ("老人身份证快到期了去哪换", "id_card_renew"),
        ("临时身份证当天能拿到吗", "id_card_temporary"),
        ("宝宝刚出生怎么上户口", "household_birth"),
        ("户口从外省迁过来要哪些手续", "household_move"),
        ("居住证在哪办", "residence_permit"),
        ("无犯罪记录证明怎么开", "no_crime"),
        ("派出所周六上班吗", "counter_hours"),
        ("电瓶车上牌在哪里上", "ebike_plate"),
        ("96110打来的电话能接吗", "anti_fraud"),
        ("家暴告诫书怎么申请", "written_warning"),
        ("捡到身份证交给谁", "lost_found"),
        ("我们这栋停水了找谁问", "water_cut"),
        ("小区里周末能装修吗", "building_hours"),
        ("今年过年能放烟花吗", "fireworks"),
        ("想找免费律师咨询，有没有电话", "hotline_12348"),
    ],
)
def test_sample_station_answers_what_residents_ask(station: Faq, text: str, entry: str) -> None:
    found = find(text, station, TODAY)

    assert found.is_sure, found.margin_words
    assert found.best is not None
    assert found.best.entry.id == entry


@pytest.mark.parametrize(
    "text",
    [
        "食堂几点开饭",
        "驾照到期了咋换",
        "公租房怎么申请",
        "养老金什么时候发",
        "电动车哪里有卖的",
        "幼儿园什么时候报名",
        "小区门口的理发店几点开门",
        "谢谢你们，处理得真好",
    ],
)
def test_sample_station_leaves_other_questions_to_a_human(station: Faq, text: str) -> None:
    assert not find(text, station, TODAY).is_sure
