"""The half of 政民沟通 that an app may change: grids, categories, and the counts of orders.

Our bot only reads grids; that it never calls these is part of what the books of calls show. The
limits are those of the official pages; what breaks them is refused. Called through `server.py`.
Source: https://developer.work.weixin.qq.com/document/path/94478, 94536, 93518.
"""

from simulator.app_api import Broken, Call, Endpoint
from simulator.limits import RULES
from simulator.report_api import KINDS, Order, ReportDesk, admitted
from simulator.sim import Sim
from simulator.world import Json

_OK: Json = {"errcode": 0, "errmsg": "ok"}
_DAY_S = 86400
_CLOSED, _REFUSED, _ACCEPTED, _ASSIGNED = 5, 6, 2, 3


# ------------------------------------------------------------- grids
def _grid(desk: ReportDesk, grid: str) -> Json:
    found = next((one for one in desk.grids if one["grid_id"] == grid), None)
    if found is None:
        raise Broken("report_grid", grid)
    return found


def _name(desk: ReportDesk, name: str, parent: str, own: str = "") -> str:
    if not 0 < len(name) <= RULES["report_grid_name"].number:
        raise Broken("report_grid_name", f"{len(name)} characters")
    beside = [g for g in desk.grids if g["grid_parent_id"] == parent and g["grid_id"] != own]
    if name in {str(one["grid_name"]) for one in beside}:
        raise Broken("report_grid_name", "a grid beside it has that name")
    return name


def _depth(desk: ReportDesk, parent: str) -> int:
    """How deep a child of ``parent`` lies. Raises: Broken, when the parent is unknown."""
    depth = 1
    while parent:
        parent, depth = str(_grid(desk, parent)["grid_parent_id"]), depth + 1
    return depth


def _people(call: Call, field: str, rule: str, least: int) -> list[str]:
    asked = call.body.get(field, [])
    if not isinstance(asked, list) or not least <= len(asked) <= RULES[rule].number:
        raise Broken(rule, field)
    return [str(one) for one in asked]


def _known(sim: Sim, users: list[str]) -> tuple[list[str], list[str]]:
    """Members of the corp by their own spelling, and the others."""
    found = {one: sim.world.person(one) for one in users}
    return [p.id for p in found.values() if p], [one for one, p in found.items() if not p]


def _admins(sim: Sim, desk: ReportDesk, users: list[str], own: str = "") -> list[str]:
    known, _ = _known(sim, users)
    for user in known:
        manages = [g for g in desk.grids if user in g["grid_admin"] and g["grid_id"] != own]
        if len(manages) >= RULES["report_admin_grids"].number:
            raise Broken("report_admin_grids", user)
    return known


async def grid_add(sim: Sim, call: Call) -> Json:
    """report/grid/add: unknown people are named, not refused."""
    desk, parent = admitted(sim), call.text("grid_parent_id")
    if _depth(desk, parent) > RULES["report_grid_depth"].number:
        raise Broken("report_grid_depth", parent)
    admins = _people(call, "grid_admin", "report_grid_admin", 1)
    members = _people(call, "grid_member", "report_grid_member", 0)
    made = {
        "grid_id": f"grid{sim.new_number()}",
        "grid_name": _name(desk, call.text("grid_name"), parent),
        "grid_parent_id": parent,
        "grid_admin": _admins(sim, desk, admins),
        "grid_member": _known(sim, members)[0],
    }
    desk.grids.append(made)
    strangers = _known(sim, admins + members)[1]
    return {**_OK, "grid_id": made["grid_id"], "invalid_userids": strangers}


async def grid_update(sim: Sim, call: Call) -> Json:
    """report/grid/update: what is left out stays; an empty ``grid_member`` clears the list."""
    desk, own = admitted(sim), call.text("grid_id")
    grid, strangers = _grid(desk, own), list[str]()
    if "grid_name" in call.body:
        grid["grid_name"] = _name(desk, call.text("grid_name"), grid["grid_parent_id"], own)
    if "grid_admin" in call.body:
        admins = _people(call, "grid_admin", "report_grid_admin", 1)
        grid["grid_admin"] = _admins(sim, desk, admins, own)
        strangers += _known(sim, admins)[1]
    if "grid_member" in call.body:
        members = _people(call, "grid_member", "report_grid_member", 0)
        grid["grid_member"], unknown = _known(sim, members)
        strangers += unknown
    return {**_OK, "invalid_userids": strangers}


async def grid_delete(sim: Sim, call: Call) -> Json:
    """report/grid/delete: a grid with others below it stays."""
    desk, own = admitted(sim), call.text("grid_id")
    _grid(desk, own)
    if any(one["grid_parent_id"] == own for one in desk.grids):
        raise Broken("report_grid", f"{own} has grids below it")
    desk.grids = [one for one in desk.grids if one["grid_id"] != own]
    return dict(_OK)


# ------------------------------------------------------------- categories
def _category(desk: ReportDesk, category: str) -> Json:
    found = next((one for one in desk.categories if one["category_id"] == category), None)
    if found is None:
        raise Broken("report_category", category)
    return found


