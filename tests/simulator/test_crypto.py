import base64

import pytest
from wechatpy.enterprise.crypto import WeChatCrypto

from simulator.crypto import BadCipher, Envelope, decrypt_bytes, encrypt_bytes, key_of, pad, unpad
from tests.simulator.corp import APP_KEY, APP_TOKEN, CORP

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
RANDOM = b"0123456789abcdef"
XML = (
    "<xml><ToUserName>wwcorp1</ToUserName><FromUserName>wg01</FromUserName>"
    "<CreateTime>1700000000</CreateTime><MsgType>text</MsgType>"
    "<Content>3号楼漏水!!!!!!!!!!!!!!!!!!!!!!!!!!</Content><MsgId>42</MsgId>"
    "<AgentID>7</AgentID></xml>"
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
    "padding of exactly 32": (
        XML,
        "wwcorp1",
        "4j/AuRx71kQlxVlzbpsMWGFPzm6pZXZBh6JGufE7xo7HvQBuFGZbyCn81vKDwWw906LjtutHO0Obpe9iBMvWodmt"
        "rMTGISoo9AUWApRv2xIXflOwLWZa01HFQzKwMu7xzgMaoBqdOmFv97REKGWh6XBoF0oP+LttBADJG/1Q0Qg9mqSq"
        "XVuugqD3xMBywUoGcpyjDJ2YMrqiraMBz3eXmfYVi7P3VAIw/8sRul5fgfeEpmMYs5RgHJYAU3Os+TIHmFvBa0i3"
        "r/EV69HHMAxhk7p0DYoIEcPATXdM7ZBuaZgsPMrZ7ICtktDEHrBhAkoLXA9hBOb8iNq0vY8WMPdj9zJRWnI4d8KG"
        "/k7KzgpxjELiXXFCGJ9ATue5OPo1otg2",
        "e86c9ee7c5eb51736678fa1bc36c687ff3921185",
    ),
    "chinese json": (
        '{"msgid":"M2","msgtype":"text","text":{"content":"@小警 有人吵架"}}',
        "",
        "4j/AuRx71kQlxVlzbpsMWCouqNvtmQ2EWPosq0k3MOikeQ3eHuGylrc1Juad0EPsjiZ85H5rmCoyHdG6eFNj/mXV"
        "4OZPPBuO75BvNJNGnM/eVslDzeKYrdDyCf8VgP2h",
        "9eb6ad7b1d8c6b74a3936788d0347557ea0e4294",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_every_vector_is_made_and_opened(name: str) -> None:
    text, receiveid, encrypt, signed = VECTORS[name]
    envelope = Envelope("tok", KEY, receiveid)

    assert envelope.encrypt(text, RANDOM) == encrypt
    assert envelope.sign("1700000000", "n1", encrypt) == signed
    assert envelope.open_signed(encrypt, signed, "1700000000", "n1") == text


def test_media_vector_is_made_and_opened() -> None:
    plain = bytes.fromhex("89504e472064656d6f206279746573")
    sealed = encrypt_bytes(key_of(KEY), plain)

    assert base64.b64encode(sealed) == b"0AE4e380HcVl4iG+T9DKIv1FPFMZr+d7LMdZ8qFSTTA="
    assert decrypt_bytes(key_of(KEY), sealed) == plain


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 31, 32, 33])
def test_trap_05_padding_runs_to_32(size: int) -> None:
    padded = pad(b"x" * size)

    assert len(padded) % 32 == 0
    assert 1 <= padded[-1] <= 32
    assert unpad(padded) == b"x" * size


@pytest.mark.parametrize("raw", [b"", b"x" * 31 + b"\x00", b"x" * 31 + b"\x21", b"ab\x02\x03"])
def test_trap_05_wrong_padding_is_refused(raw: bytes) -> None:
    with pytest.raises(BadCipher):
        unpad(raw)


def test_trap_05_another_receiver_is_refused() -> None:
    encrypt = Envelope("tok", KEY, "other").encrypt("hello")

    with pytest.raises(BadCipher, match="receiveid"):
        Envelope("tok", KEY, "mine").decrypt(encrypt)


def test_wrong_signature_is_refused() -> None:
    envelope = Envelope("tok", KEY, "")

    with pytest.raises(BadCipher, match="signature"):
        envelope.open_signed(envelope.encrypt("hello"), "0" * 40, "1", "n")


def test_a_foreign_library_opens_what_we_seal() -> None:
    envelope = Envelope(APP_TOKEN, APP_KEY, CORP)
    encrypt = envelope.encrypt("<xml><MsgType>text</MsgType></xml>")
    signed = envelope.sign("1700000000", "n1", encrypt)

    opened = WeChatCrypto(APP_TOKEN, APP_KEY, CORP).decrypt_message(
        {"Encrypt": encrypt}, signed, "1700000000", "n1"
    )

    assert "<MsgType>text</MsgType>" in (opened if isinstance(opened, str) else opened.decode())
