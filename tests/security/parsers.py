"""Everything that reads what came from outside (读外来之物的), with good examples for each.

One row each: what makes an input of an example, what reads it, the faults it may raise. ``reads``
looks besides at what was accepted: it can be stored, and comes back from storage the same.
"""

import contextlib
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from openpyxl import Workbook
from PIL import Image

from bot.domain import binding_words, commands, field_words, orders, publicity_words, ticket_numbers
from bot.domain.doors import without_doors
from bot.domain.places import find_place
from bot.domain.privacy import mask, reveals, without_numbers
from bot.domain.reading import read
from bot.domain.times import find_when
from bot.door_events import OrderSeen
from bot.engine.pictures import NoPicture, cleaned
from bot.events import ButtonKey, Event, pack, unpack
from bot.web import open311_asked as asked
from bot.web import open311_wire
from bot.wecom import archive_rows, customer_groups, frames, kf_letters, letters, link, orders_wire
from bot.wecom.archive import Unreadable
from bot.wecom.crypto import (
    BadBody,
    BadSignature,
    Envelope,
    Stamp,
    encrypted_of_json,
    encrypted_of_xml,
    open_media,
    read_json,
    read_xml,
)
from bot.wecom.errors import WeComFault
from bot.wecom.frames import Room
from bot.wecom.wire import raise_for_errcode
from config import yaml_lines
from config.load import load_rules
from handlers.dashboard import rule_sheets
from tests.security import strewing

SITE = Path(__file__).parents[2] / "config" / "site"
NOW = datetime(2026, 3, 4, 1, tzinfo=UTC)
RULES = load_rules(SITE)
ROOM = Room("app", "app")
ENVELOPE = Envelope("token", "a" * 43, "ww1")
Make = Callable[[random.Random, Any], Any]


@dataclass(frozen=True)
class Parser:
    """``share`` of all inputs is tried; ``raises`` are the faults it says in its docstring."""

    examples: tuple[Any, ...]
    make: Make
    reads: Callable[[Any], object]
    raises: tuple[type[Exception], ...] = ()
    share: int = 10


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


def _xml(text: str) -> None:
    letter = read_xml(text)
    kept(letters.event_of(letter, ROOM, NOW))
    kept(customer_groups.letter_in(letter, NOW))


def _letter(letter: dict[str, Any]) -> None:
    if isinstance(letter, dict):
        kept(letters.event_of(letter, ROOM, NOW))
        kept(customer_groups.letter_in(letter, NOW))


def _robot(body: Any) -> None:
    text = json.dumps(body)
    said = read_json(text)
    kept(frames.event_of(said, ROOM, NOW, lambda _kind: None))


def _frame(text: str) -> None:
    message = aiohttp.WSMessage(aiohttp.WSMsgType.TEXT, text, None)
    frame = link._frame_of(message)
    if frame is not None:
        link.req_id_of(frame)
        body = frame.get("body")
        said = body if isinstance(body, dict) else {}
        kept(frames.event_of(said, ROOM, NOW, lambda _kind: None))


def _kf(row: Any) -> None:
    found = kf_letters.found_of(row, "wk1", NOW) if isinstance(row, dict) else None
    if found is not None:
        found.chat.encode()
        assert "\0" not in found.chat
        kept(found.event)


def _archive(body: Any) -> None:
    line = archive_rows.line_in(json.dumps(body), NOW)
    repr(line).encode()
    assert isinstance(line, archive_rows.Line)


def _order(row: Any) -> None:
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


def _envelope(body: bytes) -> None:
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


def _payload(body: Any) -> None:
    if isinstance(body, dict):
        raise_for_errcode(body)


def _reading(text: str) -> None:
    found = read(text, NOW, None, RULES.reading)
    assert (
        found == read(text, NOW, None, RULES.reading) if len(text) < 20 else found.why is not None
    )


def _words(text: str) -> None:
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


def _numbers(text: str) -> None:
    for found in ticket_numbers.found_in(text):
        assert ticket_numbers.is_full(found) or (len(found) == 4 and found.isdigit())
    ButtonKey.unpack(text)


def _places(text: str) -> None:
    find_place(text, None, ())
    find_when(text, NOW, RULES.reading.times)
    without_doors(text)


