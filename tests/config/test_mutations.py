"""Whatever a clerk does to the sample site, the loader answers with sentences, never a traceback.

Two ways of spoiling: any value at any place replaced or removed (through the parsed files), and
any bytes cut, doubled or mangled (through the raw text).
"""

import random
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.load import inspect
from config.yaml_lines import parse
from tests.config.sites import SAMPLE, Site

FILES = sorted(path.name for path in SAMPLE.glob("*.yaml") if path.name != "demo_day.yaml")
SMALL = [name for name in FILES if (SAMPLE / name).stat().st_size < 12_000]
SIGNS = [sign.encode() for sign in "：，\t{[&*!#\n\"'"]
MAY_BE_EMPTY = {"own_words.yaml", "sentences.yaml"}
STRANGE: list[Any] = [None, "", "x", "-1", "99:99", "P99", [], ["x"], {}, {"x": "y"}, [[]], [{}]]


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path of a parsed file."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def changed(data: Any, path: tuple[Any, ...], value: Any, *, remove: bool) -> Any:
    """A copy of ``data`` with the thing at ``path`` replaced or removed."""
    if not path:
        return value
    copy: Any = dict(data) if isinstance(data, dict) else list(data)
    if len(path) == 1 and remove:
        del copy[path[0]]
    else:
        copy[path[0]] = changed(copy[path[0]], path[1:], value, remove=remove)
    return copy


def write(path: Path, data: Any) -> None:
    out = StringIO()
    yaml.safe_dump(data, out, allow_unicode=True)
    path.write_text(out.getvalue(), encoding="utf-8")


@pytest.mark.parametrize("file", SMALL)
def test_any_value_may_be_removed_or_replaced(site: Site, file: str) -> None:
    data = parse(file, (SAMPLE / file).read_bytes()).data
    chance = random.Random(20260304)  # noqa: S311 a fixed choice, not a secret
    chosen = chance.sample(list(places(data)), k=min(10, len(list(places(data)))))

    for number, path in enumerate(chosen):
        value = STRANGE[number % len(STRANGE)]
        write(site.path / file, changed(data, path, value, remove=number % 3 == 0))
        rules, faults = inspect(site.path)
        assert rules is not None or faults
        assert all(fault.sentence and fault.line >= 1 for fault in faults)


@pytest.mark.parametrize("file", SMALL)
def test_whole_file_may_be_of_another_kind(site: Site, file: str) -> None:
    for body in ("[]", "x", "{}", "- a\n- b: c", "a: 1"):
        (site.path / file).write_text(body, encoding="utf-8")

        rules, faults = inspect(site.path)

        may_be = body == "{}" and file in MAY_BE_EMPTY
        assert (rules is not None) == may_be
        assert may_be or any(fault.file == file for fault in faults)


@pytest.mark.parametrize("file", ["texts.yaml", "categories.yaml"])
def test_large_file_may_be_of_another_kind(site: Site, file: str) -> None:
    for body in ("[]", "x", "{}", "categories: x", "welcome: {}"):
        (site.path / file).write_text(body, encoding="utf-8")

        rules, faults = inspect(site.path)

        assert rules is None
        assert any(fault.file == file for fault in faults)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    file=st.sampled_from(SMALL),
    start=st.integers(0, 4000),
    length=st.integers(0, 40),
    instead=st.one_of(st.binary(max_size=6), st.sampled_from(SIGNS)),
)
def test_any_bytes_may_be_mangled(file: str, start: int, length: int, instead: bytes) -> None:
    raw = (SAMPLE / file).read_bytes()
    start %= len(raw)

    document = parse(file, raw[:start] + instead + raw[start + length :])

    assert document.data is not None or document.faults
    assert all(fault.sentence for fault in document.faults)
