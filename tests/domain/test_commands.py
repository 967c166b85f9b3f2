"""What staff and residents type: each command in each way of writing it, and what is none."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import commands, field_words, mediation
from bot.domain.commands import Command, Order, Wish
from config.vocabulary import Act, ClosingCode
from tests.config.sites import SAMPLE

TYPED = st.text(
    st.sampled_from("签收到场处置退回转给办查问登记忙请假 0123456789KXH-:：，,@\n李警官误报"),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("签收 0012", Command(Act.ACCEPT, ("0012",), ""), id="accept"),
        pytest.param("签收0012", Command(Act.ACCEPT, ("0012",), ""), id="accept_without_space"),
        pytest.param("0012 签收", Command(Act.ACCEPT, ("0012",), ""), id="number_first"),
        pytest.param("接单", Command(Act.ACCEPT, (), ""), id="accept_the_only_one"),
        pytest.param("拆开 0012", Command(Order.SPLIT, ("0012",), ""), id="split"),
        pytest.param("0013 并入 0012", Command(Order.MERGE, ("0013", "0012"), ""), id="merge"),
        pytest.param("并入0012", Command(Order.MERGE, ("0012",), ""), id="merge_what_was_shown"),
        pytest.param("不是一回事", Command(Order.NOT_SAME, (), ""), id="not_the_same"),
        pytest.param(
            "签收 0012、0013 和 0014",
            Command(Act.ACCEPT, ("0012", "0013", "0014"), ""),
            id="several_numbers",
        ),
        pytest.param(
            "签收 XH260304-0012K",
            Command(Act.ACCEPT, ("XH260304-0012K",), ""),
            id="full_number",
        ),
        pytest.param("到场", Command(Act.VERIFY, (), ""), id="there"),
        pytest.param("已到场 0012", Command(Act.VERIFY, ("0012",), ""), id="already_there"),
        pytest.param(
            "处置 双方和解", Command(Act.RESOLVE, (), "双方和解"), id="result_without_number"
        ),
        pytest.param(
            "处置：0012，双方和解，路灯已修",
            Command(Act.RESOLVE, ("0012",), "双方和解，路灯已修"),
            id="result_with_punctuation",
        ),
        pytest.param("处置 0012 已解决", Command(Act.RESOLVE, ("0012",), "已解决"), id="code"),
        pytest.param(
            "退回 0012 不是我的网格",
            Command(Act.SEND_BACK, ("0012",), "不是我的网格"),
            id="send_back",
        ),
        pytest.param("转 李警官", Command(Act.TRANSFER, (), "李警官"), id="transfer"),
        pytest.param("转李警官", Command(Act.TRANSFER, (), "李警官"), id="transfer_in_one_word"),
        pytest.param("转给林知远", Command(Act.TRANSFER, (), "林知远"), id="transfer_to_a_name"),
        pytest.param("转 0012 李警官", Command(Act.TRANSFER, ("0012",), "李警官"), id="to_number"),
        pytest.param(
            "转 李警官 0012K", Command(Act.TRANSFER, ("0012",), "李警官"), id="number_behind_name"
        ),
        pytest.param(
            "0012 转李警官", Command(Act.TRANSFER, ("0012",), "李警官"), id="number_first"
        ),
        pytest.param("问 0012 哪根灯杆？", Command(Act.ASK, ("0012",), "哪根灯杆？"), id="ask"),
        pytest.param("查 0012", Command(Order.LOOK, ("0012",), ""), id="look"),
        pytest.param("我的任务", Command(Order.MINE, (), ""), id="mine"),
        pytest.param(
            "登记 0730有人打电话说路灯不亮",
            Command(Order.REGISTER, (), "0730有人打电话说路灯不亮"),
            id="register_keeps_its_figures",
        ),
        pytest.param("已办 调解好了", Command(Order.SETTLED, (), "调解好了"), id="settled"),
        pytest.param("误报", Command(Act.FALSE_ALARM, (), ""), id="false_alarm"),
        pytest.param("是险情 0012", Command(Act.CONFIRM, ("0012",), ""), id="danger"),
        pytest.param("忙 2小时", Command(Order.BUSY, (), "2小时"), id="busy"),
        pytest.param("请假", Command(Order.LEAVE, (), ""), id="leave"),
        pytest.param("顶班", Command(Order.STAND_IN, (), ""), id="stand_in"),
        pytest.param("帮助！", Command(Order.HELP, (), "！"), id="help"),
        pytest.param(
            "告知 0012 路灯修好了", Command(Order.WORDING, ("0012",), "路灯修好了"), id="wording"
        ),
        pytest.param("发出 0012", Command(Act.FEEDBACK, ("0012",), ""), id="feedback"),
        pytest.param("问效 0012 好了", Command(Act.REVIEW, ("0012",), "好了"), id="review"),
    ],
)
def test_command_is_read_with_its_numbers_and_words(text: str, expected: Command) -> None:
    assert commands.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "路灯坏了三天没人管",
        "签收了的快递不见了",
        "转账被骗了",
        "转发给大家看看",
        "查水表的来了",
        "忙死了",
        "处置得真好",
        "0012",
        "2026年3月4日签收",
        "13800001111 签收",
        "0012 路灯坏了",
    ],
)
def test_talk_is_no_command(text: str) -> None:
    assert commands.parse(text) is None


@given(TYPED | st.text())
def test_parsing_never_raises(text: str) -> None:
    found = commands.parse(text)

    assert found is None or len(set(found.numbers)) == len(found.numbers)


@given(TYPED | st.text())
def test_small_readers_never_raise(text: str) -> None:
    assert commands.score_of(text) in {None, 1, 2, 3, 4, 5}
    wish = commands.wish_of(text)
    assert wish is None or isinstance(wish[0], Wish)
    assert isinstance(commands.says_unsolved(text), bool)
    minutes = commands.minutes_of(text)
    assert minutes is None or minutes >= 0


# What stands on the buttons of handlers/cards.py, and the act that a press of it means.
@pytest.mark.parametrize(
    ("label", "act"),
    [
        *((act.label, act) for act in (Act.CONFIRM, Act.ACCEPT, Act.VERIFY, Act.SEND_BACK)),
        (Act.FALSE_ALARM.label, Act.FALSE_ALARM),
        ("处置完了", Act.RESOLVE),
        ("发给群众", Act.FEEDBACK),
        ("没有反复", Act.REVIEW),
        ("又出现了", Act.REOPEN),
    ],
)
def test_label_of_a_button_typed_out_does_the_same(label: str, act: Act) -> None:
    command = commands.parse(f"{label} 0012")

    assert command == Command(act, ("0012",), "")


@pytest.mark.parametrize("code", [code for code in ClosingCode if code.is_offered])
def test_closing_code_can_be_typed_behind_the_result_command(code: ClosingCode) -> None:
    assert commands.parse(f"处置 0012 {code.label}") == Command(Act.RESOLVE, ("0012",), code.label)


def _told_to_type() -> list[str]:
    """Every command with a number that the sentences of texts.yaml tell people to type."""
    sentences = Path(SAMPLE / "texts.yaml").read_text(encoding="utf-8")
    found = re.findall(r"“([^“”{}]+ \{number\}[^“”{}]*)”", sentences)
    return sorted({words.replace("{number}", "0012") for words in found})


def test_sentences_do_tell_people_what_to_type() -> None:
    assert len(_told_to_type()) >= 8


@pytest.mark.parametrize("words", _told_to_type())
def test_every_command_that_a_sentence_promises_is_understood(words: str) -> None:
    outside, talks = field_words.parse(words), mediation.parse(words)
    command = commands.parse(words)

    single = outside.number if outside else talks.number if talks else ""
    numbers = (single,) if single else command.numbers if command else ()
    assert numbers == ("0012",)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        pytest.param("5", 5, id="figure"),
        pytest.param("５分！", 5, id="full_width"),
        pytest.param("给 4 星", 4, id="stars"),
        pytest.param("打1分", 1, id="worst"),
        pytest.param("三分", 3, id="han_figure"),
        pytest.param("满意", 4, id="word"),
        pytest.param("非常满意了！", 5, id="strong_word"),
        pytest.param("不满意", 2, id="not_content"),
        pytest.param("非常不满意。", 1, id="not_at_all"),
        pytest.param("一般吧", 3, id="so_so"),
        pytest.param("满意，谢谢", 4, id="word_and_thanks"),
        pytest.param("谢谢你们，5分", 5, id="thanks_first"),
        pytest.param("谢谢警察同志", None, id="thanks_alone"),
        pytest.param("谢谢", None, id="bare_thanks"),
        pytest.param("6", None, id="no_such_grade"),
        pytest.param("5号楼停水", None, id="a_building"),
        pytest.param("满意什么呀", None, id="a_sentence"),
    ],
)
def test_score_is_read_only_when_the_message_is_a_judgement(text: str, score: int | None) -> None:
    assert commands.score_of(text) == score


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        pytest.param("我的数据", (Wish.MY_DATA, ()), id="my_data"),
        pytest.param("撤回 0012", (Wish.WITHDRAW, ("0012",)), id="withdraw"),
        pytest.param("催一下", (Wish.CHASE, ()), id="chase"),
        pytest.param("催一下" + "啊" * 30, None, id="a_long_sentence"),
        pytest.param("查 0012", (Wish.LOOK, ("0012",)), id="look"),
        pytest.param("查询0012", (Wish.LOOK, ("0012",)), id="look_it_up"),
        pytest.param("签收 0012", (Wish.LOOK, ("0012",)), id="an_order_of_staff"),
        pytest.param("0012", (Wish.LOOK, ("0012",)), id="a_bare_number"),
        pytest.param("我的任务", (Wish.LOOK, ()), id="all_of_hers"),
        pytest.param("0012怎么样了？", (Wish.CHASE, ("0012",)), id="how_far"),
        pytest.param("1502", None, id="a_room"),
        pytest.param("转5000", None, id="money"),
        pytest.param("处置 0012 已经好了", None, id="news_in_an_order"),
        pytest.param("补充 0012", None, id="more_about_it"),
        pytest.param("查监控", None, id="something_to_look_at"),
        pytest.param("路灯坏了", None, id="talk"),
    ],
)
def test_residents_wishes(text: str, wish: tuple[Wish, tuple[str, ...]] | None) -> None:
    assert commands.wish_of(text) == wish


@pytest.mark.parametrize(
    ("text", "solved"),
    [("解决了", True), (" 已经解决了。", True), ("没解决了", False), ("", False)],
)
def test_solved_is_the_whole_message(text: str, solved: bool) -> None:
    assert commands.says_solved(text) is solved


def test_unsolved_is_heard_inside_a_sentence() -> None:
    assert commands.says_unsolved("灯还没好呢")
    assert not commands.says_unsolved("修好了，谢谢")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        pytest.param("2小时", 120, id="figure"),
        pytest.param("两个小时", 120, id="han"),
        pytest.param("十五分钟", 15, id="han_above_ten"),
        pytest.param("二十分", 20, id="short_unit"),
        pytest.param("半小时", 30, id="half_an_hour"),
        pytest.param("半个小时", 30, id="half_with_a_measure_word"),
        pytest.param("一个半小时", 90, id="one_and_a_half"),
        pytest.param("两天半", 3600, id="half_behind"),
        pytest.param("1.5小时", 90, id="decimal"),
        pytest.param("半天", 720, id="half_a_day"),
        pytest.param("三个钟头", 180, id="other_word"),
        pytest.param("开会，大概40分钟", 40, id="inside_a_sentence"),
        pytest.param("天黑之前", None, id="no_figure"),
        pytest.param("0小时", None, id="nothing"),
        pytest.param("", None, id="empty"),
    ],
)
def test_span_is_read_in_minutes(text: str, minutes: int | None) -> None:
    assert commands.minutes_of(text) == minutes
