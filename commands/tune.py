"""``tune`` (调词): proposes words from the site's own confirmed rows; a clerk accepts line by line.

Reads the database without changing it and prints masked words only. What is accepted goes into
``own_words.yaml``; then ``check`` runs, the file is put back when it fails, and every row that is
now read otherwise is shown. Protected classes never come into it.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from bot.domain.reading import read
from bot.domain.tuning import NEVER_LEARNT, Direction, Proposal, Row, propose, regressed
from commands.memory import open_seal
from commands.rules import check
from config.faults import StartupFault
from config.load import load_rules
from config.reading_rules import ReadingRules
from config.rules import Rules
from config.settings import load_settings
from config.vocabulary import Kind
from storage import lessons, migrate
from storage.database import Database, sqlite_path
from storage.lessons import Lesson
from storage.session import Db

FILE = "own_words.yaml"
_HEAD = (
    "# 本所自己的词：run_bot.py tune 提议、内勤逐条接受的。也可以手写，改完请运行 check。\n"
    "#   weight  强 一条就够立单 | 词 要有别的旁证 | 弱 只帮着判断 | 话题 只影响归哪类\n"
    "words:\n"
)
_EMPTY = re.compile(r"^words:\s*\[\s*\]\s*$", re.MULTILINE)
_CHOICE = re.compile(r"^\s*(\d{1,3})\s*(\S*)")
_LONGEST_LINE = 60


def main(words: list[str]) -> int:
    """Exit code: 0 when all is well, 2 when what was accepted did not pass ``check``."""
    parser = argparse.ArgumentParser(prog="run_bot.py tune", description="从本所办过的事里调词")
    parser.add_argument("--site", type=Path, default=None, help="规则目录")
    parser.add_argument("--accept", type=Path, metavar="FILE", help="写着选中行号的文件，一行一个")
    given = parser.parse_args(words)
    settings = load_settings()
    site = given.site or settings.site
    rules = load_rules(site)
    rows = [_row(lesson, rules.reading) for lesson in _lessons(rules)]
    found = propose(rows, rules.reading, names_of(rules))
    _say(_summary(rows))
    for number, proposal in enumerate(found, 1):
        _say(f"{number:>3} {line_of(proposal, rules.reading)}")
    if not found:
        _say("没有要添、要减的词。")
        return 0
    chosen = _chosen(found, given.accept)
    if not chosen:
        _say("一条也没有接受，规则没有改。")
        return 0
    return accept(site, chosen, rows)


def accept(site: Path, chosen: list[Proposal], rows: list[Row]) -> int:
    """Write the chosen words, check, and report what changed; put the file back on a fault."""
    path = site / FILE
    before = path.read_bytes() if path.exists() else None
    _replace(path, with_words(before.decode() if before else "", chosen).encode())
    if check(["--site", str(site)]):
        _put_back(path, before)
        _say(f"check 没有通过，{FILE} 已恢复原样。")
        return 2
    rules = load_rules(site)
    changed = regressed(rows, lambda text: _read(text, rules.reading))
    _report(rows, changed)
    _say(f"已写入 {path}（{len(chosen)} 条）。不要哪条就删掉那一行；跟机器人说“重读规则”就生效。")
    return 0


def line_of(proposal: Proposal, reading: ReadingRules) -> str:
    """A proposal as a clerk reads it."""
    name = reading.category(proposal.category).name
    what = "添" if proposal.direction is Direction.ADD else "减到"
    return (
        f"{what}“{proposal.level}”：{proposal.word} → {proposal.category}{name}  "
        f"准 {proposal.precision.words}  全 {proposal.recall.words}  "
        f"见于 {proposal.tickets} 件，现在读错 {proposal.mended} 条"
    )


def with_words(text: str, chosen: Iterable[Proposal]) -> str:
    """The file with the chosen words at its end; an older line of the same word goes."""
    kept = _EMPTY.sub("words:", text) or _HEAD
    for one in chosen:
        same = re.compile(rf"^.*\bword:\s*['\"]?{re.escape(one.word)}['\"]?\s*,.*\n?", re.MULTILINE)
        kept = same.sub("", kept)
        kept = kept if kept.endswith("\n") else f"{kept}\n"
        kept += f"  - {{word: {one.word}, category: {one.category}, weight: {one.level}}}\n"
    return kept


def names_of(rules: Rules) -> list[str]:
    """Names of people, units, estates and landmarks: no words to learn."""
    found = [rules.station.name, rules.station.room_name]
    found += [name for person in rules.people for name in (person.name, person.unit)]
    found += [department.name for department in rules.divert.departments]
    for grid in rules.grids.grids:
        found += [grid.name, grid.community, grid.post, *grid.landmarks]
        for estate in grid.estates:
            found += [estate.name, *estate.aliases]
    return found


def _lessons(rules: Rules) -> list[Lesson]:
    """What the site's database has learnt. Raises: StartupFault when there is none."""
    settings = load_settings()
    database = Database(settings.database)
    try:
        if database.is_sqlite and not sqlite_path(database.url).exists():
            raise StartupFault(
                "还没有数据库：机器人跑过、办过事以后才有词可调（看 JINGGE_DATA_DIR）。"
            )
        migrate.known(database)
        seal = open_seal(settings, database)
        never = NEVER_LEARNT | {c.code for c in rules.reading.categories if c.protected}

        def look(conn: Connection) -> list[Lesson]:
            return lessons.every(Db(conn, seal), never)

        return database.read_now(look)
    except DatabaseError as fault:
        raise StartupFault("数据库读不出来：请先运行 run_bot.py migrate，再看权限。") from fault
    finally:
        database.close()


