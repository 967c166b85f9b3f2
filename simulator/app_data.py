"""Tokens, members, login codes and media of the app's HTTP door.

Small lookups with their documented errors. Called through `app_api.py`.
"""

import re
from urllib.parse import quote

from aiohttp import web

from simulator.app_api import DOOR, Broken, Call
from simulator.limits import RULES
from simulator.robot_callback import respond
from simulator.sim import Sim
from simulator.uploads import LEAST_BYTES, MOST_BYTES
from simulator.world import Json

OPENUSERID = "woSIM"


async def gettoken(sim: Sim, call: Call) -> Json:
    """gettoken: the living token, the same until it ends."""
    bad = sim.tokens.judge_secret(call.query.get("corpid", ""), call.query.get("corpsecret", ""))
    if bad:
        raise Broken(bad, "gettoken")
    secret = call.query.get("corpsecret", "")
    is_contacts = bool(secret) and secret == sim.world.app.contacts_secret
    token, expires_in = sim.tokens.contacts_token() if is_contacts else sim.tokens.token()
    return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": expires_in}


async def getcallbackip(_sim: Sim, _call: Call) -> Json:
    """getcallbackip: where callbacks come from."""
    return {"errcode": 0, "errmsg": "ok", "ip_list": ["127.0.0.1", "::1"]}


async def aibot_response(sim: Sim, call: Call) -> Json:
    """aibot/response: one late answer of a robot in URL mode; the code is the credential."""
    return respond(sim, call.query.get("response_code", ""), call.body)


async def openuserids(sim: Sim, call: Call) -> Json:
    """batch/openuserid_to_userid; ids that are plain already come back as invalid."""
    asked = call.body.get("open_userid_list")
    if not isinstance(asked, list) or len(asked) > RULES["openuserids"].number:
        raise Broken("openuserids", "open_userid_list")
    found, invalid = [], []
    for one in asked:
        person = sim.world.person(str(one).removeprefix(OPENUSERID))
        if person and str(one).startswith(OPENUSERID):
            found.append({"open_userid": one, "userid": person.id})
        else:
            invalid.append(one)
    return {
        "errcode": 0,
        "errmsg": "ok",
        "userid_list": found,
        "invalid_open_userid_list": invalid,
    }


async def getuserinfo(sim: Sim, call: Call) -> Json:
    """auth/getuserinfo: who came back from the login page; a code works once."""
    user, until_s = sim.login_codes.pop(call.query.get("code", ""), ("", 0.0))
    if not user or sim.clock.seconds() > until_s:
        raise Broken("oauth_code", "code")
    return {"errcode": 0, "errmsg": "ok", "userid": user, "user_ticket": f"ticket_{user}"}


def multipart(call: Call) -> tuple[str, bytes]:
    """Name and bytes of the form field ``media``."""
    marked = re.search(r'boundary="?([^";]+)"?', call.content_type)
    boundary = f"--{marked.group(1)}".encode() if marked else b""
    for part in call.raw.split(boundary)[1:] if boundary else []:
        head, _, content = part.partition(b"\r\n\r\n")
        if b'name="media"' in head.lower().replace(b"name=media", b'name="media"'):
            named = re.search(r'filename="?([^";\r\n]+)', head.decode(errors="replace"))
            return (named.group(1) if named else "file"), content.removesuffix(b"\r\n")
    raise Broken("media_empty", "form field media")


async def media_upload(sim: Sim, call: Call) -> Json:
    """media/upload: multipart field ``media``; created_at is a string."""
    kind = call.query.get("type", "")
    if kind not in MOST_BYTES:
        raise Broken("media_type", kind)
    name, raw = multipart(call)
    if not raw:
        raise Broken("media_empty", name)
    if not LEAST_BYTES < len(raw) <= MOST_BYTES[kind]:
        raise Broken("media_size", f"{kind}: {len(raw)} bytes")
    media_id = sim.keep_file(name, kind, raw)
    created = str(int(sim.clock.seconds()))
    return {
        "errcode": 0,
        "errmsg": "ok",
        "type": kind,
        "media_id": media_id,
        "created_at": created,
    }


async def media_get(sim: Sim, call: Call) -> Json | web.Response:
    """media/get: the bytes, or a JSON error with HTTP 200."""
    stored = sim.media.files.get(call.query.get("media_id", ""))
    life_s = RULES["media_id"].number
    if stored is None or stored.key or sim.clock.seconds() > stored.at_s + life_s:
        return sim.refuse("media_id", DOOR, call.query.get("media_id", ""))
    kinds = {"image": "image/png", "voice": "audio/amr", "video": "video/mp4"}
    return web.Response(
        body=stored.raw,
        content_type=kinds.get(stored.kind, "application/octet-stream"),
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name)}"},
    )
