"""Random walks through the office (性质): nothing is ever lost, whoever does whatever when.

People of every role say every command in any order, residents answer, days pass. After each step:
journal rows and pauses only grow, a ticket that stands still has one open pause and no limit, one
that moves has none open, what ended had its guards, and nobody barred has it in hand. After each
walk the station brings whatever is open to its end.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlmodel import SQLModel

from bot.domain import lifecycle
from config.rules import Rules
from config.vocabulary import Act, ClosingCode, Stage
from storage.database import Database, table_of
from storage.station_tables import PauseRow
from storage.tables import JournalRow
from storage.tickets import Ticket
from tests.handlers.block import Block, block_of
from tests.handlers.office import Office

STAFF = (
    "lin_zhiyuan",
    "tang_shuo",
    "fang_xiaoman",
    "gao_mingfang",
    "shen_boyu",
    "qiu_ruolan",
    "bai_jingshu",
    "zhong_yihang",
    "meng_fanxing",
    "wei_heping",
)
RESIDENT = "wmRESIDENT01"
REPORTS = (
    "桂花苑3号楼楼上楼下为漏水吵了好几天了，麻烦来调解一下",
    "桂花苑9号楼门口路灯不亮，黑灯瞎火",
    "桂花苑5号楼消防通道被杂物堵死了",
)
SAID = (
    "签收 {n}",
    "到场 {n}",
    "处置 {n} 已解决",
    "处置 {n} 联系不上",
    "处置 {n} 已解释 说过三次了",
    "退回 {n} 不归我管",
    "转 {n} 唐朔",
    "分流 {n} 城管",
    "问 {n} 您几点在家？",
    "没联系上 {n}",
    "挂起 {n} 2天 等鉴定",
    "延期 {n} 2天 等材料",
    "恢复 {n}",
    "同意 {n}",
    "不同意 {n} 先看看",
    "复核通过 {n}",
    "返工 {n} 还差一半",
    "作废 {n} 登记错了",
    "不予受理 {n} 没有具体事 说不清楚是什么",
    "查看原文 {n} 核对门牌",
    "回避 {n}",
    "重办 {n} 又出现了",
    "反馈 {n}",
    "没有反复 {n}",
    "结案 {n} 电话回访过",
    "关联 {n} 0001",
    "{n} 并入 0001",
    "拆开 {n}",
    "签字 {n}",
    "告诫书 {n} 已出具",
    "补充 {n} 在东门旁边",
    "回访 {n} 说办得还行",
    "回访 {n} 没打通",
    "不计 {n} 恶意重复",
    "大闭环 {n} 要街道协调",
    "回小闭环 {n} 定了公约",
)
LIKELY = (
    "签收 {n}",
    "到场 {n}",
    "处置 {n} 已解决",
    "问 {n} 您几点在家？",
    "挂起 {n} 2天 等鉴定",
    "延期 {n} 2天 等材料",
    "不予受理 {n} 没有具体事 说不清楚是什么",
)
DECIDED = ("同意 {n}", "同意 {n}", "复核通过 {n}", "返工 {n} 还差一半", "没有反复 {n}")
ANSWERS = ("5", "1", "没解决", "晚上七点在家", "申诉 {n} 再看看", "撤回 {n}", "催一下")
_STILL = set(lifecycle.STANDING)
_LOOK = ("zhong_yihang", "qiu_ruolan", "bai_jingshu", "lin_zhiyuan", "meng_fanxing")


class Station(RuleBasedStateMachine):
    """The sample station; hypothesis says who does what."""

    block: Block
    """Set by ``_run``: a database of its own for each walk."""

    def __init__(self) -> None:
        super().__init__()
        self.journal: set[tuple[int, str]] = set()
        self.pauses: dict[int, object] = {}

    @initialize(words=st.sampled_from(REPORTS))
    def somebody_reported(self, words: str) -> None:
        self.block.overhears(RESIDENT, words)

    @rule(words=st.sampled_from(REPORTS))
    def somebody_reports(self, words: str) -> None:
        if len(self.block.tickets()) < 4:
            self.block.overhears(RESIDENT, words)

    @rule(
        who=st.sampled_from(STAFF),
        words=st.sampled_from(SAID),
        number=st.sampled_from(("0001", "0002")),
    )
    def staff_say(self, who: str, words: str, number: str) -> None:
        self.block.says(who, words.format(n=number), chat="")

    @rule(words=st.sampled_from(SAID), number=st.integers(0, 3))
    def who_has_it_says(self, words: str, number: int) -> None:
        self.who_has_it_says_so(words, number)

    def who_has_it_says_so(self, words: str, number: int) -> None:
        found = self.block.tickets()
        if found and (ticket := found[number % len(found)]).owner:
            self.block.says(ticket.owner, words.format(n=ticket.serial), chat="")

    @rule(words=st.sampled_from(LIKELY), number=st.integers(0, 3))
    def who_has_it_works(self, words: str, number: int) -> None:
        self.who_has_it_says_so(words, number)

    @rule(
        who=st.sampled_from(("zhong_yihang", "qiu_ruolan")),
        words=st.sampled_from(DECIDED),
        number=st.integers(0, 3),
    )
    def somebody_decides(self, who: str, words: str, number: int) -> None:
        found = self.block.tickets()
        self.block.says(who, words.format(n=found[number % len(found)].serial), chat="")

    @rule(words=st.sampled_from(ANSWERS), number=st.sampled_from(("0001", "0002")))
    def reporter_answers(self, words: str, number: str) -> None:
        self.block.says(RESIDENT, words.format(n=number), chat=f"bot:{RESIDENT}")

    @rule(minutes=st.sampled_from((2, 60, 60 * 12, 60 * 24 * 3, 60 * 24 * 8)))
    def time_passes(self, minutes: int) -> None:
        self.block.later(minutes)

    @invariant()
    def journal_only_grows(self) -> None:
        found = {(r.id, r.key) for r in self._rows(JournalRow)}

        assert found >= self.journal
        self.journal = found

    @invariant()
    def pauses_are_never_lost_and_end_once(self) -> None:
        found = {r.id: r.ends_at for r in self._rows(PauseRow)}

        for number, ended in self.pauses.items():
            assert number in found
            assert ended is None or found[number] == ended
        self.pauses = dict(found)

    @invariant()
    def what_stands_still_has_one_open_pause_and_no_limit(self) -> None:
        running = [r.ticket_id for r in self._rows(PauseRow) if r.ends_at is None]

        for ticket in self.block.tickets():
            assert running.count(ticket.id) == (ticket.stage in _STILL)
            assert ticket.stage not in _STILL or ticket.due_at is None

    @invariant()
    def every_move_is_in_the_journal_without_a_gap(self) -> None:
        stages: dict[int, str] = {}
        for row in sorted(self._rows(JournalRow), key=lambda one: one.id):
            before = stages.get(row.ticket_id)
            assert before in (None, row.from_stage), (row.act, before, row.from_stage)
            stages[row.ticket_id] = row.to_stage
        for ticket in self.block.tickets():
            assert stages[ticket.id] == ticket.stage

    @invariant()
    def what_is_closed_was_signed_and_has_a_code(self) -> None:
        rows = self._rows(JournalRow)
        for ticket in self.block.tickets():
            if ticket.stage is not Stage.CLOSED:
                continue
            acts = {r.act for r in rows if r.ticket_id == ticket.id and r.actor != "system"}
            assert ClosingCode(ticket.closing_code)
            assert acts & {Act.ACCEPT, Act.RESOLVE}

    @invariant()
    def nobody_works_what_he_is_barred_from(self) -> None:
        for ticket in self.block.tickets():
            if ticket.is_open and ticket.stage not in (Stage.RESOLVED, Stage.RECHECK):
                assert ticket.owner not in ticket.barred or ticket.stage is Stage.EVALUATION

    def everything_ends(self) -> None:
        """Wherever the walk has left the tickets, the station brings every one to its end."""
        for _ in range(4):
            for ticket in self.block.tickets():
                if ticket.is_open:
                    self._brought_on(ticket)
            self.block.later(60 * 24 * 4)
        for _ in range(2):
            self.block.later(60 * 24 * 60)
            self.block.hour("archive")

        assert {one.stage for one in self.block.tickets()} <= {Stage.ARCHIVED}

    def _brought_on(self, ticket: Ticket) -> None:
        words, people = f"处置 {ticket.number} 已解决 都办好了", [ticket.owner or "qiu_ruolan"]
        if ticket.stage in _STILL:
            self.block.says(people[0], f"恢复 {ticket.number}", chat="")
        if ticket.department:
            self.block.says(people[0], f"回小闭环 {ticket.number} 定了公约", chat="")
            people = [self.block.tickets()[ticket.id - 1].owner or people[0]]
        if ticket.stage is Stage.RECHECK:
            words, people = f"复核通过 {ticket.number}", [*_LOOK]
        for who in people:
            self.block.says(who, words, chat="")

    def _rows(self, row: type[SQLModel]) -> list[Any]:
        return list(self.block.looks(lambda db: db.conn.execute(select(table_of(row))).all()))


@pytest.fixture
def walked(
    sample_rules: Rules, tmp_path: Path, new_sqlite: Callable[[Path], str]
) -> Iterator[object]:
    """A class of stations, each walk with an empty database."""
    place = tmp_path / "walk.db"
    database = Database(new_sqlite(place))

    @contextmanager
    def _opened() -> Iterator[Block]:
        database.disconnect()
        for left in tmp_path.glob("walk.db*"):
            left.unlink()
        new_sqlite(place)
        yield block_of(Office(database, sample_rules))

    class Walk(Station):
        def __init__(self) -> None:
            super().__init__()
            self._manager = _opened()
            self.block = self._manager.__enter__()

        def teardown(self) -> None:
            self.everything_ends()
            self._manager.__exit__(None, None, None)

    yield Walk
    database.close()


@pytest.mark.timeout(280)
@pytest.mark.parametrize("walks", [2, pytest.param(8, marks=pytest.mark.slow)])
def test_no_walk_of_acts_loses_a_journal_row_or_a_pause(walked: type[Station], walks: int) -> None:
    run_state_machine_as_test(
        walked,
        settings=settings(
            max_examples=walks,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            # What it finds is told at once: making the walk shorter takes minutes.
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
