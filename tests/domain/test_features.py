"""What the second reader looks at: the same numbers for the same words, everywhere."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.features import LONGEST, grams, grams_at, sign, signs, squeezed


def test_every_ngram_has_its_own_number() -> None:
    text = "楼上又吵架了"
    rows = grams_at(text)

    assert [len(row) for row in rows] == [len(text) + 2 - n for n in range(LONGEST)]
    assert len(np.unique(grams(text))) == len(grams(text))


def test_the_same_piece_has_the_same_number_wherever_it_stands() -> None:
    piece = grams_at("吵架")[1][1]  # behind the mark of the beginning

    assert piece in grams("昨晚楼上吵架到半夜")
    assert piece not in grams("昨晚楼上架吵到半夜")


def test_digits_and_runs_of_blanks_make_no_difference() -> None:
    assert grams("3号楼  502").tolist() == grams("7号楼 909").tolist()
    assert squeezed(" 3号楼\n\t5 ") == "\x020号楼 0\x03"


def test_signs_have_numbers_of_their_own() -> None:
    assert signs(["cat:P10", "tone:ask"]).tolist() == [sign("cat:P10"), sign("tone:ask")]
    assert sign("cat:P10") != sign("cat:P11")


@given(st.text(max_size=300))
def test_any_text_has_numbers(text: str) -> None:
    assert 0 < len(grams(text)) <= LONGEST * (len(text) + 2)
