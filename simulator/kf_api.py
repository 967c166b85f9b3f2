"""The endpoints of 微信客服: sync_msg, send_msg, send_msg_on_event, service_state, add_contact_way.

Strict as WeCom: five messages in 48 hours, nothing while a human holds the session, a code once,
a msgid once, three days of log. Called through `app_api.py`.
"""

import os
import re
from typing import Any

from simulator import kf_push
from simulator.app_api import Broken, Call
from simulator.kf_desk import ENDED, HUMAN, OURS, POOL, Code, Session, chat_of
from simulator.limits import RULES
from simulator.sim import Sim
from simulator.world import Json, KfAccount

DOOR = "kf"
OK: Json = {"errcode": 0, "errmsg": "ok"}
_MSGID = re.compile(r"[0-9A-Za-z_-]{1,32}")
_SCENE = re.compile(r"[0-9A-Za-z_-]{1,32}")
_NEXT = {0: (1, 2, 3, 4), 1: (2, 3, 4), 2: (3, 4), 3: (2, 3, 4), 4: ()}


def _account(sim: Sim, call: Call) -> KfAccount:
    account = sim.kf.accounts.get(call.text("open_kfid"))
    if account is None:
        raise Broken("kf_account", call.text("open_kfid"))
    return account


def _session(sim: Sim, call: Call, name: str) -> Session:
    account, customer = _account(sim, call), call.text(name)
    if customer not in account.customers:
        raise Broken("kf_customer", name)
    return sim.kf.session(account.id, customer)


async def sync_msg(sim: Sim, call: Call) -> Json:
    """kf/sync_msg: the log since the cursor, at most three days old, page by page."""
    account = _account(sim, call)
    _check_token(sim, call.text("token"), account.id)
    limit = call.body.get("limit", 1000)
    if not isinstance(limit, int) or not 1 <= limit <= RULES["kf_page"].number:
        raise Broken("kf_page", repr(limit))
    start = _start(sim, call.text("cursor"))
    if sim.kf.empty_pages:
        sim.kf.empty_pages -= 1
        return {**OK, "next_cursor": _cursor(sim, start), "has_more": 1, "msg_list": []}
    oldest = sim.clock.seconds() - RULES["kf_days"].number
    rows = [
        (index, row)
        for index, row in enumerate(sim.kf.log[start:], start)
        if row["open_kfid"] == account.id and row["send_time"] >= oldest
    ]
    page = rows[:limit]
    more = len(rows) > limit
    end = page[-1][0] + 1 if more else len(sim.kf.log)
    shown = [row for _, row in page]
    return {**OK, "next_cursor": _cursor(sim, end), "has_more": int(more), "msg_list": shown}


def _check_token(sim: Sim, token: str, account: str) -> None:
    now_s = sim.clock.seconds()
    if token:
        known = sim.kf.tokens.get(token)
        if known is None or known[0] != account or now_s > known[1]:
            raise Broken("kf_token", "token")
        return
    recent = [at for at in sim.kf.bare_reads if at > now_s - 60]
    sim.kf.bare_reads = [*recent, now_s]
    if len(recent) >= RULES["kf_bare_reads"].number:
        raise Broken("kf_bare_reads", f"{len(recent)} in a minute")


def _cursor(sim: Sim, index: int) -> str:
    return f"c{sim.kf.epoch}.{index}"


def _start(sim: Sim, cursor: str) -> int:
    if not cursor:
        return 0
    epoch, _, index = cursor.removeprefix("c").partition(".")
    if epoch != str(sim.kf.epoch) or not index.isdigit() or int(index) > len(sim.kf.log):
        raise Broken("kf_cursor", "cursor")
    return int(index)


async def send_msg(sim: Sim, call: Call) -> Json:
    """kf/send_msg: one message within the budget; a known msgid changes nothing."""
    session = _session(sim, call, "touser")
    msgid = _msgid(call)
    if msgid in sim.kf.sent:
        return {**OK, "msgid": msgid}
    text = _shown(call)
    if session.state not in OURS:
        raise Broken("kf_state", f"state {session.state}")
    now_s = sim.clock.seconds()
    if session.heard_s is None or now_s - session.heard_s >= RULES["kf_window"].number:
        raise Broken("kf_window", "48 h")
    if session.sent >= RULES["kf_budget"].number:
        raise Broken("kf_budget", f"{session.sent} sent")
    session.sent += 1
    sim.kf.sent[msgid] = dict(call.body)
    if sim.kf.fail_next is not None:
        why, sim.kf.fail_next = sim.kf.fail_next, None
        kf_push.happened(sim, session, "msg_send_fail", fail_msgid=msgid, fail_type=why)
    else:
        _show(sim, session, call, text)
    return {**OK, "msgid": msgid}


def _msgid(call: Call) -> str:
    msgid = call.text("msgid") or f"auto{os.urandom(8).hex()}"
    if not _MSGID.fullmatch(msgid):
        raise Broken("kf_msgid", f"{len(msgid)} characters")
    return msgid


