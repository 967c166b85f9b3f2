"""Tickets as tables to take along (导出工单): the list with its filter, today, the shift.

The same lines as on the pages, by the same rights and fields. The list goes through its pages by
keyset, as far as ``takeaway.MOST`` rows; a search looks at so many tickets and says how far.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import clocks
from bot.domain.sheets import Table
from config.rights_rules import Page
from config.vocabulary import Danger
from handlers.dashboard import handover_page, ticket_list, ticket_query
from handlers.dashboard import today as today_page
from handlers.dashboard.handover_page import Desk
from handlers.dashboard.rows import Line
from handlers.dashboard.shell import Look
from handlers.dashboard.takeaway import MOST, Given, Taken, Taking, full
from handlers.dashboard.ticket_query import Query

HEADS = (
    *("编号", "登记时间", "什么事", "等级", "险情", "保护", "阶段", "时限", "网格", "地点"),
    *("说了什么", "承办单位", "谁在办", "办结时间"),
)
_DANGERS = {Danger.CONFIRMED: "险情", Danger.SUSPECTED: "疑似险情", Danger.NONE: ""}
_PAGES, _SEARCHED_PAGES = 200, 20


def at(moment: datetime | None) -> str:
    """A moment as a table has it: ``2026-03-04 09:30`` in the station's zone, or nothing."""
    return f"{moment.astimezone(clocks.ZONE):%Y-%m-%d %H:%M}" if moment else ""


def words_of(title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    """A table whose cells are words."""
    return Table(title=title, heads=heads, rows=tuple(rows), is_list=True)


def cells(line: Line) -> tuple[str, ...]:
    """The cells of one ticket under ``HEADS``."""
    return (
        *(line.number, at(line.opened_at), line.name, line.urgency_label, _DANGERS[line.danger]),
        *("保护" if line.protected else "", line.stage.label, line.due.words, line.grid),
        *(line.place, line.words, line.unit, line.owner, at(line.closed_at)),
    )


# -- the list -------------------------------------------------------------------------------


def listed(look: Look, given: Given) -> Taken:
    """All tickets that fit the filter of the list, newest first."""
    query = replace(ticket_query.of(given), before=0)
    lines, cut = _lines(look, query)
    about = f"（{ticket_query.KINDS[query.kind]}{'，按词找' if query.words else ''}）"
    return Taken((words_of(TICKETS[0], HEADS, [cells(line) for line in lines]),), cut, about)


def _lines(look: Look, query: Query) -> tuple[list[Line], str]:
    """The lines of all pages; a sentence where there may be more."""
    lines: list[Line] = []
    found = None
    for _ in range(_SEARCHED_PAGES if query.words else _PAGES):
        found = ticket_list.found_of(look, query)
        lines += found.lines
        if len(lines) > MOST or (len(lines) == MOST and found.more):
            return lines[:MOST], full(f"这里到 {at(lines[MOST - 1].opened_at)} 登记的为止")
        if not found.more:
            return lines, ""
        query = replace(query, before=found.more)
    far = found.far.opened_at if found and found.far else lines[-1].opened_at if lines else None
    return lines, f"找到 {at(far)} 登记的为止，更早的没有找。请按日子筛选再导出一次。"


# -- today ----------------------------------------------------------------------------------


def today(look: Look, _given: Given) -> Taken:
    """What needs a human now, as the page shows it."""
    it = today_page.today(look)
    matters = [(block.title, *cells(line)) for block in it.blocks for line in block.lines]
    wishes = [(one.number, one.name, one.asked_by, one.act, one.reason) for one in it.wishes]
    waiting = [
        (_group(look, one.chat), one.text, at(one.said_at), at(one.expires_at)) for one in it.drafts
    ]
    return Taken(
        (
            words_of(_TODAY[0], ("哪一类", *HEADS), matters),
            words_of(_TODAY[1], ("编号", "什么事", "谁想", "要办什么", "理由"), wishes),
            words_of(_TODAY[2], ("群", "要说的话", "听到", "过期"), waiting),
        ),
        _rest(it.blocks),
    )


def _group(look: Look, chat: str) -> str:
    known = look.turn.rules.chat(chat)
    return known.name if known else "没登记的群"


def _rest(blocks: list[today_page.Block]) -> str:
    cut = (one for one in blocks if one.count > len(one.lines) + one.above)
    more = [f"{one.title} {one.count} 件" for one in cut]
    return f"这里和页上一样只列最新的：{'，'.join(more)}，要全部请到“工单”页导出。" if more else ""


# -- the shift ------------------------------------------------------------------------------


def shift(look: Look, _given: Given) -> Taken:
    """What is handed over."""
    it = handover_page.desk(look)
    return Taken(
        (
            words_of(_SHIFT[0], ("哪一类", *HEADS, "答应的时间"), _heaps(it)),
            words_of(_SHIFT[1], ("编号", "要办什么", "理由", "从"), _wishes(it)),
            words_of(_SHIFT[2], ("群", "险情", "几条", "最早的"), _drafts(it)),
            words_of(_SHIFT[3], ("谁", "单位", "为什么", "到", "先找谁"), _away(it)),
            words_of(_SHIFT[4], _TAKEN_OVER, _shifts(it)),
        )
    )


_TAKEN_OVER = (
    *("接班", "时间", "接谁的班", "险情", "没签收", "快到期"),
    *("待代发", "等人定"),
)


def _heaps(it: Desk) -> list[tuple[str, ...]]:
    return [
        (part.title, *cells(line), at(it.promised.get(line.number)))
        for part in it.parts
        for line in part.lines
    ]


def _wishes(it: Desk) -> list[tuple[str, ...]]:
    """The reason stands there for who may answer, as on the page."""
    return [
        (
            *(one.ticket.number, one.wish.act.label),
            *(one.wish.reason if one.is_mine else "", at(one.wish.asked_at)),
        )
        for one in it.content.wishes
    ]


def _drafts(it: Desk) -> list[tuple[str, ...]]:
    found = it.content.drafts
    return [(o.name, "险情" if o.danger else "", str(o.count), at(o.since)) for o in found]


def _away(it: Desk) -> list[tuple[str, ...]]:
    found = it.content.away
    return [(one.name, one.unit, one.why, at(one.until), one.instead) for one in found]


def _shifts(it: Desk) -> list[tuple[str, ...]]:
    return [
        (
            *(one.user, at(one.row.at), one.before, str(one.row.danger), str(one.row.unsigned)),
            *(str(one.row.promised), str(one.row.drafts), str(one.row.wishes)),
        )
        for one in it.shifts
    ]


TICKETS = ("工单",)
_TODAY = ("要人管的", "等您定", "等您代发")
_SHIFT = ("交下去的工单", "等第二人定", "待代发", "不在岗", "前几班")
TAKINGS = (
    Taking(Page.TODAY, "/", _TODAY, today),
    Taking(Page.TICKETS, "/tickets", TICKETS, listed),
    Taking(Page.HANDOVER, "/handover", _SHIFT, shift),
)
