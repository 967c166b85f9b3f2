"""Each reader of what comes from outside (读外来之物的), and a look at what it accepted.

What was read can be stored, and comes back from storage the same. Called by ``parsers.py``.
"""

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.domain import binding_words, commands, field_words, orders, publicity_words, ticket_numbers
from bot.domain.doors import without_doors
from bot.domain.places import find_place
from bot.domain.privacy import mask, reveals, without_numbers
from bot.domain.reading import read
from bot.domain.times import find_when
from bot.door_events import OrderSeen
from bot.events import ButtonKey, Event, pack, unpack
from bot.web import open311_asked as asked
from bot.web import open311_wire
from bot.wecom import archive_rows, customer_groups, frames, kf_letters, letters, link, orders_wire
from bot.wecom.crypto import (
    BadBody,
    BadSignature,
    Envelope,
    Stamp,
    encrypted_of_json,
    encrypted_of_xml,
    read_json,
    read_xml,
)
from bot.wecom.frames import Room
from bot.wecom.wire import raise_for_errcode
from config import yaml_lines
from config.load import load_rules
from handlers.dashboard import rule_sheets

SITE = Path(__file__).parents[2] / "config" / "site"
NOW = datetime(2026, 3, 4, 1, tzinfo=UTC)
RULES = load_rules(SITE)
ROOM = Room("app", "app")
ENVELOPE = Envelope("token", "a" * 43, "ww1")


def kept(event: Event | None) -> None:
    """Pass for nothing, and for what storage gives back as it was."""
    if event is None:
        return
    packed = pack(event)
    packed.encode()
    assert unpack(packed) == event
    for column in (event.key, event.line):
        assert "\0" not in column
        column.encode()


def xml(text: str) -> None:
    letter = read_xml(text)
    kept(letters.event_of(letter, ROOM, NOW))
    kept(customer_groups.letter_in(letter, NOW))


def letter(given: dict[str, Any]) -> None:
    if isinstance(given, dict):
        kept(letters.event_of(given, ROOM, NOW))
        kept(customer_groups.letter_in(given, NOW))


def robot(body: Any) -> None:
    text = json.dumps(body)
    said = read_json(text)
    kept(frames.event_of(said, ROOM, NOW, lambda _kind: None))


def frame(text: str) -> None:
    message = aiohttp.WSMessage(aiohttp.WSMsgType.TEXT, text, None)
    frame = link._frame_of(message)
    if frame is not None:
        link.req_id_of(frame)
        body = frame.get("body")
        said = body if isinstance(body, dict) else {}
        kept(frames.event_of(said, ROOM, NOW, lambda _kind: None))


def kf(row: Any) -> None:
    found = kf_letters.found_of(row, "wk1", NOW) if isinstance(row, dict) else None
    if found is not None:
        found.chat.encode()
        assert "\0" not in found.chat
        kept(found.event)


def archive(body: Any) -> None:
    line = archive_rows.line_in(json.dumps(body), NOW)
    repr(line).encode()
    assert isinstance(line, archive_rows.Line)


def order(row: Any) -> None:
    if not isinstance(row, dict):
        return
    data = orders_wire.order_in(row)
    at = orders_wire.moment_in(data, NOW)
    key = f"order:resident:1:{orders_wire.digest_of(data)}"
    event = OrderSeen(key=key, at=at, kind="resident", order="1", data=data)
    kept(event)
    orders.order_of(event)
    for one in orders.messages(event):
        kept(one)


def envelope(body: bytes) -> None:
    for opened in (encrypted_of_xml, encrypted_of_json):
        try:
            inside = opened(body)
        except BadBody:
            continue
        stamp = Stamp.of({"timestamp": "1", "nonce": "2", "msg_signature": "3"})
        right = Stamp(ENVELOPE.signature("1", "2", inside), "1", "2")
        for one in (stamp, right):
            try:
                ENVELOPE.open(one, inside)
            except (BadBody, BadSignature):
                continue


def payload(body: Any) -> None:
    if isinstance(body, dict):
        raise_for_errcode(body)


def reading(text: str) -> None:
    found = read(text, NOW, None, RULES.reading)
    assert (
        found == read(text, NOW, None, RULES.reading) if len(text) < 20 else found.why is not None
    )


def words(text: str) -> None:
    commands.parse(text)
    commands.wish_of(text)
    commands.score_of(text)
    commands.minutes_of(text)
    commands.says_unsolved(text)
    field_words.parse(text)
    field_words.items_of(text, 20)
    field_words.ticks_of(text, 20)
    field_words.day_ahead(text, NOW)
    binding_words.said_in(text)
    publicity_words.parse(text)


def numbers(text: str) -> None:
    for found in ticket_numbers.found_in(text):
        assert ticket_numbers.is_full(found) or (len(found) == 4 and found.isdigit())
    ButtonKey.unpack(text)


def places(text: str) -> None:
    find_place(text, None, ())
    find_when(text, NOW, RULES.reading.times)
    without_doors(text)


def masking(text: str) -> None:
    assert not reveals(mask(text))
    without_numbers(text)


def yaml(body: bytes) -> None:
    yaml_lines.parse("danger.yaml", body)


def sheet(body: bytes) -> None:
    rule_sheets.lists_of("categories.yaml", body)


def open311(given: Any) -> None:
    fields = open311_wire._object(json.dumps(given))
    given = {name: found for name, one in fields.items() if (found := open311_wire._clean(one))}
    for ask in (asked.posted, asked.jurisdiction):
        with contextlib.suppress(open311_wire.Fault):
            ask(given, RULES)
    with contextlib.suppress(open311_wire.Fault):
        asked.added(given)
    asked.wanted(given, NOW)


def form(text: str) -> None:
    fields = open311_wire._form(text)
    asked.wanted({name: open311_wire._clean(one) for name, one in fields.items()}, NOW)
