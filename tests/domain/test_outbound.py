"""The last look at what leaves: nothing personal reaches a group, published numbers survive."""

import re
import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import outbound
from config.load import load_rules
from tests.config.sites import SAMPLE

RULES = load_rules(SAMPLE)
PUBLISHED = outbound.published(RULES)
NUMBER = "XH260304-0012R"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _with_check(body: str) -> str:
    total = sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


DIGITS = st.text(string.digits, min_size=8, max_size=8)
PHONES = st.builds(lambda head, tail: f"1{head}{tail}", st.sampled_from(["38", "59", "77"]), DIGITS)
BIRTHDAYS = st.dates(date(1900, 1, 1), date(2025, 12, 31))
IDS = BIRTHDAYS.map(lambda day: _with_check(f"110101{day:%Y%m%d}123"))
AROUND = st.text(st.sampled_from("请找王阿姨，电话是:。在楼下 "), max_size=8)


def test_published_phones_are_those_of_the_station_and_of_the_departments() -> None:
    departments = {department.phone for department in RULES.divert.departments}

    assert departments < PUBLISHED
    assert {RULES.station.room_phone, RULES.station.care_phone} < PUBLISHED


@given(PHONES, AROUND, AROUND)
def test_no_mobile_phone_reaches_a_group(phone: str, before: str, after: str) -> None:
    said = outbound.for_group(f"{before}{phone}{after}", PUBLISHED)

    assert phone not in said


@given(IDS, AROUND, AROUND)
def test_no_identity_number_reaches_a_group(number: str, before: str, after: str) -> None:
    said = outbound.for_group(f"{before}{number}{after}", PUBLISHED)

    assert number not in said


@given(st.sampled_from(sorted(PUBLISHED)), AROUND, AROUND)
def test_published_phone_survives(phone: str, before: str, after: str) -> None:
    said = outbound.for_group(f"{before}请打{phone}，{after}", PUBLISHED)

    assert phone in said


@pytest.mark.parametrize("inside", sorted(p for p in PUBLISHED if p.isdigit()))
def test_published_number_inside_a_mobile_number_does_not_save_it(inside: str) -> None:
    phone = f"139{inside}".ljust(11, "7")

    for typed in (phone, f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"{phone[:3]}-{phone[3:]}"):
        said = outbound.for_group(f"打{typed}找他", PUBLISHED)

        assert typed not in said
        assert "*" in said


def test_published_number_with_other_figures_beside_it_is_no_published_number() -> None:
    said = outbound.for_group("他的号是138 12356 789", PUBLISHED)

    assert "138 12356 789" not in said


@pytest.mark.parametrize(
    "room",
    [
        "5栋2单元301",
        "5栋2单元301室",
        "5号楼301",
        "３号楼２单元５０１室",
        "5栋18楼",
        "5栋3层302",
        "五栋二单元三零一",
        "二单元三楼",
        "2单元301",
        "5-2-301",
        "301室",
        "12#1502",
    ],
)
def test_no_room_reaches_a_group(room: str) -> None:
    said = outbound.for_group(f"桂花苑{room}有人吵架", PUBLISHED)

    assert said == "桂花苑（门牌略）有人吵架"


@pytest.mark.parametrize(
    "text",
    [
        f"收到，记下了，编号{NUMBER}，已转给桂花社区警务室。",
        "收到，记下了，编号0012，已转给桂花社区警务室。",
        "桂花苑5号楼着火，请马上打119。",
        "今天18:00前给您回音，3月7日17:30",
        "2026-03-04开始停水，共320户",
        "如果有人心里过不去，请马上打110，或打12356，有人听着。",
        "",
    ],
)
def test_what_a_group_may_hear_is_left_as_it_is(text: str) -> None:
    assert outbound.for_group(text, PUBLISHED) == text


def test_plate_hidden_beside_a_ticket_number_that_stays() -> None:
    said = outbound.for_group(f"{NUMBER}：京A12345挡住了消防通道", PUBLISHED)

    assert said.startswith(NUMBER)
    assert "京A12345" not in said


def test_site_without_published_phones_still_hides() -> None:
    said = outbound.for_group(f"{NUMBER} 13800001111", frozenset())

    assert said == f"{NUMBER} 138****1111"


@given(st.text() | st.text(st.sampled_from("\ue000\ue0010123456789-单元栋室 XH"), max_size=30))
def test_filter_never_raises_and_a_second_look_changes_nothing(text: str) -> None:
    once = outbound.for_group(text, PUBLISHED)

    assert outbound.for_group(once, PUBLISHED) == once
    assert not re.search("[\ue000\ue001]", once)


@pytest.mark.parametrize("listener", [outbound.for_reporter, outbound.for_public_result])
def test_reporter_hears_no_number_and_no_room_of_the_other_side(listener: object) -> None:
    assert callable(listener)

    said = listener(f"{NUMBER}：已到5栋2单元301找13800001111谈过，也可打12356", PUBLISHED)

    assert said == f"{NUMBER}：已到（门牌略）找138****1111谈过，也可打12356"
