"""What staff do to a ticket (办事): by stage the straight road, and the twists beside it.

Each function says one or two orders in private or presses a button; which ticket meets which
twist is decided by ``staff``.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from config.vocabulary import Act, Danger, Stage
from storage import mediations, subtasks, tickets
from storage.tickets import Ticket
from tests.year import sayings

if TYPE_CHECKING:
    from tests.year.staff import Staff

LEADER, ROOM, INSPECTOR = "zhong_yihang", "qiu_ruolan", "meng_fanxing"
RESULTS = (
    "已解决，到现场处理好了，看过没问题",
    "双方和解，说好以后不再这样",
    "已解决，换了新的，当场试过",
)
Deed = Callable[["Staff", Ticket], None]


def _new(staff: "Staff", ticket: Ticket) -> None:
    """四级: the leader passes it on, the officer gives it its level."""
    if ticket.stage is Stage.DRAFT:
        staff.orders("gao_mingfang", f"报民警 {ticket.number}")
    else:
        staff.orders(ticket.owner or sayings.OFFICERS["g01"], f"研判 {ticket.number} 一般")


def _assigned(staff: "Staff", ticket: Ticket) -> None:
    """Somebody has it and has not signed."""
    owner = ticket.owner or ROOM
    twist = staff.takes_twist(ticket, *_EARLY)
    if twist:
        _EARLY[twist](staff, ticket)
    elif ticket.danger is Danger.SUSPECTED and staff.dice.random() < 0.5:
        staff.orders(owner, f"误报 {ticket.number}")
    elif staff.dice.random() < 0.4 or not staff.station.presses_on(owner, ticket, Act.ACCEPT):
        staff.orders(owner, f"签收 {ticket.number}")


def _silent(staff: "Staff", ticket: Ticket) -> None:
    """Nothing is heard for days: the ladder has its way."""
    staff.silent.add(ticket.id)
    staff.station.plan(
        staff.by_day(staff.station.now + timedelta(days=staff.dice.randint(2, 11))),
        lambda: staff.speaks_again(ticket.id),
    )


def _returned(staff: "Staff", ticket: Ticket) -> None:
    staff.orders(ticket.owner or ROOM, f"退回 {ticket.number} 不归我们管")
    if staff.dice.random() < 0.5:
        staff.twist[ticket.id] = "return"


def _transferred(staff: "Staff", ticket: Ticket) -> None:
    to = staff.dice.choice(("唐朔", "肖北辰", "方小满"))
    staff.orders(ticket.owner or ROOM, f"转给 {to} {ticket.number}")


def _merge(staff: "Staff", ticket: Ticket) -> None:
    """Into another open one of the grid and kind, if there is one."""
    near = tickets.open_in_grid(
        staff.station.db, ticket.grid, ticket.opened_at - timedelta(days=20)
    )
    other = next((o for o in near if o.id != ticket.id and o.category == ticket.category), None)
    older = staff.station.ticket(other.id) if other else None
    if older is not None:
        staff.orders(ticket.owner, f"{ticket.number} 并入 {older.number}")
        if staff.dice.random() < 0.3:
            staff.orders(ticket.owner, f"拆开 {ticket.number}")


def _working(staff: "Staff", ticket: Ticket) -> None:
    number, owner, dice = ticket.number, ticket.owner, staff.dice
    twist = staff.takes_twist(ticket, *_MIDDLE)
    if twist:
        _MIDDLE[twist](staff, ticket)
    elif ticket.stage is Stage.ACCEPTED and dice.random() < 0.7:
        if dice.random() < 0.5 or not staff.station.presses_on(owner, ticket, Act.VERIFY):
            staff.orders(owner, f"到场 {number}")
    else:
        _finish(staff, ticket)


def _finish(staff: "Staff", ticket: Ticket) -> None:
    """What must be known first, then the result."""
    number, owner = ticket.number, ticket.owner
    for part in subtasks.running(staff.station.db, ticket.id):
        staff.orders(part.user, f"接子任务 {number}")
        staff.orders(part.user, f"完成 {number} 看过了，都说清楚了")
    _mediated(staff, ticket)
    if ticket.protected:
        for words in ("告诫书 {} 已出具", "回访计划 {} 每月一次", "强制报告 {} 已报"):
            staff.orders(owner, words.format(number))
    if staff.visits[ticket.id] > 8:
        staff.orders(LEADER, f"签字 {number}")
    staff.orders(owner, f"处置 {number} {staff.dice.choice(RESULTS[: 3 - 2 * ticket.protected])}")


def _mediated(staff: "Staff", ticket: Ticket) -> None:
    """A mediation that runs is held and has its result."""
    held = [
        m for m in mediations.of_ticket(staff.station.db, ticket.id) if m.state != mediations.ENDED
    ]
    for one in held:
        if one.state == mediations.INVITED:
            staff.orders(one.mediator, f"同意调解 {ticket.number} 双方")
        staff.orders(one.mediator, f"调解记录 {ticket.number} 两边都说了各自的难处")
        how = staff.dice.choice(("成功 说好了互相让一步", "失败", "部分 说好一半"))
        staff.orders(one.mediator, f"调解结果 {ticket.number} {how}")
        if how.startswith("成功"):
            staff.orders(one.mediator, f"写协议 {ticket.number} 协议书")


def _say(words: str) -> Deed:
    """The owner says it, with the ticket's number in it."""
    return lambda staff, ticket: staff.orders(ticket.owner or ROOM, words.format(ticket.number))


