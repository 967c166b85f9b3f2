"""Group webhooks: webhook/send and webhook/upload_media; the key in the address is all they ask.

20 messages a minute for each key, then 45009 until a minute has passed; a removed key is 93000,
and 44001 for uploads. Called through `app_api.py`; the control side is ``/sim/hook``.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field

from aiohttp import web

from simulator.answers import body_of, in_json
from simulator.app_api import Broken, Call
from simulator.app_data import multipart
from simulator.limits import RULES
from simulator.people import Wrong
from simulator.sim import Sim
from simulator.uploads import LEAST_BYTES, MOST_BYTES
from simulator.world import Json

DOOR = "webhook"
_CARDS = ("text_notice", "news_notice")


@dataclass
class Hooks:
    """What each webhook has said lately, which are removed, and whose file is whose."""

    removed: set[str] = field(default_factory=set)
    said_s: dict[str, list[float]] = field(default_factory=dict)
    blocked_s: dict[str, float] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def hooks_of(sim: Sim) -> Hooks:
    """The webhooks of this run."""
    kept = sim.desk_of("hooks", Hooks)
    assert isinstance(kept, Hooks)  # noqa: S101
    return kept


def _chat(sim: Sim, key: str, rule: str) -> str:
    chat = sim.world.hooks.get(key)
    if chat is None:
        raise Broken(rule, "unknown key")
    if key in hooks_of(sim).removed:
        raise Removed(rule)
    return chat


class Removed(Exception):
    """Somebody took the webhook out of its group: nothing that the bot could know, so no blame."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = RULES[rule]

    def as_json(self) -> Json:
        """What the platform answers."""
        return {"errcode": self.rule.errcode, "errmsg": self.rule.says}


def _count(sim: Sim, key: str) -> None:
    hooks, now_s = hooks_of(sim), sim.clock.seconds()
    if now_s < hooks.blocked_s.get(key, 0.0):
        raise Broken("hook_penalty", "still blocked")
    said = [at for at in hooks.said_s.get(key, []) if at > now_s - 60]
    hooks.said_s[key] = said
    if len(said) >= RULES["hook_minute"].number:
        hooks.blocked_s[key] = now_s + RULES["hook_penalty"].number
        raise Broken("hook_minute", f"{len(said) + 1} within a minute")
    said.append(now_s)


async def send(sim: Sim, call: Call) -> Json:
    """webhook/send."""
    key = call.query.get("key", "")
    try:
        chat = _chat(sim, key, "hook_key")
    except Removed as gone:
        return gone.as_json()
    kind = call.text("msgtype")
    inner = call.body.get(kind)
    if kind not in _SHOWN or not isinstance(inner, dict):
        raise Broken("msgtype", kind)
    text = _SHOWN[kind](sim, key, inner)
    _count(sim, key)
    sim.bot_says(chat, DOOR, kind, text)
    return {"errcode": 0, "errmsg": "ok"}


def _words(most: str, content: object) -> str:
    if not isinstance(content, str) or not content:
        raise Broken("parameter", "content empty")
    if len(content.encode()) > RULES[most].number:
        raise Broken(most, f"{len(content.encode())} bytes")
    return content


def _text(sim: Sim, key: str, inner: Json) -> str:
    content = _words("hook_text_bytes", inner.get("content"))
    named = inner.get("mentioned_list", [])
    if not isinstance(named, list):
        raise Broken("parameter", "mentioned_list must be a list")
    names = [found.name for one in named if (found := sim.world.person(str(one)))]
    everybody = ["所有人"] if "@all" in named else []
    return content + "".join(f" @{name}" for name in [*names, *everybody])


def _markdown(sim: Sim, key: str, inner: Json) -> str:
    return _words("hook_markdown_bytes", inner.get("content"))


def _markdown_v2(sim: Sim, key: str, inner: Json) -> str:
    content = _words("hook_markdown_bytes", inner.get("content"))
    if "<@" in content or "<font" in content:
        sim.broke("hook_markdown_v2", DOOR, "mention or colour")
    return content


def _image(sim: Sim, key: str, inner: Json) -> str:
    try:
        raw = base64.b64decode(str(inner.get("base64", "")), validate=True)
    except (binascii.Error, ValueError) as bad:
        raise Broken("parameter", "base64") from bad
    if not raw or len(raw) > RULES["hook_image_bytes"].number:
        raise Broken("hook_image_bytes", f"{len(raw)} bytes")
    if hashlib.md5(raw, usedforsecurity=False).hexdigest() != inner.get("md5"):
        raise Broken("hook_image_md5", "md5")
    return "[图片]"


def _file(sim: Sim, key: str, inner: Json) -> str:
    media_id = str(inner.get("media_id"))
    stored = sim.media.files.get(media_id)
    old = stored is not None and sim.clock.seconds() > stored.at_s + RULES["media_id"].number
    if stored is None or old or hooks_of(sim).files.get(media_id) != key:
        raise Broken("media_id", "not uploaded by this webhook, or too old")
    return f"[文件] {stored.name}"


def _card(sim: Sim, key: str, inner: Json) -> str:
    if inner.get("card_type") not in _CARDS:
        raise Broken("card_type", str(inner.get("card_type")))
    return str((inner.get("main_title") or {}).get("title", ""))


_SHOWN = {
    "text": _text,
    "markdown": _markdown,
    "markdown_v2": _markdown_v2,
    "image": _image,
    "file": _file,
    "template_card": _card,
}


async def upload_media(sim: Sim, call: Call) -> Json:
    """webhook/upload_media: the media_id works for this key only."""
    key, kind = call.query.get("key", ""), call.query.get("type", "")
    try:
        _chat(sim, key, "hook_upload_key")
    except Removed as gone:
        return gone.as_json()
    if kind not in ("file", "voice"):
        raise Broken("media_type", kind)
    name, raw = multipart(call)
    if not LEAST_BYTES < len(raw) <= MOST_BYTES[kind]:
        raise Broken("media_size", f"{kind}: {len(raw)} bytes")
    media_id = sim.keep_file(name, kind, raw)
    hooks_of(sim).files[media_id] = key
    created = str(int(sim.clock.seconds()))
    return {"errcode": 0, "errmsg": "ok", "type": kind, "media_id": media_id, "created_at": created}


class HookDesk:
    """``/sim/hook`` takes a webhook out of its group, or puts it back."""

    def __init__(self, sim: Sim) -> None:
        self._sim = sim

    def routes(self) -> list[web.RouteDef]:
        """Where each handler lives."""
        return [web.post("/sim/hook", self.change)]

    async def change(self, request: web.Request) -> web.Response:
        """``{chat, removed}``."""
        body = await body_of(request)
        keys = [key for key, chat in self._sim.world.hooks.items() if chat == body.get("chat")]
        if not keys:
            raise Wrong(404, "no webhook in that chat")
        removed = hooks_of(self._sim).removed
        for key in keys:
            removed.add(key) if body.get("removed", True) else removed.discard(key)
        return in_json({"removed": bool(body.get("removed", True))})