def _show(sim: Sim, session: Session, call: Call, text: str) -> None:
    account = sim.kf.accounts[session.account]
    chat = chat_of(account, session.customer)
    sim.appchats.setdefault(chat.id, chat)
    sim.bot_says(chat.id, DOOR, call.text("msgtype"), text)


def _shown(call: Call, allowed: tuple[str, ...] = ("text", "msgmenu")) -> str:
    kind = call.text("msgtype")
    inner: Any = call.body.get(kind)
    if kind not in allowed:
        raise Broken("kf_type", kind)
    if not isinstance(inner, dict):
        raise Broken("parameter", f"{kind} missing")
    return _text(inner) if kind == "text" else _menu(inner)


def _text(inner: Json) -> str:
    words = inner.get("content")
    if not isinstance(words, str) or not words:
        raise Broken("parameter", "text.content empty")
    if len(words.encode()) > RULES["kf_text"].number:
        raise Broken("kf_text", f"{len(words.encode())} bytes")
    return words


def _menu(inner: Json) -> str:
    head, items = inner.get("head_content") or "", inner.get("list") or []
    if len(str(head).encode()) > RULES["kf_menu_head"].number:
        raise Broken("kf_menu_head", "head_content")
    if not isinstance(items, list) or len(items) > RULES["kf_menu_items"].number:
        raise Broken("kf_menu_items", "list")
    lines = [str(head)]
    for item in items:
        click = item.get("click") if isinstance(item, dict) else None
        parts = (click or {}).get("id"), (click or {}).get("content")
        short = RULES["kf_menu_click"].number
        if not all(isinstance(one, str) and 0 < len(one.encode()) <= short for one in parts):
            raise Broken("kf_menu_click", "click needs id and content")
        lines.append(f"[{parts[1]}]")
    return "\n".join(lines)


async def send_on_event(sim: Sim, call: Call) -> Json:
    """kf/send_msg_on_event: one line for one code; outside the budget of five."""
    code = sim.kf.codes.get(call.text("code"))
    if code is None or code.used:
        raise Broken("kf_code", "unknown or used")
    if sim.clock.seconds() > code.until_s:
        raise Broken("kf_code_late", "the code is too old")
    msgid, text = _msgid(call), _shown(call)
    code.used = True
    session = sim.kf.session(code.account, code.customer)
    session.welcomed_s = sim.clock.seconds()
    sim.kf.sent[msgid] = {**call.body, "touser": code.customer}
    _show(sim, session, call, text)
    return {**OK, "msgid": msgid}


async def state_get(sim: Sim, call: Call) -> Json:
    """kf/service_state/get."""
    session = _session(sim, call, "external_userid")
    named = {"servicer_userid": session.servicer} if session.state == HUMAN else {}
    return {**OK, "service_state": session.state, **named}


async def state_trans(sim: Sim, call: Call) -> Json:
    """kf/service_state/trans: along the allowed roads; a human must be named."""
    session = _session(sim, call, "external_userid")
    wanted, servicer = call.body.get("service_state"), call.text("servicer_userid")
    if wanted not in _NEXT[session.state]:
        raise Broken("kf_trans", f"{session.state} to {wanted!r}")
    if wanted == HUMAN and sim.world.person(servicer) is None:
        raise Broken("user_unknown", "servicer_userid")
    if wanted == HUMAN and not _receives(sim, session.account, servicer):
        raise Broken("kf_servicer", servicer)
    session.state, session.servicer = int(wanted), servicer if wanted == HUMAN else ""
    if wanted not in (POOL, HUMAN, ENDED):
        return dict(OK)
    life_s = RULES["kf_welcome"].number if wanted == ENDED else RULES["kf_window"].number
    code = Code(session.account, session.customer, sim.clock.seconds() + life_s)
    return {**OK, "msg_code": sim.kf.new_code(code)}


def _receives(sim: Sim, account: str, user: str) -> bool:
    """On duty at that account; one without a list takes anybody."""
    listed = sim.kf.accounts[account].servicers
    return not listed or (user in listed and user not in sim.kf.resting)


async def servicer_list(sim: Sim, call: Call) -> Json:
    """kf/servicer/list (GET): who receives customers; status 0 on duty, 1 resting."""
    account = sim.kf.accounts.get(call.query.get("open_kfid", ""))
    if account is None:
        raise Broken("kf_account", call.query.get("open_kfid", ""))
    rows = [{"userid": one, "status": int(one in sim.kf.resting)} for one in account.servicers]
    return {**OK, "servicer_list": rows}


async def add_contact_way(sim: Sim, call: Call) -> Json:
    """kf/add_contact_way: a link that remembers its scene."""
    account, scene = _account(sim, call), call.text("scene")
    if scene and not _SCENE.fullmatch(scene):
        raise Broken("kf_scene", f"{len(scene)} characters")
    name = f"kfc{os.urandom(8).hex()}"
    sim.kf.links[name] = (account.id, scene)
    return {**OK, "url": f"https://work.weixin.qq.com/kfid/{name}?enc_scene={os.urandom(6).hex()}"}
