"""Whether somebody is on duty (值班): the month ahead, and how far the holidays are known.

``run_bot.py check`` asks it; it depends on the day, so a start never fails for it. A grid that
has no officer on some day of the next month is a fault; a library of holidays that ends within
sixty days is a reminder. The roles of patterns and stays are looked at when files are read.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from config.fault_lines import Fault
from config.people_rules import ZONE, Grid
from config.rules import Rules
from config.selecting import Files, select, texts_of
from config.vocabulary import Role
from config.workdays import last_known_day
from config.yaml_lines import Document

DAYS_AHEAD = 31
_HOLIDAYS_AHEAD = timedelta(days=60)
_LOOKED_AT = (time(3), time(12), time(20))
_ROOM = (Role.COMMAND_ROOM, Role.LEADER)


def uncovered(rules: Rules, today: date, days: int = DAYS_AHEAD) -> Iterator[tuple[int, date]]:
    """(place of the grid, first day) for each grid without an officer, from ``today`` on."""
    for index, grid in enumerate(rules.grids.grids):
        ahead = (today + timedelta(days=n) for n in range(days))
        missing = next((day for day in ahead if not _has_officer(rules, grid, day)), None)
        if missing is not None:
            yield index, missing


def _has_officer(rules: Rules, grid: Grid, day: date) -> bool:
    there = rules.on(day)
    moments = (datetime.combine(day, hour, ZONE) for hour in _LOOKED_AT)
    return all(
        there.is_covered(Role.OFFICER, at) and there.duty(Role.OFFICER, at, grid.id)
        for at in moments
    )


def unmanned(rules: Rules, today: date, days: int = DAYS_AHEAD) -> Iterator[tuple[Role, date]]:
    """(role, first day) where the command room or the leaders have nobody at all, day or night."""
    for role in _ROOM:
        ahead = (today + timedelta(days=n) for n in range(days))
        missing = next((day for day in ahead if not _has(rules.on(day), role, day)), None)
        if missing is not None:
            yield role, missing


def _has(rules: Rules, role: Role, day: date) -> bool:
    moments = (datetime.combine(day, hour, ZONE) for hour in _LOOKED_AT)
    return all(rules.is_covered(role, at) and rules.duty(role, at) for at in moments)


def duty_faults(document: Document, rules: Rules, today: date) -> Iterator[Fault]:
    """A fault in grids.yaml for each grid that has no officer on some day of the next month."""
    for index, day in uncovered(rules, today):
        grid = rules.grids.grids[index]
        what = f"{grid.name}在 {day} 没有社区民警（请假没有替班、任期已满或排班空着）"
        should = "在 roster.yaml 给请假写 substitute，或在 patterns 里排上人"
        yield document.fault(("grids", index, "officer"), what, should)


def room_faults(document: Document, rules: Rules, today: date) -> Iterator[Fault]:
    """A fault in roster.yaml where nobody would be in charge on some day of the next month."""
    for role, day in unmanned(rules, today):
        what = f"{day} 没有人当 {role}（请假没有替班、任期已满或排班空着），夜里的险情没人接"
        yield document.fault(("people",), what, "给请假写 substitute，或再写一位")


def holidays_end(rules: Rules, today: date) -> date | None:
    """The last day whose holidays are known, where that is within sixty days of ``today``.

    None where the site wrote its own days of the time after, or has no public holidays.
    """
    last, work = last_known_day(), rules.times.work
    own = any(day > last for day in (*work.extra_holidays, *work.extra_workdays))
    ends_soon = work.public_holidays and not own and last < today + _HOLIDAYS_AHEAD
    return last if ends_soon else None


def holiday_hints(document: Document, rules: Rules, today: date) -> Iterator[Fault]:
    """A reminder when the library's holidays end before the day in sixty days."""
    last = holidays_end(rules, today)
    if last is not None:
        what = f"节假日表只到 {last}，之后只按星期算"
        should = "更新 chinesecalendar（docs/duty.md），或先写 extra_holidays"
        yield document.fault(("work", "public_holidays"), what, should)


def pattern_faults(files: Files) -> Iterator[Fault]:
    """People of patterns hold the role they are on duty for; who stays in a grid belongs to it."""
    roles, grids = _held(files, "role"), _held(files, "grids")
    for path, name in texts_of(files, "roster.yaml", "patterns.*.groups.*.*"):
        document = files["roster.yaml"]
        role = document.data["patterns"][path[1]].get("role")
        if name in roles and role not in roles[name]:
            what = f"“{name}”在名册里不是 {role}，不能排 {role} 的班"
            yield document.fault(path, what, f"写一位 {role}")
    for path, name in texts_of(files, "roster.yaml", "stays.*.id"):
        document = files["roster.yaml"]
        grid = document.data["stays"][path[1]].get("grid")
        if name in grids and grid not in grids[name]:
            what = f"“{name}”在名册里不管网格 {grid}，不能写驻村"
            yield document.fault(path, what, f"在 people 里给他写 grids: [{grid}]")


def _held(files: Files, key: str) -> dict[str, list[object]]:
    """What each person has under ``key``, in all his offices, as typed."""
    held: dict[str, list[object]] = {}
    people = select(files["roster.yaml"].data, "people.*") if "roster.yaml" in files else ()
    for _, person in people:
        if isinstance(person, dict):
            also = person.get("also")
            offices = [person, *(also if isinstance(also, list) else ())]
            found = [one.get(key) for one in offices if isinstance(one, dict)]
            flat = [x for one in found for x in (one if isinstance(one, list) else [one])]
            held[str(person.get("id"))] = flat
    return held
