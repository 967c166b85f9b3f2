"""Signing and encrypting of callbacks as WeCom does it (AES-256-CBC, PKCS7 to 32, sha1).

Written from the platform's description alone, so that it checks the bot's crypto instead of
echoing it. Called by the callback driver, the media server and the tests.
"""

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32


class BadCipher(Exception):
    """The text is not what this key, token and receiver could have made."""


def key_of(encoding_aes_key: str) -> bytes:
    """The 32-byte key of a 43-character EncodingAESKey (a trailing ``=`` is tolerated)."""
    return base64.b64decode(encoding_aes_key.rstrip("=") + "=")


def signature(token: str, timestamp: str, nonce: str, encrypt: str) -> str:
    """Lower-case sha1 over the four strings in byte order."""
    joined = "".join(sorted([token, timestamp, nonce, encrypt])).encode()
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def pad(raw: bytes) -> bytes:
    """``raw`` padded to a multiple of 32; the padding byte is its own count (1..32)."""
    count = BLOCK - len(raw) % BLOCK
    return raw + bytes([count]) * count


def unpad(raw: bytes) -> bytes:
    """``raw`` without its padding.

    Raises: BadCipher, unless 1..32 equal bytes stand at the end.
    """
    count = raw[-1] if raw else 0
    if not 1 <= count <= BLOCK or raw[-count:] != bytes([count]) * count:
        raise BadCipher("padding")
    return raw[:-count]


def encrypt_bytes(key: bytes, raw: bytes) -> bytes:
    """AES-256-CBC of padded ``raw``; the IV is the first half of the key."""
    box = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return box.update(pad(raw)) + box.finalize()


def decrypt_bytes(key: bytes, raw: bytes) -> bytes:
    """The inverse of ``encrypt_bytes``.

    Raises: BadCipher, when length or padding is wrong.
    """
    if not raw or len(raw) % 16:
        raise BadCipher("length")
    box = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    return unpad(box.update(raw) + box.finalize())


class Envelope:
    """Seals and opens callbacks of one receiver (``receiveid`` is empty for robots)."""

    def __init__(self, token: str, encoding_aes_key: str, receiveid: str) -> None:
        self.token = token
        self.receiveid = receiveid
        self.key = key_of(encoding_aes_key)

    def encrypt(self, text: str, random16: bytes | None = None) -> str:
        """``text`` as the base64 that goes into ``Encrypt``."""
        body = text.encode()
        head = (random16 or os.urandom(16)) + struct.pack(">I", len(body))
        sealed = encrypt_bytes(self.key, head + body + self.receiveid.encode())
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypt: str) -> str:
        """The text inside ``encrypt``.

        Raises: BadCipher, for garbage or another receiver.
        """
        try:
            raw = decrypt_bytes(self.key, base64.b64decode(encrypt, validate=True))
            size = struct.unpack(">I", raw[16:20])[0]
            text = raw[20 : 20 + size].decode()
        except (binascii.Error, struct.error, UnicodeDecodeError) as bad:
            raise BadCipher("garbage") from bad
        if raw[20 + size :].decode(errors="replace") != self.receiveid:
            raise BadCipher("receiveid")
        return text

    def sign(self, timestamp: str, nonce: str, encrypt: str) -> str:
        """The ``msg_signature`` of these three."""
        return signature(self.token, timestamp, nonce, encrypt)

    def open_signed(self, encrypt: str, given: str, timestamp: str, nonce: str) -> str:
        """The text inside, after the signature was checked.

        Raises: BadCipher, for a wrong signature or garbage.
        """
        if not hmac.compare_digest(self.sign(timestamp, nonce, encrypt), given):
            raise BadCipher("signature")
        return self.decrypt(encrypt)
