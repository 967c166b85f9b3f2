"""Checks a template card against the documented blocks and lengths, for robot and app.

Lengths of shown text count characters, lengths of keys count UTF-8 bytes. The platform either
refuses or cuts what is too long; this simulator always refuses, so that nobody relies on luck.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator.world import Json

Fault = tuple[str, str]  # rule id, detail

_TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_KEY_BYTES = 1024
_NOTICES = ("text_notice", "news_notice")
_INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")
# block → the card types that may carry it
_ALLOWED: dict[str, tuple[str, ...]] = {
    "action_menu": (*_NOTICES, "button_interaction"),
    "emphasis_content": ("text_notice",),
    "quote_area": (*_NOTICES, "button_interaction"),
    "sub_title_text": ("text_notice", "button_interaction"),
    "horizontal_content_list": (*_NOTICES, "button_interaction"),
    "jump_list": _NOTICES,
    "card_image": ("news_notice",),
    "image_text_area": ("news_notice",),
    "vertical_content_list": ("news_notice",),
    "button_selection": ("button_interaction",),
    "button_list": ("button_interaction",),
    "checkbox": ("vote_interaction",),
    "select_list": ("multiple_interaction",),
    "submit_button": ("vote_interaction", "multiple_interaction"),
}
_REQUIRED: dict[str, tuple[str, ...]] = {
    "text_notice": (),
    "news_notice": ("main_title",),
    "button_interaction": ("main_title", "button_list"),
    "vote_interaction": ("main_title", "checkbox", "submit_button"),
    "multiple_interaction": ("main_title", "select_list", "submit_button"),
}


@dataclass(frozen=True)
class Lengths:
    """Where robot and app differ."""

    title: int
    desc: int
    sub: int


ROBOT = Lengths(26, 30, 112)
APP = Lengths(36, 44, 160)


def check_card(card: Any, lengths: Lengths) -> Fault | None:
    """The first rule that ``card`` breaks, or None; task_id uniqueness is not judged here."""
    if not isinstance(card, dict):
        return "card_type", "template_card is not an object"
    kind = card.get("card_type")
    if kind not in _REQUIRED:
        return "card_type", f"card_type={kind!r}"
    misshapen = _misshapen(card)
    if misshapen:
        return "card_block", misshapen
    checks = (_blocks(card, kind), _task_id(card, kind), _action(card, kind))
    return next((fault for check in (*checks, _sizes(card, lengths)) for fault in check), None)


_OBJECTS = (
    "source",
    "action_menu",
    "main_title",
    "emphasis_content",
    "quote_area",
    "card_action",
    "button_selection",
    "checkbox",
    "submit_button",
)
_LISTS = ("horizontal_content_list", "jump_list", "button_list", "select_list")


def _misshapen(card: Json) -> str | None:
    """What is not of the JSON type that the documentation names, or None."""
    for name in _OBJECTS:
        if not isinstance(card.get(name) or {}, dict):
            return f"{name} is not an object"
    lists = [(name, card.get(name)) for name in _LISTS]
    lists.append(("action_list", (card.get("action_menu") or {}).get("action_list")))
    askers = [card.get("button_selection"), card.get("checkbox")]
    for name, rows in lists:
        if not isinstance(rows or [], list) or not all(isinstance(one, dict) for one in rows or []):
            return f"{name} is not a list of objects"
    for asker in [*askers, *(card.get("select_list") or [])]:
        options = (asker or {}).get("option_list") or []
        if not isinstance(options, list) or not all(isinstance(one, dict) for one in options):
            return "option_list is not a list of objects"
    return None


def _blocks(card: Json, kind: str) -> Iterator[Fault]:
    for block in _REQUIRED[kind]:
        if not card.get(block):
            yield "card_block", f"{kind} needs {block}"
    for block, kinds in _ALLOWED.items():
        if card.get(block) and kind not in kinds:
            yield "card_block", f"{kind} cannot carry {block}"
    title = (card.get("main_title") or {}).get("title")
    if kind == "text_notice" and not (title or card.get("sub_title_text")):
        yield "card_block", "text_notice needs main_title.title or sub_title_text"


def _task_id(card: Json, kind: str) -> Iterator[Fault]:
    task_id = card.get("task_id")
    needed = kind in _INTERACTIVE or bool(card.get("action_menu"))
    if needed and not task_id:
        yield "card_task_id", "task_id missing"
    elif task_id and not (isinstance(task_id, str) and _TASK_ID.fullmatch(task_id)):
        yield "card_task_id", f"task_id {task_id!r}"


def _action(card: Json, kind: str) -> Iterator[Fault]:
    action = card.get("card_action") or {}
    wanted = (1, 2) if kind in _NOTICES else (0, 1, 2, None)
    if action.get("type") not in wanted:
        yield "card_action", f"{kind}: card_action.type={action.get('type')!r}"
    elif action.get("type") == 1 and not action.get("url"):
        yield "card_action", "card_action of type 1 needs url"


def _sizes(card: Json, lengths: Lengths) -> Iterator[Fault]:
    main = card.get("main_title") or {}
    emphasis = card.get("emphasis_content") or {}
    yield from _long("main_title.title", main.get("title"), lengths.title)
    yield from _long("main_title.desc", main.get("desc"), lengths.desc)
    yield from _long("sub_title_text", card.get("sub_title_text"), lengths.sub)
    yield from _long("source.desc", (card.get("source") or {}).get("desc"), 13)
    yield from _long("emphasis_content.title", emphasis.get("title"), 10)
    yield from _long("emphasis_content.desc", emphasis.get("desc"), 15)
    yield from _rows(card)
    yield from _buttons(card)
    yield from _choices(card)


def _rows(card: Json) -> Iterator[Fault]:
    fields = card.get("horizontal_content_list") or []
    yield from _many("horizontal_content_list", fields, 6)
    for one in fields:
        yield from _long("keyname", one.get("keyname"), 5)
        yield from _long("value", one.get("value"), 26)
    jumps = card.get("jump_list") or []
    yield from _many("jump_list", jumps, 3)
    for one in jumps:
        yield from _long("jump_list.title", one.get("title"), 13)
    yield from _many("vertical_content_list", card.get("vertical_content_list") or [], 4)


def _buttons(card: Json) -> Iterator[Fault]:
    buttons = card.get("button_list") or []
    yield from _many("button_list", buttons, 6)
    for one in buttons:
        yield from _long("button.text", one.get("text"), 10)
    menu = (card.get("action_menu") or {}).get("action_list") or []
    yield from _many("action_menu.action_list", menu, 3)
    submit = card.get("submit_button")
    if submit:
        yield from _long("submit_button.text", submit.get("text"), 10)
    yield from _keys([one for one in buttons if not one.get("type")], menu, submit)


def _keys(buttons: list[Json], menu: list[Json], submit: Json | None) -> Iterator[Fault]:
    keys = [one.get("key") for one in [*buttons, *menu, *([submit] if submit else [])]]
    if not all(isinstance(key, str) and key for key in keys):
        yield "card_key", "a button has no key"
        return
    if len(set(keys)) != len(keys):
        yield "card_key", "two buttons share a key"
    for key in keys:
        if len(str(key).encode()) > _KEY_BYTES:
            yield "card_length", f"key of {len(str(key).encode())} bytes, {_KEY_BYTES} allowed"


def _choices(card: Json) -> Iterator[Fault]:
    asked: list[tuple[Json, int, int]] = []
    if card.get("button_selection"):
        asked.append((card["button_selection"], 10, 10))
    if card.get("checkbox"):
        asked.append((card["checkbox"], 20, 11))
    selects = card.get("select_list") or []
    yield from _many("select_list", selects, 3)
    asked += [(one, 10, 10) for one in selects]
    for question, most, text_most in asked:
        if not question.get("question_key"):
            yield "card_block", "question_key missing"
        options = question.get("option_list") or []
        if not options:
            yield "card_block", "option_list empty"
        yield from _long("question.title", question.get("title"), 13)
        yield from _many("option_list", options, most)
        for option in options:
            yield from _long("option.text", option.get("text"), text_most)
            if len(str(option.get("id", "")).encode()) > 128:
                yield "card_length", "option.id over 128 bytes"


def _long(name: str, text: Any, most: int) -> Iterator[Fault]:
    if text is not None and len(str(text)) > most:
        yield "card_length", f"{name} has {len(str(text))} characters, {most} allowed"


def _many(name: str, rows: list[Any], most: int) -> Iterator[Fault]:
    if len(rows) > most:
        yield "card_length", f"{name} has {len(rows)} entries, {most} allowed"
