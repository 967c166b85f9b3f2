"""How alike two messages are (像不像): one number from 0 to 1, from their own characters.

Pairs of neighbouring characters are compared as sets, without the names of the estate, digits and
words that every report has: a cosine that leans on the shorter text, so that a cry of ten
characters is not lost beside a letter. Rejected after measuring: plain Jaccard (long and short
never meet), counting repeats, weights by how rare a pair is among a grid's few tickets (the one
hot issue of a place makes its own words common). Called by ``handlers.likeness``.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import groupby

from bot.domain.words import normalise

_PAIR = 2
_SHY = 5
_LEAN = 0.6
_SHORT = 600  # what a neighbour's report has; compared again with every message of its grid
_OTHER = re.compile(r"[^a-z\u3400-\u9fff]+")
_SIGNS = re.compile(r"[\W_]+")
_LITTLE = (
    "的了是在我你您他她它这那有和与就也都很不没要会能到说被把个着过给让对请吗呢吧啊呀哦"
    "上下里中为以从向由及等其之得所还又再只更最"
)
Words = frozenset[str]
Names = tuple[str, ...]


class Sieve:
    """Takes out of a text what says nothing of its matter."""

    def __init__(self, names: Iterable[str], common: Iterable[str]) -> None:
        """``names`` of the place (its estates), ``common`` words of all reports."""
        places = {normalise(word).text for word in names} - {""}
        dropped = places | ({normalise(word).text for word in common} - {""})
        self._places = re.compile(_either(places))
        self._dropped = re.compile(f"{_either(dropped)}|[{_LITTLE}]")

    def words(self, text: str) -> Words:
        """The pairs of neighbouring characters that are left; empty for a text of nothing else."""
        bare = _OTHER.sub(" ", normalise(text).text)
        pieces = self._dropped.sub(" ", bare).split()
        return frozenset(p[i : i + _PAIR] for p in pieces for i in range(len(p) - _PAIR + 1))

    def letters(self, text: str) -> str:
        """The text without its signs, blanks and the names of the place: for word for word."""
        return _SIGNS.sub("", self._places.sub("", normalise(text).text))


def _either(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first, tried only where its first letter stands."""
    ordered = sorted(words, key=lambda word: (word[0], -len(word), word))
    grouped = groupby(ordered, key=lambda word: word[0])
    heads = (
        f"{re.escape(first)}(?:{'|'.join(re.escape(word[1:]) for word in group)})"
        for first, group in grouped
    )
    return "|".join(heads) or r"(?!)"


@lru_cache(maxsize=64)
def sieve_for(names: Names, common: tuple[str, ...]) -> Sieve:
    """The sieve of a grid; kept, because building one costs a millisecond."""
    return Sieve(names, common)


def likeness(one: Words, other: Words) -> float:
    """0 (nothing in common) to 1; symmetric. Short texts are met with caution.

    The root of |both| / (shorter+5)^0.6 (longer+5)^0.4, stretched by the root so that the
    thresholds of alike.yaml lie at round numbers: see ``bench/attach.py`` for what they were
    measured on.
    """
    both = len(one & other)
    if not both:
        return 0.0
    shorter, longer = sorted((len(one) + _SHY, len(other) + _SHY))
    share = both / (float(shorter) ** _LEAN * float(longer) ** (1 - _LEAN))
    return float(min(1.0, share) ** 0.5)


def likenesses(said: str, tickets: Mapping[int, str], sieve: Sieve) -> dict[int, float]:
    """How alike ``said`` is to each ticket, whose voices stand one a line; word for word is 1.

    Who names the estate and who speaks in its group say the same word for word.
    """
    words = sieve.words(said)
    letters = sieve.letters(said)
    return {ticket: _to_ticket(letters, words, text, sieve) for ticket, text in tickets.items()}


def best_likeness(said: str, ticket: str, sieve: Sieve) -> float:
    """``likenesses`` for one ticket."""
    return likenesses(said, {0: ticket}, sieve)[0]


def _to_ticket(letters: str, words: Words, ticket: str, sieve: Sieve) -> float:
    """The likest voice decides, or all voices together."""
    texts, voices = _sifted(sieve, ticket) if len(ticket) <= _SHORT else _sift(sieve, ticket)
    if letters and letters in texts:
        return 1.0
    return max((likeness(words, voice) for voice in voices), default=0.0)


@lru_cache(maxsize=1024)
def _sifted(sieve: Sieve, ticket: str) -> tuple[Words, tuple[Words, ...]]:
    return _sift(sieve, ticket)


def _sift(sieve: Sieve, ticket: str) -> tuple[Words, tuple[Words, ...]]:
    """What a ticket says letter for letter, by voice and whole; its pairs in the same way."""
    lines = [line.strip() for line in ticket.split("\n") if line.strip()]
    voices = [sieve.words(line) for line in lines]
    texts = frozenset(sieve.letters(one) for one in (*lines, ticket))
    return texts, (*voices, frozenset[str]().union(*voices))
