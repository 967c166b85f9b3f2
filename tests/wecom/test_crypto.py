"""Envelopes: the published vectors, every padding, and garbage of every kind."""

import base64
import json
from xml.parsers.expat import ExpatError

import pytest
import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.crypto import (
    BadBody,
    BadSignature,
    Envelope,
    Stamp,
    encrypted_of_json,
    encrypted_of_xml,
    key_of,
    open_media,
    read_xml,
    unpadded,
)
from tests.wecom.fakes import KEY

LEAK = (
    "<xml><ToUserName>wwcorp1</ToUserName><FromUserName>wg01</FromUserName>"
    "<CreateTime>1700000000</CreateTime><MsgType>text</MsgType>"
    "<Content>3号楼漏水!!!!!!!!!!!!!!!!!!!!!!!!!!</Content><MsgId>42</MsgId><AgentID>7</AgentID></xml>"
)
VECTORS = {
    "echo": (
        "1234567890",
        "wwcorp1",
        "4j/AuRx71kQlxVlzbpsMWCc0j3i77se7U0hKwibkPepo6i83p3uawE4JFjKJWis8BY/GBuEVYYAGzw+nP2lVdA==",
        "e774c55fc2a45bb1c0f878a98243c268402a395e",
    ),
    "robot json": (
        '{"msgid":"M1","msgtype":"text"}',
        "",
        "4j/AuRx71kQlxVlzbpsMWCSNoPpDbs43qMHS7kIm2Hg22irLPqivq3tg/d7FXY2AbHJiiTBXFiPJv6iiRO724g==",
        "ccf221d1ed0303d62eb84ef60d5dcbdf79708caf",
    ),
    "chinese json": (
        '{"msgid":"M2","msgtype":"text","text":{"content":"@小警 有人吵架"}}',
        "",
        "4j/AuRx71kQlxVlzbpsMWCouqNvtmQ2EWPosq0k3MOikeQ3eHuGylrc1Juad0EPsjiZ85H5rmCoyHdG6eFNj/mXV4O"
        "ZPPBuO75BvNJNGnM/eVslDzeKYrdDyCf8VgP2h",
        "9eb6ad7b1d8c6b74a3936788d0347557ea0e4294",
    ),
    "xml with 32 bytes of padding": (
        LEAK,
        "wwcorp1",
        "4j/AuRx71kQlxVlzbpsMWGFPzm6pZXZBh6JGufE7xo7HvQBuFGZbyCn81vKDwWw906LjtutHO0Obpe9iBMvWodmtrM"
        "TGISoo9AUWApRv2xIXflOwLWZa01HFQzKwMu7xzgMaoBqdOmFv97REKGWh6XBoF0oP+LttBADJG/1Q0Qg9mqSqXVuu"
        "gqD3xMBywUoGcpyjDJ2YMrqiraMBz3eXmfYVi7P3VAIw/8sRul5fgfeEpmMYs5RgHJYAU3Os+TIHmFvBa0i3r/EV69"
        "HHMAxhk7p0DYoIEcPATXdM7ZBuaZgsPMrZ7ICtktDEHrBhAkoLXA9hBOb8iNq0vY8WMPdj9zJRWnI4d8KG/k7Kzgpx"
        "jELiXXFCGJ9ATue5OPo1otg2",
        "e86c9ee7c5eb51736678fa1bc36c687ff3921185",
    ),
}


def stamp(signature: str) -> Stamp:
    return Stamp(signature, "1700000000", "n1")


def sealed(plain: bytes) -> str:
    """What a peer would send that encrypts ``plain`` as it is, padding and all."""
    key = key_of(KEY)
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(plain) + cipher.finalize()).decode()


def opened(envelope: Envelope, encrypted: str) -> str:
    signature = envelope.signature("1700000000", "n1", encrypted)
    return envelope.open(stamp(signature), encrypted)


@pytest.mark.parametrize("name", VECTORS)
def test_published_vectors_open(name: str) -> None:
    text, receiver, encrypted, signature = VECTORS[name]

    envelope = Envelope("tok", KEY, receiver)

    assert envelope.signature("1700000000", "n1", encrypted) == signature
    assert envelope.open(stamp(signature), encrypted) == text


def test_published_media_vector_opens_with_and_without_the_equals_sign() -> None:
    cipher = base64.b64decode("0AE4e380HcVl4iG+T9DKIv1FPFMZr+d7LMdZ8qFSTTA=")

    plain = bytes.fromhex("89504e472064656d6f206279746573")

    assert open_media(cipher, KEY) == plain
    assert open_media(cipher, KEY + "=") == plain


