"""The reader on invented everyday sentences: what it is, what about, is anybody in danger."""

import subprocess
import sys
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.reading import GridNames, read
from config.reading_rules import ReadingRules
from config.vocabulary import Danger, Kind, Urgency
from tests.domain.regression import rows as regression


def test_danger_is_lowered_but_never_silenced_by_a_negation(
    rules: ReadingRules, at: datetime
) -> None:
    assert read("没着火吧 5栋那边", at, None, rules).danger is Danger.SUSPECTED


def test_danger_in_a_quote_is_suspected(rules: ReadingRules, at: datetime) -> None:
    quoted = "「王阿姨:3号楼着火了快来人」\n- - - - - - - - -\n我马上去看"

    reading = read(quoted, at, None, rules)

    assert reading.danger is Danger.SUSPECTED
    assert reading.text_stripped == "我马上去看"


def test_danger_far_away_and_hearsay_opens_nothing(rules: ReadingRules, at: datetime) -> None:
    reading = read("听说外地一个商场着火了", at, None, rules)

    assert (reading.kind, reading.danger) == (Kind.CHAT, Danger.NONE)


def test_mention_is_no_word_of_the_sender(rules: ReadingRules, at: datetime) -> None:
    assert read("@小警 路灯坏了", at, None, rules).text_stripped == "路灯坏了"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("那个辅警骂人", "P23"),
        ("举报2号楼有人吸毒 半夜一股怪味", "P08"),
        ("民警态度太差 还骂人", "P23"),
        ("老公又打我了", "P04"),
        ("几个初中生把我儿子堵厕所要钱", "P19"),
    ],
)
def test_protected_matters_are_marked(
    text: str, category: str, rules: ReadingRules, at: datetime
) -> None:
    reading = read(text, at, None, rules)

    assert (reading.category, reading.protected) == (category, True)
    assert not reading.public_facility


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("跟我妈吵了一架 我喝了农药", "suicide_self"),
        ("跟我妈吵了一架我喝了农药", "suicide_self"),
        ("和老公吵架，我刚喝了农药", "suicide_self"),
        ("老公骂我 我割腕了", "suicide_self"),
        ("我女朋友要分手 我要跳楼", "suicide_self"),
        ("我妈喝了农药", "suicide_seen"),
        ("我妈跟我吵了一架 喝了农药", "suicide_seen"),
        ("我妈要跳楼 我拉不住", "suicide_seen"),
        ("我爸说我不孝 他喝农药了", "suicide_seen"),
        ("我看见一个姑娘要跳楼", "suicide_seen"),
    ],
)
def test_who_harms_herself_is_the_subject_of_that_clause(
    text: str, who: str, rules: ReadingRules, at: datetime
) -> None:
    reading = read(text, at, None, rules)

    assert (reading.danger, reading.danger_class) == (Danger.CONFIRMED, who)


def test_public_facility_is_marked(rules: ReadingRules, at: datetime) -> None:
    reading = read("大桥头的路灯坏了", at, None, rules)

    assert (reading.category, reading.public_facility) == ("N03", True)
    assert reading.police is False


def test_money_just_sent_is_urgent(rules: ReadingRules, at: datetime) -> None:
    reading = read("刚转了5万给客服 是不是骗子", at, None, rules)

    assert (reading.category, reading.urgency) == ("P02", Urgency.U2)


@pytest.mark.parametrize(
    ("text", "over", "status", "praise"),
    [
        ("没事了 误会", True, False, False),
        ("咋样了", False, True, False),
        ("想表扬一下巡逻的民警", False, False, True),
        ("路灯坏了", False, False, False),
    ],
)
def test_over_status_and_praise_are_told_apart(
    text: str, over: bool, status: bool, praise: bool, rules: ReadingRules, at: datetime
) -> None:
    reading = read(text, at, None, rules)

    assert (reading.is_over, reading.is_status_question, reading.is_praise) == (
        over,
        status,
        praise,
    )


