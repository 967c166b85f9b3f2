"""``python -m training [FOLDER]``: fits the second reader on the whole corpus, with its report.

The figures of the report come from a second fit that has not seen the regression writers, so they
say how it reads strangers; what is shipped has seen all. Called by ``training.__main__``.
"""

import hashlib
import json
import sys
from functools import cache
from pathlib import Path

from bot.domain.second import packed
from config.load import load_rules
from config.model_file import MODEL, REPORT
from training.corpus import REGRESSION_WRITERS, read_rows
from training.figures import figures
from training.fit import fitted
from training.space import Seen, seen


def main(folder: Path) -> int:
    """Exit code 0; prints where the model went and how it reads strangers."""
    rules = load_rules(Path("config/site")).reading
    rows = read_rows()

    @cache
    def look(text: str) -> Seen:
        return seen(text, rules)

    known = [row for row in rows if row.writer not in REGRESSION_WRITERS]
    strange = [row for row in rows if row.writer in REGRESSION_WRITERS]
    reader, _ = fitted(known, rules, look)
    told = figures(reader, strange, rules)
    reader, factors = fitted(rows, rules, look)
    raw = packed(reader, {"version": 1})
    report = {
        "sha256": hashlib.sha256(raw).hexdigest(),
        "bytes": len(raw),
        "rows": len(rows),
        "features": len(reader.features),
        "factors": {name: round(float(factor), 3) for name, factor in factors.items()},
        "strangers": {"writers": REGRESSION_WRITERS, "rows": len(strange), **told},
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL).write_bytes(raw)
    text = json.dumps(report, ensure_ascii=False, indent=1)
    (folder / REPORT).write_text(text + "\n", "utf-8")
    sys.stdout.write(text + "\n")
    return 0