def _masking(text: str) -> None:
    assert not reveals(mask(text))
    without_numbers(text)


def _yaml(body: bytes) -> None:
    yaml_lines.parse("danger.yaml", body)


def _sheet(body: bytes) -> None:
    rule_sheets.lists_of("categories.yaml", body)


def _open311(given: Any) -> None:
    fields = open311_wire._object(json.dumps(given))
    given = {name: found for name, one in fields.items() if (found := open311_wire._clean(one))}
    for ask in (asked.posted, asked.jurisdiction):
        with contextlib.suppress(open311_wire.Fault):
            ask(given, RULES)
    with contextlib.suppress(open311_wire.Fault):
        asked.added(given)
    asked.wanted(given, NOW)


def _form(text: str) -> None:
    fields = open311_wire._form(text)
    asked.wanted({name: open311_wire._clean(one) for name, one in fields.items()}, NOW)


LETTER = {
    "ToUserName": "ww1",
    "FromUserName": "wang",
    "CreateTime": "1772586000",
    "MsgType": "text",
    "Content": "桂花苑5号楼路灯不亮",
    "MsgId": "7001",
    "AgentID": "1000002",
}
LETTERS = (
    LETTER,
    {**LETTER, "MsgType": "image", "PicUrl": "https://x.example/1", "MediaId": "m1"},
    {**LETTER, "MsgType": "location", "Location_X": "30.5", "Location_Y": "114.3", "Label": "东门"},
    {
        **LETTER,
        "MsgType": "link",
        "Title": "标题",
        "Description": "说明",
        "Url": "https://x.example",
    },
    {
        **LETTER,
        "MsgType": "event",
        "Event": "template_card_event",
        "EventKey": "take|0304-0007|1|abc",
        "TaskId": "t1",
        "ResponseCode": "c1",
        "SelectedItems": {
            "SelectedItem": [{"QuestionKey": "q", "OptionIds": {"OptionId": ["a", "b"]}}]
        },
    },
    {**LETTER, "MsgType": "event", "Event": "subscribe", "EventKey": ""},
    {
        **LETTER,
        "MsgType": "event",
        "Event": "change_contact",
        "ChangeType": "delete_user",
        "UserID": "li",
    },
    {
        **LETTER,
        "MsgType": "event",
        "Event": "change_contact",
        "ChangeType": "update_user",
        "UserID": "li",
        "NewUserID": "li2",
    },
    {
        **LETTER,
        "MsgType": "event",
        "Event": "change_external_chat",
        "ChatId": "wr1",
        "ChangeType": "update",
        "UpdateDetail": "add_member",
        "MemChangeCnt": "2",
        "CurMemVer": "v1",
        "MemChangeList": {"Item": ["wm1", "wm2"]},
    },
)


def xml_of(letter: dict[str, Any]) -> str:
    """A letter's plain words on the wire."""

    def inner(value: Any) -> str:
        if isinstance(value, dict):
            return "".join(
                f"<{name}>{inner(one)}</{name}>"
                for name, many in value.items()
                for one in (many if isinstance(many, list) else [many])
            )
        return f"<![CDATA[{value}]]>"

    return f"<xml>{inner(letter)}</xml>"


