"""Mass send to customer groups: nothing is sent until a member taps 发送 in the client (trap 23).

Each group takes as many such messages a month as the month has days; a group whose owner is not
the sender stands in fail_list. ``POST /sim/groupmsg`` is the member's tap. Called through
`app_api.py` and the control API.
"""

import calendar
from typing import Any

from aiohttp import web

from simulator.answers import body_of, in_json
from simulator.app_api import Broken, Call, Endpoint
from simulator.limits import RULES
from simulator.people import Wrong
from simulator.sim import Sim
from simulator.world import Chat, Json

UNSENT, SENT, QUOTA = 0, 1, 3
_DAY_S = 86400


def owner_of(sim: Sim, chat: Chat) -> str:
    """Whose group it is: as the site says, else the first member of staff in it."""
    staff = (user for user in chat.members if sim.world.people[user].role != "resident")
    return str(getattr(chat, "owner", "") or next(staff, ""))


async def add(sim: Sim, call: Call) -> Json:
    """externalcontact/add_msg_template for groups: a task that waits for its sender."""
    sender, wanted = call.text("sender"), call.body.get("chat_id_list")
    if call.text("chat_type") != "group" or sim.world.person(sender) is None:
        raise Broken("groupmsg_sender", sender)
    if wanted is not None and (
        not isinstance(wanted, list) or len(wanted) > RULES["groupmsg_chats"].number
    ):
        raise Broken("groupmsg_chats", "chat_id_list")
    text = call.body.get("text") or {}
    content = str(text.get("content", "")) if isinstance(text, dict) else ""
    if not 0 < len(content.encode()) <= RULES["groupmsg_bytes"].number:
        raise Broken("groupmsg_bytes", f"{len(content.encode())} bytes")
    if len(call.body.get("attachments") or []) > RULES["groupmsg_attachments"].number:
        raise Broken("groupmsg_attachments", "attachments")
    groups = {c.id: c for c in sim.world.chats.values() if c.kind == "customer_group"}
    mine = {key for key, chat in groups.items() if owner_of(sim, chat) == sender}
    asked = [str(one) for one in wanted] if wanted is not None else sorted(mine)
    msgid = f"msgGROUP{sim.new_number()}"
    sim.group_messages[msgid] = {
        "sender": sender,
        "content": content,
        "chats": {one: [UNSENT, 0] for one in asked if one in mine},
        "reminded": [],
        "cancelled": False,
        "month": "",
    }
    failed = [one for one in asked if one not in mine]
    return {"errcode": 0, "errmsg": "ok", "msgid": msgid, "fail_list": failed}


def _task(sim: Sim, call: Call) -> Json:
    found = sim.group_messages.get(call.text("msgid"))
    if found is None:
        raise Broken("groupmsg_unknown", call.text("msgid"))
    return found


async def results(sim: Sim, call: Call) -> Json:
    """get_groupmsg_send_result, page by page."""
    task = _task(sim, call)
    limit, begin = int(call.body.get("limit") or 500), int(call.text("cursor") or 0)
    rows: list[Json] = []
    for chat, (status, at) in task["chats"].items():
        row: Json = {"chat_id": chat, "userid": task["sender"], "status": status}
        rows.append(row | ({"send_time": at} if status == SENT else {}))
    mine = rows if call.text("userid") == task["sender"] else []
    after = begin + limit
    following = str(after) if after < len(mine) else ""
    page = mine[begin:after]
    return {"errcode": 0, "errmsg": "ok", "send_list": page, "next_cursor": following}


async def remind(sim: Sim, call: Call) -> Json:
    """remind_groupmsg_send: at most three a day."""
    task, now = _task(sim, call), sim.clock.seconds()
    lately = [at for at in task["reminded"] if now - at < _DAY_S]
    if len(lately) >= RULES["groupmsg_remind"].number:
        raise Broken("groupmsg_remind", call.text("msgid"))
    task["reminded"] = [*lately, now]
    return {"errcode": 0, "errmsg": "ok"}


async def cancel(sim: Sim, call: Call) -> Json:
    """cancel_groupmsg_send: what was not sent never will be."""
    _task(sim, call)["cancelled"] = True
    return {"errcode": 0, "errmsg": "ok"}


def _sent_this_month(sim: Sim, chat: str) -> int:
    month = f"{sim.clock.now():%Y%m}"
    return sum(
        1
        for task in sim.group_messages.values()
        if task["chats"].get(chat, [UNSENT, 0])[0] == SENT and task["month"] == month
    )


def confirm(sim: Sim, body: Json) -> Json:
    """The sender taps 发送, for all groups or only for ``chats``. Raises: Wrong."""
    task = sim.group_messages.get(str(body.get("msgid")))
    if task is None:
        raise Wrong(404, "no such mass send")
    if task["sender"] != body.get("user"):
        raise Wrong(403, "another member was asked")
    chosen: Any = body.get("chats") or list(task["chats"])
    now = sim.clock.now()
    most = calendar.monthrange(now.year, now.month)[1]
    sent = []
    for chat in chosen if not task["cancelled"] else []:
        if chat not in task["chats"] or task["chats"][chat][0] != UNSENT:
            continue
        if _sent_this_month(sim, chat) >= most:
            task["chats"][chat] = [QUOTA, 0]
            continue
        task["chats"][chat] = [SENT, int(sim.clock.seconds())]
        task["month"] = f"{now:%Y%m}"
        sim.person_says(chat, task["sender"], task["content"])
        sent.append(chat)
    return {"sent": sent}


def routes(sim: Sim) -> list[web.RouteDef]:
    """The member's tap and what lies in members' hands."""

    async def tap(request: web.Request) -> web.Response:
        return in_json(confirm(sim, await body_of(request)))

    async def tasks(_request: web.Request) -> web.Response:
        return in_json(sim.group_messages)

    return [web.post("/sim/groupmsg", tap), web.get("/sim/groupmsg", tasks)]


ENDPOINTS: dict[str, Endpoint] = {
    "externalcontact/add_msg_template": add,
    "externalcontact/get_groupmsg_send_result": results,
    "externalcontact/remind_groupmsg_send": remind,
    "externalcontact/cancel_groupmsg_send": cancel,
}
