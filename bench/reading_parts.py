"""Where, when and masking against other people's collections (地点、时间、遮盖的成绩), in one run.

Reads the development halves in the folder ``JINGGE_DATA`` (else ``../shared/data``); what is
missing is left out. Nothing of them is kept. Called by ``bench.reading``; by itself it prints
Markdown: ``python -m bench.reading_parts``.

Time. In scope are rows that name one point, day, week, month, year or part of a day which has been
or is today. Left out: spans from-to and mere lengths (三个月), repetitions, rows that look forward
by their own words (下周, 明年, 三天后) or by a stated date, the lunar calendar, solar terms,
feasts, and rows whose expected value no calendar holds. Both collections let a bare 周一 or 三点
mean the next one; a report means the last one, so their expected value is moved back by its own
period (12 hours, a day, a week, a year) until it has been. ``strict`` is the figure without the
moved rows.

Place. A field counts as found when the number is the one expected, numerals and 楼/层/F read on
both sides; ``as_typed`` is the figure of a comparison that leaves Chinese numerals and F as they
are typed, with what ``read`` prints: a storey as it was said, all else in digits. Masking counts
every phone (foreign ones too), ID number, card, plate, passport and e-mail address; a row is met
when none of them stands in the masked text.
"""

import json
import os
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from statistics import median

from bench import time_gold
from bench.time_gold import ZONE, Gold, Row
from bot.domain.numbers import HAN_NUMERALS, to_digits
from bot.domain.places import Place, find_place
from bot.domain.privacy import mask
from bot.domain.times import find_when
from bot.domain.words import normalise
from config.load import load_rules
from config.reading_rules import ReadingRules

