import json

from tests.simulator.bots import Bot
from tests.simulator.corp import NOW, button_card
from tests.simulator.fakes import Wire

STREAM = {"msgtype": "stream", "stream": {"id": "s", "finish": True, "content": "已转城管"}}


async def respond(wire: Wire, url: str, content: str = "已转城管") -> int:
    body = {"msgtype": "markdown", "markdown": {"content": content}}
    async with wire.http.post(url, json=body) as answer:
        return int((await answer.json())["errcode"])


async def test_a_private_word_to_the_app_arrives_as_xml(both: Wire, bot: Bot) -> None:
    said = await both.say("app:wg_li", "wg_li", "签收 0012 <&]]>")

    (door, xml) = bot.got[0]
    assert said["delivered"] is True
    assert door == "app"
    assert "<FromUserName><![CDATA[wg_li]]></FromUserName>" in xml
    assert "<Content><![CDATA[签收 0012 <&]]]]><![CDATA[>]]></Content>" in xml
    assert "<AgentID>7</AgentID>" in xml
    assert len(bot.got) == 1


async def test_trap_01_three_retries_then_silence(both: Wire, bot: Bot) -> None:
    bot.statuses = [500] * 9

    await both.say("app:wg_li", "wg_li", "在吗")

    assert len(bot.got) == 4
    assert len({xml.partition("<MsgId>")[2].partition("<")[0] for _, xml in bot.got}) == 1
    assert await both.errors() == []


async def test_trap_01_a_late_answer_is_cut_and_delivered_again(both: Wire, bot: Bot) -> None:
    bot.wait_s = 0.6

    await both.say("app:wg_li", "wg_li", "在吗")

    assert len(bot.got) == 4
    assert await both.errors() == ["callback_late"] * 4


async def test_trap_01_a_lost_answer_brings_a_duplicate(both: Wire, bot: Bot) -> None:
    await both.sim_post("faults", on="callback", do="drop_answer")

    await both.say("app:wg_li", "wg_li", "在吗")

    assert len(bot.got) == 2
    assert bot.got[0] == bot.got[1]
    assert await both.errors() == []


async def test_trap_02_a_duplicate_arrives_concurrently_with_equal_bytes(
    both: Wire, bot: Bot
) -> None:
    await both.sim_post("faults", on="callback", do="duplicate")

    await both.say("app:wg_li", "wg_li", "在吗")

    assert len(bot.raw) == 2
    assert bot.raw[0] == bot.raw[1]


async def test_a_passive_text_is_shown(both: Wire, bot: Bot) -> None:
    bot.replies = ["<xml><MsgType>text</MsgType><Content>收到</Content></xml>"]

    await both.say("app:wg_li", "wg_li", "在吗")

    assert await both.texts("app:wg_li") == ["在吗", "收到"]
    assert await both.errors() == []


async def test_a_passive_reply_with_a_wrong_signature_is_dropped(both: Wire, bot: Bot) -> None:
    bot.app_envelope.sign = lambda *_: "0" * 40  # type: ignore[method-assign]
    bot.app_envelope.open_signed = (  # type: ignore[method-assign]
        lambda encrypt, *_: bot.app_envelope.decrypt(encrypt)
    )
    bot.replies = ["<xml><MsgType>text</MsgType><Content>收到</Content></xml>"]

    await both.say("app:wg_li", "wg_li", "在吗")

    assert await both.texts("app:wg_li") == ["在吗"]
    assert await both.errors() == ["passive_signature"]


async def test_trap_15_a_click_brings_a_fresh_code_that_updates_the_card(
    both: Wire, bot: Bot
) -> None:
    await both.app_card("wg_li|Off_Wang", button_card("c1"))

    done = await both.sim_post("press", user="wg_li", card="c1", button="签收")
    xml = bot.got[0][1]
    code = xml.partition("<ResponseCode><![CDATA[")[2].partition("]]>")[0]
    body = {"userids": ["wg_li", "Off_Wang"], "agentid": 7, "response_code": code}
    button = {"button": {"replace_name": "已由李格签收"}}
    answer = await both.call("message/update_template_card", body | button)

    assert done == {"delivered": True, "updated": False}
    assert "<EventKey><![CDATA[accept]]></EventKey>" in xml
    assert "<Event><![CDATA[template_card_event]]></Event>" in xml
    assert answer == {"errcode": 0, "errmsg": "ok", "invaliduser": []}
    for user in ("wg_li", "Off_Wang"):
        assert (await both.messages(f"app:{user}"))[0]["card"]["live"] is False


