"""Tags of the corp's address book: tag/list and tag/get, as far as the app may see.

A tag holds members and departments. ``POST /sim/tags`` is what an administrator does in the
console. Called through `server.py`. Source:
https://developer.work.weixin.qq.com/document/path/90216, 90213.
"""

from dataclasses import dataclass, field

from aiohttp import web

from simulator.answers import body_of, in_json
from simulator.app_api import Broken, Call, Endpoint
from simulator.people import Wrong
from simulator.sim import Sim
from simulator.staff import book_of
from simulator.world import Json


@dataclass
class Tag:
    """One tag and who carries it."""

    name: str
    users: list[str] = field(default_factory=list)
    departments: list[int] = field(default_factory=list)


@dataclass
class TagBook:
    """All tags by their number; 1 is the first that a corp makes."""

    tags: dict[int, Tag] = field(default_factory=dict)


def _tags(sim: Sim) -> dict[int, Tag]:
    kept = sim.desk_of("tags", TagBook)
    assert isinstance(kept, TagBook)  # noqa: S101
    return kept.tags


def _only_query(call: Call, what: str) -> None:
    if call.raw:
        raise Broken("parameter", f"{what}: a GET without a body")


async def tag_list(sim: Sim, call: Call) -> Json:
    """tag/list: number and name of every tag that the app may use."""
    _only_query(call, "tag/list")
    shown = [{"tagid": number, "tagname": one.name} for number, one in sorted(_tags(sim).items())]
    return {"errcode": 0, "errmsg": "ok", "taglist": shown}


async def tag_get(sim: Sim, call: Call) -> Json:
    """tag/get: members within the app's visible range, in lower case as WeCom prints them."""
    _only_query(call, "tag/get")
    asked = call.query.get("tagid", "")
    tag = _tags(sim).get(int(asked)) if asked.isdigit() else None
    if tag is None:
        raise Broken("tag_unknown", asked)
    hidden = book_of(sim).hidden
    seen = [one for one in tag.users if not sim.has_left(one) and one not in hidden]
    users = [{"userid": one.lower(), "name": sim.world.people[one].name} for one in seen]
    found = {"tagname": tag.name, "userlist": users, "partylist": tag.departments}
    return {"errcode": 0, "errmsg": "ok", **found}


def routes(sim: Sim) -> list[web.RouteDef]:
    """The console's side: ``{tag, name, users?, departments?}`` makes or changes a tag."""

    async def change(request: web.Request) -> web.Response:
        body = await body_of(request)
        number, users = body.get("tag"), list(body.get("users", ()))
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise Wrong(400, "tag: a number from 1")
        if unknown := [one for one in users if one not in sim.world.people]:
            raise Wrong(404, f"no person {unknown[0]}")
        _tags(sim)[number] = Tag(
            str(body.get("name", "")), users, list(map(int, body.get("departments", ())))
        )
        return in_json({"tag": number})

    return [web.post("/sim/tags", change)]


ENDPOINTS: dict[str, Endpoint] = {"tag/list": tag_list, "tag/get": tag_get}
