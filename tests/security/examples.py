"""Good examples of what comes from outside (外来之物的样子): letters, robots, rows, orders, words.

``strewing.py`` spoils them, ``parsers.py`` says who reads which; doors are tried with them too.
"""

from typing import Any

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
ENVELOPES = (
    b"<xml><ToUserName>ww1</ToUserName><Encrypt><![CDATA[QUFBQUFBQUFBQUFBQUFBQQ==]]></Encrypt></xml>",
    b'{"encrypt": "QUFBQUFBQUFBQUFBQUFBQQ=="}',
)
