"""Outgoing rows through the app: texts, cards, codes that work once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web

from bot.events import Media, ReplyHandle
from bot.messages import Button, Card, CardUpdate, Text
from bot.wecom import app as app_module
from bot.wecom.app import App
from bot.wecom.errors import Gone, Limited, NotAllowed, Refusal, Unreachable
from tests.wecom.api_server import ApiServer, cut_off
from tests.wecom.fakes import NOON, OpenBuckets, row

CHAT = "app:officer_lin"
CARD = Card(task_id="t1", title="邻里纠纷", buttons=(Button(text="签收", key="accept|1"),))


def code(name: str = "RC1", life: timedelta = timedelta(hours=72)) -> ReplyHandle:
    return ReplyHandle(kind="code", token=name, until=NOON + life)


async def test_text_goes_to_one_member_without_duplicate_check(
    app: App, server: ApiServer, buckets: OpenBuckets
) -> None:
    receipt = await app.send(row(Text(text="0012 还有1小时 <a href='x'>点</a>"), CHAT))

    assert server.bodies("message/send") == [
        {
            "touser": "officer_lin",
            "agentid": 7,
            "msgtype": "text",
            "text": {"content": "0012 还有1小时 ＜a href='x'>点＜/a>"},
        }
    ]
    assert receipt.msgid == "m1"
    assert [reserve for _, reserve in buckets.taken] == [5]
    assert "officer_lin" not in buckets.taken[0][0]


async def test_danger_may_use_the_reserve(app: App, buckets: OpenBuckets) -> None:
    await app.send(row(Text(text="火警"), CHAT, danger=True))

    assert [reserve for _, reserve in buckets.taken] == [0]


async def test_empty_bucket_stops_before_wecom_does(
    app: App, server: ApiServer, buckets: OpenBuckets
) -> None:
    buckets.wait_s = 12.5

    with pytest.raises(Limited) as caught:
        await app.send(row(Text(text="a"), CHAT))

    assert caught.value.retry_after_s == 12.5
    assert server.calls == []


async def test_long_text_goes_out_in_parts_and_a_retry_goes_on_where_it_broke_off(
    app: App, server: ApiServer
) -> None:
    lines = [f"{number:04d} " + "字" * 300 for number in range(5)]
    out = row(Text(text="\n".join(lines)), CHAT)
    server.answers.extend([{"errcode": 0}, cut_off])

    with pytest.raises(Unreachable) as caught:
        await app.send(out)
    assert caught.value.unknown
    await app.send(out)

    bodies = server.bodies("message/send")
    texts = [body["text"]["content"] for body in bodies]
    assert [text[:4] for text in texts] == ["0000", "0002", "0002", "0004"]
    assert "\n".join([texts[0], texts[2], texts[3]]) == "\n".join(lines)
    assert ["enable_duplicate_check" in body for body in bodies] == [False, False, True, False]


async def test_card_returns_the_code_that_changes_it(app: App, server: ApiServer) -> None:
    server.answers.append({"errcode": 0, "msgid": "m2", "response_code": "RC9"})

    receipt = await app.send(row(CARD, CHAT))

    assert (receipt.msgid, receipt.code) == ("m2", "RC9")
    [body] = server.bodies("message/send")
    assert body["template_card"]["card_type"] == "button_interaction"


async def test_card_that_wecom_knows_already_is_a_receipt(app: App, server: ApiServer) -> None:
    server.answers.append({"errcode": 42014, "errmsg": "taskid has existed"})

    assert (await app.send(row(CARD, CHAT))).note == "duplicate"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"errcode": 0, "invaliduser": "ghost|Officer_Lin"}, Refusal),
        ({"errcode": 0, "unlicenseduser": "officer_lin"}, Refusal),
        ({"errcode": 81013, "errmsg": "all invalid"}, Refusal),
        ({"errcode": 60020, "errmsg": "from ip: 10.0.0.1"}, NotAllowed),
    ],
)
async def test_message_that_nobody_got_is_no_success(
    app: App, server: ApiServer, answer: dict[str, object], kind: type[Exception]
) -> None:
    server.answers.append(answer)

    with pytest.raises(kind):
        await app.send(row(Text(text="a"), CHAT))


async def test_answer_that_names_somebody_else_is_a_success(app: App, server: ApiServer) -> None:
    server.answers.append({"errcode": 0, "msgid": "m3", "invaliduser": "ghost"})

    assert (await app.send(row(Text(text="a"), CHAT))).msgid == "m3"


async def test_update_uses_its_code_once(app: App, server: ApiServer) -> None:
    update = CardUpdate(card=CARD, replace_text="已签收")

    await app.send(row(update, CHAT, code()))

    [body] = server.bodies("message/update_template_card")
    assert (body["userids"], body["response_code"]) == (["officer_lin"], "RC1")
    assert body["template_card"]["replace_text"] == "已签收"
    assert body["template_card"]["task_id"] == "t1"
    with pytest.raises(Gone):
        await app.send(row(update, CHAT, code(), key="row-2"))
    assert len(server.calls) == 1


async def test_update_without_buttons_becomes_a_notice_that_keeps_the_words(
    app: App, server: ApiServer
) -> None:
    card = replace(CARD, buttons=(), desc="桂花苑")

    await app.send(row(CardUpdate(card=card, replace_text="已办结"), CHAT, code()))

    shown = server.bodies("message/update_template_card")[0]["template_card"]
    assert shown["card_type"] == "text_notice"
    assert shown["main_title"]["desc"] == "已办结 · 桂花苑"
    assert shown["card_action"]["type"] == 1


@pytest.mark.parametrize(
    "reply",
    [None, code(life=timedelta()), ReplyHandle(kind="req", token="r", until=NOON)],
    ids=["no code", "72 h are over", "another right"],
)
async def test_update_without_a_valid_code_is_gone(
    app: App, server: ApiServer, reply: ReplyHandle | None
) -> None:
    with pytest.raises(Gone):
        await app.send(row(CardUpdate(card=CARD), CHAT, reply))
    assert server.calls == []


async def test_code_that_wecom_refuses_is_gone_unless_the_last_try_was_in_doubt(
    app: App, server: ApiServer
) -> None:
    refused = {"errcode": 40058, "errmsg": "response_code was used before"}
    server.answers.extend([refused, cut_off, refused])

    with pytest.raises(Gone):
        await app.send(row(CardUpdate(card=CARD), CHAT, code("RC1"), key="a"))
    out = row(CardUpdate(card=CARD), CHAT, code("RC2"), key="b")
    with pytest.raises(Unreachable):
        await app.send(out)

    assert (await app.send(out)).note == "arrived before"


async def test_code_of_a_row_that_a_dead_process_may_have_sent_is_used_by_that_row(
    app: App, server: ApiServer
) -> None:
    server.answers.append({"errcode": 40058, "errmsg": "response_code was used before"})

    receipt = await app.send(row(CardUpdate(card=CARD), CHAT, code(), inherited=True))

    assert receipt.note == "arrived before"


@pytest.mark.parametrize("chat", ["wrGROUP", "bot:officer_lin", "app:"])
async def test_app_speaks_to_its_own_members_only(app: App, server: ApiServer, chat: str) -> None:
    with pytest.raises(Refusal):
        await app.send(row(Text(text="a"), chat))
    assert server.calls == []


async def test_medium_comes_through_the_api(app: App, server: ApiServer) -> None:
    server.media = lambda: web.Response(body=b"jpeg", headers={"Content-Disposition": "attachment"})

    assert await app.fetch(Media(kind="image", media_id="md1")) == b"jpeg"


async def test_only_the_newest_codes_are_remembered(
    app: App, server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_module, "_CODES", 1)

    for number, name in enumerate(("RC1", "RC2", "RC1")):
        await app.send(row(CardUpdate(card=CARD), CHAT, code(name), key=f"k{number}"))

    assert len(server.calls) == 3
