"""Cards as WeCom wants them (模板卡片): one Card value, two dialects, every field cut to fit.

An app's cards allow longer lines than a robot's. With buttons a card is a button_interaction,
without a text_notice, which WeCom refuses unless a tap leads to a web page. Called by the lanes.
Source: https://developer.work.weixin.qq.com/document/path/90236 (app) and 101032 (robot).
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from bot.messages import Button, Card, CardUpdate
from bot.wecom.cuts import cut_chars
from bot.wecom.errors import Refusal

_TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_SOURCE, _NAME, _VALUE, _BUTTON = 13, 5, 26, 10
_KEY_BYTES = 1024
_ROWS = 6
_NOT_OURS = "//work.weixin.qq.com"


@dataclass(frozen=True, slots=True)
class Lengths:
    """Characters that a door's title, description and text may have."""

    title: int
    desc: int
    text: int


APP = Lengths(title=36, desc=44, text=160)
ROBOT = Lengths(title=26, desc=30, text=112)


def template_card(card: Card, lengths: Lengths, url: str) -> dict[str, Any]:
    """``template_card`` of a new card; ``url`` is where a tap leads when the card names none.

    Raises: Refusal when its task_id or one of its keys could never be accepted.
    """
    if not _TASK_ID.fullmatch(card.task_id):
        raise Refusal("task_id has letters that WeCom refuses")
    body: dict[str, Any] = {"task_id": card.task_id, "main_title": _title(card, lengths)}
    if card.source:
        body["source"] = {"desc": cut_chars(card.source, _SOURCE), "desc_color": 0}
    if card.quote:
        body["quote_area"] = {"type": 0, "quote_text": cut_chars(card.quote, lengths.text)}
    if card.text:
        body["sub_title_text"] = cut_chars(card.text, lengths.text)
    if card.fields:
        body["horizontal_content_list"] = [_row(*pair) for pair in card.fields[:_ROWS]]
    return body | _kind(card, url)


def greyed(update: CardUpdate) -> Card:
    """The card of an update for doors that cannot grey buttons: they go, the words stay."""
    if not update.replace_text:
        return update.card
    words = (update.replace_text, update.card.desc)
    return replace(update.card, desc=" · ".join(filter(None, words)), buttons=())


def _title(card: Card, lengths: Lengths) -> dict[str, str]:
    title = {"title": cut_chars(card.title or "…", lengths.title)}
    if card.desc:
        title["desc"] = cut_chars(card.desc, lengths.desc)
    return title


def _kind(card: Card, url: str) -> dict[str, Any]:
    link = _link(card.url, url)
    if not card.buttons:
        action = {"type": 1, "url": link or url}
        return {"card_type": "text_notice", "card_action": action}
    keys = [button.key for button in card.buttons[:_ROWS]]
    if len(set(keys)) < len(keys) or any(not 0 < len(k.encode()) <= _KEY_BYTES for k in keys):
        raise Refusal("button keys must be unique and at most 1024 bytes")
    body: dict[str, Any] = {
        "card_type": "button_interaction",
        "button_list": [_button(button) for button in card.buttons[:_ROWS]],
    }
    if link:
        body["card_action"] = {"type": 1, "url": link}
    return body


def _link(url: str, home: str) -> str:
    """``url``; a path of our own pages stands under ``home``, or nowhere where that is WeCom's."""
    if not url.startswith("/"):
        return url
    return "" if _NOT_OURS in home else home.rstrip("/") + url


def _button(button: Button) -> dict[str, Any]:
    return {"text": cut_chars(button.text, _BUTTON), "style": button.style, "key": button.key}


def _row(name: str, value: str) -> dict[str, str]:
    return {"keyname": cut_chars(name, _NAME), "value": cut_chars(value or "-", _VALUE)}
