"""The tasks that a reader of reports is measured on (读懂的各项成绩), one function per task.

A reader is anything that answers ``Answer`` for a text; so ours and what a user would pick instead
are measured by the same lines. Called by ``bench.reading``. The data are public sets outside the
project (``JINGGE_DATA`` or ``../shared/data``); a task whose file is missing is left out.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]
DATA = Path(os.environ.get("JINGGE_DATA", "../shared/data"))
DEPARTMENTS = {
    "N02": "城乡建设",
    "N03": "城乡建设",
    "N04": "城乡建设",
    "N05": "城乡建设",
    "N07": "环境保护",
    "N16": "交通运输",
    "N12": "教育文体",
    "N11": "劳动和社会保障",
    "N10": "商贸旅游",
    "N09": "卫生计生",
}
NOISE = ("noise_nus_sms", "noise_lccc_toy", "noise_smp2017_intents", "noise_ocnli_spoken")
_FIRST_TWO = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader says of a text; codes best first."""

    kind: str
    codes: tuple[str, ...]
    danger: bool
    place: dict[str, str]

    @property
    def opens(self) -> bool:
        """True when a ticket would be opened."""
        return self.kind == "report"


Reader = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured share or score; ``n`` rows."""

    task: str
    value: float
    n: int


def rows_of(name: str) -> list[Row]:
    """The rows of one file; none when it is not here."""
    path = DATA / f"{name}.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def blind(read: Reader, rows: Sequence[Row], name: str) -> Iterator[Figure]:
    """Kind, category, police, danger of labelled group messages."""
    pairs = [(row, read(row["text"])) for row in rows]
    reports = [(row, said) for row, said in pairs if row["kind"] == "report"]
    chat = [said.opens for row, said in pairs if row["kind"] == "chat"]
    yield _figure(f"{name}：诉求被发现", [said.opens for _, said in reports])
    yield _figure(f"{name}：闲聊开了单", chat)
    right = [_first(said) in (row["category"], *row["also"]) for row, said in reports]
    yield _figure(f"{name}：类别对或说得通", right)
    by_police = [_first(said)[:1] == row["category"][:1] for row, said in reports]
    yield _figure(f"{name}：公安与否", by_police)
    danger = [(bool(row["danger"]), said.danger) for row, said in pairs]
    both = sum(meant and told for meant, told in danger)
    meant, told = sum(one for one, _ in danger), sum(one for _, one in danger)
    yield Figure(f"{name}：险情召回", both / max(1, meant), meant)
    yield Figure(f"{name}：险情精确", both / max(1, told), told)
    yield _figure(f"{name}：是什么话", [said.kind == row["kind"] for row, said in pairs])


def departments(read: Reader, name: str) -> Iterator[Figure]:
    """Macro-F1 of seven departments."""
    rows = [row for row in rows_of(name) if row["label"]]
    if not rows:
        return
    said = [
        next((DEPARTMENTS[code] for code in read(row["text"]).codes if code in DEPARTMENTS), "-")
        for row in rows
    ]
    yield Figure(f"{name}：七部门宏 F1", macro_f1([row["label"] for row in rows], said), len(rows))


def letters(read: Reader, name: str) -> Iterator[Figure]:
    """Share of letters seen as report or question."""
    rows = rows_of(name)
    if rows:
        kinds = [read(row["text"]).kind in ("report", "question") for row in rows]
        yield _figure(f"{name}：看出是诉求或咨询", kinds)


def noise(read: Reader) -> Iterator[Figure]:
    """Everyday chat: tickets opened, dangers seen, frauds seen."""
    said = {name: [read(row["text"]) for row in rows_of(name)] for name in NOISE}
    every = [answer for answers in said.values() for answer in answers]
    if not every:
        return
    yield _figure("日常闲聊：开了单", [answer.opens for answer in every])
    yield _figure("日常闲聊：当成险情", [answer.danger for answer in every])
    short = [answer for name in NOISE[:_FIRST_TWO] for answer in said[name]]
    yield _figure("日常闲聊：当成诈骗开单", [a.opens and _is_fraud(a) for a in short])


def crisis(read: Reader) -> Iterator[Figure]:
    """Words of people in crisis against mere low mood."""
    high = [row for row in rows_of("selfharm_soshl1k") if row["label"] == "高"]
    low = rows_of("selfharm_control_socialcd")
    if high and low:
        yield _figure("轻生高危：险情召回", [read(row["text"]).danger for row in high])
        yield _figure("只是心情低落：当成险情", [read(row["text"]).danger for row in low])


def fraud(read: Reader) -> Iterator[Figure]:
    """Fraud texts and calls: P02 among the first two."""
    texts = [row for row in rows_of("fraud_fbs_sms") if str(row["label"]).startswith("FR:")]
    for name, rows in (("fraud_fbs_sms", texts), ("teleantifraud_synth", _calls())):
        if rows:
            yield _figure(f"{name}：前两个里有诈骗", [_is_fraud(read(r["text"])) for r in rows])


def _calls() -> list[Row]:
    return [r for r in rows_of("teleantifraud_synth") if str(r["label"]).lower() in _FRAUD_LABELS]


_FRAUD_LABELS = ("fraud", "1", "true", "诈骗", "yes")


def macro_f1(gold: Sequence[str], said: Sequence[str]) -> float:
    """The mean of F1 over the classes of ``gold``."""
    scores = []
    for label in sorted(set(gold)):
        hits = sum(g == label and s == label for g, s in zip(gold, said, strict=True))
        wrong = sum((g == label) != (s == label) for g, s in zip(gold, said, strict=True))
        scores.append(2 * hits / (2 * hits + wrong) if hits else 0.0)
    return sum(scores) / max(1, len(scores))


def _is_fraud(answer: Answer) -> bool:
    return "P02" in answer.codes[:_FIRST_TWO]


def _first(answer: Answer) -> str:
    return answer.codes[0] if answer.codes else ""


def _figure(task: str, hits: Sequence[bool]) -> Figure:
    return Figure(task, sum(hits) / max(1, len(hits)), len(hits))