def test_two_matters_of_a_message_stand_side_by_side(rules: ReadingRules, at: datetime) -> None:
    reading = read("5栋电梯又坏了老人爬十几楼。另外楼下烧烤摊占了整条人行道", at, None, rules)

    assert {reading.category, *(matter.category for matter in reading.more)} == {"N01", "N04"}


@pytest.mark.parametrize(
    "text",
    ["桂花苑著火了", "桂花苑着\u200b火了", "桂花苑 着 火 了", "桂花苑着伙了", "桂花苑着火了"],
)
def test_spelling_does_not_hide_a_fire(text: str, rules: ReadingRules, at: datetime) -> None:
    assert read(text, at, None, rules).danger is Danger.CONFIRMED


def test_estate_and_landmark_of_the_grid_are_found(
    rules: ReadingRules, at: datetime, grid: GridNames
) -> None:
    place = read("桂苑凉亭那边路灯坏了", at, grid, rules).place

    assert (place.community, place.landmark) == ("桂花苑", "凉亭")


@pytest.mark.parametrize(
    "text",
    ["楼上太吵了", "隔壁漏水", "对门吵起来了", "门口堆满垃圾", "楼道里有人", "厕所漏水 快来人"],
)
def test_relative_word_is_no_landmark_by_itself(
    text: str, rules: ReadingRules, at: datetime
) -> None:
    assert read(text, at, None, rules).place.landmark == ""


def test_relative_word_is_a_landmark_where_the_grid_lists_it(
    rules: ReadingRules, at: datetime
) -> None:
    listed = GridNames(landmarks=("公共厕所", "门口"))

    assert read("门口路灯坏了", at, listed, rules).place.landmark == "门口"


def test_lamp_at_the_village_gate_names_no_road(rules: ReadingRules, at: datetime) -> None:
    place = read("村口的路灯坏了好几天", at, None, rules).place

    assert (place.road, place.landmark) == ("", "村口")


def test_money_just_lost_endangers_no_life(rules: ReadingRules, at: datetime) -> None:
    reading = read("我刚转了5万给骗子", at, None, rules)

    assert (reading.danger, reading.danger_class) == (Danger.CONFIRMED, "fraud_now")
    assert (reading.urgency, reading.endangers_life) == (Urgency.U2, False)


def test_bare_cry_for_help_belongs_to_the_police(rules: ReadingRules, at: datetime) -> None:
    reading = read("救命啊快来人", at, None, rules)

    assert (reading.police, reading.department, reading.endangers_life) == (True, None, True)


def test_every_reading_says_why(rules: ReadingRules, at: datetime) -> None:
    assert all(read(row.text, at, None, rules).why for row in regression("regression.jsonl"))


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=200))
def test_no_text_makes_the_reader_fail(text: str, rules: ReadingRules, at: datetime) -> None:
    reading = read(text, at, None, rules)

    assert reading.danger_class is None or reading.danger is not Danger.NONE


@settings(max_examples=100, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(
            [
                "着火",
                "没有",
                "3号楼",
                "13900001111",
                "?",
                "\n",
                "「",
                "」",
                "@小警 ",
                "一点",
                "打",
                "刀",
            ]
        ),
        max_size=40,
    )
)
def test_no_heap_of_words_makes_the_reader_fail(
    words: list[str], rules: ReadingRules, at: datetime
) -> None:
    reading = read("".join(words), at, None, rules)

    assert "13900001111" not in reading.masked


def test_long_text_is_read(rules: ReadingRules, at: datetime) -> None:
    assert read("楼道里有人打架,快来。" * 900, at, None, rules).danger is Danger.CONFIRMED


def test_default_dictionary_of_jieba_is_never_loaded() -> None:
    code = (
        "import jieba, pathlib;"
        "from datetime import datetime, UTC;"
        "from config.load import load_rules;"
        "from bot.domain.reading import read;"
        "rules = load_rules(pathlib.Path('config/site')).reading;"
        "read('三号楼二单元着火了', datetime.now(UTC), None, rules);"
        "print(jieba.dt.initialized, len(jieba.dt.FREQ))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=20
    )

    assert done.stdout.split() == ["False", "0"]
