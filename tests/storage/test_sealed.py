"""Sealed text: what is closed opens only for its own row, and lookup keys cannot be turned back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.faults import StartupFault
from storage.sealed import Seal, SealBroken

OLD, NEW, HMAC = b"o" * 32, b"n" * 32, b"h" * 32
SECRET = "季阿姨 13900000000"
ROW = "inbox.payload:aibot:88"


@pytest.fixture
def seal() -> Seal:
    return Seal({"k1": OLD, "k2": NEW}, "k2", HMAC)


@given(text=st.text(st.characters()), about=st.text(st.characters()))
def test_what_was_closed_opens_again_whatever_it_says(text: str, about: str) -> None:
    seal = Seal({"k1": OLD}, "k1", HMAC)

    assert seal.open(seal.close(text, about), about) == text


def test_half_an_emoji_is_sealed_like_anything_else(seal: Seal) -> None:
    assert seal.open(seal.close("快来\ud83d", ROW), ROW) == "快来\ud83d"
    assert seal.text_key("\ud83d") != seal.person_key("\ud83d")


def test_value_names_version_and_key_and_hides_the_text(seal: Seal) -> None:
    value = seal.close(SECRET, ROW)

    *front, body = value.split(".")
    assert front == ["v1", "k2"]
    assert len(body) == -(-(12 + len(SECRET.encode()) + 16) * 4 // 3)
    assert value.isascii()


def test_same_text_never_seals_to_the_same_value(seal: Seal) -> None:
    assert len({seal.close(SECRET, ROW) for _ in range(100)}) == 100


def test_value_copied_to_another_row_does_not_open(seal: Seal) -> None:
    value = seal.close(SECRET, ROW)

    with pytest.raises(SealBroken, match="k2"):
        seal.open(value, "inbox.payload:aibot:89")


def test_any_changed_character_is_noticed_without_showing_the_text(seal: Seal) -> None:
    value = seal.close(SECRET, ROW)

    for at in range(len("v1.k2."), len(value) - 1):
        swapped = value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :]
        padded = value[:at] + "!!!!" + value[at:]
        with pytest.raises(SealBroken) as broken:
            seal.open(swapped, ROW)
        assert SECRET not in str(broken.value)
        with pytest.raises(SealBroken):
            seal.open(padded, ROW)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(SECRET, id="clear text"),
        pytest.param("", id="nothing"),
        pytest.param("v1.k2", id="no body"),
        pytest.param("v1.k2.", id="empty body"),
        pytest.param("v1.k2.AAAA", id="shorter than a nonce"),
        pytest.param("v1.k2.季阿姨", id="not base64url"),
        pytest.param("v2.k2.AAAA", id="unknown version"),
        pytest.param(f"v1.{SECRET}.AAAA", id="text where the key id stands"),
    ],
)
def test_what_is_no_sealed_value_is_broken_and_not_repeated(seal: Seal, value: str) -> None:
    with pytest.raises(SealBroken) as broken:
        seal.open(value, ROW)

    assert "季阿姨" not in str(broken.value)
    assert "13900000000" not in str(broken.value)


def test_unknown_key_is_named(seal: Seal) -> None:
    value = Seal({"k9": b"9" * 32}, "k9", HMAC).close(SECRET, ROW)

    with pytest.raises(SealBroken, match="k9"):
        seal.open(value, ROW)
    with pytest.raises(SealBroken, match="k9"):
        seal.needs_rotation(value)


def test_rotation_moves_old_values_to_the_current_key_and_leaves_new_ones(seal: Seal) -> None:
    old = Seal({"k1": OLD}, "k1", HMAC).close(SECRET, ROW)

    moved = seal.reseal(old, ROW)

    assert seal.needs_rotation(old)
    assert not seal.needs_rotation(moved)
    assert Seal({"k2": NEW}, "k2", HMAC).open(moved, ROW) == SECRET
    assert seal.reseal(moved, ROW) == moved


def test_new_key_closes_and_old_keys_still_open(seal: Seal) -> None:
    rotated = seal.with_new_key()

    assert rotated.open(seal.close(SECRET, ROW), ROW) == SECRET
    assert rotated.needs_rotation(seal.close(SECRET, ROW))
    assert rotated.current not in seal.keys
    assert rotated.person_key("wm_ji") == seal.person_key("wm_ji")


def test_lookup_keys_find_the_same_person_and_tell_people_apart(seal: Seal) -> None:
    key = seal.person_key("wm_ji")

    assert key == seal.person_key("wm_ji")
    assert key != seal.person_key("wm_Ji")
    assert key != seal.text_key("wm_ji")
    assert len(bytes.fromhex(key)) == 16


def test_lookup_key_needs_the_separate_key_and_not_the_sealing_keys(seal: Seal) -> None:
    assert Seal({"k9": b"9" * 32}, "k9", HMAC).text_key("a") == seal.text_key("a")
    assert Seal(seal.keys, "k2", b"x" * 32).text_key("a") != seal.text_key("a")


def test_lookup_key_of_a_text_ignores_only_white_space_around_and_its_amount(seal: Seal) -> None:
    assert seal.text_key("  3 栋\u3000 路灯\n不亮\t") == seal.text_key("3 栋 路灯 不亮")
    assert seal.text_key("3 栋") != seal.text_key("3栋")


def test_printed_seal_shows_no_key(seal: Seal) -> None:
    assert repr(seal) == "Seal(current='k2')"


def test_keys_of_a_seal_do_not_change_behind_its_back() -> None:
    keys = {"k1": OLD}
    seal = Seal(keys, "k1", HMAC)

    keys["k1"] = NEW

    assert seal.keys["k1"] == OLD


@pytest.mark.parametrize(
    ("keys", "current", "hmac_key", "says"),
    [
        pytest.param({"K.1": OLD}, "K.1", HMAC, "编号只能", id="id with a dot"),
        pytest.param({"k1": b"short"}, "k1", HMAC, "k1 长度", id="short key"),
        pytest.param({"k1": OLD}, "k2", HMAC, "当前密钥", id="current key missing"),
        pytest.param({}, "k2", HMAC, "当前密钥", id="no key"),
        pytest.param({"k1": OLD}, "k1", b"short", "检索密钥", id="short lookup key"),
        pytest.param({"k1": OLD}, "k1", OLD, "检索密钥", id="lookup key used twice"),
    ],
)
def test_unfit_keys_are_refused_at_start(
    keys: dict[str, bytes], current: str, hmac_key: bytes, says: str
) -> None:
    with pytest.raises(StartupFault, match=says):
        Seal(keys, current, hmac_key)


def test_settings_form_brings_the_same_seal_back(seal: Seal) -> None:
    keys, current, hmac_key = seal.env_form()

    again = Seal.from_env_form(f" {keys.replace(',', ' , ')} ,", current, hmac_key + "=")

    assert again.open(seal.close(SECRET, ROW), ROW) == SECRET
    assert again.person_key("wm_ji") == seal.person_key("wm_ji")
    assert not again.needs_rotation(seal.close(SECRET, ROW))


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        pytest.param("k1", "长度", id="id without key"),
        pytest.param("k1:密钥", "格式不对", id="not base64url"),
        pytest.param("k1:A", "格式不对", id="cut off"),
        pytest.param("k1:AAAA,k1:BBBB", "相同的编号", id="id used twice"),
        pytest.param("", "当前密钥", id="empty"),
    ],
)
def test_faulty_settings_form_says_what_is_wrong_without_the_keys(keys: str, says: str) -> None:
    with pytest.raises(StartupFault, match=says) as fault:
        Seal.from_env_form(keys, "k1", "aGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGg")

    assert "密钥:" not in str(fault.value)
    assert "AAAA" not in str(fault.value)


def test_generated_seals_share_no_key() -> None:
    one, two = Seal.generate(), Seal.generate()

    assert not {*one.keys.values(), one.hmac_key} & {*two.keys.values(), two.hmac_key}
