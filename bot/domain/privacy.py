"""Hides phones, ID numbers, plates, bank cards, papers and e-mail addresses (隐私遮盖).

``mask`` is what search, journal and every listener see; the original lies sealed in storage. Too
much is hidden rather than too little, but never a house or room number. ``reveals`` names what was
found, so that the sender can be told in private. What the numbers look like stands in
``personal_numbers``; a text without six digits in a row, a plate or an @ costs one look.
"""

from collections.abc import Iterator

from bot.domain.personal_numbers import KINDS, PersonalKind, has_id_checksum, has_luhn, may_hold
from bot.domain.words import Normal, Span, normalise

__all__ = ["has_id_checksum", "has_luhn", "mask", "reveals", "without_numbers"]

_PASSES = 4


def mask(text: str, normal: Normal | None = None) -> str:
    """``text`` with every personal number starred; the rest is left as it was typed.

    ``normal`` is ``normalise(text)`` where the caller has it already.
    """
    for _ in range(_PASSES):
        if not may_hold(text):
            break
        normal = normal or normalise(text)
        spans = list(_spans(normal.text))
        if not spans:
            break
        text, normal = _starred(text, normal, spans), None
    return text


def reveals(text: str) -> tuple[str, ...]:
    """The kinds of personal data in ``text`` (手机号, 身份证号 …), each once, in order."""
    if not may_hold(text):
        return ()
    return tuple(dict.fromkeys(kind.name for _, kind in _spans(normalise(text).text)))


def without_numbers(text: str) -> str:
    """Normalised ``text`` with personal numbers blanked out, same length; for the place grammar."""
    if not may_hold(text):
        return text
    for (start, end), _ in list(_spans(text)):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _spans(text: str) -> Iterator[tuple[Span, PersonalKind]]:
    """Where personal numbers stand in normalised text; the first kind that fits keeps its place."""
    taken: list[tuple[Span, PersonalKind]] = []
    for kind in KINDS:
        for found in kind.pattern.finditer(text):
            start, end = found.span()
            if kind.is_one(found.group()) and all(end <= s or start >= e for (s, e), _ in taken):
                taken.append(((start, end), kind))
    yield from sorted(taken, key=lambda item: item[0])


def _starred(text: str, normal: Normal, spans: list[tuple[Span, PersonalKind]]) -> str:
    pieces: list[str] = []
    done = 0
    for (start, end), kind in spans:
        raw_start, raw_end = normal.raw_span((start, end))
        if raw_start < done:
            continue
        value = normal.text[start:end]
        hidden = "*" * max(4, len(value) - kind.left - kind.right)
        tail = value[len(value) - kind.right :] if kind.right else ""
        pieces += [text[done:raw_start], value[: kind.left].upper(), hidden, tail.upper()]
        done = raw_end
    pieces.append(text[done:])
    return "".join(pieces)