async def test_trap_15_a_passive_update_touches_only_the_clicker(both: Wire, bot: Bot) -> None:
    await both.app_card("wg_li|Off_Wang", button_card("c1"))
    bot.replies = [
        "<xml><MsgType>update_button</MsgType><Button><ReplaceName>已签收</ReplaceName></Button></xml>"
    ]

    done = await both.sim_post("press", user="wg_li", card="c1", button="accept")

    assert done["updated"] is True
    assert (await both.messages("app:wg_li"))[0]["card"]["buttons"][0]["text"] == "已签收"
    assert (await both.messages("app:Off_Wang"))[0]["card"]["live"] is True


async def test_a_passive_new_card_is_read_from_xml(both: Wire, bot: Bot) -> None:
    await both.app_card("wg_li", button_card("c1"))
    bot.replies = [
        "<xml><MsgType>update_template_card</MsgType><TemplateCard>"
        "<CardType>button_interaction</CardType><MainTitle><Title>处置中</Title></MainTitle>"
        "<ButtonList><Text>办结</Text><Style>1</Style><Key>close</Key></ButtonList>"
        "</TemplateCard></xml>"
    ]

    await both.sim_post("press", user="wg_li", card="c1", button="accept")

    card = (await both.messages("app:wg_li"))[0]["card"]
    assert (card["title"], card["buttons"]) == ("处置中", [{"key": "close", "text": "办结"}])


async def test_two_clicks_at_once_arrive_both(both: Wire, bot: Bot) -> None:
    await both.app_card("wg_li", button_card("c1"))

    await both.sim_post("press", user="wg_li", card="c1", button="签收", times=2)

    assert len(bot.got) == 2


async def test_a_choice_travels_with_the_click(both: Wire, bot: Bot) -> None:
    vote = {
        "card_type": "vote_interaction",
        "main_title": {"title": "满意吗"},
        "checkbox": {
            "question_key": "q",
            "option_list": [{"id": "1", "text": "不满意"}, {"id": "5", "text": "满意"}],
        },
        "submit_button": {"text": "提交", "key": "rate"},
        "task_id": "v1",
    }
    await both.app_card("wg_li", vote)
    wrong = {"user": "wg_li", "card": "v1", "button": "提交", "selected": {"q": ["9"]}}

    assert (await both.ask("POST", "/sim/press", wrong))[0] == 400
    await both.sim_post("press", user="wg_li", card="v1", button="提交", selected={"q": ["5"]})

    assert "<OptionIds><OptionId><![CDATA[5]]></OptionId></OptionIds>" in bot.got[0][1]


async def test_a_mention_reaches_the_url_robot_and_its_passive_stream_is_shown(
    both: Wire, bot: Bot
) -> None:
    bot.replies = [json.dumps(STREAM)]

    said = await both.say("wrTWO", "wg_li", "日报", mention="小验")

    body = json.loads(bot.got[0][1])
    assert said["delivered"] is True
    assert body["text"]["content"] == "@小验 日报"
    assert body["response_url"].startswith(f"{both.url}/cgi-bin/aibot/response?response_code=")
    assert await both.texts("wrTWO") == ["@小验 日报", "已转城管"]
    assert await both.errors() == []


async def test_trap_12_an_unfinished_stream_is_polled_until_it_ends(both: Wire, bot: Bot) -> None:
    growing = {"msgtype": "stream", "stream": {"id": "s", "finish": False, "content": "正在看"}}
    bot.replies = [json.dumps(growing), json.dumps(growing), json.dumps(STREAM)]

    await both.say("ge:wg_li", "wg_li", "在吗")
    await both.sim_post("clock", advance_s=5)

    kinds = [json.loads(plain)["msgtype"] for _, plain in bot.got]
    assert kinds == ["text", "stream", "stream"]
    assert await both.texts("ge:wg_li") == ["在吗", "已转城管"]
    assert await both.errors() == []


