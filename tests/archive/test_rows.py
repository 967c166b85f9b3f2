"""What stands in an opened row: every type that means something, and what is passed over."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.events import Media
from bot.wecom.archive import Unreadable
from bot.wecom.archive_rows import Consent, Nothing, Recall, Said, line_in, moment_of_ms

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
MS = 1_772_587_800_123
AT = datetime.fromtimestamp(MS / 1000, UTC)


def row(kind: str, part: Any, **more: Any) -> str:
    body = {
        "msgid": "m1",
        "action": "send",
        "from": "wmWANG",
        "tolist": ["lin_zhiyuan"],
        "roomid": "wrKEHU0001",
        "msgtime": MS,
        "msgtype": kind,
        kind: part,
        **more,
    }
    return json.dumps(body, ensure_ascii=False)


def said(**more: Any) -> Said:
    where = {"msgid": "m1", "at": AT, "by": "wmWANG", "room": "wrKEHU0001", "to": ("lin_zhiyuan",)}
    return Said(**where, **more)  # type: ignore[arg-type]  # a table of values


MIXED = {
    "item": [
        {"type": "text", "content": '{"content":"楼道堆物"}'},
        {"type": "image", "content": '{"sdkfileid":"f1"}'},
        {"type": "emotion", "content": '{"sdkfileid":"f2"}'},
        "garbage",
    ]
}
RECORD = {
    "title": "群聊的聊天记录",
    "item": [
        {"type": "ChatRecordText", "content": '{"content":"路灯坏了"}'},
        {"type": "ChatRecordText", "content": "not json"},
    ],
}


@pytest.mark.parametrize(
    ("kind", "part", "wanted"),
    [
        ("text", {"content": "@小警 堵了"}, said(text="@小警 堵了")),
        ("text", {"content": "坏字\ud800\0"}, said(text="坏字?")),
        ("image", {"sdkfileid": "f1"}, said(media=(Media(kind="image", media_id="f1"),))),
        ("voice", {"sdkfileid": "f1"}, said(media=(Media(kind="voice", media_id="f1"),))),
        (
            "file",
            {"sdkfileid": "f1", "filename": "名单.xlsx"},
            said(quote="名单.xlsx", media=(Media(kind="file", media_id="f1"),)),
        ),
        (
            "location",
            {"longitude": 114.3, "latitude": 30.5, "address": "桂花路1号", "title": "东门"},
            said(
                text="桂花路1号 东门", media=(Media(kind="location", url="geo:30.5,114.3"),)
            ),
        ),
        (
            "link",
            {"title": "停水", "description": "明天", "link_url": "https://a.example/1"},
            said(quote="停水\n明天", media=(Media(kind="link", url="https://a.example/1"),)),
        ),
        ("mixed", MIXED, said(text="楼道堆物", media=(Media(kind="image", media_id="f1"),))),
        ("chatrecord", RECORD, said(quote="群聊的聊天记录\n路灯坏了\nnot json")),
    ],
)  # fmt: skip
def test_types_that_mean_something(kind: str, part: Any, wanted: Said) -> None:
    assert line_in(row(kind, part), NOW) == wanted


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (json.dumps({"msgid": "s", "action": "switch", "time": MS, "user": "lin"}), "switch"),
        (row("sphfeed", {"x": 1}), "type_sphfeed"),
        (row("brand_new_type", None), "type_brand_new_type"),
        (row("emotion", {"sdkfileid": "f"}), "type_emotion"),
        (row("text", {}), "empty"),
        (row("image", {"md5sum": "only"}), "empty"),
        (row("mixed", {"item": []}), "type_mixed"),
        (row("revoke", {}, action="recall"), "revoke_of_nothing"),
    ],
)
def test_rows_that_mean_nothing_are_named(text: str, why: str) -> None:
    """Trap 21: switch record, unknown msgtype."""
    assert line_in(text, NOW) == Nothing(why)


@pytest.mark.parametrize("text", ["", "[]", "null", '{"action":"send"}', row("text", {}, msgid="")])
def test_row_without_message_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        line_in(text, NOW)


def test_recall_names_what_it_takes_back() -> None:
    found = line_in(row("revoke", {"pre_msgid": "m0"}, action="recall"), NOW)

    assert isinstance(found, Recall)
    assert (found.of, found.by) == ("m0", "wmWANG")


@pytest.mark.parametrize(("kind", "agreed"), [("agree", True), ("disagree", False)])
def test_consent_says_who_and_when(kind: str, agreed: bool) -> None:
    part = {"userid": "wmLI", f"{kind}_time": MS + 1000}

    found = line_in(row(kind, part), NOW)

    assert isinstance(found, Consent)
    assert (found.by, found.agreed) == ("wmLI", agreed)
    assert found.at > AT


@pytest.mark.parametrize("stamp", [None, "", "x", 0, -5, 10**20, 1e400, [], {}])
def test_moment_that_is_none_is_now(stamp: Any) -> None:
    """Trap 26: milliseconds, text, and what is neither."""
    assert moment_of_ms(stamp, NOW) == NOW


def test_moment_may_come_as_text() -> None:
    assert moment_of_ms(str(MS), NOW) == AT
