"""Phones that 紧急通知 rings: pstncc/call, pstncc/getstates, and what people do when it rings.

Everybody answers after five simulated seconds unless a test says otherwise. More than 3 calls in
8 minutes or 8 in a day ring nobody and are a broken rule. Called through `app_api.py`; the control
side is ``/sim/phone`` and ``/sim/calls_made``.
"""

from dataclasses import dataclass, field

from aiohttp import web

from simulator.answers import body_of, in_json
from simulator.app_api import DOOR, Broken, Call
from simulator.clock import iso
from simulator.limits import RULES
from simulator.people import Wrong
from simulator.sim import Sim
from simulator.world import Json

# what a phone does → (istalked, reason) in the end
ENDS = {
    "answers": (1, 0),
    "no_answer": (0, 12),
    "rejects": (0, 7),
    "off": (0, 8),
    "no_service": (0, 5),
    "empty": (0, 9),
}
# what keeps the corp from calling → the rule that says so
OFFICE = {
    "ok": "",
    "not_linked": "voice_not_linked",
    "off": "voice_off",
    "no_balance": "voice_no_balance",
}
_RINGS_S = {"no_answer": 45.0, "answers": 5.0, "rejects": 5.0}


@dataclass
class Ringing:
    """One call."""

    call: str
    user: str
    at_s: float
    does: str
    after_s: float


@dataclass
class Phones:
    """How each phone behaves, whether the corp may call at all, and every call made."""

    office: str = "ok"
    habits: dict[str, tuple[str, float]] = field(default_factory=dict)
    made: list[Ringing] = field(default_factory=list)


def phones_of(sim: Sim) -> Phones:
    """The phones of this run; they are new after every reset."""
    kept = sim.desk_of("phones", Phones)
    assert isinstance(kept, Phones)  # noqa: S101
    return kept


def _too_many(phones: Phones, user: str, now_s: float) -> bool:
    ages = [now_s - one.at_s for one in phones.made if one.user == user and one.does != "limited"]
    short, day = RULES["call_8min"], RULES["call_day"]
    within = sum(1 for age in ages if age < 480)
    return within >= short.number or sum(1 for age in ages if age < 86400) >= day.number


async def call(sim: Sim, asked: Call) -> Json:
    """pstncc/call: one state for each person named."""
    phones, named = phones_of(sim), asked.body.get("callee_userid")
    if OFFICE[phones.office]:
        raise Broken(OFFICE[phones.office], "pstncc/call")
    if not isinstance(named, list) or not named:
        raise Broken("parameter", "callee_userid must be a list")
    states = []
    for user in named:
        person = sim.world.person(str(user))
        if person is None or sim.has_left(person.id):
            states.append({"code": 60111, "callid": "", "userid": str(user)})
            continue
        does, after_s = phones.habits.get(person.id, ("answers", _RINGS_S["answers"]))
        now_s = sim.clock.seconds()
        if _too_many(phones, person.id, now_s):
            sim.broke("call_8min", DOOR, f"{person.id} was called too often")
            does = "limited"
        made = Ringing(f"6-{sim.new_msgid()}-out", person.id, now_s, does, after_s)
        phones.made.append(made)
        states.append({"code": 0, "callid": made.call, "userid": person.id})
    return {"errcode": 0, "errmsg": "ok", "states": states}


async def getstates(sim: Sim, asked: Call) -> Json:
    """pstncc/getstates: how a call of the last seven days stands."""
    phones = phones_of(sim)
    made = next((one for one in phones.made if one.call == asked.text("callid")), None)
    life_s = RULES["call_state_s"].number
    if made is None or asked.text("callee_userid").lower() != made.user.lower():
        raise Broken("call_unknown", "callid")
    now_s = sim.clock.seconds()
    if now_s > made.at_s + life_s:
        raise Broken("call_state_s", "callid")
    talked, reason = _standing(made, now_s)
    return {
        "errcode": 0,
        "errmsg": "ok",
        "istalked": talked,
        "calltime": int(made.at_s),
        "talktime": 2 if talked else 0,
        "reason": reason,
    }


def _standing(made: Ringing, now_s: float) -> tuple[int, int]:
    if made.does == "limited":
        return 0, 13
    if now_s < made.at_s + made.after_s:
        return 0, 1
    return ENDS[made.does]


class PhoneDesk:
    """``/sim/phone`` sets habits, ``/sim/calls_made`` tells who was rung."""

    def __init__(self, sim: Sim) -> None:
        self._sim = sim

    def routes(self) -> list[web.RouteDef]:
        """Where each handler lives."""
        return [
            web.post("/sim/phone", self.habit),
            web.get("/sim/calls_made", self.made),
        ]

    async def habit(self, request: web.Request) -> web.Response:
        """``{user, does, after_s?}`` for a phone, or ``{office}`` for the corp's right to call."""
        body = await body_of(request)
        phones = phones_of(self._sim)
        if "office" in body:
            if body["office"] not in OFFICE:
                raise Wrong(400, f"office: one of {', '.join(OFFICE)}")
            phones.office = str(body["office"])
            return in_json({"office": phones.office})
        user, does = str(body.get("user")), str(body.get("does"))
        if user not in self._sim.world.people or does not in ENDS:
            raise Wrong(400, f"user, and does: one of {', '.join(ENDS)}")
        phones.habits[user] = (does, float(body.get("after_s", _RINGS_S.get(does, 2.0))))
        return in_json({"user": user, "does": does})

    async def made(self, request: web.Request) -> web.Response:
        """Every call, oldest first."""
        now_s = self._sim.clock.seconds()
        shown = [
            {
                "user": one.user,
                "at_s": one.at_s,
                "does": one.does,
                "now": iso(self._sim.clock.now()),
            }
            | {"talked": bool(_standing(one, now_s)[0])}
            for one in phones_of(self._sim).made
        ]
        return in_json(shown)
