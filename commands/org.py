"""``org``: the organisation as a table of Excel (组织表): template, export, import.

``org template FILE`` an empty workbook with its explanations; ``org export FILE`` the people and
grids of the site; ``org import FILE`` looks at every cell and says what is wrong by sheet, row and
column; with ``--write`` grids.yaml and the people of roster.yaml are replaced.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from commands import org_read, org_write
from commands.org_columns import NAMES, ROLES
from commands.org_read import Organisation
from config.faults import StartupFault
from config.load import load_rules
from config.vocabulary import Role

_SITE = Path("config/site")


def main(words: list[str]) -> int:
    """Exit code 0 when done. Raises: StartupFault, one sentence for each fault."""
    parser = argparse.ArgumentParser(prog="run_bot.py org", description="组织表（Excel）")
    parser.add_argument("what", choices=("template", "export", "import"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--site", type=Path, default=_SITE)
    parser.add_argument("--write", action="store_true", help="检查没有错就写进规则目录")
    given = parser.parse_args(words)
    if given.what == "import":
        return _import(given.file, given.site, write=given.write)
    rules = load_rules(given.site) if given.what == "export" else None
    try:
        org_write.save_book(given.file, rules)
    except OSError as error:
        raise StartupFault(f"写不进 {given.file}：{error.strerror or error}。") from error
    sys.stdout.write(f"写好了：{given.file}\n")
    return 0


def _import(file: Path, site: Path, *, write: bool) -> int:
    rules = load_rules(site)
    departments = frozenset(department.id for department in rules.divert.departments)
    found = org_read.read(file, departments)
    if found.faults:
        raise StartupFault(*found.faults)
    org_write.keep_rest(found, site)
    roster, grids = (
        (site / name).read_text(encoding="utf-8") for name in ("roster.yaml", "grids.yaml")
    )
    org_write.put(site, *org_write.yaml_of(found, roster, grids), write=write)
    sys.stdout.write(_summary(found))
    done = "已写进规则目录。" if write else "没有错。加 --write 才写进规则目录。"
    sys.stdout.write(f"{done}\n")
    return 0


def _summary(found: Organisation) -> str:
    """How many of each role, in the order of the table."""
    counts = Counter(Role(person["role"]) for person in found.people)
    each = "、".join(f"{NAMES[role]}{counts[role]}" for role in ROLES.values() if counts[role])
    return f"网格 {len(found.grids)} 个，人员 {len(found.people)} 人：{each}\n"
