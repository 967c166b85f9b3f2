"""How well the same matter told by several people is found (同一件事), on public letters.

Data: ``taidi_c_hot.jsonl`` (第八届泰迪杯 C题 附件3), development half; it has no labels, so
``attach_gold.json`` holds ours: for 33 places the numbers of the rows of each matter, labelled by
one person from titles and words; names of places as positions inside rows. Nothing of the data
stands in this repository.

Defined: in each place the rows come in order of time; a matter that was told before is a ticket
with all its earlier voices (as if every question had been answered rightly). A row is *attached*
when its likest ticket has at least ``attach_at``, *asked* when not, and the right ticket is among
the three likest with at least ``ask_at``. Recall = (attached rightly + asked) / rows whose matter
was told before. Wrong = attached to another matter / pairs of a row and another matter of its
place; ``rows_wrong`` counts rows. Place is given; category and time window, which in service keep
further pairs apart, are not used. The two constants of ``domain.alike`` were chosen on these same
rows, so the figures flatter it, and 371 pairs are few for a share of half a percent. Skips where
the folder (JINGGE_DATA or ../shared/data) is missing. Run: ``python -m bench.attach``.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.domain import alike
from config.alike_rules import Alike
from config.load import load_rules

ROOT = Path(__file__).parents[1]
GOLD = Path(__file__).with_name("attach_gold.json")
_FILE = "taidi_c_hot.jsonl"
_ID = "taidi_c_hot-"
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Seen:
    """One row that met tickets: likeness to its own matter (None: new) and to the others."""

    own: float | None
    others: tuple[float, ...]


def data_file() -> Path:
    """Where the rows lie; it may not be there."""
    folder = os.environ.get("JINGGE_DATA") or str(ROOT.parent / "shared" / "data")
    return Path(folder) / _FILE


def measure(field: str = "text") -> dict[str, float]:
    """Recall, wrong attaches and counts for ``field``: ``text`` (letters) or ``title`` (short).

    Empty when the data is missing, or holds none of the labelled rows.
    """
    if not data_file().is_file():
        return {}
    rules = load_rules(ROOT / "config" / "site").alike
    seen = [one for place in _places() for one in _told(place, field, rules)]
    told = [one for one in seen if one.own is not None]
    if not told:
        return {}
    pairs = sum(len(one.others) for one in seen)
    wrong = sum(score >= rules.attach_at for one in seen for score in one.others)
    return {
        "told_before": len(told),
        "recall": sum(_is_found(one, rules) for one in told) / len(told),
        "attached": sum(_is_attached(one, rules) for one in told) / len(told),
        "wrong": wrong / pairs,
        "pairs": pairs,
        "rows": len(seen),
        "rows_wrong": sum(_goes_wrong(one, rules) for one in seen),
        "asked_for_nothing": sum(_asks_for_nothing(one, rules) for one in seen),
    }


def _is_attached(one: Seen, rules: Alike) -> bool:
    own = one.own or 0.0
    return own >= rules.attach_at and own >= max(one.others, default=0.0)


def _is_found(one: Seen, rules: Alike) -> bool:
    own = one.own or 0.0
    better = sum(score > own for score in one.others)
    is_shown = own >= rules.ask_at and better < rules.most_shown
    return _is_attached(one, rules) or (is_shown and not _goes_wrong(one, rules))


def _goes_wrong(one: Seen, rules: Alike) -> bool:
    top = max(one.others, default=0.0)
    return top >= rules.attach_at and top > (one.own or 0.0)


def _asks_for_nothing(one: Seen, rules: Alike) -> bool:
    top = max(one.others, default=0.0)
    return one.own is None and rules.ask_at <= top < rules.attach_at


def _places() -> Iterator[tuple[alike.Names, list[list[Json]]]]:
    """Of each place the names it is called by, and the rows of each matter."""
    with data_file().open(encoding="utf-8") as lines:
        rows = {str(row["id"]).removeprefix(_ID): row for row in map(json.loads, lines)}
    for place in json.loads(GOLD.read_text(encoding="utf-8"))["places"]:
        found = [(row, field, at, n) for row, field, at, n in place["names"] if row in rows]
        names = tuple(str(rows[row][field])[at : at + n] for row, field, at, n in found)
        yield names, [[rows[one] for one in issue if one in rows] for issue in place["issues"]]


def _told(place: tuple[alike.Names, list[list[Json]]], field: str, rules: Alike) -> Iterator[Seen]:
    names, issues = place
    sieve = alike.sieve_for(names, rules.common_words)
    rows = sorted(
        ((_day(row), str(row["id"]), number, str(row[field])))
        for number, issue in enumerate(issues)
        for row in issue
    )
    tickets: dict[int, list[str]] = {}
    for _, _, number, words in rows:
        line = " ".join(words.split())
        scores = {n: alike.best_likeness(line, "\n".join(t), sieve) for n, t in tickets.items()}
        if scores:
            yield Seen(scores.get(number), tuple(s for n, s in scores.items() if n != number))
        tickets.setdefault(number, []).append(line)


def _day(row: Json) -> date:
    year, month, day = map(int, re.findall(r"\d+", str(row["time"]))[:3])
    return date(year, month, day)


def main() -> None:
    """Print the figures as a Markdown table, or one line when there is no data."""
    if not data_file().is_file():
        sys.stdout.write(f"skipped: no {data_file()} (set JINGGE_DATA)\n")
        return
    sys.stdout.write("| words | told before | recall | by itself | wrong pairs | wrong rows |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    for field in ("text", "title"):
        f = measure(field)
        if not f:
            sys.stdout.write(f"skipped: {data_file()} holds none of the labelled rows\n")
            return
        sys.stdout.write(
            f"| {field} | {f['told_before']:.0f} | {f['recall']:.3f} | {f['attached']:.3f} "
            f"| {f['wrong']:.4f} of {f['pairs']:.0f} | {f['rows_wrong']:.0f} of {f['rows']:.0f} |\n"
        )


if __name__ == "__main__":
    main()
