"""The organisation as a workbook: template, there and back again, faults by row and column."""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from commands import org
from commands.org_columns import GRIDS, PEOPLE, SHEETS
from config.faults import StartupFault
from config.load import load_rules
from config.vocabulary import Role

SITE = Path(__file__).parents[2] / "config" / "site"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    shutil.copytree(SITE, tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def book(site: Path, tmp_path: Path) -> Path:
    """The sample station as a workbook."""
    file = tmp_path / "org.xlsx"
    org.main(["export", str(file), "--site", str(site)])
    return file


def change(file: Path, sheet: str, cell: str, value: Any) -> None:
    found = load_workbook(file)
    found[sheet][cell] = value
    found.save(file)


def faults_of(file: Path, site: Path) -> tuple[str, ...]:
    with pytest.raises(StartupFault) as fault:
        org.main(["import", str(file), "--site", str(site), "--write"])
    return fault.value.sentences


def test_export_and_import_change_nothing(book: Path, site: Path) -> None:
    before = load_rules(site)

    assert org.main(["import", str(book), "--site", str(site), "--write"]) == 0

    after = load_rules(site)
    assert after.roster == before.roster
    assert after.grids == before.grids
    assert "# 值班" in (site / "roster.yaml").read_text(encoding="utf-8")


def test_what_has_no_column_stays(book: Path, site: Path) -> None:
    roster = site / "roster.yaml"
    hat = "also: [{role: department, unit: 溪河街道, department: street, since: 2026-01-01}]"
    person = "{id: he_yunfei, name: 贺云飞, role: officer, unit: 石桥警务室, grids: [g03]"
    text = roster.read_text(encoding="utf-8")
    roster.write_text(text.replace(f"{person}}}", f"{person}, {hat}}}"), encoding="utf-8")
    before = load_rules(site).roster
    assert any(one.also for one in before.people)

    assert org.main(["import", str(book), "--site", str(site), "--write"]) == 0

    assert load_rules(site).roster == before


def test_without_write_nothing_is_written(book: Path, site: Path) -> None:
    before = (site / "grids.yaml").read_bytes()
    change(book, GRIDS, "B2", "另一个名字")

    assert org.main(["import", str(book), "--site", str(site)]) == 0

    assert (site / "grids.yaml").read_bytes() == before


def test_template_has_every_heading_and_how_to_fill_it(tmp_path: Path) -> None:
    file = tmp_path / "empty.xlsx"

    org.main(["template", str(file)])

    found = load_workbook(file)
    assert [c.value for c in found[PEOPLE][1]] == [c.heading for c in SHEETS[PEOPLE]]
    notes = [row[1].value for row in found["填表说明"].iter_rows(min_row=2)]
    assert notes == [c.heading for columns in SHEETS.values() for c in columns]


def test_pipeline_neighbours_and_hours_go_there_and_back(book: Path, site: Path) -> None:
    change(book, GRIDS, "L2", "四级")
    change(book, GRIDS, "M2", "g02、g03")
    change(book, GRIDS, "N2", "8:30-17:30")
    org.main(["import", str(book), "--site", str(site), "--write"])

    grid = load_rules(site).grids.grids[0]

    assert (grid.pipeline, grid.neighbours) == ("four", ("g02", "g03"))
    assert grid.post_hours is not None
    org.main(["export", str(book), "--site", str(site)])
    assert load_workbook(book)[GRIDS]["N2"].value == "08:30-17:30"


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "sentence"),
    [
        (PEOPLE, "C3", "片警", "人员 第3行 C列（岗位）：没有“片警”这个岗位"),
        (PEOPLE, "B2", "", "人员 第2行 B列（姓名）：要填"),
        (PEOPLE, "A3", "lin_zhiyuan", "人员 第3行 A列（账号）：“lin_zhiyuan”第2行已经有了"),
        (PEOPLE, "A3", "张三", "人员 第3行 A列（账号）：“张三”不像企业微信账号"),
        (PEOPLE, "E2", "g01、g09", "人员 第2行 E列（网格）：没有“g09”这个网格"),
        (GRIDS, "E2", "nobody", "网格 第2行 E列（民警账号）：没有“nobody”这个账号"),
        (GRIDS, "E2", "fang_xiaoman", "网格 第2行 E列（民警账号）：“fang_xiaoman”在“人员”表里是"),
        (GRIDS, "J2", "（桂苑）", "网格 第2行 J列（小区）：“（桂苑）”读不懂"),
        (GRIDS, "L2", "五级", "网格 第2行 L列（工作方式）：“五级”不行"),
        (GRIDS, "N2", "全天", "网格 第2行 N列（警务室开放）：“全天”读不懂"),
    ],
)
def test_fault_names_sheet_row_and_column(
    book: Path, site: Path, sheet: str, cell: str, value: str, sentence: str
) -> None:
    change(book, sheet, cell, value)

    found = faults_of(book, site)

    assert any(fault.startswith(sentence) for fault in found), found


def test_all_faults_come_at_once_and_nothing_is_written(book: Path, site: Path) -> None:
    before = (site / "roster.yaml").read_bytes()
    change(book, PEOPLE, "C3", "片警")
    change(book, GRIDS, "L2", "五级")

    assert len(faults_of(book, site)) == 2
    assert (site / "roster.yaml").read_bytes() == before


def test_what_is_no_workbook_is_said(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "org.xlsx"
    file.write_text("not a workbook")
    assert "不是 Excel" in faults_of(file, site)[0]

    Workbook().save(file)
    assert "缺少工作表" in faults_of(file, site)[0]
    assert "打不开" in faults_of(tmp_path / "none.xlsx", site)[0]


def test_six_tiers_come_in_and_are_counted(
    book: Path, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """1 officer, 4 auxiliaries, 10 leaders, 25 workers, 89 helpers, 162 micro workers."""
    found = load_workbook(book)
    people, grids = found[PEOPLE], found[GRIDS]
    tiers = {"辅警": 4, "网格长": 10, "专职网格员": 25, "辅助网格员": 89, "微网格员": 162}
    people.append(["kao_officer", "考一民", "民警", "考村警务室", "k0"])
    for name, count in tiers.items():
        for n in range(count):
            role = list(tiers).index(name)
            people.append([f"k{role}_{n}", f"考{role}号{n}", name, "考村", f"k{n % 10}"])
    for n in range(10):
        row = [f"k{n}", f"考村第{n}网格", "考村", "考村警务室", "kao_officer"]
        grids.append([*row, f"k0_{n % 4}", f"k1_{n}", "", "", f"考村{n}组"])
    found.save(book)

    org.main(["import", str(book), "--site", str(site), "--write"])

    rules = load_rules(site)
    counts = Counter(p.role for p in rules.people if p.name.startswith("考"))
    assert counts[Role.MICRO_WORKER] == 162
    assert counts[Role.ASSISTANT] == 89
    assert len([p for g in rules.grids.grids for p in g.workers if p.startswith("k")]) == 187
    assert "微网格员162" in capsys.readouterr().out