def _row(lesson: Lesson, reading: ReadingRules) -> Row:
    return Row(lesson.text, lesson.truth, _read(lesson.text, reading))


def _read(text: str, reading: ReadingRules) -> str:
    """The category under which ``text`` would open a ticket; empty when it would open none."""
    found = read(text, datetime.now(UTC), None, reading)
    return (found.category or "") if found.kind is Kind.REPORT else ""


def _summary(rows: list[Row]) -> str:
    tickets = sum(1 for row in rows if row.truth)
    wrong = sum(1 for row in rows if row.truth != row.read_as)
    return f"办结和改判的 {tickets} 件，没立单的话 {len(rows) - tickets} 条；现在读错 {wrong} 条。"


def _chosen(found: list[Proposal], file: Path | None) -> list[Proposal]:
    if file is not None:
        return _from_file(found, file)
    if not sys.stdin.isatty():
        _say("要接受哪几行，把行号写进一个文件，再运行：tune --accept 文件")
        return []
    return [one for one in found if _answer(f"接受“{one.word}”→{one.category}？(y/n) ", input)]


def _answer(question: str, ask: Callable[[str], str]) -> bool:
    try:
        return ask(question).strip().lower() in ("y", "yes", "是", "好")
    except EOFError:
        return False


def _from_file(found: list[Proposal], file: Path) -> list[Proposal]:
    """The lines that ``file`` names by number, and by word where one stands beside it.

    Raises: StartupFault for a number that is not there or whose word is another.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StartupFault(f"{file} 读不出来（{type(error).__name__}）。") from error
    chosen = []
    for line in lines:
        match = _CHOICE.match(line)
        if match is None:
            continue
        number, word = int(match[1]), match[2]
        if not 1 <= number <= len(found) or (word and word != found[number - 1].word):
            raise StartupFault(
                f"{file} 里的“{line.strip()[:20]}”和现在的清单对不上，请重新看清单。"
            )
        chosen.append(found[number - 1])
    return list(dict.fromkeys(chosen))


def _report(rows: list[Row], changed: list[tuple[Row, str]]) -> None:
    """How many rows are read otherwise now, and each of them, masked and short."""
    better = sum(code == row.truth for row, code in changed)
    worse = sum(row.read_as == row.truth for row, _ in changed)
    _say(f"回归：{len(rows)} 条里有 {len(changed)} 条读法变了，改对 {better} 条，改错 {worse} 条。")
    for row, code in changed:
        mark = "对了" if code == row.truth else "错了" if row.read_as == row.truth else "仍不对"
        was, now = row.read_as or "不立单", code or "不立单"
        _say(f"  {mark} {was}→{now}：{row.text[:_LONGEST_LINE]}")


def _replace(path: Path, body: bytes) -> None:
    draft = path.with_name(f".{path.name}")
    draft.write_bytes(body)
    draft.replace(path)


def _put_back(path: Path, before: bytes | None) -> None:
    if before is None:
        path.unlink()
    else:
        _replace(path, before)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
