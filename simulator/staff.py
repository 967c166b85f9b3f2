"""The corp's address book: user/list_id, user/get, department/list, and what an admin does to it.

A member may leave, be renamed, or stand outside the app's visible range; the first two are told to
the app's callback as change_contact. Called through `app_api.py`; ``/sim/staff`` is the control
side.
"""

from dataclasses import dataclass, field

from aiohttp import web

from simulator import app_callback
from simulator.answers import body_of, in_json
from simulator.app_api import Broken, Call
from simulator.callbacks import Postman
from simulator.limits import RULES
from simulator.people import Wrong
from simulator.sim import Sim
from simulator.world import Chat, Json

_PAGE = 20  # small, so that whoever forgets the cursor is found out
ALARMS = ("inactive_alert", "low_active_alert", "close_inactive_agent", "reopen_inactive_agent")


@dataclass
class Book:
    """Who stands outside the visible range, and who is called otherwise than the roster says."""

    hidden: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    contacts_token: bool = False


def book_of(sim: Sim) -> Book:
    """The address book of this run."""
    kept = sim.desk_of("book", Book)
    assert isinstance(kept, Book)  # noqa: S101
    return kept


async def user_get(sim: Sim, call: Call) -> Json:
    """user/get: only members within the app's visible range."""
    asked = call.query.get("userid", "")
    person = sim.world.person(asked)
    if person is None or sim.has_left(person.id):
        return _unknown("user_unknown")
    if person.id in book_of(sim).hidden:
        return _unknown("user_hidden")
    name = book_of(sim).names.get(person.id, person.name)
    shown = {"userid": person.id, "name": name, "department": [1], "status": 1}
    return {"errcode": 0, "errmsg": "ok", **shown}


def _unknown(rule: str) -> Json:
    """Asking whether somebody is there breaks no rule, whatever the answer."""
    return {"errcode": RULES[rule].errcode, "errmsg": RULES[rule].says}


async def list_id(sim: Sim, call: Call) -> Json:
    """user/list_id: every userid with its department, page by page; only 通讯录同步 may ask."""
    if not sim.tokens.is_contacts(call.query.get("access_token", "")):
        raise Broken("list_id_secret", "user/list_id")
    limit = call.body.get("limit", 10_000)
    if not isinstance(limit, int) or not 1 <= limit <= 10_000:
        raise Broken("parameter", "limit")
    cursor = call.text("cursor")
    start = int(cursor) if cursor.isdigit() else 0
    users = sorted(user for user in sim.world.people if not sim.has_left(user))
    page = [{"userid": user.lower(), "department": 1} for user in users[start : start + _PAGE]]
    following = str(start + _PAGE) if start + _PAGE < len(users) else ""
    return {"errcode": 0, "errmsg": "ok", "next_cursor": following, "dept_user": page}


async def department_list(sim: Sim, call: Call) -> Json:
    """department/list: one department, the root."""
    root = {"id": 1, "name": "溪河", "parentid": 0, "order": 1}
    return {"errcode": 0, "errmsg": "ok", "department": [root]}


class StaffDesk:
    """``/sim/staff``: an administrator changes the address book; ``/sim/warn`` warns of the app."""

    def __init__(self, sim: Sim, postman: Postman) -> None:
        self._sim = sim
        self._postman = postman

    def routes(self) -> list[web.RouteDef]:
        """Where each handler lives."""
        return [web.post("/sim/staff", self.change), web.post("/sim/warn", self.warn)]

    async def change(self, request: web.Request) -> web.Response:
        """``{user, does: leave|rename|hide|show|call|spell, new?, told?}``.

        ``told: false``: nobody tells the bot.
        """
        body = await body_of(request)
        user, does = str(body.get("user")), str(body.get("does"))
        if user not in self._sim.world.people or does not in _DOES:
            raise Wrong(400, f"user, and does: one of {', '.join(_DOES)}")
        fields = _DOES[does](self._sim, user, str(body.get("new", "")))
        if fields and body.get("told", True):
            self._post({"Event": "change_contact", **fields})
        await self._sim.settler.settle()
        return in_json({"user": user, "does": does})

    async def warn(self, request: web.Request) -> web.Response:
        """``{event}``: inactive_alert and its kin."""
        event = str((await body_of(request)).get("event"))
        if event not in ALARMS:
            raise Wrong(400, f"event: one of {', '.join(ALARMS)}")
        self._post({"Event": event})
        await self._sim.settler.settle()
        return in_json({"event": event})

    def _post(self, fields: Json) -> None:
        system = Chat("app:sys", "系统", "single", None, ("sys",))
        full = {"MsgType": "event", **fields}
        work = app_callback.deliver(self._sim, self._postman, system, full)
        self._sim.spawn("callback app", work)


def _leave(sim: Sim, user: str, new: str) -> Json:
    sim.left.add(user)
    return {"ChangeType": "delete_user", "UserID": user}


def _rename(sim: Sim, user: str, new: str) -> Json:
    if not new or new in sim.world.people:
        raise Wrong(400, "new: a userid that is free")
    sim.world.rename(user, new)
    return {"ChangeType": "update_user", "UserID": user, "NewUserID": new}


def _hide(sim: Sim, user: str, new: str) -> Json:
    book_of(sim).hidden.add(user)
    return {}


def _show(sim: Sim, user: str, new: str) -> Json:
    book_of(sim).hidden.discard(user)
    return {}


def _call(sim: Sim, user: str, new: str) -> Json:
    book_of(sim).names[user] = new
    return {"ChangeType": "update_user", "UserID": user, "Name": new}


def _spell(sim: Sim, user: str, new: str) -> Json:
    if new.lower() != user.lower():
        raise Wrong(400, "new: the same userid in another case")
    sim.spelled[user] = new
    return {}


_DOES = {
    "leave": _leave,
    "rename": _rename,
    "hide": _hide,
    "show": _show,
    "call": _call,
    "spell": _spell,
}