ROBOT = {
    "msgid": "m1",
    "aibotid": "b",
    "chatid": "wr1",
    "chattype": "group",
    "from": {"userid": "wang"},
    "response_url": "https://x.example/r",
    "create_time": 1772586000,
    "msgtype": "text",
    "text": {"content": "桂花苑5号楼路灯不亮"},
    "quote": {"msgtype": "text", "text": {"content": "好"}},
}
ROBOTS = (
    ROBOT,
    {**ROBOT, "msgtype": "image", "image": {"url": "https://x.example/1", "aeskey": "k"}},
    {
        **ROBOT,
        "msgtype": "mixed",
        "mixed": {
            "msg_item": [
                {"msgtype": "text", "text": {"content": "漏水"}},
                {"msgtype": "image", "image": {"url": "https://x.example/1"}},
            ]
        },
    },
    {**ROBOT, "msgtype": "voice", "voice": {"content": ""}},
    {
        **ROBOT,
        "msgtype": "event",
        "event": {
            "eventtype": "template_card_event",
            "template_card_event": {
                "task_id": "t",
                "event_key": "take|0304-0007|1|abc",
                "selected_items": {
                    "selected_item": [{"question_key": "q", "option_ids": {"option_id": ["a"]}}]
                },
            },
        },
    },
    {**ROBOT, "msgtype": "event", "event": {"eventtype": "enter_chat"}},
)
KF = {
    "msgid": "k1",
    "open_kfid": "wk1",
    "external_userid": "wm1",
    "send_time": 1772586000,
    "origin": 3,
    "msgtype": "text",
    "text": {"content": "路灯不亮", "menu_id": ""},
}
KFS = (
    KF,
    {**KF, "msgtype": "image", "image": {"media_id": "m"}},
    {
        **KF,
        "msgtype": "location",
        "location": {"latitude": 30.1, "longitude": 114.1, "name": "东门"},
    },
    {
        **KF,
        "msgtype": "link",
        "link": {"title": "标题", "desc": "说明", "url": "https://x.example"},
    },
    {
        **KF,
        "origin": 4,
        "msgtype": "event",
        "event": {"event_type": "enter_session", "welcome_code": "w", "scene_param": "b5"},
    },
    {
        **KF,
        "origin": 4,
        "msgtype": "event",
        "event": {"event_type": "msg_send_fail", "fail_msgid": "x", "fail_type": 4},
    },
    {
        **KF,
        "origin": 4,
        "msgtype": "event",
        "event": {"event_type": "session_status_change", "change_type": 1},
    },
)
ROW = {
    "msgid": "a1",
    "action": "send",
    "from": "wm1",
    "tolist": ["li"],
    "roomid": "wr1",
    "msgtime": 1772586000000,
    "msgtype": "text",
    "text": {"content": "路灯不亮"},
}
ROWS = (
    ROW,
    {**ROW, "msgtype": "image", "image": {"sdkfileid": "f", "md5sum": "x", "filesize": 5}},
    {
        **ROW,
        "msgtype": "location",
        "location": {"latitude": 30.1, "longitude": 114.1, "address": "东门"},
    },
    {
        **ROW,
        "msgtype": "mixed",
        "mixed": {"item": [{"type": "text", "content": '{"content":"漏水"}'}]},
    },
    {
        **ROW,
        "msgtype": "chatrecord",
        "chatrecord": {
            "title": "记录",
            "item": [{"type": "ChatRecordText", "content": '{"content":"漏水"}'}],
        },
    },
    {**ROW, "msgtype": "revoke", "revoke": {"pre_msgid": "a0"}},
    {**ROW, "msgtype": "agree", "agree": {"userid": "wm1", "agree_time": 1772586000000}},
)
ORDERS = (
    {
        "order_id": "o1",
        "desc": "井盖没了",
        "urge_type": 1,
        "case_name": "设施",
        "grid_id": "g1",
        "grid_name": 12,
        "create_time": 1772586000,
        "location": {"name": "东门", "address": "桂花路1号"},
        "image_urls": ["https://x.example/a.png"],
        "video_media_ids": ["m"],
        "processor_userids": ["wg"],
        "process_list": [
            {
                "process_type": 2,
                "solve_userid": "wg",
                "process_desc": "看了",
                "status": "1",
                "solved_time": 1772586000,
                "image_urls": [],
            }
        ],
    },
)
ASKED = (
    {
        "service_code": "N03",
        "description": "路灯不亮",
        "address_string": "桂花苑5号楼",
        "lat": 30.5,
        "long": 114.3,
        "media_url": "https://x.example/1.png",
        "phone": "13900000000",
        "email": "a@b.example",
    },
    {
        "start_date": "2026-03-01T00:00:00+08:00",
        "end_date": "2026-03-04T00:00:00Z",
        "status": "open",
    },
    {"service_request_id": "1,2,3", "service_code": "N03", "jurisdiction_id": "x"},
)
SAID = (
    "桂花苑5号楼3单元楼道灯不亮了，昨晚八点开始的，麻烦看看",
    "有人拿刀在3栋门口，快报警",
    "楼上天天半夜拖凳子，电话13900000000",
    "接单 0304-0007",
    "改派 XQ260304-0007K 李华",
    "评价 5 星，很满意",
    "约后天下午3点半上门",
    "转办清单",
    "撤销 我的0304-0007",
    "五栋二单元二〇一室，上周三到现在漏水",
    "子任务 0012 张三 看电梯",
    "延期2小时 等配件",
    "通知 停水 明早8点到10点",
    "绑定 482913",
)
KEYS = (
    "take|XQ260304-0007K|12|abcdefabcdef",
    "XQ260304-0007K 和 0304-0007",
    "a|b|c|d",
    "0304-0007",
)
FORMS = (
    "service_code=N03&description=%E8%B7%AF%E7%81%AF&lat=30.5&long=114.3",
    "start_date=2026-03-01T00:00:00%2B08:00&status=open,closed&service_request_id=1,2",
)