ROOT = Path(__file__).parents[1]
PROBES = ROOT / "tests" / "domain" / "place_probes.jsonl"
_FIELDS = {
    "houseno": ("building", 0.75, 0.88),
    "cellno": ("unit", 0.75, 0.88),
    "floorno": ("floor", 0.93, 0.97),
    "roomno": ("room", 0.80, 0.90),
    "roadno": ("road_no", 0.85, 0.93),
}
_DOOR = ("building", "unit", "floor", "room", "road_no")
_SUITES: tuple[tuple[str, Callable[[Row], Gold | str], float, float], ...] = (
    ("time_jionlp", time_gold.jionlp, 0.90, 0.97),
    ("time_duckling", time_gold.duckling, 0.75, 0.88),
    ("time_recognizers", time_gold.recognizers, 0.75, 0.88),
)
_PERSONAL = re.compile(
    r"ID_CARD|EMAIL|BANK_CARD|idCardNum|bankCard|carLicense|isPlateNumber|isValidCard"
    r"|手机号\(|座机|车牌号|email|护照|香港身份证|军官"
)
_NUMERAL = re.compile(f"[{HAN_NUMERALS}]+")
_SHORTEST, _LONGEST = 65, 90


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with the bars it has to meet; ``as_typed`` and ``strict`` as the module says."""

    task: str
    figure: float
    floor: float
    goal: float
    n: int
    as_typed: float | None = None
    strict: float | None = None

    def as_row(self) -> dict[str, object]:
        """The figure as a dict (task, figure, floor, goal, n and what else is told)."""
        return {key: value for key, value in asdict(self).items() if value is not None}


def time_figures() -> list[dict[str, object]]:
    """Share of the times in scope that are read right, one figure per suite at hand."""
    return [figure.as_row() for figure in _times(_rules())]


def place_figures() -> list[dict[str, object]]:
    """Our own probes (exact) and F1 of each number of ``address_dev``."""
    return [figure.as_row() for figure in (_probes(), *_addresses())]


def masking_figures() -> list[dict[str, object]]:
    """Share of the personal numbers masked; addresses of which a number was masked (0 is right)."""
    return [figure.as_row() for figure in (*_masked(), *_masked_doors())]


def speed_figures() -> list[dict[str, object]]:
    """Median milliseconds that the three parts cost on texts of about 77 characters."""
    return [figure.as_row() for figure in _speed(_rules())]


def rows_of(name: str) -> list[Row]:
    """The rows of one data file; empty where the folder or the file is missing."""
    folder = Path(os.environ.get("JINGGE_DATA") or ROOT.parent / "shared" / "data")
    path = folder / f"{name}.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _rules() -> ReadingRules:
    return load_rules(ROOT / "config" / "site").reading


def _times(rules: ReadingRules) -> Iterator[Figure]:
    for name, gold_of, floor, goal in _SUITES:
        golds = [gold for row in rows_of(name) if isinstance(gold := gold_of(row), Gold)]
        if golds:
            right = [_is_right(gold, rules) for gold in golds]
            plain = [ok for ok, gold in zip(right, golds, strict=True) if not gold.moved]
            yield Figure(
                f"{name}: points that have been",
                _share(right),
                floor,
                goal,
                len(golds),
                strict=_share(plain),
            )


def _is_right(gold: Gold, rules: ReadingRules) -> bool:
    when = find_when(normalise(gold.text).text, gold.at, rules.times)
    return time_gold.is_right(gold, when)


def _share(met: list[bool]) -> float:
    return round(sum(met) / len(met), 4) if met else 0.0


def _probes() -> Figure:
    probes = [json.loads(line) for line in PROBES.read_text(encoding="utf-8").splitlines()]
    met = [numbers_of(_read(probe["text"])) == probe["place"] for probe in probes]
    return Figure("place probes: exact", _share(met), 0.95, 0.98, len(probes))


def numbers_of(place: Place) -> dict[str, str]:
    """The numbers of a place that are said."""
    return {name: value for name in _DOOR if (value := getattr(place, name))}


def _read(text: str) -> Place:
    return find_place(normalise(text).text, None, ())


def _addresses() -> Iterator[Figure]:
    rows = rows_of("address_dev")
    places = [_read(str(row["text"])) for row in rows]
    for source, (name, floor, goal) in _FIELDS.items() if rows else ():
        said = [_entities(row, source) for row in rows]
        found = [str(getattr(place, name)) for place in places]
        printed = [_printed(name)(place) for place in places]
        yield replace(
            _f1(name, said, found, _number, (floor, goal)),
            as_typed=_f1(name, said, printed, _typed, (floor, goal)).figure,
        )


def _printed(name: str) -> Callable[[Place], str]:
    """What ``run_bot.py read`` prints for this field: the storey in the words that said it."""
    if name == "floor":
        return lambda place: place.floor_said or place.floor
    return lambda place: str(getattr(place, name))


def _entities(row: Row, source: str) -> list[str]:
    entities = row["entities"]
    return [text for kind, text in entities if kind == source] if isinstance(entities, list) else []


def _f1(
    name: str,
    said: list[list[str]],
    found: list[str],
    form: Callable[[str], str],
    bars: tuple[float, float],
) -> Figure:
    """F1 as ``2tp / (2tp + fp + fn)``; a wrong number counts as both."""
    met = fp = fn = 0
    for gold, got in zip(said, found, strict=True):
        if gold and got and form(got) in [form(text) for text in gold]:
            met += 1
            continue
        fn += bool(gold)
        fp += bool(got)
    return Figure(
        f"address: {name} F1", round(2 * met / max(1, 2 * met + fp + fn), 4), *bars, met + fn
    )


def _typed(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", unicodedata.normalize("NFKC", text)).upper() or text


def _number(text: str) -> str:
    plain = text.replace("首", "一").replace("负", "-")
    value = _typed(_NUMERAL.sub(lambda found: to_digits(found.group()), plain))
    return value[:-1] if re.fullmatch(r"\d+F", value) else value


def _masked() -> Iterator[Figure]:
    met = [
        not any(secret in mask(str(row["text"])) for secret in secrets)
        for row in rows_of("pii_cases")
        if (secrets := _secrets(row))
    ]
    if met:
        yield Figure("personal numbers masked", _share(met), 1.0, 1.0, len(met))


def _secrets(row: Row) -> list[str]:
    """The personal numbers of one row; none for rows of other things."""
    label, text, expect = str(row["label"]), str(row["text"]), row["expect"]
    if label == "PhoneNumberModel" and isinstance(expect, list):
        return [found["Text"] for found in expect]
    return [text] if _PERSONAL.match(label) and text != expect else []


def _masked_doors() -> Iterator[Figure]:
    rows = rows_of("address_dev")
    if rows:
        wrong = sum(mask(str(row["text"])) != row["text"] for row in rows)
        yield Figure("addresses with a masked number", float(wrong), 0, 0, len(rows))


def _speed(rules: ReadingRules) -> Iterator[Figure]:
    texts = [str(row["text"]) for row in rows_of("fuzhou_12345")]
    texts = [text for text in texts if _SHORTEST <= len(text) <= _LONGEST]
    if texts:
        milliseconds = median(_cost(text, rules) for text in texts)
        task = "where, when and masking: median ms on 65-90 characters"
        yield Figure(task, round(milliseconds, 4), 0.12, 0.12, len(texts))


def _cost(text: str, rules: ReadingRules) -> float:
    """Milliseconds of the three parts on one text, the best of five runs."""
    normal, at = normalise(text), datetime(2026, 3, 4, 9, tzinfo=ZONE)
    runs = []
    for _ in range(5):
        began = time.perf_counter()
        mask(text, normal)
        find_place(normal.text, None, rules.places.landmarks)
        find_when(normal.text, at, rules.times)
        runs.append(time.perf_counter() - began)
    return min(runs) * 1000


def main() -> int:
    """Print all figures as a Markdown table; 0 always, the bars are for the reader."""
    out = ["| task | figure | floor | goal | n | also |", "|---|---|---|---|---|---|"]
    for row in (*time_figures(), *place_figures(), *masking_figures(), *speed_figures()):
        also = ", ".join(f"{key} {row[key]}" for key in ("strict", "as_typed") if key in row)
        cells = [row[key] for key in ("task", "figure", "floor", "goal", "n")]
        out.append("| " + " | ".join(map(str, [*cells, also])) + " |")
    sys.stdout.write("\n".join(out) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
