"""The masking guarantee: no valid personal number survives, whatever stands around it."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.privacy import has_luhn, mask, reveals
from bot.domain.words import normalise
from tests.domain.spent import ALLOWED, steps_per_character

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_AROUND = st.text(alphabet="我的电话是住在楼上,。!? 家里有人打架\n😀\u200b", max_size=30)
_HEAVY = [
    "1",
    "13900",
    "+1",
    "+" + "1" * 30,
    "00",
    "(0",
    "a.",
    "a@",
    "京A",
    "12-34-",
    "电话1",
    "一三",
    "一",
]


def _id_number(area: int, year: int, month: int, day: int, serial: int) -> str:
    body = f"{area:06d}{year:04d}{month:02d}{day:02d}{serial:03d}"
    total = sum(int(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def _card(body: int) -> str:
    return next(f"62{body:013d}{check}" for check in range(10) if has_luhn(f"62{body:013d}{check}"))


_PHONES = st.integers(13_000_000_000, 19_999_999_999).map(str)
_IDS = st.builds(
    _id_number,
    st.integers(110_000, 659_999),
    st.integers(1930, 2020),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(1, 999),
)
_CARDS = st.integers(0, 10**13 - 1).map(_card)
_PLATES = st.builds(
    "{}{}{}".format,
    st.sampled_from("京津冀苏浙皖鄂湘粤川陕"),
    st.sampled_from("ABCDEFGH"),
    st.integers(10_000, 99_999).map(str) | st.integers(10_000, 99_999).map("D{}".format),
)
_MAILS = st.builds(
    "{}@{}.{}".format,
    st.from_regex(r"[a-z][a-z0-9._]{1,10}[a-z0-9]", fullmatch=True),
    st.from_regex(r"[a-z0-9]{2,8}", fullmatch=True),
    st.sampled_from(("com", "cn", "com.cn", "net")),
)
_SECRETS = _PHONES | _IDS | _CARDS | _PLATES | _MAILS


@given(before=_AROUND, secret=_SECRETS, after=_AROUND)
def test_no_personal_number_survives(before: str, secret: str, after: str) -> None:
    masked = mask(f"{before}{secret}{after}")

    assert secret not in masked
    assert secret.lower() not in normalise(masked).text


@given(before=st.text(max_size=20), phone=_PHONES, after=st.text(max_size=20))
def test_no_phone_survives_between_any_words(before: str, phone: str, after: str) -> None:
    near = normalise(before).text[-1:] + normalise(after).text[:1]
    assume(not any(char.isdigit() for char in near))
    assume(phone not in before + after)

    assert phone not in mask(f"{before}{phone}{after}")


@given(
    phone=_PHONES,
    gap=st.sampled_from((" ", "-", "—", "·", ".")),
    at=st.sampled_from(((3, 7), (3, 6), (4, 8))),
)
def test_a_phone_cut_into_groups_is_masked(phone: str, gap: str, at: tuple[int, int]) -> None:
    cut = gap.join((phone[: at[0]], phone[at[0] : at[1]], phone[at[1] :]))

    assert cut not in mask(f"打我电话 {cut} 谢谢")


@given(
    phone=_PHONES,
    spelling=st.sampled_from(
        ("０１２３４５６７８９", "零一二三四五六七八九", "〇幺二三四五六七八九")
    ),
)
def test_a_phone_in_other_digits_is_masked(phone: str, spelling: str) -> None:
    said = phone.translate(str.maketrans("0123456789", spelling))

    assert said not in mask(f"联系{said}")
    assert "手机号" in reveals(f"联系{said}")


@given(
    text=st.text(max_size=200) | st.text(alphabet="0123456789 -+()@.京A苏x电话号一三", max_size=80)
)
def test_masking_never_raises_and_is_final(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(
    building=st.integers(1, 199),
    unit=st.integers(1, 12),
    floor=st.integers(1, 33),
    door=st.integers(1, 9),
)
def test_a_door_is_never_masked(building: int, unit: int, floor: int, door: int) -> None:
    for text in (
        f"{building}-{unit}-{floor}0{door}漏水",
        f"{building}栋{unit}单元{floor}0{door}",
        f"文昌路{building * 7}号{building}幢{floor}0{door}室",
        f"电话没人接,去{building}-{unit}-{floor}0{door}看看",
    ):
        assert mask(text) == text


def test_what_only_looks_alike_stays() -> None:
    for text in (
        "2026-11-22 10:30:15",
        "20261122",
        "单号0012",
        "编号260304-0012K",
        "拨过12345了",
        "一共76000000元",
    ):
        assert mask(text) == text


def test_a_normal_text_at_hand_gives_the_same() -> None:
    text = "我电话１３９-0000-5678"

    assert mask(text, normalise(text)) == mask(text)
    assert not re.search("0000", mask(text))


@pytest.mark.serial
@pytest.mark.parametrize("piece", _HEAVY)
def test_time_stays_within_the_allowance(piece: str) -> None:
    assert steps_per_character(mask, (piece * 1000)[:1000]) < ALLOWED


@pytest.mark.serial
@given(piece=st.text(alphabet="0123456789 -+()@.京Ax电话号一三", min_size=1, max_size=12))
def test_no_repeated_piece_is_slow(piece: str) -> None:
    assert steps_per_character(mask, (piece * 1000)[:1000]) < ALLOWED
