"""Ticket numbers: made, found again, and proof against a slip of the pen."""

import string
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import ticket_numbers as numbers

DAY = datetime(2026, 3, 4, 9, 30)  # noqa: DTZ001  # a local day; only its date is printed
PREFIXES = st.text(string.ascii_uppercase, min_size=1, max_size=4)
SERIALS = st.integers(1, 99_999)
DAYS = st.datetimes(datetime(2026, 1, 1), datetime(2099, 12, 31))  # noqa: DTZ001  # local days


def test_number_tells_station_day_and_serial() -> None:
    made = numbers.make("XH", DAY, 12)

    assert made[:-1] == "XH260304-0012"
    assert made[-1] == numbers.check_letter("XH260304-0012")


@given(PREFIXES, DAYS, SERIALS)
def test_full_number_is_found_again_in_any_case(prefix: str, day: datetime, serial: int) -> None:
    made = numbers.make(prefix, day, serial)

    assert numbers.is_full(made)
    assert numbers.found_in(f"请查 {made.lower()} 谢谢") == [made]


@given(PREFIXES, DAYS, SERIALS, st.data())
def test_one_wrong_digit_never_keeps_its_letter(
    prefix: str, day: datetime, serial: int, data: st.DataObject
) -> None:
    made = numbers.make(prefix, day, serial)
    places = [i for i, c in enumerate(made) if c.isdigit()]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from([d for d in string.digits if d != made[place]]))

    slipped = made[:place] + wrong + made[place + 1 :]

    assert numbers.check_letter(slipped[:-1]) != slipped[-1]


@given(PREFIXES, DAYS, SERIALS, st.data())
def test_two_swapped_neighbours_never_keep_their_letter(
    prefix: str, day: datetime, serial: int, data: st.DataObject
) -> None:
    made = numbers.make(prefix, day, serial)
    pairs = [
        i
        for i in range(len(made) - 2)
        if made[i].isdigit() and made[i + 1].isdigit() and made[i] != made[i + 1]
    ]
    place = data.draw(st.sampled_from(pairs))

    swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]

    assert numbers.check_letter(swapped[:-1]) != swapped[-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("签收 0012", ["0012"], id="short"),
        pytest.param("0012K 到场", ["0012"], id="short_with_letter"),
        pytest.param("0012、0013和0012", ["0012", "0013"], id="several_each_once"),
        pytest.param("xh260304-0012k", ["XH260304-0012K"], id="full_lower_case"),
        pytest.param("XH260304-12345R 和 0013", ["XH260304-12345R", "0013"], id="long_serial"),
        pytest.param("电话13800001111", [], id="inside_a_longer_number"),
        pytest.param("2026-03-04", [], id="a_date"),
        pytest.param("没有号", [], id="none"),
    ],
)
def test_numbers_are_found_where_people_write_them(text: str, expected: list[str]) -> None:
    assert numbers.found_in(text) == expected


@pytest.mark.parametrize("text", ["0012", "XH260304-0012", "XH2603-0012K", "XH260304-0012KK", ""])
def test_part_of_a_number_is_not_a_full_one(text: str) -> None:
    assert not numbers.is_full(text)


@given(st.text())
def test_finding_never_raises(text: str) -> None:
    assert all(
        numbers.is_full(n) or (len(n) == 4 and n.isdecimal()) for n in numbers.found_in(text)
    )