def _png() -> tuple[bytes, ...]:
    found = []
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP"):
        held = io.BytesIO()
        exif = Image.Exif()
        exif[0x010F], exif[0x0112] = "Some Phone", 6
        more: dict[str, Any] = {"exif": exif} if kind in ("PNG", "JPEG", "WEBP") else {}
        Image.new("RGB", (5, 3), "red").save(held, kind, **more)
        found.append(held.getvalue())
    return tuple(found)


def _book() -> tuple[bytes, ...]:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(rule_sheets.HEADS)
    sheet.append(("1 N03", "市政", "words", "", "路灯"))
    held = io.BytesIO()
    book.save(held)
    return (held.getvalue(),)


def _yamls() -> tuple[bytes, ...]:
    return tuple(file.read_bytes()[:1500] for file in sorted(SITE.glob("*.yaml")))


def _json_text(rng: random.Random, good: Any) -> str:
    return strewing.words(rng, json.dumps(strewing.value(rng, good), ensure_ascii=False))


def _letter_text(rng: random.Random, good: dict[str, Any]) -> str:
    return strewing.words(rng, xml_of(good))


ENVELOPES = (
    b"<xml><ToUserName>ww1</ToUserName><Encrypt><![CDATA[QUFBQUFBQUFBQUFBQUFBQQ==]]></Encrypt></xml>",
    b'{"encrypt": "QUFBQUFBQUFBQUFBQUFBQQ=="}',
)
PARSERS: dict[str, Parser] = {
    "app: XML": Parser(LETTERS, _letter_text, _xml, (BadBody,)),
    "app: fields": Parser(LETTERS, strewing.value, _letter, share=20),
    "robot": Parser(ROBOTS, strewing.value, _robot, (BadBody,), share=15),
    "socket": Parser(
        tuple(
            {"cmd": "aibot_msg_callback", "headers": {"req_id": "r"}, "body": one} for one in ROBOTS
        ),
        _json_text,
        _frame,
    ),
    "kf": Parser(KFS, strewing.value, _kf, share=15),
    "archive": Parser(ROWS, strewing.value, _archive, (Unreadable,), share=15),
    "orders": Parser(ORDERS, strewing.value, _order, share=15),
    "envelopes": Parser(ENVELOPES, strewing.raw, _envelope),
    "files of robots": Parser(
        (bytes(64), b"x" * 33), strewing.raw, lambda data: open_media(data, "a" * 43), (BadBody,)
    ),
    "answers of the interface": Parser(
        ({"errcode": 45009, "errmsg": "limit, hint: [1]"},), strewing.value, _payload, (WeComFault,)
    ),
    "reading": Parser(SAID, strewing.words, _reading, share=3),
    "commands": Parser(SAID, strewing.words, _words, share=15),
    "numbers and card keys": Parser(KEYS, strewing.words, _numbers, share=15),
    "addresses and times": Parser(SAID, strewing.words, _places, share=10),
    "masking": Parser(SAID, strewing.words, _masking, share=10),
    "rule files": Parser(_yamls(), strewing.raw, _yaml, share=4),
    "words in Excel": Parser(_book(), strewing.raw, _sheet, (rule_sheets.BadSheet,), share=1),
    "pictures": Parser(_png(), strewing.raw, cleaned, (NoPicture,), share=6),
    "Open311: fields": Parser(ASKED, strewing.value, _open311, (open311_wire.Fault,), share=15),
    "Open311: forms": Parser(FORMS, strewing.words, _form, (open311_wire.Fault,)),
}
