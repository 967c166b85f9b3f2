"""The station listens for help that is asked for, never for opinions.

The rule files and the corpus hold no words on politics, petitions, protest, religion or ethnicity,
so nothing can be found, counted or learnt by them. What is allowed all the same stands below with
its reason. And nothing is kept or counted by who spoke where no ticket was opened.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from storage.tables import MetaRow

ROOT = Path(__file__).parents[2]
# kind → words that stand for it; a few sure ones, so that a clerk sees at once what is meant
KINDS = {
    "petitions": ("上访", "信访", "请愿", "维权", "联名信"),
    "protest": ("游行", "示威", "罢工", "罢课", "静坐", "抗议", "拉横幅", "集会"),
    "politics": ("政府官员", "领导人", "政党", "党派", "选举", "贪官", "反腐", "煽动"),
    "religion": ("宗教", "教会", "教堂", "寺庙", "法会", "传教", "信教", "祷告", "清真", "穆斯林"),
    "ethnicity": ("少数民族", "民族矛盾"),
}
# phrase → why it may stand
ALLOWED = {
    "罢工": "an appliance that has stopped working, in the cue group of broken things",
}
FOUND = re.compile("|".join(word for words in KINDS.values() for word in words))
KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}
PERSONAL = {"person_key", "reporter_key", "identity_sealed", "reporter_sealed", "user", "by"}


def words_in(data: Any) -> Iterator[str]:
    """Every key and value of a file, as text."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield str(key)
            yield from words_in(value)
    elif isinstance(data, list):
        for item in data:
            yield from words_in(item)
    elif data is not None:
        yield str(data)


def denied(words: Iterator[str]) -> list[str]:
    """``kind: word`` of everything that may not stand there."""
    allowed = re.compile("|".join(map(re.escape, ALLOWED)))
    found = (match for said in words for match in FOUND.findall(allowed.sub("", said)))
    return sorted({f"{KIND_OF[word]}: {word}" for word in found})


def rule_files() -> list[Path]:
    return sorted((ROOT / "config" / "site").glob("*.yaml"))


def corpus_files() -> list[Path]:
    return sorted((ROOT / "corpus").glob("*.jsonl"))


@pytest.mark.parametrize("path", rule_files(), ids=lambda path: path.name)
def test_rule_file_holds_no_words_on_opinions(path: Path) -> None:
    assert denied(words_in(yaml.safe_load(path.read_text("utf-8")))) == []


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: path.name)
def test_corpus_holds_no_words_on_opinions(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()

    assert denied(word for line in lines for word in words_in(json.loads(line))) == []


def test_word_that_is_denied_is_found_wherever_it_stands() -> None:
    data = {"cues": {"维权群": ["a"]}, "words": ["电梯|信访", 3, None]}

    assert denied(words_in(data)) == ["petitions: 信访", "petitions: 维权"]


def test_allowed_phrase_does_not_open_the_door_for_others_of_its_kind() -> None:
    assert denied(iter(["罢工", "罢课"])) == ["protest: 罢课"]


def test_every_exception_is_needed_and_has_a_reason() -> None:
    for phrase, reason in ALLOWED.items():
        assert FOUND.search(phrase), phrase
        assert len(reason) > 10, phrase


def test_tables_of_what_opened_no_ticket_do_not_name_anybody() -> None:
    tables = MetaRow.metadata.tables

    for name in ("samples", "corrections"):
        assert not PERSONAL & set(tables[name].columns.keys()), name


def test_nobody_is_counted() -> None:
    """A person's row has no counter; what was heard of her is context, without figures."""
    numbers = [
        f"{name}.{column.name}"
        for name in ("people", "heard")
        for column in MetaRow.metadata.tables[name].columns
        if column.type.python_type in (int, float) and column.name not in ("id", "ticket_id")
    ]

    assert numbers == []


def test_no_statement_groups_by_a_person() -> None:
    grouped = [
        (path.name, name)
        for folder in ("storage", "handlers", "bot", "commands")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in _grouped_by(path.read_text("utf-8"))
    ]

    assert [where for where in grouped if where[1] in PERSONAL] == []


def test_grouping_by_a_person_is_found() -> None:
    assert list(_grouped_by("select(a).group_by(_H.person_key, c.kind)")) == ["person_key", "kind"]


def _grouped_by(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "group_by":
            for argument in node.args:
                yield getattr(argument, "attr", ast.unparse(argument))
