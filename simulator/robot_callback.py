"""A robot in URL mode: JSON callbacks out, passive replies, stream polls and response_url in.

Messages get three retries, clicks and first entries none. The rules of replies are those of
`robots.py`; this module only carries.
"""

import json
from typing import Any
from urllib.parse import quote

from simulator.callbacks import Parcel, Postman, Receiver, Sealed
from simulator.crypto import Envelope
from simulator.limits import RULES
from simulator.robots import RobotDesk, Turn
from simulator.sim import Sim
from simulator.world import Json, Robot

_POLL = "stream"


def _unwrap(body: str) -> Sealed:
    data: Any = json.loads(body)
    try:
        return (
            str(data["encrypt"]),
            str(data["msgsignature"]),
            str(data["timestamp"]),
            str(data["nonce"]),
        )
    except (KeyError, TypeError) as bad:
        raise ValueError("no envelope") from bad


def receiver(sim: Sim, robot: Robot) -> Receiver:
    """Where and how this robot's callbacks go."""
    return Receiver(
        door=robot.door,
        url=f"{sim.bot_url}{robot.callback}",
        envelope=Envelope(robot.token, robot.aes_key, ""),
        content_type="application/json",
        wrap=lambda encrypt: json.dumps({"encrypt": encrypt}),
        unwrap=_unwrap,
    )


def response_url(sim: Sim, turn: Turn) -> str:
    """The one-use URL for answering this turn later."""
    return f"{sim.public_url}/cgi-bin/aibot/response?response_code={quote(turn.handle)}"


async def deliver(sim: Sim, postman: Postman, desk: RobotDesk, turn: Turn, body: Json) -> None:
    """Post one message or event and apply the passive reply."""
    tries = 1 + RULES["callback_retries"].number if turn.kind == "msg" else 1
    full = {**body, "response_url": response_url(sim, turn)}
    plain = json.dumps(full, ensure_ascii=False)
    parcel = Parcel(plain, tries, turn.user, turn.chat.id, turn.msgid)
    reply = await postman.deliver(receiver(sim, desk.robot), parcel)
    if reply:
        _apply(sim, postman, desk, turn, reply)


def _apply(sim: Sim, postman: Postman, desk: RobotDesk, turn: Turn, reply: str) -> None:
    try:
        body: Any = json.loads(reply)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        desk.refuse("passive_form", "not a JSON object")
        return
    answer = _passive(desk, turn, body)
    sim.books.called("passive_reply", answer["errcode"], body)
    stream = body.get("stream")
    if answer["errcode"] == 0 and isinstance(stream, dict) and not stream.get("finish"):
        sim.clock.later(
            sim.pace.stream_poll_s, lambda: _poll_soon(sim, postman, desk, turn, stream["id"])
        )


def _passive(desk: RobotDesk, turn: Turn, body: Json) -> Json:
    if turn.kind == "card":
        return desk.update(turn, body)
    if turn.kind == "enter_chat":
        return desk.welcome(turn, body)
    if body.get("msgtype") in ("stream", "template_card", "stream_with_template_card"):
        return desk.reply(turn, body)
    return desk.refuse("passive_type", f"msgtype={body.get('msgtype')!r}")


def _poll_soon(sim: Sim, postman: Postman, desk: RobotDesk, turn: Turn, stream_id: str) -> None:
    too_old = sim.clock.seconds() > turn.at_s + RULES["stream_s"].number
    if not too_old and not turn.streams[stream_id].finished:
        sim.spawn("stream poll", _ask_on(sim, postman, desk, turn, stream_id))


async def _ask_on(sim: Sim, postman: Postman, desk: RobotDesk, turn: Turn, stream_id: str) -> None:
    body: Json = {
        "msgid": sim.new_msgid(),
        "aibotid": desk.robot.id,
        "chattype": "single" if turn.chat.kind == "single" else "group",
        "from": {"userid": turn.user},
        "msgtype": _POLL,
        "stream": {"id": stream_id},
    }
    if turn.chat.kind != "single":
        body["chatid"] = turn.chat.id
    parcel = Parcel(json.dumps(body, ensure_ascii=False), 1, turn.user, turn.chat.id)
    reply = await postman.deliver(receiver(sim, desk.robot), parcel)
    if reply:
        _apply(sim, postman, desk, turn, reply)


def respond(sim: Sim, code: str, body: Json) -> Json:
    """One call to a response_url: markdown or template_card, once, within the hour."""
    found = [(desk, desk.turns[code]) for desk in sim.desks.values() if code in desk.turns]
    if not found or found[0][0].robot.mode != "callback":
        return sim.refuse("response_url_unknown", "robot_callback", code)
    desk, turn = found[0]
    if turn.url_used:
        return desk.refuse("response_url_used", code)
    if sim.clock.seconds() > turn.at_s + RULES["response_url_expired"].number:
        return desk.refuse("response_url_expired", code)
    if body.get("msgtype") == "markdown":
        answer = desk.write(turn.chat, "markdown", body)
    elif body.get("msgtype") == "template_card":
        answer = desk.show(turn.chat, body.get("template_card"))
    else:
        return desk.refuse("robot_msgtype", f"response_url msgtype={body.get('msgtype')!r}")
    turn.url_used = answer["errcode"] == 0
    turn.finished = turn.finished or turn.url_used
    if turn.url_used and turn.chat.kind != "single":
        sim.timeline.messages[-1].quote = turn.msgid  # in a group it quotes what it answers
    return answer
