"""How well a model reads messages it was not trained on (成绩), from its probabilities alone.

Called by ``training`` for its report; the whole reader is measured by ``bench.reading``.
"""

from collections.abc import Sequence

from bot.domain.reading import observed
from bot.domain.second import Opinion, SecondReader
from config.reading_rules import ReadingRules
from training.corpus import Row

_EVEN = 0.33


def figures(reader: SecondReader, rows: Sequence[Row], rules: ReadingRules) -> dict[str, float]:
    """Shares 0–1, three digits; danger where the model gives it an even chance of one in three."""
    read = [(row, _opinion(reader, row.text, rules)) for row in rows]
    reports = [(row, o) for row, o in read if row.kind == "report"]
    danger = [(row.danger, o.danger >= _EVEN) for row, o in read]
    both = sum(is_so and said for is_so, said in danger)
    told = {
        "kind": _share([_best(o) == row.kind for row, o in read]),
        "reports_found": _share([_best(o) == "report" for _, o in reports]),
        "chat_opened": _share([_best(o) == "report" for row, o in read if row.kind == "chat"]),
        "category": _share([o.categories[0][0] in row.codes for row, o in reports]),
        "danger_recall": both / max(1, sum(is_so for is_so, _ in danger)),
        "danger_precision": both / max(1, sum(said for _, said in danger)),
    }
    return {name: round(value, 3) for name, value in told.items()}


def _opinion(reader: SecondReader, text: str, rules: ReadingRules) -> Opinion:
    found = observed(text, None, rules)
    return reader.opinion(found.scan.text, found.signs)


def _best(opinion: Opinion) -> str:
    return max(opinion.kinds, key=opinion.kinds.__getitem__)


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / max(1, len(hits))
