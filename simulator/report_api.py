"""政民沟通 of the simulated corp: grids, categories and orders, read by the app and by nobody else.

Orders are read only; people make and change them by ``/sim/orders`` (`report_control.py`). A grid's
name is printed as a number where it is one, as the official sample does, and the last page has an
empty cursor. Source: https://developer.work.weixin.qq.com/document/path/94557.
"""

import weakref
from dataclasses import dataclass, field
from typing import Any

from simulator.app_api import Broken, Call
from simulator.limits import RULES
from simulator.sim import Sim
from simulator.world import Json

KINDS = ("resident", "patrol")
_OK: Json = {"errcode": 0, "errmsg": "ok"}


@dataclass
class Order:
    """One order and when it last changed (which no call tells)."""

    shown: Json
    changed_s: float


@dataclass
class ReportDesk:
    """What 政民沟通 holds; ``allowed`` is the console's 可调用接口的应用."""

    allowed: bool = True
    grids: list[Json] = field(default_factory=list)
    categories: list[Json] = field(default_factory=list)
    orders: dict[str, dict[str, Order]] = field(
        default_factory=lambda: {kind: {} for kind in KINDS}
    )
    pictures: dict[str, bytes] = field(default_factory=dict)
    count: int = 0


_DESKS: "weakref.WeakKeyDictionary[object, ReportDesk]" = weakref.WeakKeyDictionary()


def desk_of(sim: Sim) -> ReportDesk:
    """The desk since the last reset, which makes a new office of tokens and so a new desk."""
    return _DESKS.setdefault(sim.tokens, ReportDesk())


def shown_name(name: Any) -> Any:
    """A grid's name as the platform prints it: a number where it looks like one."""
    return int(name) if isinstance(name, str) and name.isascii() and name.isdigit() else name


def admitted(sim: Sim) -> ReportDesk:
    """The desk, for an app that may ask. Raises: Broken."""
    desk = desk_of(sim)
    if not desk.allowed:
        raise Broken("report_permission", "the app is not entered under 可调用接口的应用")
    return desk


async def grid_list(sim: Sim, call: Call) -> Json:
    """report/grid/list: the whole tree, or the part below ``grid_id``."""
    desk, wanted = admitted(sim), call.text("grid_id")
    if wanted and wanted not in {one["grid_id"] for one in desk.grids}:
        raise Broken("report_grid", wanted)
    below = {wanted}
    for one in desk.grids:
        if one["grid_parent_id"] in below:
            below.add(one["grid_id"])
    found = [one for one in desk.grids if not wanted or one["grid_id"] in below]
    return {**_OK, "grid_list": [{**g, "grid_name": shown_name(g["grid_name"])} for g in found]}


async def user_grids(sim: Sim, call: Call) -> Json:
    """report/grid/get_user_grid_info: what one member manages and works in."""
    desk, user = admitted(sim), call.text("userid")
    if sim.world.person(user) is None:
        raise Broken("user_unknown", user)
    return {
        **_OK,
        "manage_grids": [_short(one) for one in desk.grids if user in one["grid_admin"]],
        "joined_grids": [_short(one) for one in desk.grids if user in one["grid_member"]],
    }


async def categories(sim: Sim, _call: Call) -> Json:
    """report/grid/list_cata."""
    return {**_OK, "category_list": list(admitted(sim).categories)}


async def grid_info(sim: Sim, _call: Call) -> Json:
    """report/resident/get_grid_info and report/patrol/get_grid_info: the roots."""
    roots = [one for one in admitted(sim).grids if not one["grid_parent_id"]]
    shown = [{**_short(one), "grid_admin": one["grid_admin"]} for one in roots]
    return {**_OK, "grid_list": shown}


def _short(grid: Json) -> Json:
    return {"grid_id": grid["grid_id"], "grid_name": shown_name(grid["grid_name"])}


async def resident_list(sim: Sim, call: Call) -> Json:
    """report/resident/get_order_list."""
    return _page(sim, call, "resident")


async def patrol_list(sim: Sim, call: Call) -> Json:
    """report/patrol/get_order_list."""
    return _page(sim, call, "patrol")


async def resident_info(sim: Sim, call: Call) -> Json:
    """report/resident/get_order_info."""
    return _info(sim, call, "resident")


async def patrol_info(sim: Sim, call: Call) -> Json:
    """report/patrol/get_order_info."""
    return _info(sim, call, "patrol")


def _page(sim: Sim, call: Call, kind: str) -> Json:
    desk, limit = admitted(sim), call.body.get("limit", 20)
    if isinstance(limit, bool) or not isinstance(limit, int) or not 20 <= limit <= _most():
        raise Broken("report_limit", f"limit {limit}")
    since = max(_moment(call, "begin_create_time"), 0)
    changed = max(_moment(call, "begin_modify_time"), 0)
    found = [
        one.shown
        for one in desk.orders[kind].values()
        if one.changed_s >= changed and one.shown["create_time"] >= since
    ]
    start = _start(call.text("cursor"))
    if start > len(found):
        raise Broken("report_cursor", call.text("cursor"))
    more = start + limit < len(found)
    cursor = f"c{start + limit}" if more else ""
    return {**_OK, "next_cursor": cursor, "order_list": found[start : start + limit]}


def _most() -> int:
    return RULES["report_limit"].number


def _moment(call: Call, name: str) -> int:
    value = call.body.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Broken("parameter", f"{name} must be a number of seconds")
    return value


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    if cursor[0] != "c" or not cursor[1:].isdigit():
        raise Broken("report_cursor", cursor)
    return int(cursor[1:])


def _info(sim: Sim, call: Call, kind: str) -> Json:
    order = admitted(sim).orders[kind].get(call.text("order_id"))
    if order is None:
        raise Broken("report_order", call.text("order_id"))
    return {**_OK, "order_info": order.shown}


ENDPOINTS = {
    "report/grid/list": grid_list,
    "report/grid/get_user_grid_info": user_grids,
    "report/grid/list_cata": categories,
    "report/resident/get_grid_info": grid_info,
    "report/patrol/get_grid_info": grid_info,
    "report/resident/get_order_list": resident_list,
    "report/patrol/get_order_list": patrol_list,
    "report/resident/get_order_info": resident_info,
    "report/patrol/get_order_info": patrol_info,
}
