"""Orders of 政民沟通 in the office: what opens a ticket, what is noted, who is told; trap 25."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.door_events import OrderSeen
from bot.events import Due
from bot.wecom.orders_wire import digest_of, order_in
from config.vocabulary import Danger, Stage
from storage import journal, orders
from storage.database import table_of
from storage.people_tables import DraftRow
from storage.tables import TimerRow
from tests.handlers.office import MORNING, Office

LAMP = "东门的路灯坏了，晚上一片黑"
QUARREL = "3号楼门口有人吵架，吵了半天了"
OFFICER, WORKER, OTHER = "lin_zhiyuan", "fang_xiaoman", "lu_jianing"


def step(kind: int, by: str = WORKER, words: str = "", status: int = 1, at: int = 5) -> Any:
    return {"process_type": kind, "solve_userid": by, "process_desc": words, "status": status,
            "solved_time": at}  # fmt: skip


def order(
    desc: str = QUARREL, steps: Iterable[Any] = (), kind: str = "resident", **more: Any
) -> OrderSeen:
    raw: dict[str, Any] = {
        "order_id": "o1",
        "desc": desc,
        "urge_type": 1,
        "grid_id": "w1",
        "grid_name": "桂花社区第一网格",
        "create_time": int(MORNING.timestamp()),
        "processor_userids": [WORKER],
        "process_list": [step(2), *steps],
        **more,
    }
    data = order_in(raw)
    key = f"order:{kind}:o1:{digest_of(data)}"
    return OrderSeen(key=key, at=MORNING, kind=kind, order="o1", data=data)


def notes(office: Office, act: str = "note") -> list[str]:
    ticket = office.tickets()[0].id
    found = office.looks(lambda db: journal.of_ticket(db, ticket))
    return [entry.reason for entry in found if entry.act == act]


def resolved(office: Office) -> list[tuple[str, str]]:
    """Handle the only ticket and let the minute pass; what is said at the end."""
    serial = office.tickets()[0].serial
    office.says(OFFICER, f"签收 {serial}", chat="")
    office.says(OFFICER, f"处置 {serial} 双方和解，已签协议", chat="")
    return fall_due(office, "feedback_due")


def fall_due(office: Office, kind: str) -> list[tuple[str, str]]:
    c = table_of(TimerRow).c
    row = office.looks(
        lambda db: db.conn.execute(select(table_of(TimerRow)).where(c.kind == kind)).all()[-1]
    )
    office.now = max(office.now, row.due_at)
    due = Due(
        key=f"timer:{row.id}", at=row.due_at, line=row.line, timer=row.id, kind=kind,
        ticket=row.ticket_id,
    )  # fmt: skip
    return office.handle(due)


def test_order_opens_a_ticket_of_its_grid_and_its_handler_hears_of_it(office: Office) -> None:
    said = office.handle(order())

    (ticket,) = office.tickets()
    assert (ticket.grid, ticket.origin, ticket.carrier) == ("g01", "order", WORKER)
    assert ticket.stage is Stage.ASSIGNED
    assert any(WORKER in chat and "这边也登记了" in words for chat, words in said)


def test_same_order_in_two_polls_is_one_ticket_trap_25(office: Office) -> None:
    """Trap 25: an order that shows up in two polls, once with a longer process list."""
    office.handle(order())
    office.handle(order(steps=[step(7, words="看过现场")]))
    office.handle(order(steps=[step(7, words="看过现场")], urge_type=2))

    assert len(office.tickets()) == 1
    assert [n for n in notes(office) if "看过现场" in n] == ["上报单办理中：看过现场"]


def test_grid_name_may_be_a_number_and_the_grid_may_be_missing_trap_25(office: Office) -> None:
    """Trap 25: grid_name int; an order without grid_id goes by its words, then by its people."""
    office.handle(order("槐安里5号楼楼道堆了东西", grid_id=None, grid_name=12))
    assert office.tickets()[0].grid == "g02"

    data = order(LAMP, grid_id=None, grid_name=None).data
    office.handle(
        OrderSeen(key="order:patrol:o2:x", at=MORNING, kind="patrol", order="o2", data=data)
    )
    assert office.tickets()[1].grid == "g01"
    assert office.tickets()[1].origin == "patrol"


def test_renamed_grid_stays_the_same_grid_and_the_administrator_hears_once_trap_25(
    office: Office,
) -> None:
    """Trap 25: a grid is renamed; its id was matched by name before."""
    office.handle(order())
    renamed = {
        "order_id": "o2",
        "desc": LAMP,
        "grid_id": "w1",
        "grid_name": "东片",
        "process_list": [],
    }
    first = OrderSeen(key="k2", at=MORNING, kind="resident", order="o2", data=order_in(renamed))
    other = order_in({**renamed, "desc": "5号楼楼道堆了东西"})
    second = OrderSeen(key="k3", at=MORNING, kind="resident", order="o3", data=other)

    told = [w for c, w in office.handle(first) if "zuo_mingkai" in c]
    again = [w for c, w in office.handle(second) if "zuo_mingkai" in c]

    assert [t.grid for t in office.tickets()] == ["g01", "g01", "g01"]
    assert len(told) == 1
    assert "“桂花社区第一网格”改名叫“东片”" in told[0]
    assert again == []


def test_result_goes_as_a_draft_to_the_handler_and_is_reminded_once(office: Office) -> None:
    office.handle(order())

    said = [(c, w) for c, w in resolved(office) if WORKER in c and not w.startswith("card")]
    ticket = office.tickets()[0]
    assert "贴进处理说明" in said[0][1]
    assert said[1][1] == ticket.result_public
    assert ticket.stage is Stage.CLOSED
    reminded = fall_due(office, "order_unwritten")
    assert [w for c, w in reminded if WORKER in c] == [
        f"{ticket.serial} 的结果还没写回上报单。请把草稿贴上、办结。"
    ]


def test_order_that_is_closed_in_wecom_ends_the_wait_for_the_draft(office: Office) -> None:
    office.handle(order())
    resolved(office)
    office.handle(order(steps=[step(5, words="已和解", at=9)]))

    ticket = office.tickets()[0].id
    known = office.looks(lambda db: orders.of_ticket(db, ticket))
    assert [one.is_over for one in known] == [True]
    assert fall_due(office, "order_unwritten") == []
    assert office.count(DraftRow) == 1


def test_handler_who_is_not_in_the_roster_gets_nothing_and_a_colleague_passes_it_on_trap_25(
    office: Office,
) -> None:
    """Trap 25: a processor who is not in the roster."""
    office.handle(order(processor_userids=["stranger_01"]))
    said = resolved(office)

    assert not [c for c, _ in said if "stranger_01" in c]
    assert any(WORKER in c and "不在名册里" in w for c, w in said)


def test_words_of_the_handler_end_the_wait_for_an_answer(office: Office) -> None:
    office.handle(order())
    serial = office.tickets()[0].serial
    office.says(OFFICER, f"签收 {serial}", chat="")
    office.says(OFFICER, f"问 {serial} 是哪个单元？", chat="")
    assert office.tickets()[0].stage is Stage.WAITING

    office.now += timedelta(hours=1)
    said = office.handle(order(steps=[step(7, words="是2单元门口")]))

    assert office.tickets()[0].stage is Stage.ACCEPTED
    assert any(OFFICER in c and "是2单元门口" in w for c, w in said)


def test_danger_in_an_order_rings_at_once_and_the_handler_phones_the_reporter(
    office: Office,
) -> None:
    said = office.handle(order("3号楼二楼着火了，浓烟往外冒"))

    assert office.tickets()[0].danger is Danger.CONFIRMED
    assert any(WORKER in c and "给反映人打电话" in w for c, w in said)
    assert any("险情" in w and WORKER not in c for c, w in said)


def test_danger_in_a_later_step_raises_the_ticket(office: Office) -> None:
    office.handle(order(LAMP))
    office.handle(order(LAMP, steps=[step(7, words="现场有人拿刀追着砍人")]))

    assert office.tickets()[0].danger is not Danger.NONE


def test_protected_order_leaves_no_draft_and_tells_its_handler_nothing(office: Office) -> None:
    said = office.handle(order("我要举报，有人在3号楼202吸毒"))
    ticket = office.tickets()[0]

    assert ticket.protected
    assert ticket.carrier == ""
    assert not [w for c, w in said if WORKER in c]


def test_words_of_an_order_are_never_a_command(office: Office) -> None:
    office.handle(order())
    data = order("签收 0001", processor_userids=[OFFICER]).data
    office.handle(OrderSeen(key="k9", at=MORNING, kind="patrol", order="o9", data=data))

    assert office.tickets()[0].stage is Stage.ASSIGNED


def test_order_that_was_over_before_it_was_seen_opens_nothing(office: Office) -> None:
    office.handle(order(steps=[step(5, words="早已办结")]))
    office.handle(order(steps=[step(5, words="早已办结")], urge_type=3))

    assert office.tickets() == []


def test_owner_of_an_open_ticket_hears_that_the_order_is_closed_in_wecom(office: Office) -> None:
    office.handle(order())
    said = office.handle(order(steps=[step(6, words="不归我们管")]))

    ticket = office.tickets()[0]
    assert ticket.is_open
    assert any(ticket.owner in c and "已不受理：“不归我们管”" in w for c, w in said)


def test_resident_whose_report_joined_the_order_hears_the_result_too(office: Office) -> None:
    office.handle(order())
    office.says("wang_ayi", QUARREL)
    if len(office.tickets()) == 2:
        office.says(WORKER, "0002 并入 0001", chat="")
    said = resolved(office)

    assert any("wang_ayi" in c for c, _ in said)
    assert any(WORKER in c and "贴进处理说明" in w for c, w in said)


def test_order_goes_along_when_its_ticket_is_merged(office: Office) -> None:
    office.says("wang_ayi", "1号楼那边黑得很，灯都不亮")
    office.handle(order(LAMP, processor_userids=[WORKER]))
    office.says(WORKER, "0002 并入 0001", chat="")

    assert [t.stage for t in office.tickets()] == [Stage.ASSIGNED, Stage.MERGED]
    office.handle(order(LAMP, steps=[step(7, words="看过现场")]))
    assert any("看过现场" in note for note in notes(office))


def test_colleague_who_carried_the_matter_hears_the_result_beside_the_orders_handler(
    office: Office,
) -> None:
    office.says(OTHER, QUARREL)
    office.handle(order(processor_userids=[WORKER]))
    assert [t.carrier for t in office.tickets()] == [OTHER]

    said = resolved(office)

    assert any(OTHER in c and "双方" in w for c, w in said)
    assert any(WORKER in c and "贴进处理说明" in w for c, w in said)
