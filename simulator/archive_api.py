"""The archive's side of the HTTP API: a secret and a token of its own, and who agreed in a room.

The rows themselves come from a C library, not from HTTP. Called through `server.py`.
"""

from dataclasses import replace
from pathlib import Path
from weakref import WeakKeyDictionary

from simulator import app_data
from simulator.app_api import Broken, Call
from simulator.archive_rows import ArchiveRows
from simulator.sim import Sim
from simulator.tokens import TokenOffice
from simulator.world import Json

STATES = ("Agree", "Disagree", "Default_Agree")


class ArchiveOffice:
    """Tokens of the archive's secret; ``rooms`` says by room and person who agreed since when."""

    def __init__(self, sim: Sim) -> None:
        self.secret = secret_of(sim)
        self.tokens = TokenOffice(replace(sim.world.app, secret=self.secret), sim.clock)
        self.rooms: dict[str, dict[str, tuple[str, int]]] = {}


_OFFICES: WeakKeyDictionary[Sim, ArchiveOffice] = WeakKeyDictionary()


def secret_of(sim: Sim) -> str:
    """The archive's secret; it differs from the app's, as in a real corp."""
    return f"{sim.world.app.secret}-archive"


def office(sim: Sim) -> ArchiveOffice:
    """The archive's desk of this simulator."""
    return _OFFICES.setdefault(sim, ArchiveOffice(sim))


async def gettoken(sim: Sim, call: Call) -> Json:
    """Tokens of every secret: the archive's own, else the app's."""
    if call.query.get("corpsecret") != secret_of(sim):
        return await app_data.gettoken(sim, call)
    desk = office(sim)
    bad = desk.tokens.judge_secret(call.query.get("corpid", ""), desk.secret)
    if bad:
        raise Broken(bad, "gettoken")
    token, expires_in = desk.tokens.token()
    return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": expires_in}


def rows_of(sim: Sim, folder: Path) -> ArchiveRows:
    """The rows of this corp in ``folder``: what the library reads, and ``keys`` for the bot."""
    account = f"{sim.world.app.corpid} {secret_of(sim)}"
    return ArchiveRows(folder / "sdk", folder / "keys", account)


def admit(sim: Sim, call: Call, what: str) -> None:
    """Refuse a call that does not carry a token of the archive. Raises: Broken."""
    bad = office(sim).tokens.judge(call.query.get("access_token", ""))
    if bad:
        raise Broken(bad, what)


def _is_archived(sim: Sim, room: str) -> bool:
    """A customer group of the world, where the simulator keeps an archive."""
    chat = sim.world.chats.get(room)
    return sim.archive is not None and chat is not None and chat.kind == "customer_group"


async def check_room_agree(sim: Sim, call: Call) -> Json:
    """msgaudit/check_room_agree: needs the archive's token; ``exteranalopenid`` is spelled so."""
    admit(sim, call, "msgaudit/check_room_agree")
    asked = call.text("roomid")
    room = office(sim).rooms.get(asked, {} if _is_archived(sim, asked) else None)
    if room is None:
        raise Broken("archive_room", "roomid")
    people = [
        {"status_change_time": since, "exteranalopenid": who, "agree_status": state}
        for who, (state, since) in sorted(room.items())
    ]
    return {"errcode": 0, "errmsg": "ok", "agreeinfo": people}


async def room_get(sim: Sim, call: Call) -> Json:
    """msgaudit/groupchat/get: rooms of members only; one with residents is 客户群's own matter."""
    admit(sim, call, "msgaudit/groupchat/get")
    room = sim.world.chats.get(call.text("roomid")) or sim.appchats.get(call.text("roomid"))
    if room is None or room.kind != "internal_group":
        raise Broken("archive_room", "roomid")
    since = int(sim.clock.seconds())
    staff = [one for one in room.members if sim.world.people[one].role != "resident"]
    return {
        "errcode": 0,
        "errmsg": "ok",
        "roomname": room.name,
        "creator": staff[0] if staff else "",
        "room_create_time": since,
        "notice": "",
        "members": [{"memberid": one, "jointime": since} for one in staff],
    }
