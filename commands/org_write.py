"""Writes the organisation (写组织表): the template, the export, and the two YAML files.

``roster.yaml`` keeps everything below its people (duty, shifts, leave) with its comments;
``grids.yaml`` is written anew. Both are judged by ``check`` in a copy of the folder before they
take the place of the old ones. Called by ``commands.org``.
"""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from commands.org_columns import GRIDS, NAMES, NOTES, PEOPLE, PIPELINES, ROLES, SHEETS
from commands.org_read import Organisation
from config.load import load_rules
from config.people_rules import Estate, Grid, Person
from config.rules import Rules
from handlers import sheet_files

_WIDTH, _LAST_ROW = 18, 2000
_HEAD = "# 网格、人员由 run_bot.py org import 写入；改完请运行 check。\n"
_PEOPLE = re.compile(r"^people:[^\n]*\n(?:[ \t-][^\n]*\n|\n)*", re.MULTILINE)


def save_book(file: Path, rules: Rules | None) -> None:
    """Write the workbook: the organisation of ``rules``, or the empty template."""
    book = Workbook()
    book.remove(book.active)
    people = [_person_cells(person) for person in rules.people] if rules else []
    grids = [_grid_cells(grid) for grid in rules.grids.grids] if rules else []
    _sheet(book, PEOPLE, people)
    _sheet(book, GRIDS, grids)
    _choices(book[PEOPLE], "role", PEOPLE, tuple(ROLES))
    _choices(book[GRIDS], "pipeline", GRIDS, tuple(PIPELINES))
    _notes(book)
    book.save(file)


def _sheet(book: Workbook, name: str, rows: list[list[str]]) -> None:
    sheet = book.create_sheet(name)
    sheet.append([column.heading for column in SHEETS[name]])
    for index, column in enumerate(SHEETS[name], start=1):
        sheet.cell(1, index).font = Font(bold=column.needed)
        sheet.column_dimensions[get_column_letter(index)].width = _WIDTH
    for number, row in enumerate(rows, start=2):
        for index, text in enumerate(row, start=1):
            cell = sheet.cell(number, index)
            cell.value = text
            cell.data_type = "s"  # a name that begins with = is no formula
            cell.quotePrefix = sheet_files.is_risky(text)
    sheet.freeze_panes = "A2"


def _choices(sheet: Any, key: str, name: str, words: tuple[str, ...]) -> None:
    index = next(i for i, column in enumerate(SHEETS[name], start=1) if column.key == key)
    letter = get_column_letter(index)
    rule = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{_LAST_ROW}")


def _notes(book: Workbook) -> None:
    sheet = book.create_sheet(NOTES)
    sheet.append(["工作表", "列", "必填", "怎么填"])
    for name, columns in SHEETS.items():
        for column in columns:
            sheet.append([name, column.heading, "是" if column.needed else "", column.how])


def _person_cells(person: Person) -> list[str]:
    return [
        person.id,
        person.name,
        NAMES.get(person.role, person.role.value),
        person.unit,
        "、".join(person.grids),
        person.department or "",
        person.leader or "",
    ]


def _grid_cells(grid: Grid) -> list[str]:
    hours = grid.post_hours
    ways = {value: name for name, value in PIPELINES.items()}
    return [
        grid.id,
        grid.name,
        grid.community,
        grid.post,
        grid.officer,
        grid.auxiliary or "",
        grid.leader,
        "、".join(grid.workers),
        grid.mediator or "",
        "；".join(_estate_cell(estate) for estate in grid.estates),
        "、".join(grid.landmarks),
        ways[grid.pipeline],
        "、".join(grid.neighbours),
        f"{hours.from_:%H:%M}-{hours.to:%H:%M}" if hours else "",
    ]


def _estate_cell(estate: Estate) -> str:
    aliases = f"（{'、'.join(estate.aliases)}）" if estate.aliases else ""
    space = " " if estate.buildings and not aliases else ""
    return f"{estate.name}{aliases}{space}{estate.buildings}"


def keep_rest(found: Organisation, site: Path) -> None:
    """What the workbook has no column for (兼任、任期…) stays as it stands in the YAML files."""
    for name, rows, sheet in (
        ("roster.yaml", found.people, PEOPLE),
        ("grids.yaml", found.grids, GRIDS),
    ):
        columns = {column.key for column in SHEETS[sheet]}
        before = yaml.safe_load((site / name).read_text(encoding="utf-8"))
        old = {one["id"]: one for one in before["people" if sheet == PEOPLE else "grids"]}
        for row in rows:
            rest = old.get(row["id"], {}).items()
            row.update({key: value for key, value in rest if key not in columns})


def yaml_of(found: Organisation, roster: str, before: str) -> tuple[str, str]:
    """grids.yaml and roster.yaml, with everything of the old texts but grids and people."""
    grids = "".join(_block(grid) for grid in found.grids) + _rest_of(before)
    people = "people:\n" + "".join(f"  - {_line(person)}\n" for person in found.people)
    kept, count = _PEOPLE.subn(lambda _: people, roster, count=1)
    return f"{_HEAD}grids:\n{grids}", kept if count else people + roster


def _rest_of(before: str) -> str:
    """What else stands in grids.yaml (posts: 警务室)."""
    rest = {key: value for key, value in yaml.safe_load(before).items() if key != "grids"}
    return yaml.safe_dump(rest, allow_unicode=True, sort_keys=False, width=100_000) if rest else ""


def _block(grid: dict[str, Any]) -> str:
    lines = yaml.safe_dump([grid], allow_unicode=True, sort_keys=False, width=100_000)
    return "".join(f"  {line}\n" for line in lines.splitlines())


def _line(person: dict[str, Any]) -> str:
    said = yaml.safe_dump(
        person, allow_unicode=True, sort_keys=False, default_flow_style=True, width=100_000
    )
    return said.strip()


def put(site: Path, grids: str, roster: str, *, write: bool) -> None:
    """Judge both texts in a copy of ``site``; with ``write`` they replace the files.

    Raises: StartupFault, in the words of ``check``; nothing is changed then.
    """
    texts = {"grids.yaml": grids, "roster.yaml": roster}
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "site"
        shutil.copytree(site, trial)
        for name, text in texts.items():
            (trial / name).write_text(text, encoding="utf-8")
        load_rules(trial)
    if write:
        for name, text in texts.items():
            draft = site / f".{name}.new"
            draft.write_text(text, encoding="utf-8")
            draft.replace(site / name)
