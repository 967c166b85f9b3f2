"""Sealed text (密封): what nobody may read in the database, its WAL or a backup.

Names, phones and words of residents stand in SQL only as ``v1.<key id>.<nonce and cipher>``
(AES-256-GCM); what must be found again goes through ``person_key`` / ``text_key`` (HMAC-SHA256
with a key of its own). The key id in the value makes rotation possible row by row; the
associated data nail a value to its row, so that a copied cell does not open elsewhere.
Called by the storage modules that own sealed columns; ``storage.key_file`` keeps the keys.
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.faults import StartupFault

_VERSION = "v1"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_DIGEST_DIGITS = 32
_KEY_ID = re.compile(r"[a-z][a-z0-9]{0,15}")


class SealBroken(Exception):
    """A sealed value does not open: unknown key, damaged, or moved from another row.

    The sentence names the key id where that helps the operator, never any text.
    """


class KeyGone(SealBroken):
    """The key is not among ours: nothing is damaged, and it opens once the key is put back."""


@dataclass(frozen=True, eq=False)
class Seal:
    """Closes and opens sealed text; ``current`` names the key that closes, all keys open.

    Key ids: a lower-case letter, then up to 15 letters or digits. Keys are 32 bytes,
    ``hmac_key`` at least 32 and none of them. Safe in many threads.

    Raises: StartupFault, if a key does not fit this description.
    """

    keys: Mapping[str, bytes] = field(repr=False)
    current: str
    hmac_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Take a copy of the keys and check them."""
        object.__setattr__(self, "keys", MappingProxyType(dict(self.keys)))
        if fault := _fault(self.keys, self.current, self.hmac_key):
            raise StartupFault(fault)

    @classmethod
    def generate(cls) -> Self:
        """A seal with one new random key and a new HMAC key."""
        key_id = _new_key_id()
        new = {key_id: secrets.token_bytes(_KEY_BYTES)}
        return cls(new, key_id, secrets.token_bytes(_KEY_BYTES))

    @classmethod
    def from_env_form(cls, keys: str, current: str, hmac_key: str) -> Self:
        """The seal that three settings describe; ``env_form`` writes them.

        ``keys`` is ``id:base64url,id:base64url…``, ``hmac_key`` base64url.

        Raises: StartupFault, naming what does not fit, never a key.
        """
        pairs = [pair.strip().partition(":") for pair in keys.split(",") if pair.strip()]
        texts = {key_id: text for key_id, _, text in pairs}
        if len(texts) < len(pairs):
            raise StartupFault("加密密钥有两个相同的编号，请改成不同的编号。")
        return cls.from_texts(texts, current, hmac_key)

    @classmethod
    def from_texts(cls, keys: Mapping[str, str], current: str, hmac_key: str) -> Self:
        """The seal whose keys are given in base64url; ``texts`` writes them.

        Raises: StartupFault, naming what does not fit, never a key.
        """
        try:
            raw = {key_id: _decode(text.strip()) for key_id, text in keys.items()}
            raw_hmac = _decode(hmac_key.strip())
        except ValueError:
            raise StartupFault(
                "加密密钥格式不对：应为“编号:base64url”，多个用逗号分开；检索密钥为 base64url。"
            ) from None
        return cls(raw, current.strip(), raw_hmac)

    def env_form(self) -> tuple[str, str, str]:
        """``(keys, current, hmac_key)`` as ``from_env_form`` reads them; secret, not for logs."""
        keys, current, hmac_key = self.texts()
        return ",".join(f"{key_id}:{key}" for key_id, key in keys.items()), current, hmac_key

    def texts(self) -> tuple[dict[str, str], str, str]:
        """``(keys, current, hmac_key)`` as ``from_texts`` reads them; secret, not for logs."""
        keys = {key_id: _encode(key) for key_id, key in self.keys.items()}
        return keys, self.current, _encode(self.hmac_key)

    def with_new_key(self) -> "Seal":
        """The same seal with one more key, which closes from now on; the old ones still open."""
        key_id = next(new for new in iter(_new_key_id, None) if new not in self.keys)
        return Seal({**self.keys, key_id: secrets.token_bytes(_KEY_BYTES)}, key_id, self.hmac_key)

    def close(self, text: str, about: str) -> str:
        """Sealed value of ``text``, which opens only with the same ``about``.

        ``about`` is the table, the column and the row's unique key, for example
        ``inbox.payload:aibot:88``. Two calls never give the same value.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = _cipher(self.keys[self.current]).encrypt(nonce, _bytes(text), _bytes(about))
        return f"{_VERSION}.{self.current}.{_encode(nonce + cipher)}"

    def open(self, value: str, about: str) -> str:
        """The text that ``close`` sealed with the same ``about``.

        Raises: SealBroken, if the key is unknown or the value was damaged or moved.
        """
        key_id, body = self._parts(value)
        try:
            raw = _decode(body)
            clear = _cipher(self.keys[key_id]).decrypt(
                raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], _bytes(about)
            )
        except (InvalidTag, ValueError):
            raise SealBroken(f"密文打不开（密钥 {key_id}）：内容已损坏，或不属于这一行。") from None
        return clear.decode("utf-8", "surrogatepass")

    def needs_rotation(self, value: str) -> bool:
        """True when an older key than ``current`` closed ``value``.

        Raises: SealBroken, if the value is no sealed one or its key is unknown.
        """
        return self._parts(value)[0] != self.current

    def reseal(self, value: str, about: str) -> str:
        """``value`` closed again with the current key; the very same one if it already is.

        Raises: SealBroken, as ``open`` does.
        """
        return self.close(self.open(value, about), about) if self.needs_rotation(value) else value

    def person_key(self, user: str) -> str:
        """Lookup key of a person: 32 hex digits, the same for the same id, not reversible."""
        return self._digest("person", user)

    def text_key(self, text: str) -> str:
        """Lookup key of a text; runs of white space count as one blank, the edges as none."""
        return self._digest("text", " ".join(text.split()))

    def mac(self, *parts: str | int) -> str:
        """64 hex digits that only who holds the HMAC key can make of these parts."""
        message = "audit:" + json.dumps(parts, ensure_ascii=False)
        return hmac.new(self.hmac_key, _bytes(message), hashlib.sha256).hexdigest()

    def _digest(self, domain: str, text: str) -> str:
        message = f"{domain}:".encode() + _bytes(text)
        return hmac.new(self.hmac_key, message, hashlib.sha256).hexdigest()[:_DIGEST_DIGITS]

    def _parts(self, value: str) -> tuple[str, str]:
        version, _, rest = value.partition(".")
        key_id, _, body = rest.partition(".")
        if version != _VERSION or not _KEY_ID.fullmatch(key_id):
            raise SealBroken("这一格里不是密文，不能打开。")
        if key_id not in self.keys:
            raise KeyGone(f"密文用的密钥 {key_id} 不在现有密钥里；请把这把密钥放回去再试。")
        return key_id, body


def _fault(keys: Mapping[str, bytes], current: str, hmac_key: bytes) -> str | None:
    if not all(_KEY_ID.fullmatch(key_id) for key_id in keys):
        return "密钥编号只能是小写字母开头的 1–16 位小写字母和数字。"
    if wrong := [key_id for key_id, key in keys.items() if len(key) != _KEY_BYTES]:
        return f"密钥 {'、'.join(wrong)} 长度不对，应为 {_KEY_BYTES} 字节。"
    if current not in keys:
        return "当前密钥编号不在密钥列表里。"
    if len(hmac_key) < _KEY_BYTES or hmac_key in keys.values():
        return f"检索密钥应不少于 {_KEY_BYTES} 字节，并且不能与加密密钥相同。"
    return None


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    """Safe in many threads; making it costs more than a short text's encryption."""
    return AESGCM(key)


def _new_key_id() -> str:
    return f"k{secrets.token_hex(4)}"


def _bytes(text: str) -> bytes:
    # JSON from the wire may carry half an emoji (a lone surrogate); it must not stop an event.
    return text.encode("utf-8", "surrogatepass")


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _decode(text: str) -> bytes:
    """Strict base64url, padding optional. Raises: ValueError."""
    bare = text.rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64url") from None
