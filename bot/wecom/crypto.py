"""Envelopes of WeCom's callbacks (加解密): open what came, close what goes back.

wechatpy brings the cipher, the signer and the XML reader; this adapter adds what it lacks: the
signature is compared first and in constant time, the padding is checked byte by byte, bodies may
be JSON, the receiver may be empty, and every kind of garbage ends in one of two faults.
Called by ``bot.wecom.gate`` for both callback doors and by ``bot.wecom.media`` for files.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import PrpCrypto
from wechatpy.utils import WeChatSigner

_BLOCK = 32
_HEAD = 20  # 16 random bytes and the length


class BadSignature(Exception):
    """The signature does not fit, or the stamp is too old: not from WeCom. HTTP 403."""


class BadBody(Exception):
    """Signed or not, it cannot be read as what it should be. HTTP 400."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Query part of a callback URL that proves its sender."""

    signature: str
    timestamp: str
    nonce: str

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Stamp":
        """The stamp of a query string; missing parts are empty and fit no signature."""
        names = ("msg_signature", "msgsignature", "signature")
        signature = next((query[name] for name in names if query.get(name)), "")
        return cls(signature, query.get("timestamp", ""), query.get("nonce", ""))


class Envelope:
    """Opens and closes what one receiver gets; ``receiveid`` is empty for the corp's robots.

    Raises: ValueError when the key is not 43 letters of base64 (a fault of the settings).
    Source: https://developer.work.weixin.qq.com/document/path/90968 and 101033.
    """

    def __init__(self, token: str, aes_key: str, receiveid: str) -> None:
        self._token = token.encode()
        self._crypto = PrpCrypto(key_of(aes_key))
        self._receiveid = receiveid

    def signature(self, timestamp: str, nonce: str, encrypted: str) -> str:
        """Lower-case hex SHA-1 over the four sorted strings."""
        signer = WeChatSigner()
        signer.add_data(self._token, _bytes(timestamp), _bytes(nonce), _bytes(encrypted))
        return str(signer.signature)

    def open(self, stamp: Stamp, encrypted: str) -> str:
        """The text inside, after the signature was found right.

        Raises: BadSignature, BadBody.
        """
        right = self.signature(stamp.timestamp, stamp.nonce, encrypted)
        if not hmac.compare_digest(right.encode(), _bytes(stamp.signature)):
            raise BadSignature("signature does not fit")
        return self._unpack(unpadded(_deciphered(self._crypto, _debase64(encrypted))))

    def close(self, text: str, timestamp: str, nonce: str) -> dict[str, Any]:
        """The encrypted JSON answer of a robot's callback, signed with the request's nonce."""
        sealed: bytes = self._crypto.encrypt(text, self._receiveid)
        encrypted = sealed.decode("ascii")
        return {
            "encrypt": encrypted,
            "msgsignature": self.signature(timestamp, nonce, encrypted),
            "timestamp": int(timestamp),
            "nonce": nonce,
        }

    def _unpack(self, plain: bytes) -> str:
        length = int.from_bytes(plain[16:_HEAD], "big")
        text, receiver = plain[_HEAD : _HEAD + length], plain[_HEAD + length :]
        if len(plain) < _HEAD or len(text) != length:
            raise BadBody("length does not fit")
        if not hmac.compare_digest(receiver, self._receiveid.encode()):
            raise BadBody("meant for another receiver")
        return _utf8(text)


def encrypted_of_xml(body: bytes) -> str:
    """What stands in <Encrypt>. Raises: BadBody."""
    encrypted = read_xml(_utf8(body)).get("Encrypt")
    if not isinstance(encrypted, str) or not encrypted:
        raise BadBody("no Encrypt in the XML")
    return encrypted


def encrypted_of_json(body: bytes) -> str:
    """What stands under ``encrypt``. Raises: BadBody."""
    parsed = read_json(_utf8(body))
    encrypted = parsed.get("encrypt") or parsed.get("Encrypt")
    if not isinstance(encrypted, str):
        raise BadBody("no encrypt in the JSON")
    return encrypted


def read_xml(text: str) -> dict[str, Any]:
    """Children of <xml>; entity declarations and anything that is no XML are refused.

    A plain letter is read by the parser in C; whatever is odd is xmltodict's.

    Raises: BadBody.
    """
    if plain := _plain_letter(text):
        return plain
    try:
        root = xmltodict.parse(text)
    except (ExpatError, ValueError, RecursionError) as fault:
        raise BadBody("not the XML that was expected") from fault
    inner = root.get("xml")
    if not isinstance(inner, dict):
        raise BadBody("no <xml> root with children")
    return inner


def _plain_letter(text: str) -> dict[str, Any] | None:
    """As xmltodict reads it, five times as fast; None where it is more than names with words.

    Nothing with a DOCTYPE comes this far, so that no entity is ever declared.
    """
    if "<!DOCTYPE" in text:
        return None
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  see above
    except (ElementTree.ParseError, ValueError):
        return None
    found: dict[str, Any] = {}
    for child in root:
        odd = child.attrib or len(child) or child.tag in found or child.tag.startswith("{")
        if odd or (child.tail and not child.tail.isspace()):
            return None
        found[child.tag] = (child.text or "").strip() or None
    is_plain = root.tag == "xml" and not root.attrib and not (root.text or "").strip()
    return found if is_plain else None


def read_json(text: str) -> dict[str, Any]:
    """The JSON object in ``text``. Raises: BadBody."""
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise BadBody("not JSON") from fault
    if not isinstance(parsed, dict):
        raise BadBody("not a JSON object")
    return parsed


def open_media(data: bytes, aes_key: str) -> bytes:
    """The bytes of a downloaded file; ``aes_key`` with or without its closing ``=``.

    Raises: BadBody when data and key do not belong together.
    """
    try:
        key = key_of(aes_key)
    except ValueError as fault:
        raise BadBody("not a media key") from fault
    return unpadded(_deciphered(PrpCrypto(key), data))


def key_of(aes_key: str) -> bytes:
    """The 32 bytes of an EncodingAESKey. Raises: ValueError."""
    key = base64.b64decode(aes_key.rstrip("=") + "=", validate=True)
    if len(key) != 32:
        raise ValueError("EncodingAESKey must have 43 letters")
    return key


def unpadded(padded: bytes) -> bytes:
    """The bytes without their PKCS#7 padding to 32. Raises: BadBody unless it is exact."""
    count = padded[-1] if padded else 0
    if not 1 <= count <= _BLOCK or len(padded) % 16 or len(padded) < count:
        raise BadBody("padding")
    if padded[-count:] != bytes([count]) * count:
        raise BadBody("padding")
    return padded[:-count]


def _deciphered(crypto: Any, data: bytes) -> bytes:
    try:
        plain: bytes = crypto.cipher.decrypt(data)
    except ValueError as fault:
        raise BadBody("not whole cipher blocks") from fault
    return plain


def _debase64(text: str) -> bytes:
    try:
        return base64.b64decode(_bytes(text), validate=True)
    except binascii.Error as fault:
        raise BadBody("not base64") from fault


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise BadBody("not UTF-8") from fault


def _bytes(text: str) -> bytes:
    # Lone surrogates come out of percent-decoded garbage; they fit no signature anyway.
    return text.encode("utf-8", "surrogatepass")
