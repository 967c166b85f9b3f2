"""Judges faq.yaml: what may not be said (faults), and what a clerk should look at (hints).

An answer is spoken to the public, so it keeps the manners of texts.yaml. An entry that is out of
date is left out by the program and must never keep it from starting: that, entries that answer
the same words and entries that say too little are hints. ``config.load`` asks for the faults,
``config.check`` prints the hints.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import combinations, permutations

from config.faq_rules import Faq, FaqEntry
from config.fault_lines import Fault
from config.selecting import select
from config.text_check import judge_public
from config.yaml_lines import Document

_LEAST_CHARACTERS = 2
_MOST_GROUPS = 5


def faq_faults(files: Mapping[str, Document]) -> Iterator[Fault]:
    """Answers with a promise, a police word or somebody's number; needs no other file."""
    document = files.get("faq.yaml")
    if document is None:
        return
    for path, answer in select(document.data, "entries.*.answer"):
        for what in judge_public(str(answer)):
            yield document.fault(path, what)


def faq_hints(
    document: Document, faq: Faq, today: date, heard: Callable[[FaqEntry], str] | None = None
) -> Iterator[Fault]:
    """What a clerk should look at; ``heard`` gives what of an answer a group would hear."""
    for index, entry in enumerate(faq.entries):
        path = ("entries", index)
        if not entry.holds_on(today):
            what = f"“{entry.title}”{entry.valid_until} 已经过期，不再用来回答"
            yield document.fault((*path, "valid_until"), what, "核对答案后改日期，或删掉这一条")
        for word in _too_general(entry, faq):
            what = f"“{word}”太泛，什么话里都有，会答错"
            yield document.fault((*path, "ask"), what, "换成长一点、只有这件事才说的词")
        if heard is not None and (cut := heard(entry)):
            what = f"答案里有不能公开的内容，群里只会听到“{cut}”"
            yield document.fault((*path, "answer"), what)
    yield from _twins(document, faq)


def _too_general(entry: FaqEntry, faq: Faq) -> Iterator[str]:
    """Words around every question; and short ones, where no group has only longer words."""
    for group in entry.ask:
        yield from (word for word in group if word in faq.filler and not _is_firm(entry, group))
    if not any(_has_only_longer(group) for group in entry.ask):
        yield from (word for word in entry.ask[0] if len(word) < _LEAST_CHARACTERS)


def _is_firm(entry: FaqEntry, group: tuple[str, ...]) -> bool:
    """True when another group says what it is about, so that this one may hold 几点 or 谁."""
    return any(other is not group and _has_only_longer(other) for other in entry.ask)


def _has_only_longer(group: tuple[str, ...]) -> bool:
    return all(len(word) >= _LEAST_CHARACTERS for word in group)


def _twins(document: Document, faq: Faq) -> Iterator[Fault]:
    """Two entries that one and the same question names wholly."""
    for (_, one), (index, other) in combinations(enumerate(faq.entries), 2):
        words = _shared(one, other)
        if words:
            said = "、".join(words)
            what = f"说到“{said}”时，这一条和“{one.title}”（{one.id}）都答得上，分不出来"
            yield document.fault(("entries", index, "ask"), what, "去掉重复的词，或两条并成一条")


def _shared(one: FaqEntry, other: FaqEntry) -> tuple[str, ...]:
    """A word of each group that serves both entries; empty when something tells them apart."""
    if len(one.ask) != len(other.ask) or len(one.ask) > _MOST_GROUPS:
        return ()
    for order in permutations(other.ask):
        common = [next((w for w in a if w in b), "") for a, b in zip(one.ask, order, strict=True)]
        if all(common):
            return tuple(common)
    return ()
