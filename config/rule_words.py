"""The words behind the reader's rule lines, each with its place in the files (规则里的词和出处).

``config.contradictions`` looks at rules as a clerk typed them: which file, which line, which word.
The models hold the same words, but no longer know where they stood. A line is taken apart here as
``bot.domain.patterns`` does it; the two must agree on what ``| + … ! < > ^ $`` mean.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from config.fault_lines import Fault
from config.reading_rules import Weights
from config.yaml_lines import Document, Path, spell

Files = Mapping[str, Document]
Cues = Mapping[str, tuple[str, ...]]
GROUP = re.compile(r"<([^<>]+)>")
LEVELS = ("strong", "words", "weak", "topics")
_CATEGORY_LISTS = (*LEVELS, "urgent_if", "not_words")
_DANGER_LISTS = ("sure", "signs", "unless")


@dataclass(frozen=True, slots=True)
class Choice:
    """One word that a cue may be; ``typed`` when it stands in the line itself, not in a group."""

    word: str
    typed: bool


Chain = tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule line: where it stands, whose it is, and the words that make it up."""

    document: Document
    path: Path
    owner: str
    level: str
    text: str
    needs: tuple[Chain, ...]
    bars: tuple[Chain, ...]

    @property
    def is_single(self) -> bool:
        """True when one word is enough for the line."""
        return len(self.needs) == 1 and len(self.needs[0]) == 1

    @property
    def singles(self) -> tuple[Choice, ...]:
        """The words each of which is enough; empty for a line of several cues."""
        return self.needs[0][0] if self.is_single else ()

    @property
    def has_edge(self) -> bool:
        """True when ``^`` or ``$`` asks for a place in the clause."""
        return "^" in self.text or "$" in self.text

    @property
    def choices(self) -> Iterator[Choice]:
        """Every word that the line looks for, exceptions left out."""
        return (choice for chain in self.needs for term in chain for choice in term)

    @property
    def barred(self) -> frozenset[str]:
        """The words behind ``!`` each of which is enough to silence the line."""
        return frozenset(c.word for chain in self.bars if len(chain) == 1 for c in chain[0])

    def fault(self, what: str, should: str = "") -> Fault:
        """A fault at this line; the line as typed, not the whole list around it."""
        number = self.document.line_of(self.path)
        return Fault(self.document.file, number, spell(self.path), what, self.text, should)


def folded(word: str) -> str:
    """``word`` as the reader looks it up: full-width made plain, small letters."""
    return unicodedata.normalize("NFKC", word).lower()


def home(files: Files, key: str) -> Document:
    """The file in which the top-level ``key`` stands; reading.yaml when in none."""
    return next((d for d in files.values() if key in d.data), files["reading.yaml"])


def cues_of(files: Files) -> Cues:
    """The cue groups (词组) as typed."""
    groups = home(files, "cues").data.get("cues") or {}
    return {str(name): tuple(str(word) for word in words) for name, words in groups.items()}


def entries(files: Files) -> tuple[Entry, ...]:
    """Every rule line of the three files of the reader; the groups must be known and finite."""
    cues = cues_of(files)
    found = [
        _entry(document, path, owner, level, str(text), cues)
        for document, at, owner, level, lines in _lists(files)
        for path, text in _items(at, lines)
    ]
    return tuple(found)


def _lists(files: Files) -> Iterator[tuple[Document, Path, str, str, Any]]:
    categories, danger, manner = (home(files, key) for key in ("categories", "danger", "manner"))
    for index, item in enumerate(categories.data["categories"]):
        for name in _CATEGORY_LISTS:
            yield categories, ("categories", index, name), item["code"], name, item.get(name)
    for index, item in enumerate(danger.data.get("danger") or ()):
        for name in _DANGER_LISTS:
            owner = f"{item['danger']}#{index + 1}"
            yield danger, ("danger", index, name), owner, name, item.get(name)
    for name, lines in (manner.data.get("manner") or {}).items():
        yield manner, ("manner", name), "manner", name, lines
    if "own_words.yaml" in files:
        own = files["own_words.yaml"]
        for index, item in enumerate(own.data.get("words") or ()):
            yield own, ("words", index), item["category"], "own", {"word": item["word"]}


def _items(at: Path, lines: Any) -> Iterator[tuple[Path, str]]:
    keyed = lines.items() if isinstance(lines, dict) else enumerate(lines or ())
    for key, text in keyed:
        yield (*at, key), text