async def test_trap_12_a_response_url_works_once_within_the_hour(both: Wire, bot: Bot) -> None:
    await both.say("ge:wg_li", "wg_li", "一")
    await both.say("ge:wg_li", "wg_li", "二")
    first, second = (json.loads(plain)["response_url"] for _, plain in bot.got)

    assert await respond(both, first) == 0
    assert await respond(both, first) == 40058
    await both.sim_post("clock", advance_s=3601)
    assert await respond(both, second) == 40058
    assert await respond(both, f"{both.url}/cgi-bin/aibot/response?response_code=no") == 40058

    wanted = ["response_url_used", "response_url_expired", "response_url_unknown"]
    assert await both.errors() == wanted
    assert await both.texts("ge:wg_li") == ["一", "二", "已转城管"]


async def test_an_answer_by_response_url_quotes_her_words_in_a_group(both: Wire, bot: Bot) -> None:
    said = await both.say("wrTWO", "wg_li", "日报", mention="小验")

    assert await respond(both, json.loads(bot.got[0][1])["response_url"]) == 0

    assert (await both.messages("wrTWO"))[1]["quote"] == said["msgid"]


async def test_trap_03_a_robot_click_is_sent_once_and_answered_in_place(
    both: Wire, bot: Bot
) -> None:
    await both.say("ge:wg_li", "wg_li", "我的任务")
    url = json.loads(bot.got[0][1])["response_url"]
    card = {"msgtype": "template_card", "template_card": button_card("t1")}
    async with both.http.post(url, json=card) as answer:
        assert (await answer.json())["errcode"] == 0

    bot.statuses = [500]
    await both.sim_post("press", user="wg_li", card="t1", button="签收")
    assert len(bot.got) == 2
    update = {
        "response_type": "update_template_card",
        "template_card": button_card("t1", main_title={"title": "已签收"}),
    }
    bot.replies = [json.dumps(update)]
    done = await both.sim_post("press", user="wg_li", card="t1", button="签收")

    click = json.loads(bot.got[2][1])["event"]["template_card_event"]
    assert (click["event_key"], done["updated"]) == ("accept", True)
    assert (await both.messages("ge:wg_li"))[1]["card"]["title"] == "已签收"
    assert await both.errors() == []


async def test_trap_03_a_late_answer_to_a_robot_click_is_lost(both: Wire, bot: Bot) -> None:
    await both.say("ge:wg_li", "wg_li", "我的任务")
    card = {"msgtype": "template_card", "template_card": button_card("t1")}
    async with both.http.post(json.loads(bot.got[0][1])["response_url"], json=card):
        pass
    bot.wait_s = 0.6
    bot.replies = [json.dumps({"response_type": "update_template_card"})]

    done = await both.sim_post("press", user="wg_li", card="t1", button="签收")

    assert done["updated"] is False
    assert len(bot.got) == 2
    assert await both.errors() == ["callback_late"]


async def test_both_callback_urls_prove_themselves(both: Wire, bot: Bot) -> None:
    assert await both.sim_post("verify") == {"app": True, "小验": True}


async def test_trap_04_a_newline_after_the_echo_fails(both: Wire, bot: Bot) -> None:
    bot.replies = ["newline"]

    assert await both.sim_post("verify") == {"app": False, "小验": False}
    assert await both.errors() == ["echo_wrong"] * 2


async def test_a_picture_to_the_app_is_served_by_media_get(both: Wire, bot: Bot) -> None:
    import base64

    await both.say("app:wg_li", "wg_li", "", image=base64.b64encode(b"\x89PNG x").decode())

    media_id = bot.got[0][1].partition("<MediaId><![CDATA[")[2].partition("]]>")[0]
    token = await both.token()
    path = f"{both.url}/cgi-bin/media/get?access_token={token}&media_id={media_id}"
    async with both.http.get(path) as answer:
        assert await answer.read() == b"\x89PNG x"


async def test_callbacks_carry_the_simulated_moment(both: Wire, bot: Bot) -> None:
    await both.sim_post("clock", advance_s=86400)

    await both.say("app:wg_li", "wg_li", "在吗")

    stamp = int(bot.raw[0][0]["timestamp"])
    assert NOW.startswith("2026-03-04")
    assert 1772672400 <= stamp <= 1772672460
