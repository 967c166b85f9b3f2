"""Words of categories.yaml and danger.yaml as lists that can be edited (改词): no YAML needed.

A word is put into the text of the file or taken out of it where it stands; comments, order and
every other byte stay. What comes out is judged by ``check`` like any other change. Used by the
page of the rules and its Excel files.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

FILES = ("categories.yaml", "danger.yaml")
LISTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "categories.yaml": (
        ("strong", "一条就够立单"),
        ("words", "要有别的旁证"),
        ("weak", "只帮着判断"),
        ("topics", "只影响归哪类"),
        ("not_words", "近处有这些就不算"),
        ("urgent_if", "出现就提到紧急"),
    ),
    "danger.yaml": (
        ("sure", "险情，马上叫人"),
        ("signs", "疑似，先请值班的人点一下"),
        ("unless", "有这些就不算（格外小心）"),
    ),
}
_TOP = {"categories.yaml": "categories", "danger.yaml": "danger"}
_BARE = re.compile(r"^[\w<\u4e00-\u9fff^][\w\u4e00-\u9fff<>|+…^$·! ]*$")
_WORDS_OF_YAML = re.compile(r"^(?:true|false|yes|no|on|off|null|~|[\d.]+)$", re.IGNORECASE)
LONGEST_WORD = 400


class Uneditable(ValueError):
    """The file is not written in a way that can be edited here; the text as a whole can be."""


@dataclass(frozen=True, slots=True)
class Words:
    """One list of one class: its lines as they are read."""

    field: str
    about: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Class:
    """One category, or one rule of danger; ``place`` is where it stands, from 0."""

    place: int
    code: str
    name: str
    lists: tuple[Words, ...]


def classes(file: str, text: str) -> list[Class]:
    """Every class with its lists, in the order of the file. Raises: Uneditable."""
    found = []
    for place, node in enumerate(_items(file, text)):
        fields = {key.value: value for key, value in node.value}
        code = _scalar(fields.get("code") or fields.get("danger"))
        name = _scalar(fields.get("name")) or _scalar(fields.get("category"))
        lists = tuple(
            Words(field, about, tuple(_scalar(one) for one in _sequence(fields.get(field))))
            for field, about in LISTS[file]
        )
        found.append(Class(place, code, name, lists))
    return found


def with_word(file: str, text: str, place: int, field: str, word: str) -> str:
    """The text with one line more in that list; the list is made where there is none.

    Raises: Uneditable, for a place or a list that is not there or a word that cannot stand.
    """
    word = " ".join(word.split())
    if not word or len(word) > LONGEST_WORD or field not in dict(LISTS[file]):
        raise Uneditable("要加的词是空的，或者太长了")
    node = _item(file, text, place)
    fields = {key.value: value for key, value in node.value}
    found = fields.get(field)
    if found is None:
        return _with_list(text, node, field, word)
    lines = _sequence(found)
    if word in (_scalar(one) for one in lines):
        raise Uneditable(f"“{word}”已经有了")
    return _inserted(text, found, lines, word)


def without_word(file: str, text: str, place: int, field: str, word: str) -> str:
    """The text without that line of that list. Raises: Uneditable."""
    node = _item(file, text, place)
    found = {key.value: value for key, value in node.value}.get(field)
    lines = _sequence(found)
    at = next((n for n, one in enumerate(lines) if _scalar(one) == word), None)
    if found is None or at is None:
        raise Uneditable(f"没有“{word}”这一条")
    return _cut(text, found, lines, at)


def with_lists(
    file: str, text: str, wanted: Mapping[tuple[str, str], Sequence[str]], place_of: Iterable[Class]
) -> str:
    """The text where each list (class code, field) holds these lines; what is equal stays."""
    for one in place_of:
        for words in one.lists:
            lines = wanted.get((key_of(one), words.field))
            if lines is None:
                continue
            for gone in [line for line in words.lines if line not in lines]:
                text = without_word(file, text, one.place, words.field, gone)
            for fresh in [line for line in lines if line not in words.lines]:
                text = with_word(file, text, one.place, words.field, fresh)
    return text


def key_of(one: Class) -> str:
    """What names a class in a sheet: codes of danger may stand twice."""
    return f"{one.place + 1} {one.code}"


# -- where things stand -----------------------------------------------------------------------


def _items(file: str, text: str) -> list[MappingNode]:
    return [node for node in _sequence(_top(file, text)) if isinstance(node, MappingNode)]


@lru_cache(maxsize=4)
def _top(file: str, text: str) -> Node | None:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        raise Uneditable("这个文件现在读不出来，请在全文里改") from fault
    pairs = root.value if isinstance(root, MappingNode) else []
    return next((value for key, value in pairs if key.value == _TOP[file]), None)


def _item(file: str, text: str, place: int) -> MappingNode:
    items = _items(file, text)
    if not 0 <= place < len(items):
        raise Uneditable("没有这一类，请重新打开页面")
    return items[place]


def _sequence(node: Node | None) -> list[Node]:
    return list(node.value) if isinstance(node, SequenceNode) else []


def _scalar(node: Node | None) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else ""


def _written(word: str) -> str:
    """The word as YAML, quoted where it must be."""
    bare = _BARE.match(word) and not _WORDS_OF_YAML.match(word) and " #" not in word
    return word if bare else json.dumps(word, ensure_ascii=False)


# -- edits ------------------------------------------------------------------------------------


def _inserted(text: str, found: Node, lines: list[Node], word: str) -> str:
    if not isinstance(found, SequenceNode):
        raise Uneditable("这一处不是一列词，请在全文里改")
    if found.flow_style:
        at = lines[-1].end_mark.index if lines else found.start_mark.index + 1
        return f"{text[:at]}{', ' if lines else ''}{_written(word)}{text[at:]}"
    last = lines[-1]
    begin = text.rfind("\n", 0, last.start_mark.index) + 1
    indent = text[begin : last.start_mark.index]
    end = _line_end(text, last.end_mark.index)
    return f"{text[:end]}\n{indent}{_written(word)}{text[end:]}"


def _cut(text: str, found: Node, lines: list[Node], at: int) -> str:
    one = lines[at]
    if isinstance(found, SequenceNode) and found.flow_style:
        begin, end = one.start_mark.index, one.end_mark.index
        if at + 1 < len(lines):
            end = lines[at + 1].start_mark.index
        elif at:
            begin = lines[at - 1].end_mark.index
        return text[:begin] + text[end:]
    if len(lines) == 1:
        raise Uneditable("这一列只剩这一条，请在全文里改")
    begin = text.rfind("\n", 0, one.start_mark.index) + 1
    return text[:begin] + text[_line_end(text, one.end_mark.index) + 1 :]


def _with_list(text: str, node: MappingNode, field: str, word: str) -> str:
    """A list of its own, before the last key of the class."""
    first, last = node.value[0][0], node.value[-1][0]
    if node.flow_style or first.start_mark.line == last.start_mark.line:
        raise Uneditable("这一类写在一行里，请在全文里改")
    begin = text.rfind("\n", 0, last.start_mark.index) + 1
    indent = " " * last.start_mark.column
    return f"{text[:begin]}{indent}{field}: [{_written(word)}]\n{text[begin:]}"


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found
