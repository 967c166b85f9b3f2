"""message/send, message/recall and message/update_template_card of the app.

Strict where WeCom is: unknown receivers are named in lower case, the 31st message in a minute
vanishes without a word, a response_code works once. Called through `app_api.py`.
"""

import json
from typing import Any

from simulator.app_api import DOOR, Broken, Call
from simulator.cards import APP, check_card
from simulator.limits import RULES
from simulator.model import CardFace
from simulator.sim import Sim
from simulator.tokens import ResponseCode
from simulator.world import Json, Person

_FILES = {"image": "[图片]", "voice": "[语音]", "video": "[视频]", "file": "[文件]"}
_WITH_CODE = ("button_interaction", "vote_interaction", "multiple_interaction")


def new_code(sim: Sim, task_id: str) -> str:
    """A fresh response_code for a card: one use, 72 simulated hours."""
    code = f"RC{sim.new_msgid()}"
    sim.codes[code] = ResponseCode(task_id, sim.clock.seconds())
    return code


def cut_bytes(text: str, most: int) -> str:
    """``text`` cut to ``most`` UTF-8 bytes at a character boundary."""
    return text.encode()[:most].decode(errors="ignore")


def receivers(sim: Sim, touser: str) -> tuple[list[Person], list[str]]:
    """Known members and the lower-cased ids of the unknown."""
    if touser == "@all":
        return list(sim.world.people.values()), []
    named = [one for one in touser.split("|") if one]
    if len(named) > RULES["receivers_many"].number:
        raise Broken("receivers_many", str(len(named)))
    known: dict[str, Person] = {}
    unknown = []
    for one in named:
        person = sim.world.person(one)
        if person and not sim.has_left(person.id):
            known[person.id] = person
        else:
            unknown.append(one.lower())
    return list(known.values()), unknown


def _check_agent(sim: Sim, call: Call) -> None:
    if call.body.get("agentid") != sim.world.app.agentid:
        raise Broken("agentid", repr(call.body.get("agentid")))


def _body(call: Call, kind: str) -> Json:
    inner = call.body.get(kind)
    if not isinstance(inner, dict):
        raise Broken("parameter", f"{kind} missing")
    return inner


def _cut(sim: Sim, what: str, rule_id: str, text: Any, bytes_count: bool = True) -> str:
    if not isinstance(text, str) or not text:
        raise Broken("parameter", f"{what} empty")
    most = RULES[rule_id].number
    size = len(text.encode()) if bytes_count else len(text)
    if size <= most:
        return text
    sim.broke(rule_id, DOOR, f"{what}: {size}, {most} allowed")
    return cut_bytes(text, most) if bytes_count else text[:most]


def shown_text(sim: Sim, kind: str, inner: Json) -> str:
    """What a client shows of a message that is no card.

    Raises: Broken, for unknown types, empty content or dead media.
    """
    if kind in ("text", "markdown"):
        return _cut(sim, kind, "text_bytes", inner.get("content"))
    if kind == "textcard":
        title = _cut(sim, "textcard.title", "textcard_title", inner.get("title"), False)
        text = _cut(sim, "textcard.description", "textcard_text", inner.get("description"), False)
        if not inner.get("url"):
            raise Broken("parameter", "textcard.url missing")
        return f"{title}\n{text}"
    if kind in ("news", "mpnews"):
        articles = inner.get("articles")
        if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
            raise Broken("parameter", f"{kind}.articles")
        return "\n".join(str(one.get("title", "")) for one in articles if isinstance(one, dict))
    if kind in _FILES:
        return f"{_FILES[kind]} {living_media(sim, inner.get('media_id'))}"
    raise Broken("msgtype", kind)


def living_media(sim: Sim, media_id: Any) -> str:
    """The file name behind a media_id.

    Raises: Broken, when it is unknown or older than 3 days.
    """
    stored = sim.media.files.get(str(media_id))
    if stored is None or sim.clock.seconds() > stored.at_s + RULES["media_id"].number:
        raise Broken("media_id", str(media_id))
    return stored.name


async def send(sim: Sim, call: Call) -> Json:
    """message/send."""
    _check_agent(sim, call)
    known, unknown = receivers(sim, call.text("touser"))
    for name in unknown:
        sim.broke("receiver_unknown", DOOR, name)
    answer: Json = {"errcode": 0, "errmsg": "ok", "invaliduser": "|".join(unknown)}
    answer |= {"invalidparty": call.text("toparty"), "invalidtag": call.text("totag")}
    if not known:
        raise Broken("receivers_none", call.text("touser"))
    kind = call.text("msgtype")
    msgid = sim.new_msgid()
    answer["msgid"] = msgid
    if kind == "template_card":
        answer |= _send_card(sim, call, known, msgid)
        return answer
    text = shown_text(sim, kind, _body(call, kind))
    if not _duplicate(sim, call):
        for person in _not_flooded(sim, known):
            message = sim.bot_says(f"app:{person.id}", DOOR, kind, text)
            sim.app_sent.setdefault(msgid, []).append(message)
    return answer


