"""What contradicts itself in the reader's rules (自相矛盾的规则), told to the clerk who wrote it.

A rule file may be well formed and still hold words that can never do anything: a typo list that
rewrites them first, an exception that silences the very word beside it, two categories that claim
the same word. ``contradictions`` says which line and what to do. *Faults* are those where a line
or a word as typed can never count, or where chance decides; everything else is a *hint*.
Called by ``config.check`` only: a running program does not look.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from config.fault_lines import Fault, unknown
from config.reading_rules import Weights
from config.rule_hints import HINTS
from config.rule_words import (
    GROUP,
    Book,
    Choice,
    Corrections,
    Cues,
    Entry,
    Files,
    choices,
    cues_of,
    dialects_off,
    entries,
    excluded,
    folded,
    home,
)
from config.yaml_lines import Document, Path, spell

_SILENT = ("publicity", "block", "fiction", "joke")
_SILENT_NAMES = {"publicity": "宣传", "block": "广告", "fiction": "影视游戏", "joke": "玩笑"}


Check = Callable[[Book], Iterator[Fault]]


@dataclass(frozen=True)
class Found:
    """What speaks against the rules: ``faults`` must be mended, ``hints`` may be."""

    faults: tuple[Fault, ...]
    hints: tuple[Fault, ...]


def contradictions(files: Files) -> Found:
    """Every contradiction in the valid ``files`` of the reader, the site's own words among them.

    Groups that do not exist or that hold themselves are told alone: nothing else can be read then.
    """
    broken = tuple(group_faults(files))
    if broken:
        return Found(broken, ())
    weights = Weights.model_validate(home(files, "weights").data.get("weights") or {})
    lines = entries(files)
    book = Book(files, cues_of(files), lines, excluded(lines), Corrections(files), weights)
    return Found(_gathered(_FAULTS, book), _gathered(HINTS, book))


def _gathered(checks: Iterable[Check], book: Book) -> tuple[Fault, ...]:
    return tuple(sorted({fault for check in checks for fault in check(book)}))


# ── groups ──────────────────────────────────────────────────────────────────────────────────────


def group_faults(files: Files) -> Iterator[Fault]:
    """Unknown groups inside groups and shields (the models look at lines only), and circles."""
    cues = cues_of(files)
    groups, shields = home(files, "cues"), home(files, "shields")
    for name, words in cues.items():
        yield from _unknown_groups(groups, ("cues", name), words, cues)
        if _holds_itself(name, cues):
            yield groups.fault(("cues", name), f"词组<{name}>绕一圈又用到了自己", "删掉其中一处")
    words = tuple(str(word) for word in shields.data.get("shields") or ())
    yield from _unknown_groups(shields, ("shields",), words, cues)


def _unknown_groups(
    document: Document, at: Path, words: tuple[str, ...], cues: Cues
) -> Iterator[Fault]:
    for index, word in enumerate(words):
        for name in GROUP.findall(word):
            if name not in cues:
                what, should = unknown("词组", name, cues)
                path = (*at, index)
                yield Fault(document.file, document.line_of(path), spell(path), what, word, should)


def _holds_itself(name: str, cues: Cues) -> bool:
    seen: set[str] = set()
    waiting = [inner for word in cues[name] for inner in GROUP.findall(word)]
    while waiting:
        inner = waiting.pop()
        if inner not in seen:
            seen.add(inner)
            waiting += [g for word in cues.get(inner, ()) for g in GROUP.findall(word)]
    return name in seen


# ── faults ──────────────────────────────────────────────────────────────────────────────────────


def _two_claims(book: Book) -> Iterator[Fault]:
    """One word that opens a ticket by itself in two categories: the order of the file decides."""
    first: dict[str, Entry] = {}
    for line in book.of("strong"):
        if line.bars:
            continue
        for word in dict.fromkeys(choice.word for choice in line.singles):
            other = first.setdefault(word, line)
            if other.owner != line.owner:
                what = (
                    f"“{word}”在 {other.owner}（第 {other.document.line_of(other.path)} 行）和 "
                    f"{line.owner} 都是 strong，分不出归哪一类"
                )
                should = "留一处；另一处删掉、降到 words，或加“! 某词”区分"
                yield line.fault(what, should)


def _same_line(book: Book) -> Iterator[Fault]:
    """The same combination of cues, equally strong, in two categories."""
    first: dict[tuple[object, ...], Entry] = {}
    for line in book.of("strong"):
        if line.is_single:
            continue
        chains = frozenset(
            tuple(frozenset(c.word for c in term) for term in chain) for chain in line.needs
        )
        other = first.setdefault((chains, line.barred), line)
        if other.owner != line.owner:
            what = f"这一条和 {other.owner} 第 {other.document.line_of(other.path)} 行一模一样"
            yield line.fault(what, "留一处，或加一个词把两类分开")


def _rewritten(book: Book) -> Iterator[Fault]:
    """A word that the typo or dialect list changes before it is looked up, into an unknown one.

    Words of a dialect that is off are let pass: they wait for the day on which it is on again.
    """
    asleep = [Corrections(book.files, name) for name in dialects_off(book.files)]
    for path, document, text, found, known in _word_lists(book):
        for word in dict.fromkeys(choice.word for choice in found):
            after, by = book.corrections.of(word)
            if by is None or _is_known(word, after, known):
                continue
            if not any(_is_known(word, one.of(word)[0], known) for one in asleep):
                what = (
                    f"“{word}”读之前已被 {by.file} 第 {by.line} 行（{by.typed}）改成“{after}”，"
                    "永远认不到"
                )
                should = f"这里写“{after}”，或删掉那条改写"
                yield Fault(document.file, document.line_of(path), spell(path), what, text, should)


def _is_known(word: str, after: str, known: frozenset[str]) -> bool:
    """True when what ``word`` has become is still looked for."""
    return word in after or any(one in after for one in known)


def _word_lists(
    book: Book,
) -> Iterator[tuple[Path, Document, str, tuple[Choice, ...], frozenset[str]]]:
    """(path, file, text, words typed there, words any of which would do instead)."""
    together: dict[tuple[str, str], set[str]] = {}
    for line in book.lines:
        together.setdefault((line.owner, line.level), set()).update(c.word for c in line.singles)
    for line in book.lines:
        beside = together[line.owner, line.level]
        for chain in (*line.needs, *line.bars):
            for term in chain:
                typed = tuple(choice for choice in term if choice.typed)
                known = frozenset({c.word for c in term} | (beside if line.is_single else set()))
                yield line.path, line.document, line.text, typed, known
    for name, words in book.cues.items():
        group = frozenset(choice.word for choice in choices(f"<{name}>", book.cues))
        for index, word in enumerate(words):
            if not GROUP.search(word):
                own = (Choice(folded(word.strip("^$ ")), True),)
                yield ("cues", name, index), book.home("cues"), word, own, group


def _own_exception(book: Book) -> Iterator[Fault]:
    """A word that always brings along what its own line, category or danger class excludes."""
    for line in book.lines:
        against = line.barred | book.excluded.get(line.owner, frozenset())
        if line.level in ("not_words", "unless", "urgent_if") or not against:
            continue
        for term in (term for chain in line.needs for term in chain):
            lost = {c.word: hit for c in term if (hit := _inside(c.word, against))}
            if len(lost) == len({c.word for c in term}):
                word, hit = next(iter(lost.items()))
                what = f"这一条永远不成立：“{word}”里就有排除词“{hit}”"
                yield line.fault(what, f"删掉排除词“{hit}”，或换掉“{word}”")
            else:
                for choice in term:
                    if choice.typed and choice.word in lost:
                        hit = lost[choice.word]
                        what = f"“{choice.word}”永远不算：排除词“{hit}”就在它里面"
                        yield line.fault(what, f"删掉“{choice.word}”，或把排除词“{hit}”写长一点")


def _inside(word: str, others: frozenset[str]) -> str:
    """The first of ``others`` that stands in ``word``, or ""."""
    pieces = (
        word[start:end] for start in range(len(word)) for end in range(start + 1, len(word) + 1)
    )
    return next((piece for piece in pieces if piece in others), "")


def _never_near(book: Book) -> Iterator[Fault]:
    """A line whose shortest words together are longer than the reach."""
    reach = book.weights.reach
    for line in book.lines:
        shortest = sum(
            min(len(choice.word) for choice in term) for chain in line.needs for term in chain
        )
        if shortest > reach:
            what = f"几个词加起来至少 {shortest} 个字，超过 reach 的 {reach} 个字，永远凑不齐"
            yield line.fault(what, "少写一个词，或在 weights 里把 reach 调大")


def _denied_danger(book: Book) -> Iterator[Fault]:
    """A negator that is itself a word of danger, and a danger word that reads as unreal."""
    negators = {folded(word) for word in book.listed("negators")}
    unreal = {
        choice.word: line
        for line in book.of(*_SILENT)
        if line.is_single and not line.bars and not line.has_edge
        for choice in line.singles
    }
    for line in book.of("sure", "signs"):
        for word in dict.fromkeys(c.word for c in line.singles):
            if word in negators:
                what = f"险情词“{word}”又写在 negators 里，会把别的险情压下去"
                yield line.fault(what, f"从 negators 里删掉“{word}”")
            hit = _inside(word, frozenset(unreal))
            if hit:
                other = unreal[hit]
                where = f"{other.document.file} 第 {other.document.line_of(other.path)} 行"
                name = _SILENT_NAMES[other.level]
                what = f"险情词“{word}”永远不算：里面的“{hit}”在 {where} 算{name}"
                yield line.fault(what, f"从 manner.{other.level} 里删掉“{hit}”，或写长一点")


_FAULTS = (_two_claims, _same_line, _rewritten, _own_exception, _never_near, _denied_danger)
