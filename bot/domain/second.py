"""The second reader (第二位读者): a small linear model that covers what no rule says.

It weighs character n-grams and the signs of the rules; every opinion can be taken apart into the
pieces of the message that made it. The model is one file of ours, see ``unpacked``; it is trained
by ``make train`` from the project's own corpus. Called by ``bot.domain.reading``.
"""

import json
import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain.features import Hashes, grams, grams_at, signs, squeezed

Floats = NDArray[np.float32]

MAGIC = b"JGSR0001"
SIGN_WORTH = 0.1
_HEAD = struct.Struct("<8sI")
_MOST_REASONS = 6
_SHORTEST_REASON = 2
_MOST_CODES = 8
_FAR = 300.0


class BadModel(ValueError):
    """The bytes are no model of this program; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Head:
    """One question that the model answers: its classes stand in columns ``start``…``stop``."""

    classes: tuple[str, ...]
    start: int

    @property
    def stop(self) -> int:
        """One after its last column."""
        return self.start + len(self.classes)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the second reader thinks of a message; probabilities 0–1."""

    kinds: Mapping[str, float]
    categories: tuple[tuple[str, float], ...]
    danger: float
    danger_classes: Mapping[str, float]
    despair: float = 0.0


@dataclass(frozen=True, slots=True)
class SecondReader:
    """A model in memory: sorted feature numbers, their worth, a row of weights for each."""

    features: Hashes
    worth: Floats
    weights: NDArray[np.int8]
    scales: Floats
    biases: Floats
    heads: Mapping[str, Head]

    def opinion(self, text: str, names: tuple[str, ...]) -> Opinion:
        """What it thinks of a normalised ``text`` for which the rules found the signs ``names``."""
        shares = self._shares(self._scores(text, names))
        codes = shares["category"]
        best = sorted(codes, key=codes.__getitem__, reverse=True)[:_MOST_CODES]
        return Opinion(
            kinds=shares["kind"],
            categories=tuple((code, round(codes[code], 3)) for code in best),
            danger=shares["danger"]["yes"],
            danger_classes=shares["danger_class"],
            despair=shares["despair"]["yes"],
        )

    def reasons(self, text: str, names: tuple[str, ...], head: str, name: str) -> tuple[str, ...]:
        """The pieces of ``text`` and the signs that speak most for ``name``, strongest first."""
        asked = self.heads[head]
        column = asked.start + asked.classes.index(name)
        shown = squeezed(text)
        said: dict[str, float] = {}
        for size, row in enumerate(grams_at(text), 1):
            for at, weight in enumerate(self._weights_of(row, column)):
                piece = shown[at : at + size].strip("\x02\x03 ")
                if weight > 0 and len(piece) >= _SHORTEST_REASON:
                    said[piece] = max(float(weight), said.get(piece, 0.0))
        for sign, weight in zip(names, self._weights_of(signs(names), column), strict=True):
            if weight > 0:
                said[f"[{sign}]"] = float(weight)
        return _apart(sorted(said, key=said.__getitem__, reverse=True))

    def _scores(self, text: str, names: tuple[str, ...]) -> Floats:
        """A number per column: n-grams weighed by worth, to length one; signs as they are."""
        rows = self._rows(grams(text))
        shown = self._rows(signs(names))
        values = self.worth.take(rows)
        values /= math.sqrt(float(values @ values)) or 1.0
        weights = self.weights.take(np.concatenate((rows, shown)), axis=0).astype(np.float32)
        scores: Floats = values @ weights[: len(rows)]
        scores += SIGN_WORTH * weights[len(rows) :].sum(axis=0)
        scores *= self.scales
        scores += self.biases
        return scores

    def _rows(self, numbers: Hashes) -> NDArray[np.intp]:
        """The rows of those numbers that the model knows."""
        at, known = self._places(numbers)
        return at[known]

    def _places(self, numbers: Hashes) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """For every number its row and whether the model knows it; row 0 for what it does not."""
        at = self.features.searchsorted(numbers)
        at[at == len(self.features)] = 0
        return at, self.features.take(at) == numbers

    def _weights_of(self, numbers: Hashes, column: int) -> Floats:
        at, known = self._places(numbers)
        found: Floats = self.weights[at, column] * self.worth[at] * self.scales[column] * known
        return found

    def _shares(self, scores: Floats) -> dict[str, dict[str, float]]:
        """Probabilities of the classes of every head."""
        own = [math.exp(max(-_FAR, min(_FAR, score))) for score in scores.tolist()]
        shares: dict[str, dict[str, float]] = {}
        for name, head in self.heads.items():
            part = own[head.start : head.stop]
            total = sum(part)
            shares[name] = {c: p / total for c, p in zip(head.classes, part, strict=True)}
        return shares


def _apart(pieces: Iterable[str]) -> tuple[str, ...]:
    """The first few pieces of which none lies in another."""
    kept: list[str] = []
    for piece in pieces:
        if not any(piece in other or other in piece for other in kept):
            kept.append(piece)
        if len(kept) == _MOST_REASONS:
            break
    return tuple(kept)


def packed(reader: SecondReader, about: Mapping[str, object]) -> bytes:
    """The model as one file: magic, length, JSON header (heads, sizes, ``about``), arrays."""
    heads = {name: {"classes": h.classes, "start": h.start} for name, h in reader.heads.items()}
    header = {"heads": heads, "rows": len(reader.features), "columns": len(reader.scales), **about}
    told = json.dumps(header, ensure_ascii=False, sort_keys=True).encode()
    arrays = (reader.features, reader.worth, reader.weights, reader.scales, reader.biases)
    return _HEAD.pack(MAGIC, len(told)) + told + b"".join(array.tobytes() for array in arrays)


def unpacked(raw: bytes) -> SecondReader:
    """The model in ``raw``; raises BadModel for anything that ``packed`` did not write."""
    try:
        magic, length = _HEAD.unpack_from(raw)
        if magic != MAGIC:
            raise BadModel("不是第二读者的模型文件，请重新 make train")
        header = json.loads(raw[_HEAD.size : _HEAD.size + length])
        return _arrays(header, raw, _HEAD.size + length)
    except (struct.error, UnicodeDecodeError, json.JSONDecodeError, KeyError, ValueError) as fault:
        raise BadModel("模型文件不完整，请从仓库重新取，或重新 make train") from fault


def _arrays(header: Mapping[str, object], raw: bytes, at: int) -> SecondReader:
    rows, columns = int(str(header["rows"])), int(str(header["columns"]))
    shapes = (
        (np.uint32, rows),
        (np.float32, rows),
        (np.int8, rows * columns),
        (np.float32, columns),
        (np.float32, columns),
    )
    parts: list[NDArray[np.generic]] = []
    for kind, count in shapes:
        parts.append(np.frombuffer(raw, dtype=kind, count=count, offset=at))
        at += parts[-1].nbytes
    if at != len(raw):
        raise BadModel("模型文件长度不对，请重新 make train")
    features, worth, weights, scales, biases = parts
    heads = header["heads"]
    assert isinstance(heads, dict)  # noqa: S101  (we wrote it)
    return SecondReader(
        features=features.astype(np.uint32, copy=False),
        worth=worth.astype(np.float32, copy=False),
        weights=weights.astype(np.int8, copy=False).reshape(rows, columns),
        scales=scales.astype(np.float32, copy=False),
        biases=biases.astype(np.float32, copy=False),
        heads={name: Head(tuple(h["classes"]), int(h["start"])) for name, h in heads.items()},
    )
