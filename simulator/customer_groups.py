"""externalcontact/groupchat/list and get, with their limits and their lag (trap 22).

Called through `app_api.py`; what the groups are stands in `group_desk.py`.
"""

from typing import Any

from simulator.app_api import Broken, Call, Endpoint
from simulator.group_desk import Group
from simulator.limits import RULES
from simulator.sim import Sim
from simulator.world import Json

_CURSOR = "page"


def _number(call: Call, name: str, rule: str, least: int, otherwise: int | None) -> int:
    value: Any = call.body.get(name, otherwise)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not is_number or not least <= value <= RULES[rule].number:
        raise Broken(rule, name)
    return int(value)


def _no(rule_id: str) -> Json:
    """A refusal by which a bot learns something: no rule is broken by asking."""
    return {"errcode": RULES[rule_id].errcode, "errmsg": RULES[rule_id].says}


def _owners(call: Call) -> set[str] | None:
    """The owners asked for; None when all are meant."""
    narrowed = call.body.get("owner_filter")
    if narrowed is None:
        return None
    users = narrowed.get("userid_list") if isinstance(narrowed, dict) else None
    if not isinstance(users, list) or not 0 < len(users) <= RULES["group_filter"].number:
        raise Broken("group_filter", "userid_list")
    return {str(user).lower() for user in users}


async def listed(sim: Sim, call: Call) -> Json:
    """groupchat/list: ids and status, page by page."""
    limit = _number(call, "limit", "group_page", 1, None)
    status = _number(call, "status_filter", "group_status", 0, 0)
    owners = _owners(call)
    if owners is None and sim.groups.many_owners:
        return _no("group_owners")
    found = [
        group
        for group in sim.groups.groups.values()
        if not group.is_dismissed
        and (owners is None or group.owner.lower() in owners)
        and status in (0, group.status)
    ]
    cursor = call.text("cursor")
    number = cursor.removeprefix(_CURSOR)
    if cursor and not (cursor.startswith(_CURSOR) and number.isdecimal()):
        raise Broken("group_cursor", cursor)
    begin = int(number) if cursor else 0
    rows = [{"chat_id": one.id, "status": one.status} for one in found[begin : begin + limit]]
    following = f"{_CURSOR}{begin + limit}" if begin + limit < len(found) else ""
    return {"errcode": 0, "errmsg": "ok", "group_chat_list": rows, "next_cursor": following}


async def shown(sim: Sim, call: Call) -> Json:
    """groupchat/get: the group, or as it was before the last change while it lags."""
    group = sim.groups.groups.get(call.text("chat_id"))
    need_name = call.body.get("need_name", 0)
    if need_name not in (0, 1):
        raise Broken("parameter", "need_name")
    if group is not None and group.lag > 0 and group.before is not None:
        group.lag -= 1
        group = group.before
    if group is None or group.is_dismissed:
        return _no("group_none")
    return {"errcode": 0, "errmsg": "ok", "group_chat": _as_wecom(sim, group, bool(need_name))}


def _as_wecom(sim: Sim, group: Group, need_name: bool) -> Json:
    members = []
    for user, kind in group.members.items():
        one: Json = {"userid": user, "type": kind, "join_time": 1760000000, "join_scene": 1}
        if kind == 1:
            one["invitor"] = {"userid": group.owner}
        if need_name:
            person = sim.world.person(user.removeprefix("wm"))
            one |= {"name": person.name if person else "", "group_nickname": ""}
        members.append(one)
    return {
        "chat_id": group.id,
        "name": group.name,
        "owner": group.owner,
        "create_time": 1760000000,
        "notice": group.notice,
        "member_list": members,
        "admin_list": [],
        "member_version": group.version,
    }


ENDPOINTS: dict[str, Endpoint] = {
    "externalcontact/groupchat/list": listed,
    "externalcontact/groupchat/get": shown,
}
