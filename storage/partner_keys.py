"""Keys of other systems (外部系统的密钥): made here, shown once, kept only as keyed hashes.

A client's key is random; its HMAC stands in ``partner_keys`` of the data folder (or in the setting
``JINGGE_PARTNER_KEYS`` where several machines share one database). A hook's secret and the key of
the import on this machine follow from the machine's HMAC key and are stored nowhere.
"""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from storage.sealed import Seal

FILE = "partner_keys"
_MARK = "jg-"
_LINE = re.compile(r"^([a-z][a-z0-9_]{0,39})[:\s]+([0-9a-f]{64})$")
_LONGEST = 200


class Keyring:
    """Which client a key belongs to; the file is read again when it changes."""

    def __init__(self, path: Path, settled: str, seal: Seal) -> None:
        self._path = path
        self._seal = seal
        self._settled = _parse(settled.replace(",", " ").replace(" ", "\n"))
        self._seen = (0, 0)
        self._filed: dict[str, str] = {}

    def client_of(self, key: str, clients: list[str]) -> tuple[str, bool]:
        """(client id, whether it is this machine's own import key); empty when nobody's."""
        if not key or len(key) > _LONGEST:
            return "", False
        found = self._known().get(_hash(self._seal, key), "")
        if found in clients:
            return found, False
        own = (one for one in clients if hmac.compare_digest(own_key(self._seal, one), key))
        name = next(own, "") if key.isascii() else ""
        return name, bool(name)

    def _known(self) -> dict[str, str]:
        try:
            stat = self._path.stat()
        except OSError:
            return self._settled
        seen = (stat.st_mtime_ns, stat.st_size)
        if seen != self._seen:
            self._filed = _parse(self._path.read_text(encoding="utf-8"))
            self._seen = seen
        return {**self._settled, **self._filed}


def make(path: Path, seal: Seal, client: str) -> str:
    """A new key of that client; its hash is added to the file, older ones stay good."""
    key = _MARK + secrets.token_urlsafe(32)
    _append(path, f"{client} {_hash(seal, key)}\n")
    return key


def revoke(path: Path, client: str) -> int:
    """How many keys of that client were taken out of the file."""
    if not path.exists():
        return 0
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    left = [line for line in lines if line.split(" ")[0] != client]
    draft = path.with_name(path.name + ".new")
    draft.touch(mode=0o600)
    draft.write_text("".join(left), encoding="utf-8")
    draft.replace(path)
    return len(lines) - len(left)


def own_key(seal: Seal, client: str) -> str:
    """The key by which commands on this machine report for a client."""
    return f"{_MARK}own-{_digest(seal, f'own:{client}')}"


def hook_secret(seal: Seal, hook: str, round_: int) -> str:
    """The secret that signs what is sent to that hook; another ``round_``, another secret."""
    return _digest(seal, f"hook:{hook}:{round_}")


def _hash(seal: Seal, key: str) -> str:
    return _digest(seal, f"key:{key}")


def _digest(seal: Seal, text: str) -> str:
    message = f"partner:{text}".encode(errors="surrogatepass")
    return hmac.new(seal.hmac_key, message, hashlib.sha256).hexdigest()


def _append(path: Path, line: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(line)


def _parse(text: str) -> dict[str, str]:
    found = (_LINE.match(line.strip()) for line in text.splitlines())
    return {match[2]: match[1] for match in found if match}
