"""A corp whose talk is archived (存档的单位): seals rows and lays them where the stand-in looks.

RSA is done for real (2048 bits, PKCS#1 v1.5, one key for each version); the inner cipher is the toy
of ``standin.c``. What is said here comes out of the real ctypes adapter, or not at all.
"""

import base64
import json
import struct
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

_MASK = (1 << 64) - 1
CORP, SECRET = "wwxihe00demo", "archive-secret-of-a-made-up-corp"


@dataclass
class Corp:
    """``folder`` is what the stand-in reads, ``keys`` where the bot finds the private keys."""

    folder: Path
    keys: Path
    seq: int = 100
    version: int = 1
    _private: dict[int, rsa.RSAPrivateKey] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "media").mkdir(parents=True)
        self.keys.mkdir()
        (self.folder / "account").write_text(f"{CORP} {SECRET}")
        self.new_key(1)

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

    def says(
        self,
        by: str,
        content: str | dict[str, Any],
        *,
        at: datetime,
        room: str = "wrKEHU0001",
        to: tuple[str, ...] = ("lin_zhiyuan",),
        kind: str = "text",
        **more: Any,
    ) -> str:
        """One message of ``by``; returns its msgid."""
        part = {"content": content} if isinstance(content, str) else content
        msgid = str(more.pop("msgid", f"m{self.seq + 1}_external"))
        body = {
            "msgid": msgid,
            "action": "recall" if kind == "revoke" else "send",
            "from": by,
            "tolist": list(to),
            "roomid": room,
            "msgtime": round(at.timestamp() * 1000),
            "msgtype": kind,
            kind: part,
        }
        self.archives({**body, **more}, msgid)
        return msgid

    def archives(self, body: dict[str, Any], msgid: str, **changes: Any) -> None:
        """A row of any shape enters the archive; ``changes`` spoil the sealed item."""
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
        with (self.folder / "rows").open("a") as file:
            file.write(f"{self.seq} {json.dumps(item)}\n")

    def keeps_file(self, file_id: str, data: bytes, piece: int = 0) -> None:
        """A file that can be fetched, ``piece`` bytes at a time."""
        (self.folder / "media" / file_id).write_bytes(data)
        if piece:
            (self.folder / "piece").write_text(str(piece))

    def stumbles(self, name: str, what: int | str) -> None:
        """The next call (``fail_page``, ``fail_media``, ``answer``) goes wrong in this way."""
        (self.folder / name).write_text(str(what))

    def forgets_before(self, seq: int) -> None:
        """Rows up to ``seq`` are older than five days: WeCom hands them out no more."""
        rows = (self.folder / "rows").read_text().splitlines(keepends=True)
        left = [row for row in rows if int(row.split()[0]) > seq]
        (self.folder / "rows").write_text("".join(left))

    def calls(self, what: str) -> list[str]:
        """What the library was asked, oldest first."""
        file = self.folder / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.startswith(what)]


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


_made: dict[int, rsa.RSAPrivateKey] = {}


def _rsa(version: int) -> rsa.RSAPrivateKey:
    """Made once per version and run: making one takes a tenth of a second and more."""
    if version not in _made:
        _made[version] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return _made[version]
