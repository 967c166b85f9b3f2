"""A report as lines and tables (报表): chat, page, Excel and Word are forms of the same.

``chat`` cuts it to what one message may hold, whole lines only, and says how many are missing.
Pure; made by ``handlers.digest_*``.
"""

from collections.abc import Callable
from dataclasses import dataclass

MESSAGE_BYTES = 2000  # WeCom takes 2,048 bytes of text; some are left for the mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under heads; ``chart`` names the columns (from 1) that are drawn in a file.

    ``said`` are the lines that a chat has instead of the rows; ``in_chat`` how many it has at most.
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_list: bool = False
    chart: tuple[int, ...] = ()
    said: tuple[str, ...] | None = None
    in_chat: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report for one circle of readers: ``notes`` say what the figures rest on.

    ``signed``: who says it and when, at the end of a letter.
    ``is_empty``: nothing came, nothing is open, nothing ended; then nobody is bothered with it.
    """

    key: str
    title: str
    period: str
    lead: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    is_empty: bool = False


def chat(report: Report, more: Callable[[int], str], most: int = MESSAGE_BYTES) -> str:
    """The report as one message; ``more`` says that so many lines are left out."""
    lines = [f"{report.title} {report.period}", *report.lead]
    for table in report.tables:
        lines += _lines(table)
    lines += [*report.notes, *report.signed]
    return cut(lines, more, most)


def _lines(table: Table) -> list[str]:
    rows = (_line(table, row) for row in table.rows)
    lines = tuple(rows) if table.said is None else table.said
    shown = lines[: table.in_chat]
    if not shown:
        return []
    more = [f"……共{len(lines)}行"] if len(lines) > len(shown) else []
    return [f"【{table.title}】", *shown, *more]


def _line(table: Table, row: tuple[str, ...]) -> str:
    if table.is_list:
        return " ".join(filter(None, row))
    named = zip(table.heads[1:], row[1:], strict=True)
    return f"{row[0]}：" + "，".join(f"{head}{value}" for head, value in named if value)


def cut(lines: list[str], more: Callable[[int], str], most: int = MESSAGE_BYTES) -> str:
    """As many whole lines as ``most`` bytes hold."""
    for kept in range(len(lines), 0, -1):
        left = len(lines) - kept
        said = "\n".join([*lines[:kept], *([more(left)] if left else [])])
        if len(said.encode()) <= most:
            return said
    return more(len(lines))
