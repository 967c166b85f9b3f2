"""Files of a site, read and replaced whole (规则文件): never half of one, the earlier one kept.

Called by ``commands.rule_desk`` and the pages, in a thread.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from config.yaml_lines import parse

EARLIER = ".earlier"
_MOST_KEPT = 50
_WORD = re.compile(r"\{([a-z_]+)\}")


def hash_of(text: str) -> str:
    """What names the state of a file."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def text_of(site: Path, file: str) -> str:
    """The file as it stands; empty where there is none. Raises: OSError."""
    path = site / file
    return path.read_bytes().decode("utf-8", "replace") if path.exists() else ""


def put(site: Path, file: str, text: str) -> None:
    """Replace it at once; what stood there goes to the earlier ones. Raises: OSError."""
    path, body = site / file, text.encode()
    if path.exists():
        if path.read_bytes() == body:
            return
        _keep(site, path)
    draft = path.with_name(f".{file}.new")
    with draft.open("wb") as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(path)


def _keep(site: Path, path: Path) -> None:
    """At most fifty of each file stay."""
    folder = site / EARLIER
    folder.mkdir(exist_ok=True)
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    (folder / f"{path.name}.{stamp}").write_bytes(path.read_bytes())
    for old in sorted(folder.glob(f"{path.name}.*"))[:-_MOST_KEPT]:
        old.unlink()


def values_of(text: str) -> dict[str, str]:
    """The sentences of a texts.yaml by key; nothing when it cannot be read."""
    data = parse("texts.yaml", text.encode()).data
    return {key: str(value) for key, value in data.items()} if isinstance(data, dict) else {}


def filled(sentence: str, values: Mapping[str, str]) -> str:
    """The sentence with samples in it; a word that has none stays as it is."""
    return _WORD.sub(lambda found: values.get(found[1], found[0]), sentence)
