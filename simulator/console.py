"""What an administrator sets in the console: is the app on, what time WeCom has.

``agent/get`` tells of the app; ``POST /sim/console`` is the control side, also for the clock that
WeCom's Date header shows, and for permissions that the doctor asks for. Called through `server.py`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from weakref import WeakKeyDictionary

from aiohttp import web

from simulator.answers import body_of, in_json
from simulator.app_api import Broken, Call
from simulator.archive_api import admit
from simulator.people import Wrong
from simulator.sim import Sim
from simulator.world import Json


@dataclass
class Console:
    """``closed``: the app was switched off; ``date_off_s``: how far WeCom's clock is ahead.

    ``domain``: the app's trusted one; ``kf``: accounts the app may use; ``archived``: people with
    a licence of the archive.
    """

    closed: bool = False
    domain: str = ""
    kf: tuple[str, ...] = ()
    archived: tuple[str, ...] = ()
    date_off_s: float = 0.0


_CONSOLES: WeakKeyDictionary[Sim, Console] = WeakKeyDictionary()


def console_of(sim: Sim) -> Console:
    """The console of this simulator; ``/sim/reset`` leaves it as it is."""
    return _CONSOLES.setdefault(sim, Console())


async def agent_get(sim: Sim, call: Call) -> Json:
    """agent/get: only the app that the token belongs to; parties, tags, people it may see."""
    app = sim.world.app
    if call.raw:
        raise Broken("parameter", "a GET without a body")
    if call.query.get("agentid") != str(app.agentid):
        raise Broken("agentid", call.query.get("agentid", ""))
    return {
        "errcode": 0,
        "errmsg": "ok",
        "agentid": app.agentid,
        "name": "警格",
        "allow_userinfos": {"user": []},
        "allow_partys": {"partyid": [1]},
        "allow_tags": {"tagid": []},
        "close": int(console_of(sim).closed),
        "redirect_domain": console_of(sim).domain,
        "report_location_flag": 0,
        "isreportenter": 0,
        "home_url": "",
    }


async def kf_account_list(sim: Sim, call: Call) -> Json:
    """kf/account/list: the accounts that this app may use."""
    limit = call.body.get("limit")
    if not isinstance(limit, int) or not 1 <= limit <= 100:
        raise Broken("parameter", "limit: 1 to 100")
    known = [*(one.id for one in sim.world.kf), *console_of(sim).kf]
    rows = [{"open_kfid": one, "name": one, "avatar": ""} for one in known]
    return {"errcode": 0, "errmsg": "ok", "account_list": rows[:limit]}


async def permit_user_list(sim: Sim, call: Call) -> Json:
    """msgaudit/get_permit_user_list: who is archived; type 1 office, 2 service, 3 enterprise."""
    admit(sim, call, "msgaudit/get_permit_user_list")
    if call.body.get("type") not in (1, 2, 3, None):
        raise Broken("parameter", "type: 1, 2 or 3")
    return {"errcode": 0, "errmsg": "ok", "ids": list(console_of(sim).archived)}


def plug(app: web.Application, sim: Sim) -> None:
    """The control route, and WeCom's own clock in every answer of the API."""

    async def change(request: web.Request) -> web.Response:
        body = await body_of(request)
        closed, off = body.get("closed", False), body.get("date_off_s", 0)
        if (
            not isinstance(closed, bool)
            or isinstance(off, bool)
            or not isinstance(off, int | float)
        ):
            raise Wrong(400, "closed: true or false, date_off_s: seconds")
        console = console_of(sim)
        console.closed, console.date_off_s = closed, float(off)
        console.domain = str(body.get("domain", ""))
        console.kf = tuple(map(str, body.get("kf", ())))
        console.archived = tuple(map(str, body.get("archived", ())))
        return in_json({"closed": closed, "date_off_s": off})

    async def dated(request: web.Request, answer: web.StreamResponse) -> None:
        off = console_of(sim).date_off_s
        if off and request.path.startswith("/cgi-bin/"):
            there = datetime.now(UTC) + timedelta(seconds=off)
            answer.headers["Date"] = format_datetime(there, usegmt=True)

    app.router.add_post("/sim/console", change)
    app.on_response_prepare.append(dated)