def _unreached(staff: "Staff", ticket: Ticket) -> None:
    for day in range(3):
        at = staff.by_day(staff.station.now + timedelta(days=day, minutes=5))
        staff.station.plan(at, lambda: staff.orders(ticket.owner, f"没联系上 {ticket.number}"))


_EARLY: Mapping[str, Deed] = {
    "silent": _silent,
    "return": _returned,
    "transfer": _transferred,
    "reject": _say("不予受理 {} 没有具体事 说不清是哪里"),
    "void": _say("不是诉求 {}"),
    "recuse": _say("回避 {} 是我家亲戚"),
    "merge": _merge,
}
_MIDDLE: Mapping[str, Deed] = {
    "ask": _say("问 {} 具体是哪个位置"),
    "suspend": _say("挂起 {} 5天 等鉴定结果"),
    "extend": _say("延期 {} 3天 等材料"),
    "part": _say("子任务 {} 方小满 2小时 上门看看"),
    "mediate": _say("调解 {}"),
    "hard": _say("疑难 {} 牵涉几家单位"),
    "unreached": _unreached,
    "divert": _say("分流 {} 住建 是公共管道老化"),
    "meet": _say("召集 {} 明天15点 警务室 方小满 商量怎么办"),
    "regrade": _say("改档 {} 缓办 不急"),
    "reclass": _say("改类 {} 物业纠纷"),
    "unmask": _say("查看原文 {} 要核对地址"),
    "chat": _say("补充 {} 去看过了，门口有人守着"),
    "explained": _say("处置 {} 已解释 政策就是这样，说清楚了"),
    "preserve": _say("保全 {} 有人要打官司"),
}


def _recheck(staff: "Staff", ticket: Ticket) -> None:
    """Somebody who did not work it looks at it."""
    pool = [u for u in (sayings.OFFICERS.get(ticket.grid, ROOM), LEADER, ROOM) if u != ticket.owner]
    words = "合格" if staff.dice.random() < 0.85 else "不合格 还是老样子"
    who = INSPECTOR if ticket.category == "P23" else pool[staff.visits[ticket.id] % len(pool)]
    staff.orders(who, f"复核 {ticket.number} {words}")


def _held(staff: "Staff", ticket: Ticket) -> None:
    if staff.dice.random() < 0.3:
        staff.orders(ticket.owner, f"恢复 {ticket.number}")


def _outside(staff: "Staff", ticket: Ticket) -> None:
    """Our minder speaks for the department."""
    if staff.visits[ticket.id] < 3:
        return
    if staff.dice.random() < 0.15:
        staff.orders(ticket.owner, f"退回 {ticket.number} 不是他们的")
    elif staff.dice.random() < 0.3:
        staff.orders(ticket.owner, f"部门答复 {ticket.number} 线已重新架好，请放心")


def _review(staff: "Staff", ticket: Ticket) -> None:
    if staff.dice.random() < 0.06:
        staff.orders(ticket.owner, f"重办 {ticket.number} 又出现了")
    else:
        staff.orders(ticket.owner, f"没有反复 {ticket.number}")


def _back_at_desk(staff: "Staff", ticket: Ticket) -> None:
    """Admitted and nobody's: the room gives it to somebody."""
    staff.orders(ROOM, f"转给 林知远 {ticket.number}")


BY_STAGE: Mapping[Stage, Deed] = {
    Stage.DRAFT: _new,
    Stage.NEW: _new,
    Stage.ADMITTED: _back_at_desk,
    Stage.ASSIGNED: _assigned,
    Stage.ACCEPTED: _working,
    Stage.VERIFYING: _working,
    Stage.HANDLING: _working,
    Stage.RECHECK: _recheck,
    Stage.ON_HOLD: _held,
    Stage.DIVERTED: _outside,
    Stage.REVIEW: _review,
}
