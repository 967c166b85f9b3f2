"""Facts of a ticket (办结要件): what was done that a closing asks for; only ever added.

告诫书, 回访计划, 强制报告, a leader's signature, a try to reach the reporter, an appeal. Called by
``handlers`` within their Turn. Words are sealed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select

from storage.database import insert_new, table_of
from storage.ready import Ready
from storage.session import Db
from storage.station_tables import FactRow

_TABLE = table_of(FactRow)
_C = _TABLE.c
_OF_TICKET = Ready(select(_TABLE).where(_C.ticket_id == bindparam("ticket")).order_by(_C.id))


class Fact(StrEnum):
    """What is known."""

    WARNING = "warning"  # 告诫书（决定出具，或不出具及理由）
    VISIT_PLAN = "visit_plan"  # 回访计划
    MANDATORY_REPORT = "mandatory_report"  # 强制报告
    RECHECK = "recheck"  # 复核通过
    LEADER_SIGN = "leader_sign"  # 领导签字
    CONTACT_TRY = "contact_try"  # 联系过反映人
    APPEAL = "appeal"  # 申诉过
    CAUSE = "cause"  # 复盘：原因，后一条算数
    PREVENTION = "prevention"  # 复盘：怎么预防，后一条算数
    RECORDED = "recorded"  # 已录入接报案系统：编号
    UNRECORDED = "unrecorded"  # 没录入接报案系统：为什么
    CALLED_BACK = "called_back"  # 评分低的回访：打通了，说了什么
    NOT_REACHED = "not_reached"  # 评分低的回访：没打通
    NOT_COUNTED = "not_counted"  # 不计入三率：理由，后一条算数
    COUNTED = "counted"  # 又计入三率：理由，后一条算数
    LEVEL = "level"  # 纠纷颜色：blue yellow red，后一条算数


@dataclass(frozen=True, slots=True)
class Known:
    """One fact: what, by whom, when, with which words."""

    kind: Fact
    by: str
    at: datetime
    words: str


def add(db: Db, key: str, ticket_id: int, kind: Fact, by: str, at: datetime, words: str) -> None:
    """Keep a fact; a key that is there already changes nothing."""
    values = {
        "key": key,
        "ticket_id": ticket_id,
        "kind": kind,
        "by": by,
        "at": at,
        "words_sealed": db.seal.close(words, f"fact:{key}") if words else "",
    }
    insert_new(db.conn, FactRow, values)


def of_ticket(db: Db, ticket_id: int) -> list[Known]:
    """Every fact of the ticket, oldest first."""
    rows = _OF_TICKET.rows(db.conn, {"ticket": ticket_id})
    return [
        Known(
            Fact(r.kind),
            r.by,
            r.at,
            db.seal.open(r.words_sealed, f"fact:{r.key}") if r.words_sealed else "",
        )
        for r in rows
    ]
