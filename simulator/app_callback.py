"""The app's callbacks: XML of messages and card clicks out, passive XML replies in.

Messages and clicks get three retries. Called by `people.py`.
"""

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from simulator.app_api import DOOR
from simulator.app_messages import cut_bytes
from simulator.callbacks import Parcel, Postman, Receiver, Sealed
from simulator.cards import APP, check_card
from simulator.crypto import Envelope
from simulator.limits import RULES
from simulator.model import Card, CardFace
from simulator.sim import Sim
from simulator.world import Chat, Json

_NUMBERS = {"CreateTime", "AgentID", "MsgId", "Scale"}
# elements that are lists in JSON even when there is only one of them
_LISTS = {
    "button_list",
    "horizontal_content_list",
    "jump_list",
    "select_list",
    "option_list",
    "action_list",
    "vertical_content_list",
}
_INTEGERS = {"type", "style", "desc_color", "mode", "disable", "is_checked"}


def to_xml(fields: Mapping[str, object]) -> str:
    """``fields`` as WeCom's XML; text in CDATA, mappings nested, lists repeated."""
    return f"<xml>{_inner(fields)}</xml>"


def _inner(fields: Mapping[str, object]) -> str:
    parts = []
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Mapping):
                parts.append(f"<{name}>{_inner(one)}</{name}>")
            elif name in _NUMBERS:
                parts.append(f"<{name}>{one}</{name}>")
            else:
                safe = str(one).replace("]]>", "]]]]><![CDATA[>")
                parts.append(f"<{name}><![CDATA[{safe}]]></{name}>")
    return "".join(parts)


def _parse(text: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(text)  # noqa: S314 - our own bot, and never entities
    except ElementTree.ParseError as bad:
        raise ValueError("not XML") from bad


def _unwrap(body: str) -> Sealed:
    root = _parse(body)
    names = ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")
    found = [root.findtext(name) for name in names]
    if not all(found):
        raise ValueError("no envelope")
    encrypt, signed, stamp, nonce = (str(one) for one in found)
    return encrypt, signed, stamp, nonce


def receiver(sim: Sim) -> Receiver:
    """Where and how the app's callbacks go."""
    app = sim.world.app
    return Receiver(
        door=DOOR,
        url=f"{sim.bot_url}{app.callback}",
        envelope=Envelope(app.token, app.aes_key, app.corpid),
        content_type="text/xml",
        wrap=lambda encrypt: to_xml(
            {"ToUserName": app.corpid, "AgentID": app.agentid, "Encrypt": encrypt}
        ),
        unwrap=_unwrap,
    )


async def deliver(
    sim: Sim,
    postman: Postman,
    chat: Chat,
    fields: Json,
    card: Card | None = None,
    msgid: str = "",
) -> None:
    """Post one message or event of this person and apply the passive reply."""
    user = chat.members[0]
    head = {
        "ToUserName": sim.world.app.corpid,
        "FromUserName": sim.spelled.get(user, user),
        "CreateTime": int(sim.clock.seconds()),
    }
    xml = to_xml({**head, **fields, "AgentID": sim.world.app.agentid})
    tries = 1 + RULES["callback_retries"].number
    reply = await postman.deliver(receiver(sim), Parcel(xml, tries, user, chat.id, msgid))
    if not reply:
        return
    try:
        root = _parse(reply)
    except ValueError:
        sim.broke("passive_form", DOOR, "not XML")
        return
    kind = root.findtext("MsgType") or ""
    sim.books.called("passive_reply", 0, {"msgtype": kind, "chat": chat.id})
    _apply(sim, chat, root, kind, card)


def _apply(sim: Sim, chat: Chat, root: ElementTree.Element, kind: str, card: Card | None) -> None:
    if kind == "text":
        content = root.findtext("Content") or ""
        if len(content.encode()) > RULES["text_bytes"].number:
            sim.broke("text_bytes", DOOR, f"passive: {len(content.encode())} bytes")
        sim.bot_says(chat.id, DOOR, "text", cut_bytes(content, RULES["text_bytes"].number))
    elif kind == "update_button" and card:
        greyed = root.findtext("Button/ReplaceName") or ""
        card.replace(CardFace(card.versions[-1][1].raw, greyed))
    elif kind == "update_template_card" and card:
        _replace(sim, card, root)
    else:
        sim.broke("passive_type", DOOR, kind)


def _replace(sim: Sim, card: Card, root: ElementTree.Element) -> None:
    found = root.find("TemplateCard")
    raw = _to_json(found) if found is not None else {}
    full = {"task_id": card.task_id, **raw} if isinstance(raw, dict) else {}
    bad = check_card(full, APP)
    if bad:
        sim.broke(bad[0], DOOR, bad[1])
        return
    card.replace(CardFace(full, full.get("replace_text")))


def _to_json(node: ElementTree.Element) -> Json | str:
    if not len(node):
        return node.text or ""
    shown: Json = {}
    for child in node:
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", child.tag).lower()
        value: object = _to_json(child)
        if name in _INTEGERS and str(value).isdigit():
            value = int(str(value))
        if name in _LISTS:
            shown.setdefault(name, []).append(value)
        else:
            shown[name] = value
    return shown
