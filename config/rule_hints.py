"""Hints on the reader's rules (提示): not wrong, but probably not what the clerk meant.

A word typed twice, a group that no line uses, a shield that hides a word of danger, a word that
two dialects mean differently. ``check`` shows them and still passes. Called by
``config.contradictions``, which holds what must be mended.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from config.fault_lines import Fault
from config.rule_words import GROUP, LEVELS, Book, Entry, choices, folded
from config.yaml_lines import Path, spell

_SHOWN = 8
_PARTICLES = "了吗啊呀呢吧啦嘛哦哟着过啰喽!?,。~"
_NEAR = ("here", "now", "ongoing", "request")


def _doubled_in_list(book: Book) -> Iterator[Fault]:
    """The same word twice in one line, one group, or one list."""
    for line in book.lines:
        for chain in line.needs:
            for term in chain:
                yield from _twice(line, [c.word for c in term if c.typed])
    seen: dict[tuple[str, str, str], Entry] = {}
    again: dict[tuple[str, str], list[str]] = {}
    at: dict[tuple[str, str], Entry] = {}
    for line in book.lines:
        if line.bars or line.has_edge:
            continue
        key = (line.owner, line.level)
        for word in dict.fromkeys(c.word for c in line.singles if c.typed):
            if seen.setdefault((*key, word), line) is not line:
                again.setdefault(key, []).append(word)
                at.setdefault(key, line)
    for key, words in again.items():
        yield at[key].fault(f"{_said(words)}在 {key[1]} 里已经写过", "各留一处")


def _twice(line: Entry, words: list[str]) -> Iterator[Fault]:
    again = sorted({word for word in words if words.count(word) > 1})
    if again:
        yield line.fault(f"{_said(again)}在这一条里写了两次", "留一处")


def _doubled_words(book: Book) -> Iterator[Fault]:
    """The same word twice in a group, among the shields or negators."""
    lists: list[tuple[Path, tuple[str, ...]]] = [
        *((("cues", name), words) for name, words in book.cues.items()),
        *(((key,), book.listed(key)) for key in ("shields", "negators")),
    ]
    for path, words in lists:
        again = sorted({word for word in words if words.count(word) > 1})
        if again:
            document = book.home(str(path[0]))
            what = f"{_said(again)}写了两次"
            yield Fault(document.file, document.line_of(path), spell(path), what, "", "各留一处")


def _shared(book: Book) -> Iterator[Fault]:
    """A word at the same lower level of two categories: alone it tells nothing apart."""
    owners: dict[tuple[str, str], list[Entry]] = {}
    for line in book.of("words"):
        if not line.bars:
            for word in dict.fromkeys(c.word for c in line.singles):
                owners.setdefault((line.level, word), []).append(line)
    for (level, word), lines in owners.items():
        codes = list(dict.fromkeys(line.owner for line in lines))
        if len(codes) > 1:
            what = f"“{word}”在 {'、'.join(codes)} 都是 {level}，单凭它分不出归哪一类"
            yield lines[-1].fault(what, "更像哪一类就留在哪一类，或让别的词来分")


def _lower_level(book: Book) -> Iterator[Fault]:
    """A word that also stands at a higher level of its own category: the lower one is idle."""
    for word, lines in _by_word(book).items():
        best: dict[str, Entry] = {}
        for line in sorted(lines, key=lambda found: LEVELS.index(found.level)):
            higher = best.setdefault(line.owner, line)
            if higher.level != line.level and not higher.bars:
                what = (
                    f"“{word}”在 {line.owner} 的 {higher.level} 里已有，写在 {line.level} 不起作用"
                )
                yield line.fault(what, "留一处")


def _by_word(book: Book) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for line in book.of(*LEVELS):
        for word in dict.fromkeys(c.word for c in line.singles):
            found.setdefault(word, []).append(line)
    return found


def _shielded_danger(book: Book) -> Iterator[Fault]:
    """Shields that say no more than the word of sure danger they hide: 大出血了, 我家着火.

    To hold a danger word is what a shield is for: one that tells of something else (大出血促销) is
    let pass, and so is one that opens a ticket by itself (快打起来). One that equals the word, or
    is part of it, hides nothing: the engine takes the longer of the two.
    """
    shields = {
        choice.word for word in book.listed("shields") for choice in choices(word, book.cues)
    }
    told = (line for line in book.of("sure", "signs", "strong") if not line.has_edge)
    heard = {c.word for line in told for c in line.singles}
    idle = _idle(book)
    for line in book.of("sure"):
        if line.has_edge:
            continue
        meant = book.excluded.get(line.owner, frozenset()) | line.barred
        for word in dict.fromkeys(c.word for c in line.singles):
            holding = sorted(s for s in shields - meant - heard if word in s)
            hiding = [s for s in holding if all(map(idle.fullmatch, s.split(word)))]
            if hiding:
                what = f"险情词“{word}”会被保护短语{_said(hiding)}挡住，说了也不算险情"
                yield line.fault(what, "这就是真的险情，从 shields 里删掉，或写长、写明是别的事")


def _idle(book: Book) -> re.Pattern[str]:
    """What may stand around a danger word and leave it one: particles, 我家, 现在, 快来."""
    words = {c.word for line in book.of(*_NEAR) if not line.bars for c in line.singles}
    longest_first = sorted({*_PARTICLES, *words}, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, longest_first))})*")


def _negated_danger(book: Book) -> Iterator[Fault]:
    """A cry such as 别打我 that is a danger word by itself, while 别 is a negator."""
    negators = sorted({folded(word) for word in book.listed("negators")})
    known = {c.word for line in book.of("sure", "signs") for c in line.choices}
    for line in book.of("sure"):
        for word in dict.fromkeys(c.word for c in line.singles):
            cries = [f"{n}{word}" for n in negators if f"{n}{word}" in known]
            own = {c.word for c in line.singles}
            if cries and not own & set(cries):
                what = f"{_said(cries)}是险情的话，可开头是否定词，会把“{word}”降为疑似"
                yield line.fault(what, f"把{_said(cries)}也写进这一条")


def _unused_groups(book: Book) -> Iterator[Fault]:
    used = {g for line in book.lines for g in GROUP.findall(line.text)}
    used |= {g for words in book.cues.values() for word in words for g in GROUP.findall(word)}
    used |= {g for word in book.listed("shields") for g in GROUP.findall(word)}
    for name in book.cues:
        if name not in used:
            yield book.home("cues").fault(("cues", name), f"词组<{name}>没有哪条规则用到", "删掉")


def _two_meanings(book: Book) -> Iterator[Fault]:
    """A word that two dialects which are both on mean differently: the later one wins."""
    first: dict[str, tuple[str, str]] = {}
    for said, name, meant, at in book.corrections.meanings:
        other, before = first.setdefault(said, (name, meant))
        if before != meant:
            what = f"“{said}”在{other}是“{before}”，在{name}是“{meant}”，两种都开着，后写的算"
            yield replace(at, what=what, should="按本地的说法留一种")


def _said(words: Iterable[str]) -> str:
    shown = list(words)
    more = f"等 {len(shown)} 个" if len(shown) > _SHOWN else ""
    return "、".join(f"“{word}”" for word in shown[:_SHOWN]) + more


HINTS: tuple[Callable[[Book], Iterator[Fault]], ...] = (
    _doubled_in_list,
    _doubled_words,
    _shared,
    _lower_level,
    _shielded_danger,
    _negated_danger,
    _unused_groups,
    _two_meanings,
)
