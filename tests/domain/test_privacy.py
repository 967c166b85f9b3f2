"""Masking: every personal number is starred, no house or room number is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.privacy import has_id_checksum, has_luhn, mask, reveals

_ID = "11010519491231002X"  # the worked example of GB 11643, nobody's number
_HIDDEN = [
    ("我电话13900005678", "13900005678", "手机号"),
    ("电话139 0000 5678", "139 0000 5678", "手机号"),
    ("电话139-0000-5678", "139-0000-5678", "手机号"),
    ("+86 13900005678", "13900005678", "手机号"),
    ("１３９００００５６７８", "１３９００００５６７８", "手机号"),
    ("139\u200b00005678", "00005678", "手机号"),
    ("打一三九零零零零五六七八", "零零零零五六", "手机号"),
    (f"身份证{_ID}", _ID, "身份证号"),
    (f"身份证{_ID.lower()}丢了", _ID.lower(), "身份证号"),
    ("老证110105491231002", "110105491231002", "身份证号"),
    ("卡号4111 1111 1111 1111", "4111 1111 1111 1111", "银行卡号"),
    ("0000-1110110不是,021-55550123才是", "021-55550123", "电话号码"),
    ("致电400-800-1234", "400-800-1234", "电话号码"),
    ("车牌苏A12345", "苏A12345", "车牌号"),
    ("京AD12345新能源", "京AD12345", "车牌号"),
    ("邮箱zhang.san@example.com", "zhang.san@example.com", "邮箱"),
]


@pytest.mark.parametrize(("text", "secret", "kind"), _HIDDEN, ids=[h[0] for h in _HIDDEN])
def test_personal_number_is_hidden(text: str, secret: str, kind: str) -> None:
    masked = mask(text)

    assert secret not in masked
    assert "*" in masked
    assert kind in reveals(text)


@pytest.mark.parametrize(
    "text",
    [
        "我住3-2-501",
        "12幢1单元1204室",
        "2026年3月4日09:00",
        "欠我30000块",
        "单号0012",
        "打110和12345",
        "文昌路1188号",
        "浙江省文昌路18号3栋",
    ],
)
def test_house_numbers_stay(text: str) -> None:
    assert mask(text) == text
    assert reveals(text) == ()


@given(before=st.text(max_size=20), middle=st.integers(0, 99_999_999), after=st.text(max_size=20))
def test_a_phone_between_other_words_never_survives(before: str, middle: int, after: str) -> None:
    phone = f"139{middle:08d}"

    text = f"{before} 电话{phone}。{after}"

    assert phone not in mask(text).replace(before, "").replace(after, "") or phone in before + after


@given(text=st.text(alphabet="0123456789 -+()*@.京A苏x电", max_size=60))
def test_nothing_is_left_to_reveal_after_masking(text: str) -> None:
    assert reveals(mask(text)) == ()


def test_checksums() -> None:
    assert has_id_checksum(_ID)
    assert not has_id_checksum("110105194912310021")
    assert not has_id_checksum("123")
    assert has_luhn("4111111111111111")
    assert not has_luhn("4111111111111112")
