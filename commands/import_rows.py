"""Rows of a 12345 export become reports (读表): decoded, mapped, judged cell by cell.

Nothing is sent here. Every fault names row and column as a spreadsheet counts them (the header is
row 1), all of them at once. Called by ``commands.import12345``.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.web.open311_asked import ANY, LONGEST_ADDRESS, LONGEST_SHORT, LONGEST_TEXT, hash_of
from config.fault_lines import nearest
from config.faults import StartupFault
from config.import_map import ImportMap

LARGEST_BYTES = 20_000_000
LONGEST_ORDER = 60
_CODECS = {"utf-8": ("utf-8-sig",), "gb18030": ("gb18030",), "auto": ("utf-8-sig", "gb18030")}


@dataclass(frozen=True, slots=True)
class Order:
    """One row as a report: the fields of a POST, and the key that makes it one."""

    row: int
    number: str
    fields: dict[str, str]

    @property
    def key(self) -> str:
        """The Idempotency-Key; any number, whatever its letters."""
        return f"order:{hashlib.sha256(self.number.encode()).hexdigest()[:40]}"

    @property
    def body_hash(self) -> str:
        """A digest of what it says."""
        return hash_of(self.fields)


@dataclass
class Table:
    """What a file holds: good orders, faults in Chinese, and how many rows were left out."""

    orders: list[Order] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    skipped: int = 0
    repeated: int = 0


def read_table(path: Path, rules: ImportMap) -> Table:
    """The rows of ``path``. Raises: StartupFault when the file as a whole is no good."""
    rows = _rows(path, rules)
    header = next(rows, (1, []))[1]
    names = [name.strip() for name in header]
    _check_header(names, rules)
    table = Table()
    seen: dict[str, Order] = {}
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            _take(table, seen, number, names, cells, rules)
    return table


def _rows(path: Path, rules: ImportMap) -> Iterator[tuple[int, list[str]]]:
    text = _text(path, rules.encoding)
    delimiter = "\t" if rules.delimiter == "tab" else rules.delimiter
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for number, cells in enumerate(reader, 1):
            yield number, cells
    except csv.Error as error:
        raise StartupFault(f"第 {number + 1} 行附近引号或分隔符不对（{error}）。") from None


def _text(path: Path, encoding: str) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise StartupFault(f"{path} 超过 20 MB，请分几次导出。")
        body = path.read_bytes()
    except OSError as error:
        raise StartupFault(f"{path} 读不出来（{error.strerror}）。") from None
    if b"\0" in body:
        raise StartupFault(f"{path} 不是 CSV 文本，像 Excel 文件。请在表格里另存为 CSV。")
    line = 1
    for codec in _CODECS[encoding]:
        try:
            return body.decode(codec)
        except UnicodeDecodeError as error:
            line = max(line, body[: error.start].count(b"\n") + 1)
    wanted = "UTF-8，也不是 GB18030" if encoding == "auto" else encoding
    raise StartupFault(f"{path} 第 {line} 行的字认不出来，不是 {wanted}。请另存为 UTF-8 的 CSV。")


def _check_header(names: list[str], rules: ImportMap) -> None:
    """Pass when every mapped column stands in the header once. Raises: StartupFault."""
    faults = []
    for wanted in (*rules.columns.named, *rules.skip_if):
        if names.count(wanted) > 1:
            faults.append(f"第 1 行：“{wanted}”这一列有 {names.count(wanted)} 个，分不清用哪个。")
        elif wanted not in names:
            near = nearest(wanted, names)
            hint = f"是不是“{near}”？" if near else f"表头有：{'、'.join(names[:20])}。"
            faults.append(f"第 1 行：没有“{wanted}”这一列。{hint}")
    if faults:
        raise StartupFault(*faults)


def _take(
    table: Table,
    seen: dict[str, Order],
    row: int,
    names: list[str],
    cells: list[str],
    rules: ImportMap,
) -> None:
    if len(cells) != len(names):
        table.faults.append(f"第 {row} 行：有 {len(cells)} 列，表头是 {len(names)} 列。")
        return
    given = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    if any(given[name] in values for name, values in rules.skip_if.items()):
        table.skipped += 1
        return
    order = _order(row, given, rules)
    faults = list(_faults(row, given, order, rules))
    before = seen.get(order.number)
    if before is not None and before.body_hash == order.body_hash:
        table.repeated += 1
        return
    if before is not None:
        column = rules.columns.order
        faults.append(f"第 {row} 行，“{column}”列：和第 {before.row} 行编号相同，内容不同。")
    table.faults += faults
    if not faults:
        seen[order.number] = order
        table.orders.append(order)


def _order(row: int, given: dict[str, str], rules: ImportMap) -> Order:
    columns = rules.columns
    parts = dict.fromkeys(given[name] for name in columns.description)
    fields = {
        "service_code": rules.categories.get(given.get(columns.category or "", ""), ANY),
        "description": "。".join(part.rstrip("。") for part in parts if part),
        "address_string": "".join(dict.fromkeys(given[name] for name in columns.address)),
        "last_name": given.get(columns.name or "", ""),
        "phone": given.get(columns.phone or "", ""),
    }
    return Order(row, given[columns.order], {k: v for k, v in fields.items() if v})


def _faults(row: int, given: dict[str, str], order: Order, rules: ImportMap) -> Iterator[str]:
    columns = rules.columns
    longest = (
        ((columns.order,), order.number, LONGEST_ORDER),
        (columns.description, order.fields.get("description", ""), LONGEST_TEXT),
        (columns.address, order.fields.get("address_string", ""), LONGEST_ADDRESS),
    )
    for names, text, most in longest:
        column = "、".join(names)
        if not text:
            yield f"第 {row} 行，“{column}”列：是空的。"
        elif len(text) > most:
            yield f"第 {row} 行，“{column}”列：有 {len(text)} 个字，最多 {most} 个。"
    for name in (columns.name, columns.phone):
        if name and len(given[name]) > LONGEST_SHORT:
            yield f"第 {row} 行，“{name}”列：太长了，最多 {LONGEST_SHORT} 个字。"
