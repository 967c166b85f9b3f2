"""Our envelope and the simulator's against WeCom's own crypto package, both ways."""

import random
from pathlib import Path

import pytest

from bot.wecom import crypto as ours
from simulator import crypto as theirs
from tests.interop.official import official_crypto

pytestmark = pytest.mark.slow

TOKEN = "tok"
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
STAMP, NONCE = "1700000000", "n1"
RECEIVERS = ("", "wwcorp1")


def texts() -> list[str]:
    """Texts of every length modulo 32, of one to four bytes a character, from a fixed seed."""
    letters = random.Random(20260304)  # noqa: S311 - a reproducible sample, not a secret
    alphabet = "a1 <>&]]>\n\t李楼𠮷😀\u200b\u00e9"
    every_pad = ["x" * length for length in range(64)]
    mixed = ["".join(letters.choices(alphabet, k=letters.randrange(300))) for _ in range(60)]
    return every_pad + mixed + ['{"msgid":"M1"}', "<xml><Content>3号楼</Content></xml>"]


@pytest.mark.parametrize("receiver", RECEIVERS, ids=["robot", "app"])
async def test_what_the_official_package_encrypts_we_open(node: Path, receiver: str) -> None:
    asked = [{"do": "encrypt", "key": KEY, "text": text, "receiveid": receiver} for text in texts()]

    sealed = await official_crypto(node, [dict(request) for request in asked])
    signed = await official_crypto(
        node,
        [
            {"do": "sign", "token": TOKEN, "timestamp": STAMP, "nonce": NONCE, "encrypt": encrypt}
            for encrypt in sealed
        ],
    )

    envelope = ours.Envelope(TOKEN, KEY, receiver)
    simulated = theirs.Envelope(TOKEN, KEY, receiver)
    for text, encrypt, signature in zip(texts(), sealed, signed, strict=True):
        assert envelope.open(ours.Stamp(signature, STAMP, NONCE), encrypt) == text
        assert simulated.open_signed(encrypt, signature, STAMP, NONCE) == text


@pytest.mark.parametrize("receiver", RECEIVERS, ids=["robot", "app"])
async def test_what_we_encrypt_the_official_package_opens(node: Path, receiver: str) -> None:
    envelope = ours.Envelope(TOKEN, KEY, receiver)
    simulated = theirs.Envelope(TOKEN, KEY, receiver)
    answers = [envelope.close(text, STAMP, NONCE) for text in texts()]
    posted = [simulated.encrypt(text) for text in texts()]
    sealed = [str(answer["encrypt"]) for answer in answers]

    opened = await official_crypto(
        node, [{"do": "decrypt", "key": KEY, "encrypt": encrypt} for encrypt in sealed + posted]
    )
    signed = await official_crypto(
        node,
        [
            {"do": "sign", "token": TOKEN, "timestamp": STAMP, "nonce": NONCE, "encrypt": encrypt}
            for encrypt in sealed + posted
        ],
    )

    assert opened == [{"text": text, "receiveid": receiver} for text in texts() * 2]
    ours_signed = [answer["msgsignature"] for answer in answers]
    assert signed == ours_signed + [simulated.sign(STAMP, NONCE, encrypt) for encrypt in posted]
