"""Shortening (缩略): a line is cut between words, never inside a number or an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import shortening
from bot.shortening import one_line, short


@pytest.mark.parametrize(
    ("words", "most", "wanted"),
    [
        pytest.param("路灯不亮", 4, "路灯不亮", id="what fits stays"),
        pytest.param("我家楼下6-2-402门口", 8, "我家楼下…", id="a number with dashes goes whole"),
        pytest.param("我家楼下6-2-402门口", 12, "我家楼下6-2-402…", id="or stays whole"),
        pytest.param("桂花苑3号楼2单元501漏水", 12, "桂花苑…", id="building to room is one"),
        pytest.param("桂花苑三号楼二单元漏水了", 8, "桂花苑…", id="written in characters as well"),
        pytest.param("请打0000-8110110问问看", 9, "请打…", id="a telephone"),
        pytest.param("电话138****5678一直没人接", 8, "电话…", id="a masked telephone"),
        pytest.param("单号XH260304-0012K已经办好", 10, "单号…", id="a ticket number"),
        pytest.param("今天15:30在东门口集合", 6, "今天…", id="an hour"),
        pytest.param("楼道堆杂物，走不过去，请人看看", 12, "楼道堆杂物，走不过去…", id="clause"),
        pytest.param("楼道，一直没有人来清理它", 9, "楼道，一直没有人…", id="no clause near"),
        pytest.param("622202020202020202020202", 8, "6222020…", id="nothing but one long number"),
    ],
)  # fmt: skip
def test_cut_falls_where_a_reader_would_make_it(words: str, most: int, wanted: str) -> None:
    assert short(words, most) == wanted


_TOKENS = st.sampled_from(
    [
        "漏水",
        "，",
        "6-2-402",
        "桂花苑",
        "3号楼2单元501室",
        "。",
        "138****5678",
        "有人",
        " ",
        "402室",
    ]
)


@given(st.lists(_TOKENS, min_size=2, max_size=14), st.integers(8, 40))
def test_no_number_is_ever_cut(tokens: list[str], most: int) -> None:
    words = "吵架" + "".join(tokens)

    made = short(words, most)

    assert len(made) <= max(most, 3)
    if made != words:
        kept = made.removesuffix("…")
        assert words.startswith(kept)
        after = words[len(kept) :]
        assert not (kept[-1:].isascii() and kept[-1:].isalnum() and after[0].isascii()
                    and after[0].isalnum())  # fmt: skip
        assert not kept.endswith(("6-", "6-2", "6-2-", "单元5", "单元"))


def test_kept_files_are_named_by_their_kind() -> None:
    assert one_line("看这里\n[图片 3f9c]  [语音 77aa]") == "看这里 [图片] [语音]"


def test_what_is_changed_leaves_the_names_of_kept_files_alone() -> None:
    said = shortening.around_kept(
        "楼下[图片 13800001111]在这", lambda part: part.replace("楼", "Ｘ")
    )

    assert said == "Ｘ下[图片 13800001111]在这"