def _described(desk: ReportDesk, call: Call) -> Json:
    name, level = call.text("category_name"), call.body.get("level")
    if not 0 < len(name) <= RULES["report_category_name"].number:
        raise Broken("report_category_name", f"{len(name)} characters")
    if isinstance(level, bool) or level not in (1, 2):
        raise Broken("report_category", "level is 1 or 2")
    parent = call.text("parent_category_id")
    if (level == 2) != bool(parent) or (parent and _category(desk, parent)["level"] != 1):
        raise Broken("report_category", "level 2 needs a parent of level 1, level 1 none")
    above = {"parent_category_id": parent} if parent else {}
    return {"category_name": name, "level": level, **above}


async def cata_add(sim: Sim, call: Call) -> Json:
    """report/grid/add_cata."""
    desk = admitted(sim)
    made = {"category_id": f"cata{sim.new_number()}", **_described(desk, call)}
    desk.categories.append(made)
    return {**_OK, "category_id": made["category_id"]}


async def cata_update(sim: Sim, call: Call) -> Json:
    """report/grid/update_cata."""
    desk = admitted(sim)
    found = _category(desk, call.text("category_id"))
    found |= _described(desk, call)
    return dict(_OK)


async def cata_delete(sim: Sim, call: Call) -> Json:
    """report/grid/delete_cata: one with others below it stays."""
    desk, own = admitted(sim), call.text("category_id")
    _category(desk, own)
    if any(one.get("parent_category_id") == own for one in desk.categories):
        raise Broken("report_category", f"{own} has categories below it")
    desk.categories = [one for one in desk.categories if one["category_id"] != own]
    return dict(_OK)


# ------------------------------------------------------------- counts
def _last(order: Order) -> int:
    return int(order.shown["process_list"][-1]["process_type"])


def _counts(sim: Sim, kind: str, orders: list[Order]) -> Json:
    today = sim.clock.seconds() - _DAY_S
    solved = [one for one in orders if _last(one) == _CLOSED]
    open_ones = [one for one in orders if _last(one) not in (_CLOSED, _REFUSED)]
    shown: Json = {
        "processing": len(open_ones),
        "added_today": sum(one.shown["create_time"] >= today for one in orders),
        "solved_today": sum(one.changed_s >= today for one in solved),
    }
    if kind == "resident":
        shown["pending"] = sum(_last(one) == _ACCEPTED for one in open_ones)
    return shown


def _corp_counts(sim: Sim, kind: str, call: Call) -> Json:
    desk, grid = admitted(sim), call.text("grid_id")
    if grid:
        _grid(desk, grid)
    orders = [o for o in desk.orders[kind].values() if not grid or o.shown.get("grid_id") == grid]
    shown = _counts(sim, kind, orders) | {"total_case": len(orders)}
    shown["total_solved"] = sum(_last(one) == _CLOSED for one in orders)
    if kind == "patrol":
        return shown | {"to_be_assigned": sum(_last(one) < _ASSIGNED for one in orders)}
    return shown | {"total_accepted": sum(_last(one) != _REFUSED for one in orders)}


def _user_counts(sim: Sim, kind: str, call: Call) -> Json:
    desk, user = admitted(sim), call.text("userid")
    person = sim.world.person(user)
    if person is None:
        raise Broken("user_unknown", user)
    mine = [o for o in desk.orders[kind].values() if person.id in o.shown["processor_userids"]]
    return _counts(sim, kind, mine)


def _category_counts(sim: Sim, kind: str, call: Call) -> Json:
    desk = admitted(sim)
    asked = _category(desk, call.text("category_id"))
    shown = [c for c in desk.categories if c.get("parent_category_id") == asked["category_id"]]
    rows = []
    for one in [asked, *shown]:
        orders = [
            o for o in desk.orders[kind].values() if o.shown["case_name"] == one["category_name"]
        ]
        rows.append(
            {
                "category_id": one["category_id"],
                "category_name": one["category_name"],
                "category_level": one["level"],
                "total_case": len(orders),
                "total_solved": sum(_last(order) == _CLOSED for order in orders),
                "category_type": int(one is not asked),
            }
        )
    return {"dashboard_list": rows}


def _counting(kind: str) -> dict[str, Endpoint]:
    async def corp(sim: Sim, call: Call) -> Json:
        return {**_OK, **_corp_counts(sim, kind, call)}

    async def user(sim: Sim, call: Call) -> Json:
        return {**_OK, **_user_counts(sim, kind, call)}

    async def category(sim: Sim, call: Call) -> Json:
        return {**_OK, **_category_counts(sim, kind, call)}

    return {
        f"report/{kind}/get_corp_status": corp,
        f"report/{kind}/get_user_status": user,
        f"report/{kind}/category_statistic": category,
    }


ENDPOINTS: dict[str, Endpoint] = {
    "report/grid/add": grid_add,
    "report/grid/update": grid_update,
    "report/grid/delete": grid_delete,
    "report/grid/add_cata": cata_add,
    "report/grid/update_cata": cata_update,
    "report/grid/delete_cata": cata_delete,
    **{name: one for kind in KINDS for name, one in _counting(kind).items()},
}
