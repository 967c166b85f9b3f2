"""What people do with customer groups: ``/sim/groups`` of the control API.

Groups are made, renamed, handed over, joined, left, dismissed; the bot gets the letter in either
shape of ``MemChangeList``, or none (``letter: false``), and ``lag`` gets still show the past.
"""

import dataclasses
from collections.abc import Awaitable, Callable

from aiohttp import web

from simulator import app_callback
from simulator.answers import body_of, in_json
from simulator.callbacks import Parcel, Postman
from simulator.group_desk import OWNER_LEFT, Group, external_id
from simulator.limits import RULES
from simulator.people import Wrong
from simulator.sim import Sim
from simulator.world import Json

Wait = Callable[[Json, Json], Awaitable[None]]


class GroupControl:
    """The handlers; ``wait`` is the control API's own."""

    def __init__(self, sim: Sim, wait: Wait) -> None:
        self._sim = sim
        self._wait = wait

    def routes(self) -> list[web.RouteDef]:
        """Where each handler lives."""
        return [web.get("/sim/groups", self.show), web.post("/sim/groups", self.change)]

    async def show(self, _request: web.Request) -> web.Response:
        """All customer groups."""
        return in_json([group.as_json() for group in self._sim.groups.groups.values()])

    async def change(self, request: web.Request) -> web.Response:
        """Do one thing.

        ``do``: create, rename, notice, owner, owner_left, add, remove, dismiss, many_owners.
        """
        body = await body_of(request)
        desk, what = self._sim.groups, str(body.get("do", ""))
        if what == "many_owners":
            desk.many_owners = bool(body.get("on", True))
            return in_json({"many_owners": desk.many_owners})
        group = self._created(body) if what == "create" else self._group(body)
        if what != "create":
            desk.keep(group)
        letter = self._done(group, what, body)
        group.lag = int(body.get("lag", 0))
        self._sim.appchats[group.id] = desk.as_chat(group)
        if letter is not None and body.get("letter", True) is not False:
            self._post(group, letter, int(body.get("copies", 1)))
        await self._wait(body, answer := group.as_json())
        return in_json(answer)

    def _group(self, body: Json) -> Group:
        group = self._sim.groups.groups.get(str(body.get("chat")))
        if group is None or group.is_dismissed:
            raise Wrong(404, f"no customer group {body.get('chat')}")
        return group

    def _created(self, body: Json) -> Group:
        chat, owner = str(body.get("chat", "")), str(body.get("owner", ""))
        if not chat or chat in self._sim.groups.groups or self._sim.world.person(owner) is None:
            raise Wrong(400, "a new chat and an owner of the corp are needed")
        users = [str(user) for user in body.get("users") or []]
        return self._sim.groups.add(chat, str(body.get("name", "")), owner, users)

    def _done(self, group: Group, what: str, body: Json) -> Json | None:
        """Carry it out; what the letter says of it, None where WeCom says nothing."""
        match what:
            case "create":
                return {"ChangeType": "create"}
            case "dismiss":
                group.is_dismissed = True
                return {"ChangeType": "dismiss"}
            case "rename":
                group.name = str(body.get("name", ""))
                return _update("change_name")
            case "notice":
                group.notice = str(body.get("notice", ""))
                return _update("change_notice")
            case "owner":
                group.owner, group.status = str(body.get("owner", "")), 0
                group.members[group.owner] = self._sim.groups.member(group.owner)[1]
                return _update("change_owner")
            case "owner_left":
                group.status = OWNER_LEFT
                return None
            case "add" | "remove":
                return self._members(group, what, body)
            case _:
                raise Wrong(400, f"cannot do {what}")

    def _members(self, group: Group, what: str, body: Json) -> Json:
        """People come or go; ``shape``: ``list`` (comma) or ``items`` (<Item> children)."""
        desk = self._sim.groups
        named = dict(desk.member(str(user)) for user in body.get("users") or [])
        if not named:
            raise Wrong(400, "users are needed")
        for user, kind in named.items():
            if what == "add":
                group.members[user] = kind
            else:
                group.members.pop(external_id(user) if kind != 1 else user, None)
        last = group.version
        desk.members_changed(group)
        inner = list(named)
        is_list = body.get("shape", "items") == "list"
        scene = {"JoinScene": 0} if what == "add" else {"QuitScene": 0}
        return {
            **_update("add_member" if what == "add" else "del_member"),
            **scene,
            "MemChangeCnt": len(inner),
            "MemChangeList": ",".join(inner) if is_list else {"Item": inner},
            "LastMemVer": last,
            "CurMemVer": group.version,
        }

    def _post(self, group: Group, letter: Json, copies: int) -> None:
        if not self._sim.bot_url:
            return
        app = self._sim.world.app
        xml = app_callback.to_xml(
            {
                "ToUserName": app.corpid,
                "FromUserName": "sys",
                "CreateTime": int(self._sim.clock.seconds()),
                "MsgType": "event",
                "Event": "change_external_chat",
                "ChatId": group.id,
                **letter,
            }
        )
        for _ in range(copies):
            self._sim.spawn("callback group", _deliver(self._sim, xml))


def _update(detail: str) -> Json:
    return {"ChangeType": "update", "UpdateDetail": detail}


async def _deliver(sim: Sim, xml: str) -> None:
    """Without AgentID (trap 6), at the app's address."""
    app = sim.world.app
    to = dataclasses.replace(
        app_callback.receiver(sim),
        wrap=lambda sealed: app_callback.to_xml({"ToUserName": app.corpid, "Encrypt": sealed}),
    )
    postman = Postman(sim)
    try:
        tries = 1 + RULES["callback_retries"].number
        await postman.deliver(to, Parcel(xml, tries, "", "group"))
    finally:
        await postman.close()
