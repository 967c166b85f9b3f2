"""Lengths and escapes: nothing too long, no character split, nothing a resident wrote acts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Button, Card, CardUpdate
from bot.wecom import speech
from bot.wecom.cards import APP, ROBOT, Lengths, greyed, template_card
from bot.wecom.cuts import clean, cut_bytes, cut_chars, escape, no_tags, parts_of, plain
from bot.wecom.errors import Refusal

WORDS = st.text(
    alphabet=st.one_of(
        st.sampled_from("a字\n👍🏽👨‍👩‍👧é🇨🇳\u0301\u200d…"), st.characters(exclude_categories=["Cs"])
    ),
    max_size=120,
)


@given(text=WORDS, limit=st.integers(3, 60))
def test_cut_in_bytes_fits_and_keeps_the_beginning(text: str, limit: int) -> None:
    cut = cut_bytes(text, limit)

    assert len(cut.encode()) <= limit
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))
    assert (cut == text) == (len(text.encode()) <= limit)


@given(text=WORDS, limit=st.integers(1, 40))
def test_cut_in_characters_fits_and_keeps_the_beginning(text: str, limit: int) -> None:
    cut = cut_chars(text, limit)

    assert len(cut) <= limit
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


@given(text=WORDS, limit=st.integers(20, 60))
def test_parts_fit_and_lose_nothing_but_line_ends(text: str, limit: int) -> None:
    parts = parts_of(text, limit, most=1000)

    assert all(part and len(part.encode()) <= limit for part in parts)
    assert "".join(parts).replace("\n", "") == text.replace("\n", "")


@given(text=WORDS, limit=st.integers(4, 30))
def test_there_are_never_more_parts_than_allowed(text: str, limit: int) -> None:
    parts = parts_of(text, limit, most=3)

    assert len(parts) <= 3
    assert all(len(part.encode()) <= limit for part in parts)


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        pytest.param("ab👍🏽cd", 4, "ab…", id="skin tone stays with its hand"),
        pytest.param("a👨‍👩‍👧b", 4, "a…", id="a family stays together"),
        pytest.param("ae\u0301bc", 3, "a…", id="an accent stays with its letter"),
        pytest.param("a🇨🇳b", 3, "a…", id="a flag stays whole"),
        pytest.param("e" + "\u0301" * 9, 4, "e\u0301\u0301…", id="one endless character is cut"),
    ],
)
def test_characters_of_several_code_points_stay_whole(text: str, limit: int, cut: str) -> None:
    assert cut_chars(text, limit) == cut


def test_parts_end_at_line_borders() -> None:
    assert parts_of("1234\n5678\n90", 10, 3) == ["1234\n5678", "90"]
    assert parts_of("12345678901234", 10, 3) == ["1234567890", "1234"]
    assert parts_of("1\n2345678901234", 10, 3) == ["1\n23456789", "01234"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<@all> 开会", "＜＠all> 开会"),
        ("@all 和 @所有人", "＠all 和 ＠所有人"),
        ("@allan", "@allan"),
        ("[点这里](http://evil.example)", "[点这里］(http：//evil.example)"),
        ('<font color="warning">急</font>', '＜font color="warning">急＜/font>'),
        ("<think>x</think>", "＜think>x＜/think>"),
        ("# 标题\n> 引用\na # b > c", "＃ 标题\n＞ 引用\na # b > c"),
        ("**粗** `码` ~~删~~", "＊＊粗＊＊ ｀码｀ ～～删～～"),
        ("3<5 且 a>b", "3<5 且 a>b"),
        ("12:30 在 3号楼", "12:30 在 3号楼"),
    ],
)
def test_resident_text_does_nothing(said: str, shown: str) -> None:
    assert escape(said) == shown


@given(WORDS)
def test_escape_twice_is_escape_once_and_leaves_no_tag(text: str) -> None:
    once = escape(text)

    assert escape(once) == once
    assert no_tags(once) == once
    assert "](" not in once


def test_our_own_addresses_keep_working() -> None:
    assert plain("看 https://example.org/t/1") == "看 https://example.org/t/1"


def test_lone_surrogates_and_nul_are_taken_out() -> None:
    assert clean("a\ud83d\0b") == "a?b"


BUTTONS = tuple(Button(text=f"按钮{n}" + "长" * 20, key=f"k{n}", style=2) for n in range(8))
LONG = Card(
    task_id="T_1@a-b",
    title="题" * 50,
    desc="述" * 50,
    text="文" * 200,
    quote="引" * 200,
    fields=tuple((f"名字很长{n}啊", "值" * 40) for n in range(9)),
    buttons=BUTTONS,
    source="来源" * 10,
    url="https://example.org/t/1",
)


@pytest.mark.parametrize("lengths", [APP, ROBOT], ids=["app", "robot"])
def test_every_field_of_a_card_is_cut_to_its_door(lengths: Lengths) -> None:
    card = template_card(LONG, lengths, "https://fallback.example")

    assert len(card["main_title"]["title"]) == lengths.title
    assert len(card["main_title"]["desc"]) == lengths.desc
    assert len(card["sub_title_text"]) == lengths.text
    assert len(card["source"]["desc"]) == 13
    rows = card["horizontal_content_list"]
    assert len(rows) == 6
    assert all(len(one["keyname"]) <= 5 and len(one["value"]) == 26 for one in rows)
    assert len(card["button_list"]) == 6
    assert all(len(one["text"]) == 10 for one in card["button_list"])
    assert card["card_action"] == {"type": 1, "url": "https://example.org/t/1"}


def test_card_without_buttons_is_a_notice_that_leads_somewhere() -> None:
    card = template_card(Card(task_id="t", title=""), APP, "https://fallback.example")

    assert card["card_type"] == "text_notice"
    assert card["card_action"] == {"type": 1, "url": "https://fallback.example"}
    assert card["main_title"] == {"title": "…"}


@pytest.mark.parametrize(
    "card",
    [
        Card(task_id="", title="a"),
        Card(task_id="带中文", title="a"),
        Card(task_id="x" * 129, title="a"),
        Card(task_id="t", title="a", buttons=(Button(text="a", key="k"),) * 2),
        Card(task_id="t", title="a", buttons=(Button(text="a", key=""),)),
        Card(task_id="t", title="a", buttons=(Button(text="a", key="字" * 342),)),
    ],
    ids=["no task_id", "odd task_id", "long task_id", "equal keys", "no key", "long key"],
)
def test_card_that_wecom_would_refuse_is_refused_here(card: Card) -> None:
    with pytest.raises(Refusal):
        template_card(card, APP, "https://fallback.example")


def test_greyed_card_keeps_buttons_only_without_replace_text() -> None:
    assert greyed(CardUpdate(card=LONG)) is LONG
    grey = greyed(CardUpdate(card=Card(task_id="t", title="a", buttons=BUTTONS), replace_text="完"))
    assert (grey.desc, grey.buttons) == ("完", ())


@given(WORDS)
def test_every_sentence_fits_a_robots_message(text: str) -> None:
    for part in speech.text_parts(text):
        assert 0 < len(speech.markdown(part)["markdown"]["content"].encode()) <= 20480
    assert speech.welcome(text)["text"]["content"]


def test_field_that_is_too_long_does_not_end_in_half_an_address() -> None:
    assert cut_chars("桂花苑三期南区6-2-402门口", 12) == "桂花苑三期南区…"
    assert cut_chars("桂花苑三期南区6-2-402门口的树倒了", 16) == "桂花苑三期南区6-2-402门…"
