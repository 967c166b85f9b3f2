"""Every sentence that the code asks for exists, and gets a value for each of its words.

Reads the source instead of running it: a key in a rarely taken branch is found as surely.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.rules import Rules
from config.text_keys import GROUP, RESIDENT, STAFF

ROOT = Path(__file__).parents[2]
# The domain knows neither number nor unit; handlers/orders.py adds them to these two refusals.
COMPLETED_LATER = {"stage_refused", "role_refused"}
KNOWN = {**GROUP, **RESIDENT, **STAFF}


def asked_for(source: str) -> Iterator[tuple[int, str, set[str], bool]]:
    """(line, key, names given, whether more come by ``**``) of every literal text call."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        key = node.args[0]
        if name not in ("text", "Refused") or not isinstance(key, ast.Constant):
            continue
        given = {word.arg for word in node.keywords if word.arg}
        yield node.lineno, str(key.value), given, any(word.arg is None for word in node.keywords)


def wrong_calls(source: str, file: str, rules: Rules) -> list[str]:
    """What the calls of a file ask for and cannot get."""
    wrong = []
    for line, key, given, more in asked_for(source):
        if key not in rules.texts.sentences:
            wrong.append(f"{file}:{line} no text {key} ({' '.join(sorted(given))})")
        elif (
            key not in COMPLETED_LATER
            and not more
            and (missing := set(KNOWN.get(key, "").split()) - given)
        ):
            wrong.append(f"{file}:{line} {key} lacks {' '.join(sorted(missing))}")
    return wrong


@pytest.mark.parametrize("folder", ["handlers", "bot"])
def test_every_sentence_asked_for_exists_and_gets_its_words(rules: Rules, folder: str) -> None:
    wrong = [
        fault
        for path in sorted((ROOT / folder).rglob("*.py"))
        for fault in wrong_calls(path.read_text("utf-8"), str(path.relative_to(ROOT)), rules)
    ]

    assert wrong == []


def test_unknown_key_and_missing_word_are_found(rules: Rules) -> None:
    source = 'turn.text("no_such")\nraise Refused("not_found")\nturn.text("not_found", **values)'

    assert wrong_calls(source, "a.py", rules) == [
        "a.py:1 no text no_such ()",
        "a.py:2 not_found lacks number",
    ]
