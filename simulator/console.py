"""What an administrator sets in the console: is the app on, what time WeCom has.

``agent/get`` tells of the app; ``POST /sim/console`` is the control side, also for the clock that
WeCom's Date header shows. Called through `server.py`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from weakref import WeakKeyDictionary

from aiohttp import web

from simulator.answers import body_of, in_json
from simulator.app_api import Broken, Call
from simulator.people import Wrong
from simulator.sim import Sim
from simulator.world import Json


@dataclass
class Console:
    """``closed``: the app was switched off; ``date_off_s``: how far WeCom's clock is ahead."""

    closed: bool = False
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
        "redirect_domain": "",
        "report_location_flag": 0,
        "isreportenter": 0,
        "home_url": "",
    }


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
        return in_json({"closed": closed, "date_off_s": off})

    async def dated(request: web.Request, answer: web.StreamResponse) -> None:
        off = console_of(sim).date_off_s
        if off and request.path.startswith("/cgi-bin/"):
            there = datetime.now(UTC) + timedelta(seconds=off)
            answer.headers["Date"] = format_datetime(there, usegmt=True)

    app.router.add_post("/sim/console", change)
    app.on_response_prepare.append(dated)