@given(text=st.text(max_size=300), receiver=st.sampled_from(["", "wwcorp1"]))
def test_what_we_close_opens_again(text: str, receiver: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    envelope = Envelope("tok", KEY, receiver)

    answer = json.loads(json.dumps(envelope.close(text, "1700000000", "n1")))

    assert envelope.open(stamp(answer["msgsignature"]), answer["encrypt"]) == text
    assert (answer["timestamp"], answer["nonce"]) == (1700000000, "n1")


@pytest.mark.parametrize("pad", range(1, 33))
def test_every_padding_from_1_to_32_opens(pad: int) -> None:
    text = "a" * (64 - 20 - pad)
    plain = b"r" * 16 + len(text).to_bytes(4, "big") + text.encode() + bytes([pad]) * pad

    assert opened(Envelope("tok", KEY, ""), sealed(plain)) == text


@pytest.mark.parametrize(
    "plain",
    [
        pytest.param(b"r" * 16 + b"\0\0\0\x01a" + b"\0" * 11, id="padding of nought"),
        pytest.param(b"r" * 16 + b"\0\0\0\x01a" + b"\x21" * 43, id="padding of 33"),
        pytest.param(b"r" * 16 + b"\0\0\0\x01a" + b"\1" * 10 + b"\x0b", id="uneven padding"),
        pytest.param(b"\x10" * 16, id="only padding"),
        pytest.param(b"r" * 16 + b"\xff\xff\xff\xffa" + b"\x0b" * 11, id="length beyond the end"),
        pytest.param(b"r" * 16 + b"\0\0\0\x02\xff\xfe" + b"\x0a" * 10, id="not utf-8"),
    ],
)
def test_crooked_plaintext_is_a_bad_body(plain: bytes) -> None:
    with pytest.raises(BadBody):
        opened(Envelope("tok", KEY, ""), sealed(plain))


def test_envelope_of_another_receiver_is_a_bad_body() -> None:
    _, _, encrypted, signature = VECTORS["echo"]

    with pytest.raises(BadBody, match="another receiver"):
        Envelope("tok", KEY, "wwother").open(stamp(signature), encrypted)


@pytest.mark.parametrize("signature", ["", "0" * 40, "É" * 40, "\ud800"])
def test_wrong_signature_is_refused_before_anything_is_opened(signature: str) -> None:
    with pytest.raises(BadSignature):
        Envelope("tok", KEY, "").open(stamp(signature), "not even base64")


@given(st.text(max_size=80))
def test_signed_garbage_is_a_bad_body(garbage: str) -> None:
    envelope = Envelope("tok", KEY, "")
    encrypted = garbage.encode("utf-8", "replace").decode()

    with pytest.raises(BadBody):
        opened(envelope, encrypted)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<xml>",
        b"<xml></xml>",
        b"<a><Encrypt>x</Encrypt></a>",
        b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
        b"\xff\xfe<xml/>",
        b"plain words",
        b"<a>" * 20_000,
    ],
)
def test_broken_outer_xml_is_a_bad_body(body: bytes) -> None:
    with pytest.raises(BadBody):
        encrypted_of_xml(body)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"7", b'{"encrypt":7}', b"{}", b"\xff", b"[" * 100_000, b'{"encrypt"']
)
def test_broken_outer_json_is_a_bad_body(body: bytes) -> None:
    with pytest.raises(BadBody):
        encrypted_of_json(body)


def test_entity_bomb_is_a_bad_body() -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
        "<xml><MsgType>&b;</MsgType></xml>"
    )

    with pytest.raises(BadBody):
        read_xml(bomb)


_WORDS = st.text("<>&;]![CDATA-\"'?/x 人\t\n\x00\ud800:#", max_size=40)
_PIECES = st.one_of(
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["A", "B", "C:d", "人"]), _WORDS),
    st.builds("<A><![CDATA[{}]]></A>".format, _WORDS),
    st.sampled_from(["<A/>", "<A b='1'>x</A>", "<A><B>1</B></A>", "<!--x-->", "<?x y?>", " ", "x"]),
)


@given(st.lists(_PIECES, max_size=5), st.sampled_from(["xml", "other", "xml xmlns='u'"]))
def test_quick_way_through_a_letter_is_xmltodicts(pieces: list[str], root: str) -> None:
    text = f"<{root}>{''.join(pieces)}</{root.split()[0]}>"
    try:
        slow = xmltodict.parse(text)["xml"]
    except (ExpatError, ValueError, KeyError):
        slow = None

    try:
        found = read_xml(text)
    except BadBody:
        assert not isinstance(slow, dict)
    else:
        assert found == slow


def test_robot_body_may_spell_encrypt_with_a_capital() -> None:
    assert encrypted_of_json(b'{"Encrypt":"abc"}') == "abc"


@pytest.mark.parametrize("key", ["", "short", KEY[:-1], KEY + "A", "*" * 43])
def test_wrong_key_length_is_a_value_error_of_the_settings(key: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Envelope("tok", key, "")


@pytest.mark.parametrize("data", [b"", b"short", b"x" * 48])
def test_media_that_does_not_fit_its_key_is_a_bad_body(data: bytes) -> None:
    with pytest.raises(BadBody):
        open_media(data, KEY)
    with pytest.raises(BadBody):
        open_media(data, "no key")


def test_unpadding_needs_something() -> None:
    with pytest.raises(BadBody):
        unpadded(b"")
