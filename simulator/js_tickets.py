"""Tickets for page signatures: get_jsapi_ticket and ticket/get, each the same for two hours.

The real ones are opaque; these name their kind, so that a page signed with the wrong one is found
out. Called through `app_api.py`.
"""

from simulator.app_api import Broken, Call, Endpoint
from simulator.sim import Sim
from simulator.world import Json

LIFE_S = 7200


def ticket(sim: Sim, kind: str) -> str:
    """The ticket of that kind (``config`` or ``agent``) that holds now."""
    return f"sim-{kind}-{int(sim.clock.seconds()) // LIFE_S}"


async def get_jsapi_ticket(sim: Sim, _call: Call) -> Json:
    """get_jsapi_ticket: proves the corp."""
    return _answer(sim, "config")


async def ticket_get(sim: Sim, call: Call) -> Json:
    """ticket/get?type=agent_config: proves the app."""
    if call.query.get("type") != "agent_config":
        raise Broken("parameter", "type")
    return _answer(sim, "agent")


def _answer(sim: Sim, kind: str) -> Json:
    left = LIFE_S - int(sim.clock.seconds()) % LIFE_S
    return {"errcode": 0, "errmsg": "ok", "ticket": ticket(sim, kind), "expires_in": left}


ENDPOINTS: dict[str, Endpoint] = {
    "get_jsapi_ticket": get_jsapi_ticket,
    "ticket/get": ticket_get,
}
