"""The reader, measured (读懂的总成绩): every task of docs/reading.md, beside what others would do.

``make bench-reading`` runs it: one process, one run, a Markdown table on stdout. Ours is the whole
reader as it ships; a model trained without the regression writers answers for the corpus, because
the shipped one has seen it. Data that are not here are left out and named.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from zoneinfo import ZoneInfo

from bench import peers, reading_tasks
from bench.reading_tasks import Answer, Figure, Reader
from bot.domain.reading import read
from bot.domain.second import packed
from config.load import load_rules
from config.reading_rules import ReadingRules
from training.corpus import REGRESSION_WRITERS, Row, read_rows
from training.fit import fitted
from training.space import seen

ROOT = Path(__file__).parents[1]
AT = datetime(2026, 3, 4, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
_TASKS: tuple[Callable[[Reader], Iterator[Figure]], ...] = (
    lambda r: reading_tasks.departments(r, "taidi_c_labelled"),
    lambda r: reading_tasks.departments(r, "taidi_c_titles"),
    lambda r: reading_tasks.letters(r, "fuzhou_12345"),
    lambda r: reading_tasks.letters(r, "taidi_c_titles"),
    reading_tasks.noise,
    reading_tasks.crisis,
    reading_tasks.fraud,
)


def main() -> int:
    """Print the table; 0 always, the figures are for people."""
    rules = load_rules(ROOT / "config/site").reading
    ours, plain = reader_of(rules), peers.tokens(rules)
    said: list[tuple[Figure, Figure | None]] = []
    blind = reading_tasks.rows_of("blind_dev")
    if blind:
        said += _pairs(lambda r: reading_tasks.blind(r, blind, "blind_dev"), ours, plain)
    said += _pairs(_corpus_task(), reader_of(_without_strangers(rules)), plain)
    for task in _TASKS:
        said += _pairs(task, ours, plain)
    _print("| 任务 | 本程序 | jieba 词表 | n |", [_line(one, other) for one, other in said])
    _print("| 字符 TF-IDF + LinearSVC（五折，训练于被问的这一半） | 成绩 | n |", list(_svm()))
    _print("| 代价 | 数值 |", list(_cost(rules)))
    missing = [name for name in reading_tasks.NOISE if not reading_tasks.rows_of(name)]
    if missing:
        sys.stdout.write(f"\n没有找到数据，未测：{'、'.join(missing)}（JINGGE_DATA）。\n")
    return 0


def reader_of(rules: ReadingRules) -> Reader:
    """Our reader as the tasks ask it."""

    def answer(text: str) -> Answer:
        said = read(text, AT, None, rules)
        place = {k: v for k in said.place.__slots__ if (v := getattr(said.place, k))}
        codes = tuple(candidate.code for candidate in said.candidates)
        if said.category and codes[:1] != (said.category,):
            codes = (said.category, *(code for code in codes if code != said.category))
        return Answer(said.kind.value, codes, said.endangers_life, place)

    return answer


def _without_strangers(rules: ReadingRules) -> ReadingRules:
    """The rules with a model that has not read the regression writers."""
    rows = [row for row in read_rows() if row.writer not in REGRESSION_WRITERS]
    reader, _ = fitted(rows, rules, lambda text: seen(text, rules))
    return rules.model_copy(update={"model": packed(reader, {})})


def _corpus_task() -> Callable[[Reader], Iterator[Figure]]:
    rows = [_as_blind(row) for row in read_rows() if row.writer in REGRESSION_WRITERS]
    return lambda r: reading_tasks.blind(r, rows, "自有语料（没读过的作者）")


def _as_blind(row: Row) -> reading_tasks.Row:
    return {
        "text": row.text,
        "kind": row.kind,
        "category": row.category,
        "also": row.also,
        "danger": row.danger,
    }


def _pairs(
    task: Callable[[Reader], Iterator[Figure]], ours: Reader, other: Reader
) -> list[tuple[Figure, Figure | None]]:
    return list(zip(task(ours), task(other), strict=True))


def _line(ours: Figure, other: Figure | None) -> str:
    beside = f"{other.value:.4f}" if other else ""
    return f"| {ours.task} | {ours.value:.4f} | {beside} | {ours.n} |"


def _svm() -> Iterator[str]:
    """The strong peer, where labels to train on exist."""
    for name in ("taidi_c_labelled", "taidi_c_titles"):
        rows = [row for row in reading_tasks.rows_of(name) if row["label"]]
        if rows:
            texts, gold = [row["text"] for row in rows], [row["label"] for row in rows]
            say = peers.svm(texts, gold)
            score = reading_tasks.macro_f1(gold, [say(text) for text in texts])
            yield f"| {name}：七部门宏 F1 | {score:.4f} | {len(rows)} |"
    rows = reading_tasks.rows_of("blind_dev")
    if rows:
        texts, gold = [row["text"] for row in rows], [row["kind"] for row in rows]
        say = peers.svm(texts, gold)
        hits = sum(say(row["text"]) == row["kind"] for row in rows)
        yield f"| blind_dev：是什么话 | {hits / len(rows):.4f} | {len(rows)} |"


def _cost(rules: ReadingRules) -> Iterator[str]:
    """Milliseconds per message, start of the command, memory of the process."""
    for name in ("fuzhou_12345", "noise_nus_sms"):
        texts = [row["text"] for row in reading_tasks.rows_of(name)[:500]]
        if not texts:
            continue
        spent = []
        for text in texts:
            began = time.perf_counter()
            read(text, AT, None, rules)
            spent.append(1000 * (time.perf_counter() - began))
        cuts = quantiles(spent, n=100)
        length = sum(map(len, texts)) / len(texts)
        middle = f"{cuts[49]:.2f} / {cuts[98]:.2f}"
        yield f"| {name}（平均 {length:.0f} 字）毫秒，中位 / p99 | {middle} |"
    yield f"| 启动到第一句（秒） | {_start():.2f} |"
    yield f"| 常驻内存（MB） | {_memory():.0f} |"


def _start() -> float:
    """Seconds until ``run_bot.py read`` has answered one line, the best of three."""
    line = json.dumps({"id": 1, "text": "3号楼有人打架"}) + "\n"
    return min(_timed(line) for _ in range(3))


def _timed(line: str) -> float:
    began = time.perf_counter()
    command = [sys.executable, "run_bot.py", "read"]
    subprocess.run(command, input=line, text=True, cwd=ROOT, check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - began


_ASK = """
import json, resource, sys
from pathlib import Path
from datetime import datetime, timezone
from bot.domain.reading import read
from config.load import load_rules
rules = load_rules(Path("config/site")).reading
read("3号楼有人打架", datetime.now(timezone.utc), None, rules)
status = Path("/proc/self/status").read_text()
print(next(int(l.split()[1]) for l in status.splitlines() if l.startswith("VmRSS")) / 1024)
"""


def _memory() -> float:
    """Megabytes that a process holds which has read one sentence."""
    told = subprocess.run(  # noqa: S603
        [sys.executable, "-c", _ASK], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return float(told.stdout)


def _print(head: str, lines: list[str]) -> None:
    rule = "|" + "---|" * (head.count("|") - 1)
    sys.stdout.write("\n".join(("", head, rule, *lines, "")))


if __name__ == "__main__":
    sys.exit(main())
