"""The check command: exit codes, words for the clerk, and how little of the program it loads."""

import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from bot.domain import outbound
from config.check import check_command
from config.rules import Rules
from tests.config.sites import SAMPLE, Site

ROOT = Path(__file__).parents[2]


def test_good_site_is_summed_up_with_exit_0(rules: Rules) -> None:
    out = StringIO()

    code = check_command(SAMPLE, out)

    assert code == 0
    assert f"溪河派出所的规则没有问题，版本 {rules.version}。" in out.getvalue()
    assert f"网格 3 个，人员 {len(rules.people)} 人" in out.getvalue()


ROOM = ("qiu_ruolan", "bai_jingshu")
HOLIDAYS = (
    "提醒：times.yaml 第 7 行，work.public_holidays：节假日表只到 2026-12-31，之后只按星期算。"
)


@pytest.mark.parametrize(
    ("today", "reminders"),
    [
        (date(2026, 3, 4), []),
        (date(2026, 11, 1), []),
        (date(2026, 11, 2), [HOLIDAYS]),  # sixty days before the table ends
        (date(2026, 12, 31), [HOLIDAYS]),
    ],
    ids=str,
)
def test_sample_site_reminds_of_the_holidays_alone_and_not_before_november(
    monkeypatch: pytest.MonkeyPatch, today: date, reminders: list[str]
) -> None:
    monkeypatch.setattr("config.duty_check.last_known_day", lambda: date(2026, 12, 31))
    out = StringIO()

    code = check_command(SAMPLE, out, _heard_in_group, today=today)

    said = [line for line in out.getvalue().splitlines() if line.startswith("提醒")]
    assert (code, said) == (0, reminders)


def test_days_that_the_site_wrote_itself_end_the_reminder(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.duty_check.last_known_day", lambda: date(2026, 12, 31))
    site.spoil("times.yaml", "extra_holidays: []", "extra_holidays: [2027-01-01]")
    out = StringIO()

    assert check_command(site.path, out, today=date(2026, 12, 1)) == 0

    assert "节假日表" not in out.getvalue()


def test_grid_without_an_officer_in_the_month_ahead_is_a_fault(site: Site) -> None:
    leave = "leave: [{id: he_yunfei, from: 2026-03-20, to: 2026-03-22}]"
    site.spoil("roster.yaml", "leave: []", leave)
    out = StringIO()

    code = check_command(site.path, out, today=date(2026, 3, 4))

    assert code == 2
    assert "grids[3].officer：石桥村网格在 2026-03-20 没有社区民警" in out.getvalue()
    assert "substitute" in out.getvalue()


def test_answer_of_the_sample_that_is_out_of_date_is_a_reminder() -> None:
    out = StringIO()

    code = check_command(SAMPLE, out, today=date(2030, 1, 1))

    assert code == 0
    assert "提醒：faq.yaml" in out.getvalue()


def _heard_in_group(rules: Rules, said: str) -> str:
    return outbound.for_group(said, outbound.published(rules))


def test_faulty_site_is_told_with_exit_2(site: Site) -> None:
    line = site.spoil("station.yaml", "prefix: XH ", "prefixx: XH ")
    out = StringIO()

    code = check_command(site.path, out)

    assert code == 2
    assert f"station.yaml 第 {line} 行，prefixx" in out.getvalue()
    assert "共 2 处要改" in out.getvalue()


def test_group_sentence_that_the_filter_alters_is_a_fault(site: Site) -> None:
    out = StringIO()

    code = check_command(site.path, out, lambda _, said: said.replace("补上了", "（略）"))

    text = site.read("texts.yaml")
    line = text[: text.index("supplement_ack_group:")].count("\n") + 1
    assert code == 2
    assert "supplement_ack_private" not in out.getvalue()
    assert f"texts.yaml 第 {line} 行，supplement_ack_group" in out.getvalue()


def test_check_loads_neither_database_nor_network() -> None:
    program = (
        "import sys; from pathlib import Path; from config.check import check_command; "
        "check_command(Path('config/site'), sys.stdout); "
        "heavy = {'sqlmodel', 'sqlalchemy', 'aiohttp', 'redis', 'jieba'} & set(sys.modules); "
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=20
    )

    assert done.returncode == 0, done.stderr


def test_day_without_anybody_in_the_command_room_is_a_fault(site: Site) -> None:
    rows = (f"{{id: {user}, from: 2026-03-20, to: 2026-03-22}}" for user in ROOM)
    site.spoil("roster.yaml", "leave: []", f"leave: [{', '.join(rows)}]")
    out = StringIO()

    code = check_command(site.path, out, today=date(2026, 3, 4))

    assert code == 2
    assert "2026-03-20 没有人当 command_room" in out.getvalue()