def _entry(document: Document, path: Path, owner: str, level: str, text: str, cues: Cues) -> Entry:
    wanted, *barred = re.split(r"\s*!\s*", text)
    needs = tuple(_chain(part, cues) for part in wanted.split("+"))
    bars = tuple(_chain(part, cues) for part in barred)
    return Entry(document, path, owner, level, text, needs, bars)


def _chain(part: str, cues: Cues) -> Chain:
    return tuple(tuple(choices(piece, cues)) for piece in part.split("…"))


def choices(piece: str, cues: Cues, *, typed: bool = True) -> Iterator[Choice]:
    """The words of one cue, groups opened, without the marks ``^`` and ``$``."""
    for alternative in (a.strip() for a in piece.split("|")):
        group = GROUP.fullmatch(alternative)
        if group is None:
            yield Choice(folded(alternative.strip("^$ ")), typed)
            continue
        for inner in cues[group[1]]:
            yield from choices(inner, cues, typed=False)


class Corrections:
    """What typos (错别字) and the dialects that are on make of a word before it is looked up."""

    def __init__(self, files: Files, besides: str = "") -> None:
        """``besides``: a dialect read as if it were on, after the others."""
        self._origin: dict[str, Fault] = {}
        self._table: dict[str, str] = {}
        self.meanings: list[tuple[str, str, str, Fault]] = []
        for document in files.values():
            for wrong, right in (document.data.get("typos") or {}).items():
                self._add(wrong, right, document, ("typos", wrong))
        on = tuple(home(files, "dialects_on").data.get("dialects_on") or ())
        for name in (*on, besides):
            for document in files.values():
                of_region = (document.data.get("dialects") or {}).get(name) or {}
                for said, meant in of_region.items():
                    at = self._add(said, meant, document, ("dialects", name, said))
                    self.meanings.append((folded(said), name, meant, at))
        self._longest = max(map(len, self._table), default=0)

    def _add(self, wrong: str, right: str, document: Document, path: Path) -> Fault:
        """Keep one entry; a later one takes the place of an earlier one."""
        at = Fault(document.file, document.line_of(path), spell(path), "", f"{wrong}: {right}")
        self._table[folded(wrong)] = right
        self._origin[folded(wrong)] = at
        return at

    def of(self, word: str) -> tuple[str, Fault | None]:
        """(the word afterwards, the first entry that changed it), leftmost and longest first."""
        said: list[str] = []
        first: Fault | None = None
        at = 0
        while at < len(word):
            wrong = self._at(word, at)
            said.append(self._table[wrong] if wrong else word[at])
            at += len(wrong) or 1
            first = first or self._origin.get(wrong)
        return "".join(said), first

    def _at(self, word: str, at: int) -> str:
        """The longest entry that begins at ``at``; "" when none does."""
        ends = range(min(len(word), at + self._longest), at, -1)
        return next((word[at:end] for end in ends if word[at:end] in self._table), "")


def dialects_off(files: Files) -> tuple[str, ...]:
    """Names of the dialects that are written down and not on."""
    on = home(files, "dialects_on").data.get("dialects_on") or ()
    written = (name for d in files.values() for name in d.data.get("dialects") or {})
    return tuple(name for name in dict.fromkeys(written) if name not in on)


@dataclass(frozen=True)
class Book:
    """All that a check looks at."""

    files: Files
    cues: Cues
    lines: tuple[Entry, ...]
    excluded: Mapping[str, frozenset[str]]
    corrections: Corrections
    weights: Weights

    def home(self, key: str) -> Document:
        """The file in which the top-level ``key`` stands."""
        return home(self.files, key)

    def listed(self, key: str) -> tuple[str, ...]:
        """The words of a plain list: ``shields`` or ``negators``."""
        return tuple(str(word) for word in self.home(key).data.get(key) or ())

    def of(self, *levels: str) -> Iterator[Entry]:
        """The lines of these lists, in the order of the files."""
        return (line for line in self.lines if line.level in levels)


def excluded(lines: Iterable[Entry]) -> dict[str, frozenset[str]]:
    """The words of ``not_words`` and ``unless`` by category and danger class."""
    found: dict[str, frozenset[str]] = {}
    for line in (line for line in lines if line.level in ("not_words", "unless")):
        found[line.owner] = found.get(line.owner, frozenset()) | {c.word for c in line.singles}
    return found
