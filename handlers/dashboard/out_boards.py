"""The boards as tables to take along (导出看板): the same rows as on the pages, all of their pages.

Each function reads what its page reads, for the same person; of 一人多次 only numbers go out.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from bot.domain.repeats import What
from bot.domain.sheets import Table
from config.rights_rules import Page
from handlers.dashboard import (
    audit,
    departments,
    drafts_page,
    duty,
    grids,
    groups_page,
    mediation_page,
    repeats_page,
    system_page,
)
from handlers.dashboard.audit import Row as Looked
from handlers.dashboard.duty import Cell, There
from handlers.dashboard.mediation_page import Card
from handlers.dashboard.out_publicity import of_publicity
from handlers.dashboard.out_tickets import at, words_of
from handlers.dashboard.repeats_page import Focus
from handlers.dashboard.shell import Look
from handlers.dashboard.takeaway import MOST, Given, Taken, Taking, full

T = TypeVar("T")
_PAGES = 200
_COUNTS = ("在办", "险情", "超时", "没签收")


def _all(page: Callable[[int], tuple[list[T], int]]) -> tuple[list[T], bool]:
    """The rows of every page, by keyset, and whether there may be more than are taken."""
    found: list[T] = []
    last = 0
    for _ in range(_PAGES):
        fresh, last = page(last)
        found += fresh
        if not last or len(found) > MOST:
            break
    return found[:MOST], bool(last) or len(found) > MOST


# -- grids, departments, groups -------------------------------------------------------------


def of_grids(look: Look, _given: Given) -> Taken:
    """The tiles."""
    rows = [
        (
            *(one.name, one.community, str(one.counts.open), str(one.counts.danger)),
            *(str(one.counts.over), str(one.counts.unsigned)),
        )
        for one in grids.tiles(look)
    ]
    return Taken((_figures("网格", ("网格", "社区", *_COUNTS), rows),))


def _figures(title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    return Table(title=title, heads=heads, rows=tuple(rows))


def of_departments(look: Look, _given: Given) -> Taken:
    """What lies with each, and how the list sends."""
    it = departments.board(look)
    span = f"近{departments.DAYS}天"
    rows = [
        (
            *(one.name, one.contact, str(one.counts.open), str(one.counts.over)),
            *(str(one.counts.unsigned), str(one.diverted), str(one.returned)),
        )
        for one in it.rows
    ]
    heads = ("部门", "谁接", "在办", "超时", "没签收", f"{span}分流", "其中退回")
    figures = [
        (
            *(one.name, str(one.it.version), one.department, str(one.it.diverted)),
            *(one.returned, one.on_time, one.satisfied, one.hint),
        )
        for one in it.figures
    ]
    list_heads = ("清单的哪一条", "第几版", "到哪", "分流", "退回", "按时办完", "满意", "看看这里")
    return Taken(
        (
            _figures(_DEPARTMENTS[0], heads, rows),
            _figures(_DEPARTMENTS[1], list_heads, figures),
        )
    )


def of_drafts(look: Look, _given: Given) -> Taken:
    """What waits to be said; the words for who may say them."""
    it = drafts_page.board(look)
    rows = [
        (
            *(one.group, one.kind, "险情" if one.danger else "", one.text, "、".join(one.asked)),
            *(at(one.said_at), at(one.expires_at), one.number),
        )
        for one in (*it.mine, *it.others)
    ]
    heads = ("群", "哪种", "险情", "要说的话", "请了谁", "听到", "最晚", "工单")
    cut = f"还有 {it.left_out} 条没有列出。" if it.left_out else ""
    return Taken((words_of("待代发", heads, rows),), cut)


def of_groups(look: Look, _given: Given) -> Taken:
    """Every group that this person answers for."""
    rows = [
        (
            *(one.name, one.kind, one.grid or ("全所" if one.inside else "没定"), one.officer),
            *(one.ears, one.speech, "试听" if one.is_trial else "", one.mass),
            *(str(one.residents), at(one.heard_at), "；".join(one.lacks)),
        )
        for one in groups_page.board(look)
    ]
    heads = (
        *("群", "哪种", "网格", "社区民警", "听", "说", "试听", "群发", "群众人数"),
        *("最近听到", "要看的"),
    )
    return Taken((words_of("群", heads, rows),))


# -- what comes again, mediations -----------------------------------------------------------


def of_repeats(look: Look, given: Given) -> Taken:
    """Findings of the kind that the page shows."""
    asked = given.get("kind", "")
    kind = asked if asked in repeats_page.KINDS else str(What.PLACE)
    is_open = given.get("state", "") != "ended"

    def page(before: int) -> tuple[list[Focus], int]:
        found = repeats_page.board(look, kind, is_open=is_open, before=before)
        return found.found, found.more

    found, more = _all(page)
    heads = ("重点工单", "程度", "什么事", "网格", "地点", "阶段", "时限", "谁在办", "连着几件")
    rows = [_focus(one, is_named=kind != What.PERSON) for one in found]
    table = words_of("反复", (*heads, "连着哪些", "登记时间"), rows)
    about = f"（{repeats_page.KINDS[kind]}，{'在办的' if is_open else '办完的'}）"
    return Taken((table,), full("这里是最新的") if more else "", about)


def _focus(one: Focus, *, is_named: bool) -> tuple[str, ...]:
    line = one.line
    what = (line.name, line.grid, line.place) if is_named else ("进工单看", "", "")
    return (
        *(line.number, one.level_name, *what, line.stage.label, line.due.words),
        *(line.owner or line.unit, str(one.attached), " ".join(one.members), at(line.opened_at)),
    )


def of_mediation(look: Look, given: Given) -> Taken:
    """Mediations of all stages, or of the one that the page shows; no words of anybody."""
    asked = given.get("state", "")
    states = [asked] if asked in mediation_page.STATES else list(mediation_page.STATES)
    rows: list[tuple[str, ...]] = []
    is_cut = False
    for state in states:
        cards, more = _all(partial(_cards, look, state))
        rows += [_mediation(mediation_page.STATES[state], card) for card in cards]
        is_cut = is_cut or more
    heads = (
        *("到哪步", "编号", "什么事", "网格", "地点", "哪支力量", "谁主持", "调过几次", "还等"),
        *("结果", "履行期限", "还没履行", "下次", "下次是"),
    )
    return Taken((words_of("调解", heads, rows[:MOST]),), full("这里是最新的") if is_cut else "")


def _cards(look: Look, state: str, before: int) -> tuple[list[Card], int]:
    (column,) = mediation_page.board(look, state, before)
    return column.cards, column.more


def _mediation(state: str, one: Card) -> tuple[str, ...]:
    line = one.line
    kind = ("回访" if one.next_is_visit else "调解") if one.next_at else ""
    return (
        *(state, line.number, line.name, line.grid, line.place, one.force, one.mediator),
        *(str(one.sessions), one.agreed, one.result, one.promised, "是" if one.is_late else ""),
        *(at(one.next_at), kind),
    )


# -- duty -----------------------------------------------------------------------------------


def of_duty(look: Look, given: Given) -> Taken:
    """The calendar of the station and of the grids that the page shows; who is away."""
    it = duty.board(look, given.get("grid", ""))
    days = tuple(f"{day.day:%m-%d} {day.name}" for day in it.days)
    parts = [("全所", it.station), *((grid.name, rows) for grid, rows in it.grids)]
    rows = [
        (place, row.name, _names(row.now), *(_cell(cell) for cell in row.cells))
        for place, those in parts
        for row in those
    ]
    away = [(one.name, one.unit, one.why, at(one.until), one.instead) for one in it.away]
    cut = f"还有 {it.left_out} 个网格没有列，请先选网格再导出。" if it.left_out else ""
    return Taken(
        (
            words_of(_DUTY[0], ("哪里", "岗位", "现在", *days), rows),
            words_of(_DUTY[1], ("谁", "单位", "为什么", "到", "先找谁"), away),
        ),
        cut,
    )


def _names(people: list[There]) -> str:
    return "、".join(
        f"{one.name}（{one.instead_of}）" if one.instead_of else one.name for one in people
    )


def _cell(cell: Cell) -> str:
    by_night = f"；夜里 {_names(cell.by_night)}" if cell.by_night else ""
    return (_names(cell.by_day) or "没有人") + by_night


# -- the book, the machine ------------------------------------------------------------------


def of_audit(look: Look, given: Given) -> Taken:
    """The book of looks, of one person when asked."""
    user = given.get("user", "")
    user = user if look.turn.rules.person(user) else ""

    def page(before: int) -> tuple[list[Looked], int]:
        found = audit.book(look, before, user)
        return found.rows, found.more

    found, more = _all(page)
    rows = [(at(one.at), one.name, one.unit, one.what, one.number or _hidden(one)) for one in found]
    table = words_of("留痕", ("时间", "谁", "单位", "看了什么", "哪一件"), rows)
    return Taken((table,), full("这里是最新的") if more else "")


def _hidden(one: Looked) -> str:
    return "您看不到的工单" if one.is_hidden else ""


def of_system(look: Look, _given: Given) -> Taken:
    """Lanes, faults, what waits, leases."""
    it = system_page.machine(look)
    lanes = [
        (
            *(one.label, one.it.name, "在管" if one.is_held else "没有", str(one.it.waiting)),
            *(at(one.it.oldest), str(one.it.parked), at(one.it.sent_at)),
        )
        for one in it.lanes
    ]
    faults = [(o.label, o.why, o.state, str(o.count), at(o.newest)) for o in it.faults]
    parts = [(str(o.partition), str(o.waiting), at(o.oldest), str(o.tried)) for o in it.parts]
    leases = [
        (one.name, one.owner, str(one.epoch), "有效" if one.left_s > 0 else "空着")
        for one in it.leases
    ]
    lane_heads = ("出口", "名字", "有没有程序在管", "等着发", "最早的", "放弃了", "最近发出")
    return Taken(
        (
            _figures(_SYSTEM[0], lane_heads, lanes),
            _figures(_SYSTEM[1], ("哪里", "什么错", "还试不试", "几条", "最近"), faults),
            _figures(_SYSTEM[2], ("分区", "几条", "最早收到", "试过几次"), parts),
            _figures(_SYSTEM[3], ("名字", "进程", "第几任", "状态"), leases),
        )
    )


_DEPARTMENTS = ("各部门", "分流清单准不准")
_DUTY = ("值班表", "不在岗")
_SYSTEM = ("出口", "最近的错误", "等着处理的消息", "租约")
TAKINGS = (
    Taking(Page.DRAFTS, "/drafts", ("待代发",), of_drafts),
    Taking(Page.GRIDS, "/grids", ("网格",), of_grids),
    Taking(Page.REPEATS, "/repeats", ("反复",), of_repeats),
    Taking(Page.DEPARTMENTS, "/departments", _DEPARTMENTS, of_departments),
    Taking(Page.MEDIATION, "/mediation", ("调解",), of_mediation),
    Taking(Page.DUTY, "/duty", _DUTY, of_duty),
    Taking(Page.GROUPS, "/groups", ("群",), of_groups),
    Taking(Page.PUBLICITY, "/publicity", ("宣传",), of_publicity),
    Taking(Page.AUDIT, "/audit", ("留痕",), of_audit),
    Taking(Page.SYSTEM, "/system", _SYSTEM, of_system),
)
