"""What is planted, and how it might look in a file (埋点): plain, escaped, in UTF-16, in pieces.

A phone number also leaks when its digits stand apart; a name leaks as JSON escapes.
"""

from collections.abc import Iterator
from pathlib import Path

PHONE = "13900001234"
IDENTITY = "110101199003078515"
NAME = "欧阳桂芬"
PLANTED = f"我叫{NAME}，手机{PHONE}，身份证{IDENTITY}"
SECRETS = (PHONE, IDENTITY, NAME)


def forms(secret: str) -> Iterator[bytes]:
    """The bytes that would give ``secret`` away."""
    yield secret.encode()
    yield secret.encode("gbk")
    yield secret.encode("utf-16-le")
    yield secret.encode("unicode_escape")
    yield secret.encode("unicode_escape").upper().replace(b"\\U", b"\\u")
    if secret.isdigit():
        yield f"{secret[:3]} {secret[3:7]} {secret[7:]}".encode()
        yield f"{secret[:3]}-{secret[3:7]}-{secret[7:]}".encode()


def found_in(raw: bytes, secrets: tuple[str, ...] = SECRETS) -> list[str]:
    """Which secrets stand in ``raw``."""
    return [secret for secret in secrets if any(form in raw for form in forms(secret))]


def found_below(
    folder: Path, but: frozenset[str], secrets: tuple[str, ...]
) -> dict[str, list[str]]:
    """Secrets in names and contents of all files below ``folder``, those in ``but`` left out."""
    found = {}
    for path in folder.rglob("*"):
        raw = str(path).encode()
        if path.is_file() and path.name not in but:
            raw += path.read_bytes()
        if leaked := found_in(raw, secrets):
            found[path.name] = leaked
    return found
