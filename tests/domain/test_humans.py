"""Who asks for a human, and who only uses the same letters (转人工)."""

import pytest

from bot.domain import humans


@pytest.mark.parametrize(
    "said",
    [
        "转人工",
        "找人",
        "人工",
        "我要转人工！",
        "请转人工客服",
        "帮我转 人工服务",
        "找个人说话",
        "接真人",
        "我想找人工吧",
    ],
)
def test_whole_message_that_asks_for_a_human(said: str) -> None:
    assert humans.is_wish(said)


@pytest.mark.parametrize(
    "said",
    [
        "帮我找人，我爸走失了",
        "找人修路灯",
        "人工湖边路灯坏了",
        "有人吗",
        "人",
        "我",
        "",
        "请",
        "找不到人",
    ],
)
def test_other_words_do_not(said: str) -> None:
    assert not humans.is_wish(said)
    assert not humans.holds_wish(said)


def test_longer_message_may_ask_besides() -> None:
    assert humans.holds_wish("楼下路灯坏了三天了，给我转人工")
    assert not humans.is_wish("楼下路灯坏了三天了，给我转人工")


def test_number_with_hardly_a_word_is_only_a_number() -> None:
    assert humans.is_only_a_number("我姓周，打这个 139-0013-9000")
    assert not humans.is_only_a_number("13900139000，另外楼下路灯也坏了好几天没人修")
