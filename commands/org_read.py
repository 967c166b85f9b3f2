"""Reads the organisation's workbook (读组织表): all faults at once, by sheet, row and column.

Nothing of a workbook with a fault is used. What stands in the cells is text however it was typed;
formulas count as their text. Called by ``commands.org``.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from commands.org_columns import GRIDS, PEOPLE, PIPELINES, ROLES, SHEETS, Column
from config.faults import StartupFault
from handlers import packed

_LIMITS = packed.Limits(packed=20_000_000, unpacked=200_000_000, parts=500)
_MOST_ROWS = 20_000
_BETWEEN = re.compile(r"[、，,;；\s]+")
_ESTATE = re.compile(
    r"(?P<name>[^（(\d][^（(]*?)(?:[（(](?P<aliases>[^）)]*)[）)])?\s*(?P<buildings>[\d,，-]*)"
)
_HOURS = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—至到]\s*(\d{1,2})[:：](\d{2})")
_USER = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass
class Organisation:
    """What the workbook says, as YAML values, with every fault in reading order."""

    people: list[dict[str, Any]] = field(default_factory=list)
    grids: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    sheet: str
    number: int
    cells: dict[str, str]

    def fault(self, key: str, what: str) -> str:
        columns = SHEETS[self.sheet]
        index = next(i for i, column in enumerate(columns) if column.key == key)
        letter, heading = get_column_letter(index + 1), columns[index].heading
        return f"{self.sheet} 第{self.number}行 {letter}列（{heading}）：{what}"


def read(file: Path, departments: frozenset[str]) -> Organisation:
    """The organisation of ``file``; ``departments`` are the ids that divert.yaml knows.

    Raises: StartupFault, when the file is no workbook or lacks a sheet or a heading.
    """
    rows = _rows(file)
    found = Organisation()
    found.faults += [f"{name} 第2行：一行也没有填" for name in SHEETS if not rows[name]]
    for row in rows[PEOPLE]:
        found.people.append(_taken(row, found.faults))
    for row in rows[GRIDS]:
        found.grids.append(_taken(row, found.faults))
    found.faults += _twice(rows[PEOPLE]) + _twice(rows[GRIDS])
    found.faults += _names_nobody(rows, departments)
    _fill_workers(found)
    return found


def _rows(file: Path) -> dict[str, list[_Row]]:
    try:
        if file.stat().st_size > _LIMITS.packed:
            raise StartupFault(f"{file} 太大，不像组织表。")
        body = file.read_bytes()
        packed.look(body, _LIMITS, "组织表")
        book = load_workbook(BytesIO(body), read_only=True, keep_links=False)
    except packed.BadPack as error:
        raise StartupFault(f"{file} 不是能读的 Excel 工作簿（.xlsx）：{error}。") from error
    except OSError as error:
        raise StartupFault(f"{file} 打不开：{error.strerror or error}。") from error
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise StartupFault(f"{file} 不是 Excel 工作簿（.xlsx）。") from error
    missing = [name for name in SHEETS if name not in book.sheetnames]
    if missing:
        raise StartupFault(
            *(f"缺少工作表“{name}”。先用 org template 生成模板。" for name in missing)
        )
    return {name: list(_of_sheet(book[name], name)) for name in SHEETS}


def _of_sheet(sheet: Any, name: str) -> Iterator[_Row]:
    columns, lines = SHEETS[name], sheet.iter_rows(values_only=True)
    head = [_text(cell) for cell in next(lines, ())][: len(columns)]
    wanted = [column.heading for column in columns]
    if head != wanted:
        raise StartupFault(f"工作表“{name}”第1行应当是：{'、'.join(wanted)}。")
    for number, line in enumerate(lines, start=2):
        if number > _MOST_ROWS:
            raise StartupFault(f"工作表“{name}”超过 {_MOST_ROWS} 行。")
        texts = [_text(cell) for cell in line][: len(columns)]
        if any(texts):
            texts += [""] * (len(columns) - len(texts))
            cells = {column.key: text for column, text in zip(columns, texts, strict=True)}
            yield _Row(name, number, cells)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _taken(row: _Row, faults: list[str]) -> dict[str, Any]:
    """The row as YAML values; what cannot be read is a fault."""
    values: dict[str, Any] = {}
    for column in SHEETS[row.sheet]:
        said = row.cells[column.key]
        if not said:
            if column.needed:
                faults.append(row.fault(column.key, f"要填。{column.how}"))
            continue
        try:
            values[column.key] = _value(row.sheet, column, said)
        except ValueError as why:
            faults.append(row.fault(column.key, str(why)))
    return values


def _value(sheet: str, column: Column, said: str) -> Any:
    reader = _READERS.get((sheet, column.key))
    if reader is not None:
        return reader(said)
    if len(said) > 60 and not column.many:
        raise ValueError("太长，最多60个字")
    return _list(said) if column.many else said


def _list(said: str) -> list[str]:
    return [one for one in _BETWEEN.split(said) if one]


def _user(said: str) -> str:
    if not _USER.fullmatch(said):
        raise ValueError(f"“{said}”不像企业微信账号，只用字母、数字和 _ . @ -")
    return said


def _code(said: str) -> str:
    if not _CODE.fullmatch(said):
        raise ValueError(f"“{said}”不行，小写字母开头，只用小写字母、数字和下划线，如 g01")
    return said


def _role(said: str) -> str:
    if said not in ROLES:
        raise ValueError(f"没有“{said}”这个岗位，写 {'、'.join(ROLES)}")
    return ROLES[said].value


def _pipeline(said: str) -> str:
    if said not in PIPELINES:
        raise ValueError(f"“{said}”不行，写 四级 或 直办")
    return PIPELINES[said]


def _hours(said: str) -> dict[str, str]:
    found = _HOURS.fullmatch(said)
    if found is None or int(found[1]) > 23 or int(found[3]) > 23:
        raise ValueError(f"“{said}”读不懂，写成 8:30-17:30")
    return {"from": f"{int(found[1]):02d}:{found[2]}", "to": f"{int(found[3]):02d}:{found[4]}"}


def _estates(said: str) -> list[dict[str, Any]]:
    estates = []
    for one in re.split("[;；\n]+", said):
        found = _ESTATE.fullmatch(one.strip())
        if found is None:
            raise ValueError(f"“{one.strip()}”读不懂，写成 桂花苑（桂花园、桂苑）1-18")
        estate: dict[str, Any] = {"name": found["name"].strip()}
        if aliases := _list(found["aliases"] or ""):
            estate["aliases"] = aliases
        if found["buildings"]:
            estate["buildings"] = found["buildings"].replace("，", ",")
        estates.append(estate)
    return estates


_READERS: dict[tuple[str, str], Callable[[str], Any]] = {
    (PEOPLE, "id"): _user,
    (PEOPLE, "role"): _role,
    (GRIDS, "id"): _code,
    (GRIDS, "pipeline"): _pipeline,
    (GRIDS, "post_hours"): _hours,
    (GRIDS, "estates"): _estates,
}


def _twice(rows: list[_Row]) -> list[str]:
    seen: dict[str, int] = {}
    faults = []
    for row in rows:
        first = seen.setdefault(row.cells["id"], row.number)
        if row.cells["id"] and first != row.number:
            faults.append(row.fault("id", f"“{row.cells['id']}”第{first}行已经有了"))
    return faults


def _names_nobody(rows: dict[str, list[_Row]], departments: frozenset[str]) -> list[str]:
    """Accounts, grids and departments that stand nowhere, and people in a place not theirs."""
    roles = {row.cells["id"]: row.cells["role"] for row in rows[PEOPLE]}
    grids = {row.cells["id"] for row in rows[GRIDS]}
    faults = []
    for row in rows[PEOPLE]:
        faults += _unknown(row, "grids", grids, "网格")
        faults += _unknown(row, "leader", set(roles), "账号")
        faults += _unknown(row, "department", departments, "部门")
    for row in rows[GRIDS]:
        faults += _unknown(row, "neighbours", grids, "网格")
        for column in SHEETS[GRIDS]:
            if column.people:
                faults += _wrong_people(row, column, roles)
    return faults


def _unknown(row: _Row, key: str, known: set[str] | frozenset[str], what: str) -> list[str]:
    missing = [one for one in _list(row.cells[key]) if one not in known]
    return [row.fault(key, f"没有“{one}”这个{what}") for one in missing]


def _wrong_people(row: _Row, column: Column, roles: dict[str, str]) -> list[str]:
    faults = _unknown(row, column.key, set(roles), "账号，先在“人员”表里加上")
    fitting = [name for name, role in ROLES.items() if role in column.people]
    for one in _list(row.cells[column.key]):
        if roles.get(one) in ROLES and roles[one] not in fitting:
            what = f"“{one}”在“人员”表里是{roles[one]}，这里要写{'或'.join(fitting)}"
            faults.append(row.fault(column.key, what))
    return faults


def _fill_workers(found: Organisation) -> None:
    """A grid without workers has those whose own line names it."""
    inside = (ROLES["专职网格员"].value, ROLES["微网格员"].value)
    for grid in found.grids:
        if "workers" not in grid:
            grid["workers"] = [
                person["id"]
                for person in found.people
                if person.get("role") in inside
                and grid.get("id") in person.get("grids", ())
                and "id" in person
            ]
