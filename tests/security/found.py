"""Inputs that broke a reader once (曾经读坏的): by the name of the parser, kept for good."""

from typing import Any

_KF = {"msgid": "k1", "external_userid": "wm1", "origin": 3, "msgtype": "text"}
_ROW = {"msgid": "a1", "action": "send", "from": "wm1", "tolist": [], "msgtime": 1772586000000}
_GROUP = {
    "MsgType": "event",
    "Event": "change_external_chat",
    "ChatId": "wr1",
    "ChangeType": "update",
    "UpdateDetail": "add_member",
}
_ORDER = {"order_id": "o1", "desc": "井盖没了", "process_list": []}

FOUND: tuple[tuple[str, Any], ...] = (
    # Every start looked at every digit after it: minutes of processor for one message.
    ("commands", "延期" + "9" * 60_000),
    ("commands", "延期" + " " * 60_000),
    ("commands", "延期" + "九" * 60_000),
    # More days than a number of the machine holds.
    ("commands", "延期" + "9" * 400 + "天"),
    # Half a character in an account or a message went to the database and came back as a bug.
    ("kf", {**_KF, "open_kfid": "wk\udcff1", "text": {"content": "x"}}),
    ("kf", {**_KF, "msgid": "k\0", "text": {"content": "路灯\ud83d"}}),
    (
        "kf",
        {
            **_KF,
            "open_kfid": "wk1",
            "origin": 4,
            "msgtype": "event",
            "event": {"event_type": "msg_send_fail", "fail_msgid": "x", "fail_type": "\udcff"},
        },
    ),
    # Half a character as a place or as a member, a place beyond all numbers.
    ("kf", {**_KF, "open_kfid": "wk1", "msgtype": "location", "location": {"latitude": "\ud83d"}}),
    ("app: fields", {**_GROUP, "MemChangeList": {"Item": ["\ud83dw", "wm2"]}}),
    ("app: fields", {**_GROUP, "MemChangeCnt": "9" * 5000}),
    ("archive", {**_ROW, "msgtype": "location", "location": {"longitude": -(10**400)}}),
    # One order like this and no order after it was read any more.
    ("orders", {**_ORDER, "urge_type": float("inf")}),
    ("orders", {**_ORDER, "create_time": float("nan")}),
    ("orders", {**_ORDER, "create_time": 10**15}),
    ("orders", {**_ORDER, "create_time": "9" * 5000}),
    ("orders", {**_ORDER, "grid_name": 10**5000}),
    ("orders", {**_ORDER, "desc": "路灯\ud83d"}),
    ("orders", {**_ORDER, "image_urls": ["https://x.example/\udcff"]}),
)
