"""Words that found no way: administrators who cannot be reached either do not go in circles."""

import pytest
from sqlalchemy import func, select

import handlers
from bot.events import Scheduled
from bot.messages import Text, pack
from bot.turn import Turn
from storage.database import table_of
from storage.session import Db
from storage.tables import OutgoingRow
from tests.handlers.office import Office


@pytest.mark.parametrize(("depth", "told"), [(1, 1), (2, 1), (3, 0)])
def test_notice_that_cannot_be_sent_is_not_told_for_ever(
    office: Office, depth: int, told: int
) -> None:
    def tell(db: Db) -> int:
        event = Scheduled(key=f"{'unsent:' * depth}timer:1:1", at=office.now, job="unsent")
        turn = Turn(db, office.rules, event, office.now)
        handlers.unsent(turn, "app:zhong_yihang", 0, pack(Text(text="a")))
        return int(db.conn.execute(select(func.count(table_of(OutgoingRow).c.id))).scalar_one())

    assert office.looks(tell) == told


def test_same_words_for_two_voices_are_one_task_for_the_worker(office: Office) -> None:
    office.says("wang_ayi", "桂花苑3号楼门口的路灯坏了好几天", chat="")
    ticket = office.tickets()[0]

    def unsent(db: Db, key: str, words: str) -> list[str]:
        event = Scheduled(key=f"unsent:{key}:1", at=office.now, job="unsent")
        turn = Turn(db, office.rules, event, office.now)
        handlers.unsent(turn, "bot:wang_ayi", ticket.id, pack(Text(text=words)))
        found = select(table_of(OutgoingRow).c.key)
        rows = db.conn.execute(found.where(table_of(OutgoingRow).c.key.like(f"unsent:{key}%")))
        return [row.key for row in rows]

    assert len(office.looks(lambda db: unsent(db, "timer:1", "有结果了"))) == 1
    assert office.looks(lambda db: unsent(db, "timer:2", "有结果了")) == []
    assert len(office.looks(lambda db: unsent(db, "timer:3", "请打分"))) == 1
