"""A reading as the JSON that ``run_bot.py read`` writes (读的结果).

The shape is fixed: other programs and the measurements read it. Digits are strings, moments
ISO 8601 with zone, ``danger`` is a bool here: 险情 and 疑似 of body and life are both true.
Called by ``bot.read_command``.
"""

from bot.domain.places import Place
from bot.domain.reading import Matter, Reading
from bot.domain.times import When
from config.vocabulary import Danger, Kind

Json = dict[str, object]


def to_json(id: object, reading: Reading) -> Json:
    """The line for one reading; ``more`` stands in it only when there is more."""
    decided = reading.kind in (Kind.REPORT, Kind.QUESTION)
    line: Json = {
        "id": id,
        "kind": reading.kind.value,
        "category": reading.category if decided else None,
        "candidates": [{"code": c.code, "score": c.score} for c in reading.candidates],
        "police": reading.police if decided else None,
        "department": reading.department if decided else None,
        "danger": reading.endangers_life,
        "urgency": reading.urgency.value,
        "place": _place(reading.place),
        "when": _when(reading.when),
        "masked": reading.masked,
        "why": list(reading.why),
    }
    if reading.more:
        line["more"] = [_matter(matter) for matter in reading.more]
    return line


def _place(place: Place) -> Json:
    """What was said of the place; the storey in the words that said it, all else in digits."""
    said = {name: value for name in place.__slots__ if (value := getattr(place, name))}
    storey = said.pop("floor_said", "")
    return {**said, "floor": storey} if storey else said


def _when(when: When | None) -> Json | None:
    if when is None:
        return None
    return {"from": when.start.isoformat(), "to": when.end.isoformat(), "text": when.text}


def _matter(matter: Matter) -> Json:
    return {
        "category": matter.category,
        "place": _place(matter.place),
        "department": matter.department,
        "danger": matter.danger is not Danger.NONE,
    }
