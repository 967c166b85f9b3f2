"""``opendata`` (开放数据): last month's counts for everybody, no row of fewer than five.

Three tables and a dictionary in Chinese beside them: classes by grid, by how long it took, and when
it was reported. No words, no person, no building, no minute. Each month is given out once: two
versions of one month would tell by their difference what neither says. Reads beside a running bot.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.domain import open_data, spans
from bot.domain.clocks import ZONE
from bot.domain.open_data import Table
from bot.domain.sheets import Table as Sheet
from bot.domain.spans import Time
from commands.memory import open_seal
from config.faults import StartupFault
from config.load import load_rules
from config.rules import Rules
from config.settings import load_settings
from config.workdays import is_workday
from handlers import sheet_files
from storage import open_counts
from storage.database import Database, sqlite_path
from storage.open_counts import Matter
from storage.session import Db
from storage.spans import Span

# Besides the classes that categories.yaml protects: who is missing, quarrels at home, suspicions,
# crowds, weapons and rumours are no figures for everybody either.
LEFT_OUT = ("P06", "P12", "P15", "P20", "P21", "P22")
_BANDS = ((1, "一天以内"), (3, "三天以内"), (7, "七天以内"))
_HOURS = ((6, "0–6时"), (12, "6–12时"), (18, "12–18时"), (24, "18–24时"))


def main(words: list[str]) -> int:
    """Write the files of a month that is over. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py opendata", description="开放数据（k ≥ 5）")
    parser.add_argument("--month", required=True, help="哪个月，例如 2026-10；要已经过完")
    parser.add_argument("--site", type=Path, help="规则目录")
    parser.add_argument("out", type=Path, help="写到哪个目录")
    given = parser.parse_args(words)
    settings = load_settings(**({"site": given.site} if given.site else {}))
    month = month_of(given.month, datetime.now(UTC))
    rules = load_rules(settings.site)
    database = Database(settings.database)
    try:
        if database.is_sqlite and not sqlite_path(database.url).exists():
            raise StartupFault("还没有数据库，没有数可以导出。")
        seal = open_seal(settings, database)
        read = _reader(rules, month)
        found = database.read_now(lambda conn: read(Db(conn, seal), conn))
    finally:
        database.close()
    for file in written(given.out, given.month, found, rules):
        sys.stdout.write(f"{file}\n")
    return 0


def _reader(rules: Rules, month: Time) -> Callable[[Db, Connection], list[Matter]]:
    protected = [one.code for one in rules.reading.categories if one.protected]

    def read(db: Db, _conn: Connection) -> list[Matter]:
        span = Span(month.since, month.until)
        return list(open_counts.matters(db, span, (*LEFT_OUT, *protected)))

    return read


def month_of(said: str, now: datetime) -> Time:
    """The month that ``said`` names. Raises: StartupFault when it is none, or not over yet."""
    try:
        day = datetime.strptime(said, "%Y-%m").replace(tzinfo=ZONE).date()
    except ValueError:
        raise StartupFault("月份没看懂，请写成 2026-10 这样。") from None
    month = spans.of(spans.Length.MONTH, day)
    if month.until > now:
        raise StartupFault(f"{month.name}还没过完，过完再导出，每个月只导出一次。")
    return month


def tables(found: Iterable[Matter], rules: Rules) -> dict[str, tuple[tuple[str, str], Table]]:
    """The three tables by the name of their file, with the heads of their two columns."""
    names = {one.code: one.name for one in rules.reading.categories}
    by_grid: dict[tuple[str, str], list[str]] = {}
    by_days: dict[tuple[str, str], list[str]] = {}
    by_hour: dict[tuple[str, str], list[str]] = {}
    for one in found:
        category = names.get(one.category, "其他")
        grid = rules.grid(one.grid)
        where = grid.name if grid else "说不清网格"
        by_grid.setdefault((category, where), []).append(one.reporter)
        by_days.setdefault((category, _band(one)), []).append(one.reporter)
        by_hour.setdefault(_when(one, rules), []).append(one.reporter)
    return {
        "按网格": (("类别", "网格"), open_data.table(by_grid)),
        "按办理用时": (("类别", "办理用时"), open_data.table(by_days)),
        "按时段": (("日子", "时段"), open_data.table(by_hour)),
    }


def _band(one: Matter) -> str:
    if one.closed_at is None:
        return "还没办结"
    days = (one.closed_at - one.opened_at) / timedelta(days=1)
    return next((name for most, name in _BANDS if days <= most), "超过七天")


def _when(one: Matter, rules: Rules) -> tuple[str, str]:
    local = one.opened_at.astimezone(ZONE)
    day = "工作日" if is_workday(local.date(), rules.times.work) else "休息日"
    return day, next(name for before, name in _HOURS if local.hour < before)


def written(out: Path, month: str, found: list[Matter], rules: Rules) -> list[Path]:
    """The files that were written. Raises: StartupFault when the month was given out before."""
    made = tables(found, rules)
    files = {f"{month}-{name}.csv": _csv(month, heads, it) for name, (heads, it) in made.items()}
    files[f"{month}-数据说明.txt"] = _about(month, made, rules).encode("utf-8-sig")
    out.mkdir(parents=True, exist_ok=True)
    there = [name for name in files if (out / name).exists()]
    if there:
        raise StartupFault(
            f"{out / there[0]} 已经有了。同一个月给出两个版本，一减就看得出改了哪件，所以不重写。"
            "真要重做，先把公布过的撤回，再把旧文件挪开。"
        )
    for name, body in files.items():
        (out / name).write_bytes(body)
    return [out / name for name in files]


def _csv(month: str, heads: tuple[str, str], it: Table) -> bytes:
    rows = tuple((month, row.group, row.part, str(row.count)) for row in it.rows)
    return sheet_files.as_csv(Sheet(title=month, heads=("月份", *heads, "件数"), rows=rows))


def _about(month: str, made: dict[str, tuple[tuple[str, str], Table]], rules: Rules) -> str:
    """The data dictionary."""
    short = [name for name, (_, it) in made.items() if it.is_short]
    lines = [
        f"{rules.station.name} {month} 开放数据说明",
        "",
        f"只统计警格登记的事，不含 110 警情。{month} 内登记，每件只算一次，并掉的、作废的不算。",
        "件数：登记了几件。不是发案数，也不是来过几个人。",
        "月份：登记的月份。类别：警格的类别。网格：派出所辖区的网格，不到楼栋。",
        "办理用时：从登记到办结，按导出那天看。日子：按国家节假日分工作日、休息日。时段：登记的钟点，六小时一段。",
        "",
        f"保护办法：任何一行都不少于 {open_data.K} 件、不少于 {open_data.K} 个反映人。",
        f"不够的并进同类的“{open_data.REST}”；并了还不够，就把同类里最小的一行也并进去，这样从合计里减也减不出来。",
        f"整类不够的并进“{open_data.REST_CLASS}”。连这一行也不够的，不列，也不算进合计。",
        "“合计”“全部”都是上面各行的和。没有列出的行不等于零。",
        "不出的：受保护的事，家暴、轻生、未成年人、涉毒、投诉民警等受保护的类别，走失、婚姻家庭、可疑人员、",
        "人群聚集、枪支刀具、谣言各类；没有原话、姓名、电话、门牌、楼栋、分钟。",
        *([f"这个月{'、'.join(short)}有不够并成一行的零头，没有列出。"] if short else []),
        "",
        "同一个月只公布一次，以后有更正也不改这个月的文件。CSV 是 UTF-8（带 BOM），逗号分隔。",
    ]
    return "\r\n".join([*lines, ""])
