"""appchat/*: internal groups made by the app; one-way, nothing is heard from them.

Called through `app_api.py`. Such a group appears in ``/sim/chats`` once it was made.
"""

import re

from simulator.app_api import DOOR, Broken, Call
from simulator.app_messages import shown_text
from simulator.limits import RULES
from simulator.sim import Sim
from simulator.world import Chat, Json

_KINDS = ("text", "image", "voice", "video", "file", "textcard", "news", "mpnews", "markdown")


def _members(sim: Sim, named: object) -> list[str]:
    people = [sim.world.person(str(one)) for one in named] if isinstance(named, list) else []
    known = [person.id for person in people if person]
    if len(known) != len(people) or not 2 <= len(known) <= RULES["appchat_members"].number:
        raise Broken("appchat_members", f"{len(known)} of {len(people)} known")
    return known


def _own(sim: Sim, chatid: str) -> Chat:
    chat = sim.appchats.get(chatid)
    if chat is None:
        raise Broken("appchat_unknown", chatid)
    return chat


def _keep(sim: Sim, chat: Chat, owner: str) -> None:
    sim.appchats[chat.id] = chat
    sim.appchat_owners[chat.id] = owner


async def create(sim: Sim, call: Call) -> Json:
    """appchat/create."""
    chatid = call.text("chatid") or f"ac{sim.new_msgid()}"
    name = call.text("name")
    if not re.fullmatch(r"[0-9a-zA-Z]{1,32}", chatid) or len(name) > 50:
        raise Broken("parameter", "chatid or name")
    if chatid in sim.appchats or chatid in sim.world.chats:
        raise Broken("appchat_exists", chatid)
    members = _members(sim, call.body.get("userlist"))
    chat = Chat(chatid, name, "internal_group", None, tuple(members))
    _keep(sim, chat, call.text("owner") or members[0])
    return {"errcode": 0, "errmsg": "ok", "chatid": chatid}


async def update(sim: Sim, call: Call) -> Json:
    """appchat/update: name, owner, members."""
    chat = _own(sim, call.text("chatid"))
    gone = set(call.body.get("del_user_list") or [])
    wanted = [one for one in chat.members if one not in gone]
    wanted += [one for one in call.body.get("add_user_list") or [] if one not in wanted]
    members = tuple(_members(sim, wanted))
    changed = Chat(chat.id, call.text("name") or chat.name, chat.kind, None, members)
    _keep(sim, changed, call.text("owner") or sim.appchat_owners[chat.id])
    return {"errcode": 0, "errmsg": "ok"}


async def get(sim: Sim, call: Call) -> Json:
    """appchat/get."""
    chat = _own(sim, call.query.get("chatid", ""))
    info = {
        "chatid": chat.id,
        "name": chat.name,
        "owner": sim.appchat_owners[chat.id],
        "userlist": list(chat.members),
        "chat_type": 0,
    }
    return {"errcode": 0, "errmsg": "ok", "chat_info": info}


async def send(sim: Sim, call: Call) -> Json:
    """appchat/send: no template_card; members over their rate hear nothing."""
    chat = _own(sim, call.text("chatid"))
    kind = call.text("msgtype")
    inner = call.body.get(kind)
    if kind not in _KINDS or not isinstance(inner, dict):
        raise Broken("msgtype", kind)
    text = shown_text(sim, kind, inner)
    now_s, most = sim.clock.seconds(), RULES["appchat_member_minute"].number
    if sim.app_rate.over(f"chat {chat.id}", now_s, most, most * 60):
        sim.broke("appchat_member_minute", DOOR, chat.id)
    else:
        sim.app_rate.hit(f"chat {chat.id}", now_s)
        sim.bot_says(chat.id, DOOR, kind, text)
    return {"errcode": 0, "errmsg": "ok"}