def _send_card(sim: Sim, call: Call, known: list[Person], msgid: str) -> Json:
    raw = _body(call, "template_card")
    bad = check_card(raw, APP)
    if bad:
        raise Broken(*bad)
    used = sim.task_id_used(raw, DOOR, DOOR)
    if used:
        return used
    if not _duplicate(sim, call):
        for person in _not_flooded(sim, known):
            message = sim.bot_shows(f"app:{person.id}", DOOR, DOOR, raw)
            sim.app_sent.setdefault(msgid, []).append(message)
    if raw["card_type"] not in _WITH_CODE:
        return {}
    return {"response_code": new_code(sim, raw["task_id"])}


def _duplicate(sim: Sim, call: Call) -> bool:
    """True when the same content went to the same people within the asked interval."""
    if call.body.get("enable_duplicate_check") != 1:
        return False
    asked = call.body.get("duplicate_check_interval") or 1800
    if not isinstance(asked, int):
        raise Broken("parameter", "duplicate_check_interval")
    interval = min(asked, RULES["duplicate_s"].number)
    shown = {key: value for key, value in call.body.items() if not key.startswith("duplicate")}
    key = json.dumps(shown, sort_keys=True, ensure_ascii=False)
    now_s = sim.clock.seconds()
    last = sim.app_contents.get(key)
    if last is not None and now_s < last + interval:
        return True
    sim.app_contents[key] = now_s
    return False


def _not_flooded(sim: Sim, people: list[Person]) -> list[Person]:
    minute, hour = RULES["member_minute"].number, RULES["member_hour"].number
    kept = []
    for person in people:
        over = sim.app_rate.over(person.id, sim.clock.seconds(), minute, hour)
        if over:
            sim.broke(f"member_{over}", DOOR, f"dropped for {person.id}")
            continue
        sim.app_rate.hit(person.id, sim.clock.seconds())
        kept.append(person)
    return kept


async def recall(sim: Sim, call: Call) -> Json:
    """message/recall, within 24 h."""
    sent = sim.app_sent.get(call.text("msgid"))
    oldest = sim.clock.seconds() - RULES["recall"].number
    if not sent or sent[0].at.timestamp() < oldest:
        raise Broken("recall", call.text("msgid"))
    for message in sent:
        message.recalled = True
    return {"errcode": 0, "errmsg": "ok"}


async def update_card(sim: Sim, call: Call) -> Json:
    """message/update_template_card: one update per response_code."""
    _check_agent(sim, call)
    userids = call.body.get("userids", [])
    if not isinstance(userids, list):
        raise Broken("update_userids", repr(userids))
    code = _living_code(sim, call.text("response_code"))
    button, raw = call.body.get("button"), call.body.get("template_card")
    if not isinstance(button, dict) and not isinstance(raw, dict):
        raise Broken("parameter", "button or template_card")
    if not userids and call.body.get("atall") != 1:
        raise Broken("parameter", "userids or atall")
    named = "@all" if call.body.get("atall") == 1 else "|".join(str(one) for one in userids)
    people, unknown = receivers(sim, named)
    faces = {f"app:{person.id}" for person in people}
    cards = [card for card in sim.timeline.cards_of(code.task_id, DOOR) if card.chat in faces]
    if isinstance(raw, dict):
        raw = {"task_id": code.task_id, **raw}
        bad = check_card(raw, APP)
        if bad:
            raise Broken(*bad)
        if raw["task_id"] != code.task_id:
            raise Broken("card_update_task", raw["task_id"])
    for card in cards:
        old = card.versions[-1][1].raw
        if isinstance(raw, dict):
            card.replace(CardFace(raw, raw.get("replace_text")))
        elif isinstance(button, dict):
            card.replace(CardFace(old, str(button.get("replace_name", ""))))
    code.used = True
    reached = {card.chat for card in cards}
    missed = [person.id.lower() for person in people if f"app:{person.id}" not in reached]
    return {"errcode": 0, "errmsg": "ok", "invaliduser": unknown + (missed if userids else [])}


def _living_code(sim: Sim, code: str) -> ResponseCode:
    found = sim.codes.get(code)
    if found is None:
        raise Broken("code_unknown", code)
    if found.used:
        raise Broken("code_used", code)
    if sim.clock.seconds() > found.at_s + RULES["code_expired"].number:
        raise Broken("code_expired", code)
    return found
