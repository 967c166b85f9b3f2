from typing import Any

from simulator.transcript import Transcript
from simulator.world import Json

PEOPLE = {"wang": "王阿姨", "lin": "林知远"}
CHATS = {"g1": "桂花苑", "bot:lin": "小警 · 林知远", "app:lin": "应用 · 林知远"}
CARD: Json = {"fields": {"进度": "已交办"}, "buttons": [{"key": "accept", "text": "签收"}]}


def said(msgid: str, at: str, chat: str, text: str, **given: Any) -> Json:
    return {
        "msgid": msgid,
        "at": at,
        "chat": chat,
        "text": text,
        "from": "bot",
        "card": None,
        **given,
    }


def row(at: str, **given: Any) -> Json:
    return {
        "at": at,
        "actor": "lin",
        "act": "accept",
        "from": "assigned",
        "to": "accepted",
        **given,
    }


def ticket(*rows: Json) -> Json:
    return {"number": "T1", "journal": list(rows)}


def transcript() -> Transcript:
    return Transcript(PEOPLE, CHATS, coloured=False)


def test_labels_of_the_ticket_list_are_read_out() -> None:
    labels = {
        "act_label": "签收",
        "from_label": "已交办",
        "to_label": "已签收",
        "actor_name": "老林",
    }

    lines = transcript().fresh([], [ticket(row("2026-03-04T09:08:00+08:00", **labels))])

    assert lines == ["09:08:00 工单 T1 签收 已交办 → 已签收 老林"]


def test_ids_stand_where_there_are_no_labels() -> None:
    lines = transcript().fresh([], [ticket(row("2026-03-04T09:08:00+08:00", reason="按钮"))])

    assert lines == ["09:08:00 工单 T1 accept assigned → accepted 林知远（按钮）"]


def test_a_stage_that_stayed_is_named_once() -> None:
    lines = transcript().fresh([], [ticket(row("2026-03-04T09:08:00+08:00", to="assigned"))])

    assert lines == ["09:08:00 工单 T1 accept assigned 林知远"]


def test_lines_stand_in_the_order_in_which_things_happened() -> None:
    asked = said("m1", "2026-03-04T09:05:00+08:00", "g1", "有事", **{"from": "wang"})
    answered = said("m2", "2026-03-04T09:05:00+08:00", "g1", "收到")
    later = said("m3", "2026-03-04T09:40:00+08:00", "bot:lin", "催一下")
    opened = row("2026-03-04T09:05:00+08:00")

    lines = transcript().fresh([later, answered, asked], [ticket(opened)])

    assert [line[:8] for line in lines] == ["09:05:00", "09:05:00", "09:05:00", "09:40:00"]
    assert lines[0].endswith("王阿姨 在 桂花苑：有事")
    assert "工单" in lines[1]
    assert lines[2].endswith("警格 → 桂花苑 收到")
    assert lines[3].endswith("警格 → 林知远（小警单聊） 催一下")


def test_a_private_word_names_the_robot_it_is_said_to() -> None:
    word = said("m1", "2026-03-04T09:05:00+08:00", "bot:lin", "签收", **{"from": "lin"})

    assert transcript().fresh([word], []) == ["09:05:00 林知远 对小警说：签收"]


def test_a_changed_card_is_told_last_without_its_first_moment() -> None:
    told = transcript()
    shown = said("c1", "2026-03-04T09:05:00+08:00", "app:lin", "纠纷\nT1\n吵架", card=CARD)
    first = told.fresh([shown], [])
    signed = {**shown, "card": {"fields": {"进度": "已签收"}, "buttons": []}}

    second = told.fresh([signed], [ticket(row("2026-03-04T09:08:00+08:00"))])

    assert first == ["09:05:00 卡片 → 应用 · 林知远 纠纷 / T1 / 吵架 进度:已交办 [签收]"]
    assert second[0].startswith("09:08:00 工单")
    assert second[1].strip() == "卡片更新 → 应用 · 林知远 纠纷 / T1 进度:已签收"


def test_a_later_day_has_a_heading() -> None:
    told = transcript()
    told.fresh([said("m1", "2026-03-04T09:05:00+08:00", "g1", "一")], [])

    lines = told.fresh([said("m2", "2026-03-05T08:30:00+08:00", "g1", "二")], [])

    assert lines == ["—— 3月5日", "08:30:00 警格 → 桂花苑 二"]


def test_nothing_is_told_twice() -> None:
    told = transcript()
    messages = [said("m1", "2026-03-04T09:05:00+08:00", "g1", "一")]
    tickets = [ticket(row("2026-03-04T09:05:00+08:00"))]

    assert len(told.fresh(messages, tickets)) == 2
    assert told.fresh(messages, tickets) == []
