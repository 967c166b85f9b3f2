"""``python -m training --site DIR`` (本所重新训练): corpus and the site's confirmed tickets.

Prints figures only, never words. Nothing is replaced when a single cry for help fewer would be
heard; when something else gets worse, only with ``--anyway``. On tickets, both are asked only what
neither has learnt: the newest fifth, without what the old one knows; the model that is written has
then learnt all. Called by ``training.__main__``; needs scikit-learn.
"""

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.second import packed, unpacked
from commands.tune import names_of
from config.faults import StartupFault
from config.load import load_rules
from config.model_file import MODEL, REPORT, SHIPPED
from config.rules import Rules
from config.settings import Settings
from training import pair, tickets
from training.compare import Line, compared, of_rows, of_sentences, of_tickets, table, with_model
from training.corpus import FOLDER, REGRESSION_WRITERS, read_rows
from training.own import School, lessons_of
from training.space import seen
from training.tickets import Confirmed

LEAST = 200
"""Fewer, and the newest fifth is under 40 tickets: it could not tell a better model from luck."""
_FIFTH = 5
_ROOT = Path(__file__).parents[1]
_SENTENCES = tuple(
    _ROOT / "tests" / "domain" / name for name in ("regression.jsonl", "regression_open.jsonl")
)


@dataclass(frozen=True, slots=True)
class Sources:
    """What a site's model is made of and measured with, beside its own tickets."""

    corpus: Path = FOLDER
    base: Path = SHIPPED
    sentences: tuple[Path, ...] = _SENTENCES
    least: int = LEAST


def main(site: Path, settings: Settings, *, anyway: bool, sources: Sources | None = None) -> int:
    """Exit code: 0 when the model was replaced, 2 when it was not. Raises: StartupFault."""
    sources = sources or Sources()
    rules = load_rules(site)
    told = tickets.of_site(settings, rules.reading)
    if len(told) < sources.least:
        raise StartupFault(
            f"办结和改判的工单才 {len(told)} 件，满 {sources.least} 件再训练：再少，"
            "拿来验证的五分之一就看不出好坏。眼下请用 run_bot.py tune 调词。"
        )
    _say(f"办结和改判的工单 {len(told)} 件（受保护的不算），请等几分钟……")
    raw, report, lines = _trained(told, rules, sources, taught_until(site))
    _say(table(lines))
    return _decided(site, raw, {**report, "compared": _figures(lines)}, lines, anyway)


def parted(told: Sequence[Confirmed]) -> tuple[Sequence[Confirmed], Sequence[Confirmed]]:
    """(older, newest fifth) of tickets that stand oldest first."""
    at = len(told) - len(told) // _FIFTH
    return told[:at], told[at:]


def taught_until(site: Path) -> datetime:
    """When the newest ticket was opened that the site's model has learnt; long ago without any.

    To ask the old model about tickets that it has learnt would make every new one look worse.
    """
    try:
        told = json.loads((site / REPORT).read_text("utf-8"))
        return datetime.fromisoformat(told["until"])
    except (FileNotFoundError, KeyError):
        return datetime.min.replace(tzinfo=UTC)


def _trained(
    told: Sequence[Confirmed], rules: Rules, sources: Sources, until: datetime
) -> tuple[bytes, dict[str, object], list[Line]]:
    """(the model, its report, old beside new)."""
    reading = rules.reading
    school, base = _school(rules, sources)
    lessons = lessons_of(told, reading, names_of(rules))
    older, newest = parted(told)
    unseen = [one for one in newest if one.at > until]
    trial, _ = school.taught(lessons[: len(older)])
    final, added = school.taught(lessons)
    raw = packed(final, {"version": 1, "base": base})
    strangers = [row for row in school.rows if row.writer in REGRESSION_WRITERS]
    sentences = of_sentences(sources.sentences)
    tried, new = (with_model(reading, model) for model in (packed(trial, {}), raw))
    lines = [
        *compared("本所最新五分之一的工单", of_tickets(unseen), reading, tried),
        *compared("回归句子", sentences, reading, new),
        *compared("语料里的四位（两个都学过，看忘没忘）", of_rows(strangers), reading, new),
    ]
    report: dict[str, object] = {
        "base": base,
        "rows": len(school.rows),
        "tickets": len(told),
        "until": told[-1].at.isoformat(),
        "features": len(final.features),
        "added": added,
    }
    return raw, report, lines


def _school(rules: Rules, sources: Sources) -> tuple[School, str]:
    """(the shipped model and the corpus, looked at once; the model's SHA-256)."""
    missing = [path for path in (sources.corpus, *sources.sentences) if not path.exists()]
    if missing:
        raise StartupFault(f"缺少 {missing[0]}：请在完整的程序目录里训练。")
    shipped = (sources.base / MODEL).read_bytes()
    factors = json.loads((sources.base / REPORT).read_text("utf-8"))["factors"]
    rows = read_rows(sources.corpus)
    looked = [seen(row.text, rules.reading) for row in rows]
    school = School(unpacked(shipped), factors, rows, looked, rules.reading)
    return school, hashlib.sha256(shipped).hexdigest()


def _decided(
    site: Path, raw: bytes, report: dict[str, object], lines: Sequence[Line], anyway: bool
) -> int:
    if any(line.loses_danger for line in lines):
        _say("没有替换：新的少听到险情。这一条不能越过；现在的模型原样没动。")
        return 2
    worse = [line for line in lines if line.is_worse]
    if worse and not anyway:
        _say(f"没有替换：有 {len(worse)} 项变差（打 ✗ 的）。看过仍要换，加 --anyway。")
        return 2
    pair.put(site, raw, report)
    _say(f"已写入 {site / MODEL}，重启后生效。退回上一个：--back。")
    return 0


def _figures(lines: Sequence[Line]) -> list[dict[str, object]]:
    return [
        {"group": x.group, "name": x.name, "old": x.old, "new": x.new, "of": x.total} for x in lines
    ]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
