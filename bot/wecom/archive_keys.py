"""The corp's private keys of the archive (消息加密私钥): one PEM file for each version.

Files are named after the console's key version (``3.pem``) and looked up when a row asks for
them, so that a key that was forgotten can be put there while the bot runs. Old keys must stay: rows
sealed with them may still come. Nothing of a key ever appears in a sentence or a log.
Source: https://developer.work.weixin.qq.com/document/path/91774 (RSA 2048, PKCS#1 v1.5).
"""

import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.wecom.archive import SealedRow, Unreadable


class Keys:
    """Opens the random keys of rows; reads a PEM file once, at its first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[int, RSAPrivateKey] = {}

    def versions(self) -> list[int]:
        """The versions for which a file is there, oldest first; empty without a folder."""
        try:
            names = [file.stem for file in self._folder.glob("*.pem")]
        except OSError:
            return []
        return sorted(int(name) for name in names if name.isdigit())

    def unlocked(self, row: SealedRow) -> str:
        """The random key of ``row``.

        Raises: Unreadable ``no_key`` (no file of that version, or no RSA key in it), ``bad_key``
        (it is there, but does not fit).
        """
        private = self._private(row.version)
        try:
            opened = private.decrypt(base64.b64decode(row.key, validate=True), PKCS1v15())
            return opened.decode("ascii")
        except ValueError as fault:
            raise Unreadable("bad_key") from fault

    def _private(self, version: int) -> RSAPrivateKey:
        known = self._known.get(version)
        if known is not None:
            return known
        try:
            found = load_pem_private_key((self._folder / f"{version}.pem").read_bytes(), None)
        except (OSError, ValueError, TypeError) as fault:
            raise Unreadable("no_key") from fault
        if not isinstance(found, RSAPrivateKey):
            raise Unreadable("no_key")
        self._known[version] = found
        return found
