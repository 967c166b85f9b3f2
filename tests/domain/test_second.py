"""The second reader: its file, its opinion, its reasons."""

import numpy as np
import pytest

from bot.domain.features import grams_at, sign
from bot.domain.second import SIGN_WORTH, BadModel, Head, SecondReader, packed, unpacked

_HEADS = {
    "kind": Head(("report", "chat"), 0),
    "category": Head(("P10", "N03"), 2),
    "danger": Head(("no", "yes"), 4),
    "danger_class": Head(("fire", "other"), 6),
    "despair": Head(("no", "yes"), 8),
}


def tiny() -> SecondReader:
    """Knows 吵 (report, P10), 灯 (report, N03), 哈 (chat) and the sign ``alarm`` (danger)."""
    words = {"吵": (2, -2, 3, -3, 0, 0, 0, 0, 0, 0), "灯": (2, -2, -3, 3, 0, 0, 0, 0, 0, 0)}
    words |= {"哈": (-2, 2, 0, 0, 0, 0, 0, 0, 0, 0)}
    rows = {int(grams_at(char)[0][1]): weights for char, weights in words.items()}
    rows[sign("alarm")] = (0, 0, 0, 0, -100, 100, 10, -10, 0, 0)
    numbers = sorted(rows)
    return SecondReader(
        features=np.array(numbers, np.uint32),
        worth=np.array([SIGN_WORTH if n == sign("alarm") else 1.0 for n in numbers], np.float32),
        weights=np.array([rows[n] for n in numbers], np.int8),
        scales=np.ones(10, np.float32),
        biases=np.zeros(10, np.float32),
        heads=_HEADS,
    )


def test_words_that_it_knows_make_its_opinion() -> None:
    said = tiny().opinion("楼上好吵", ())

    assert said.kinds["report"] > 0.9
    assert said.categories[0][0] == "P10"
    assert said.danger == pytest.approx(0.5)


def test_signs_of_the_rules_count() -> None:
    said = tiny().opinion("楼上好吵", ("alarm", "never:seen"))

    assert said.danger > 0.99
    assert max(said.danger_classes, key=said.danger_classes.__getitem__) == "fire"


def test_what_it_does_not_know_leaves_it_undecided() -> None:
    said = tiny().opinion("", ())

    assert said.kinds == {"report": 0.5, "chat": 0.5}


def test_reasons_are_pieces_of_the_message_and_signs() -> None:
    reader = tiny()

    assert reader.reasons("楼上好吵", ("alarm",), "danger", "yes") == ("[alarm]",)
    assert reader.reasons("楼上好吵", (), "danger", "yes") == ()


def test_file_gives_the_same_reader_back() -> None:
    again = unpacked(packed(tiny(), {"version": 1}))

    assert again.opinion("灯", ("alarm",)) == tiny().opinion("灯", ("alarm",))


@pytest.mark.parametrize("cut", [0, 5, 30, 200, -1])
def test_a_cut_file_is_refused_in_words(cut: int) -> None:
    with pytest.raises(BadModel, match="模型文件"):
        unpacked(packed(tiny(), {})[:cut])


def test_a_longer_or_foreign_file_is_refused() -> None:
    with pytest.raises(BadModel):
        unpacked(packed(tiny(), {}) + b"x")
    with pytest.raises(BadModel):
        unpacked(b"PK\x03\x04" + bytes(400))
