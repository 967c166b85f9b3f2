"""Whatever comes from outside is read or refused: no crash, no hang, no traceback, nothing lost.

``make test`` tries 21,000 inputs, always the same; ``make soak`` a million (docs/threats.md). What
was found stands in ``found.py`` for good.
"""

import logging
import os
import random
import time
from typing import Any

import pytest

from tests.security.found import FOUND
from tests.security.parsers import PARSERS

# Pillow tells of odd EXIF by warnings; a bomb's warning is another class and stays an error.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
LONGEST_S = 5.0  # of the processor, for one input: a loop without end, never a slow machine
EACH = 99  # inputs for each share
SOAK = int(os.environ.get("SOAK_INPUTS", "1000000"))


class Errors(logging.Handler):
    """Lines that nobody should have to read."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def tried(name: str, seed: int, count: int) -> None:
    """``count`` inputs of one parser. Raises: AssertionError that names seed and input."""
    parser, heard = PARSERS[name], Errors()
    logging.getLogger().addHandler(heard)
    previous = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        for number in range(count):
            rng = random.Random(f"{seed}:{name}:{number}")  # noqa: S311 - inputs, no secret
            _one(name, parser.make(rng, rng.choice(parser.examples)))
    finally:
        logging.disable(previous)
        logging.getLogger().removeHandler(heard)
    assert heard.lines == []


def _one(name: str, given: Any) -> None:
    parser = PARSERS[name]
    begun = time.thread_time()
    try:
        parser.reads(given)
    except parser.raises:
        pass
    except Exception as fault:
        raise AssertionError(f"{name} {type(fault).__name__} over {given!r}") from fault
    spent = time.thread_time() - begun
    assert spent < LONGEST_S, f"{name}: {spent:.1f} s over {given!r}"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", PARSERS)
def test_nothing_from_outside_breaks_its_reader(name: str) -> None:
    tried(name, 1, EACH * PARSERS[name].share)


@pytest.mark.parametrize(
    ("name", "given"), FOUND, ids=[f"{name} {number}" for number, (name, _) in enumerate(FOUND)]
)
def test_what_broke_a_reader_once_does_so_no_more(name: str, given: Any) -> None:
    _one(name, given)


def test_a_thorough_look_is_taken() -> None:
    assert sum(parser.share for parser in PARSERS.values()) * EACH >= 20_000


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", PARSERS)
def test_a_million_inputs_break_nothing(name: str) -> None:
    whole = sum(parser.share for parser in PARSERS.values())
    tried(name, 2, 1 + SOAK * PARSERS[name].share // whole)
