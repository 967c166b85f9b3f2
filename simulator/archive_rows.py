"""The archive's rows (会话存档): sealed as WeCom seals them, laid where the C stand-in looks.

RSA is done for real: 2048 bits, PKCS#1 v1.5, one key pair for each version, the private halves as
``keys/<version>.pem`` for the bot. What DecryptData does is not public, so the inner cipher is a
toy that only this file and ``archive_standin.c`` know. Called by `archive_control.py`; the tests
of the archive use it without a simulator.
"""

import base64
import json
import shutil
import struct
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from simulator.world import Json

_MASK = (1 << 64) - 1


@dataclass
class ArchiveRows:
    """What one corp's archive holds; ``folder`` is what the stand-in reads, ``keys`` the bot."""

    folder: Path
    keys: Path
    account: str
    seq: int = 100
    version: int = 1
    _private: dict[int, rsa.RSAPrivateKey] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the folders and the first key pair."""
        (self.folder / "media").mkdir(parents=True, exist_ok=True)
        self.keys.mkdir(parents=True, exist_ok=True)
        (self.folder / "account").write_text(self.account, encoding="utf-8")
        self.new_key(self.version)

    def new_key(self, version: int, *, told: bool = True) -> None:
        """A new key pair is in force; the bot knows its private half when it is ``told``."""
        self.version = version
        self._private[version] = _rsa(version)
        if told:
            self.hand_over(version)

    def hand_over(self, version: int) -> None:
        """The private half of that version lies in the bot's folder from now on."""
        pem = self._private[version].private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        (self.keys / f"{version}.pem").write_bytes(pem)

    def archives(self, body: Json, msgid: str, **changes: object) -> int:
        """A row of any shape enters the archive; its seq. ``changes`` spoil the sealed item."""
        self.seq += 1
        key = f"random-key-{self.seq}"
        sealed = self._private[self.version].public_key().encrypt(key.encode(), PKCS1v15())
        item = {
            "seq": self.seq,
            "msgid": msgid,
            "publickey_ver": self.version,
            "encrypt_random_key": base64.b64encode(sealed).decode(),
            "encrypt_chat_msg": sealed_body(key, json.dumps(body, ensure_ascii=False).encode()),
            **changes,
        }
        with (self.folder / "rows").open("a", encoding="utf-8") as file:
            file.write(f"{self.seq} {json.dumps(item)}\n")
        return self.seq

    def keep_file(self, file_id: str, data: bytes) -> None:
        """A file that GetMediaData hands out under this ``sdkfileid``."""
        (self.folder / "media" / file_id).write_bytes(data)

    def stumble(self, name: str, what: int | str) -> None:
        """The next call (``fail_page``, ``fail_media``, ``answer``) goes wrong in this way."""
        (self.folder / name).write_text(str(what), encoding="utf-8")

    def empty(self) -> None:
        """Forget every row and file; numbers go on."""
        (self.folder / "rows").unlink(missing_ok=True)
        shutil.rmtree(self.folder / "media")
        (self.folder / "media").mkdir()


def sealed_body(key: str, plain: bytes) -> str:
    """``plain`` as only DecryptData of the stand-in opens it."""
    total = 2166136261
    for byte in plain:
        total = ((total ^ byte) * 16777619) & 0xFFFFFFFF
    state = 1469598103934665603
    for byte in key.encode():
        state = ((state ^ byte) * 1099511628211) & _MASK
    state |= 1
    out = bytearray()
    for byte in struct.pack("<I", total) + plain:
        state ^= (state << 13) & _MASK
        state ^= state >> 7
        state ^= (state << 17) & _MASK
        out.append(byte ^ (state >> 24 & 0xFF))
    return base64.b64encode(bytes(out)).decode()


@cache
def _rsa(version: int) -> rsa.RSAPrivateKey:
    """Made once per version and process: making one takes a tenth of a second and more."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
