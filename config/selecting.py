"""What stands at a place of a site's plain YAML values: ``people.*.id`` and the like.

The checks between files look at what was typed, not at the models, so that one wrong key hides
nothing else. Called by ``config.crosscheck`` and the checks beside it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from config.yaml_lines import Document, Path

Files = Mapping[str, Document]


def select(data: Any, pattern: str) -> Iterator[tuple[Path, Any]]:
    """(path, value) of everything under ``data`` that fits ``pattern``; ``*`` is any item."""
    yield from _select(data, pattern.split("."), ())


def _select(data: Any, parts: list[str], path: Path) -> Iterator[tuple[Path, Any]]:
    if not parts:
        if data is not None:
            yield path, data
        return
    first, rest = parts[0], parts[1:]
    if first == "*" and isinstance(data, list):
        for index, item in enumerate(data):
            yield from _select(item, rest, (*path, index))
    elif first == "*" and isinstance(data, dict):
        for key, item in data.items():
            yield from _select(item, rest, (*path, key))
    elif isinstance(data, dict) and first in data:
        yield from _select(data[first], rest, (*path, first))


def texts_of(files: Files, file: str, pattern: str) -> Iterator[tuple[Path, str]]:
    """The same for one of ``files``, texts only; nothing when that file cannot be read."""
    if file in files:
        for path, value in select(files[file].data, pattern):
            if isinstance(value, str):
                yield path, value
