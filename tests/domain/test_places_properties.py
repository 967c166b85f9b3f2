"""The place grammar on any text: never raises, never slow, blind to how digits are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.places import find_place
from bot.domain.words import normalise
from tests.domain.spent import ALLOWED, steps_per_character

_SIGNS = (
    "0123456789零一二三四五六七八九十百栋幢座楼层单元室号弄路街村组苑#-—/ .,:a甲东不是元年月日f"
)
_HEAVY = [
    "3-2-501",
    "1号",
    "文昌路1",
    "一" * 9,
    "1-",
    "甲",
    "东",
    "a1",
    "1 ",
    "号楼",
    "12幢",
    "00",
    "+1",
]


def _read(text: str) -> object:
    return find_place(text, None, ("东门", "广场"))


@given(text=st.text(max_size=200) | st.text(alphabet=_SIGNS, max_size=120))
def test_any_text_is_read_without_error(text: str) -> None:
    place = find_place(normalise(text).text, None, ("东门",))

    assert find_place(normalise(text).text, None, ("东门",)) == place


@given(
    building=st.integers(1, 199),
    unit=st.integers(1, 12),
    floor=st.integers(1, 33),
    door=st.integers(1, 9),
)
def test_every_door_is_found_in_all_of_its_spellings(
    building: int, unit: int, floor: int, door: int
) -> None:
    room = f"{floor}0{door}"
    for text in (
        f"{building}-{unit}-{room}",
        f"{building}栋{unit}单元{room}",
        f"{building}号楼{unit}单元{room}室",
        f"{building}#{unit}单元{room}",
        f"住{building}幢{unit}单元{floor}楼{room}",
    ):
        place = find_place(f"救命 {text} 有人打架", None, ())
        assert (place.building, place.unit, place.room) == (str(building), str(unit), room)


@pytest.mark.serial
@pytest.mark.parametrize("piece", _HEAVY)
def test_time_stays_within_the_allowance(piece: str) -> None:
    text = (piece * 1000)[:1000]

    assert steps_per_character(_read, text) < ALLOWED


@pytest.mark.serial
@given(piece=st.text(alphabet=_SIGNS, min_size=1, max_size=12))
def test_no_repeated_piece_is_slow(piece: str) -> None:
    assert steps_per_character(_read, (piece * 1000)[:1000]) < ALLOWED
