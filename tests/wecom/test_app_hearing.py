"""What members say to the app becomes events; what nobody acts on is answered and dropped."""

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest

from bot.events import Clicked, Heard, Joined, Media, ReplyHandle
from bot.messages import Button, Card
from bot.wecom.app import App
from tests.wecom.fakes import NOON, Clock, ListeningEars
from tests.wecom.knocking import Knocker
from tests.wecom.letters import letter

CHAT = "app:officer_lin"
CARD = Card(task_id="t1", title="邻里纠纷", buttons=(Button(text="签收", key="accept|1"),))


@pytest.fixture
async def knocker(app: App, clock: Clock) -> AsyncIterator[Knocker]:
    knocking = Knocker(app, "wwcorp1", clock)
    async with knocking.server:
        yield knocking


async def test_text_is_heard_and_answered_empty(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars
) -> None:
    inner = "<Content><![CDATA[签收 0012]]></Content><MsgId>42</MsgId>"

    answer = await knocker.xml(session, letter("text", inner))

    assert answer == (200, "")
    assert ears.heard == [
        Heard(key="app:42", at=NOON, chat=CHAT, by="officer_lin", door="app", text="签收 0012")
    ]


@pytest.mark.parametrize(
    ("msgtype", "inner", "text", "quote", "media"),
    [
        pytest.param(
            "image",
            "<PicUrl>http://p/1</PicUrl><MediaId>md1</MediaId>",
            "",
            "",
            (Media(kind="image", url="http://p/1", media_id="md1"),),
            id="image",
        ),
        pytest.param(
            "voice",
            "<MediaId>md2</MediaId><Format>amr</Format>",
            "",
            "",
            (Media(kind="voice", media_id="md2"),),
            id="voice",
        ),
        pytest.param(
            "voice",
            "<MediaId>md2</MediaId><Format>amr</Format><Recognition>路灯坏了</Recognition>",
            "路灯坏了",
            "",
            (Media(kind="voice", media_id="md2"),),
            id="voice with its words",
        ),
        pytest.param(
            "location",
            "<Location_X>30.5</Location_X><Location_Y>114.3</Location_Y><Label>东门</Label>",
            "东门",
            "",
            (Media(kind="location", url="geo:30.5,114.3"),),
            id="location",
        ),
        pytest.param(
            "link",
            "<Title>通告</Title><Description>停水</Description><Url>http://u</Url>",
            "",
            "通告\n停水",
            (Media(kind="link", url="http://u"),),
            id="link",
        ),
    ],
)
async def test_other_messages_keep_what_belongs_to_them(
    knocker: Knocker,
    session: aiohttp.ClientSession,
    ears: ListeningEars,
    msgtype: str,
    inner: str,
    text: str,
    quote: str,
    media: tuple[Media, ...],
) -> None:
    await knocker.xml(session, letter(msgtype, f"{inner}<MsgId>1</MsgId>"))

    [event] = ears.heard
    assert isinstance(event, Heard)
    assert (event.text, event.quote, event.media) == (text, quote, media)


def click(key: str, selected: str = "") -> str:
    return letter(
        "event",
        f"<Event>template_card_event</Event><EventKey>{key}</EventKey><TaskId>t1</TaskId>"
        f"<CardType>button_interaction</CardType><ResponseCode>RC72</ResponseCode>{selected}",
    )


async def test_click_brings_its_code_and_what_was_selected(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars
) -> None:
    options = (
        "<SelectedItems><SelectedItem><QuestionKey>a</QuestionKey><OptionIds>"
        "<OptionId>1</OptionId></OptionIds></SelectedItem><SelectedItem><QuestionKey>b"
        "</QuestionKey><OptionIds><OptionId>2</OptionId><OptionId>3</OptionId></OptionIds>"
        "</SelectedItem></SelectedItems>"
    )

    await knocker.xml(session, click("accept|1", options))

    [event] = ears.heard
    assert isinstance(event, Clicked)
    assert (event.task_id, event.button) == ("t1", "accept|1")
    assert event.selected == {"a": ("1",), "b": ("2", "3")}
    assert event.reply == ReplyHandle(kind="code", token="RC72", until=NOON + timedelta(hours=72))


async def test_two_clicks_in_one_second_are_two_events_and_a_redelivery_is_one(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars
) -> None:
    for key in ("accept|1", "send_back|1", "accept|1"):
        assert await knocker.xml(session, click(key)) == (200, "")

    keys = [event.key for event in ears.heard]
    assert len(keys) == 2
    assert all(key.startswith("app:e:") and "officer_lin" not in key for key in keys)


@pytest.mark.parametrize("name", ["subscribe", "enter_agent"])
async def test_opening_the_app_is_a_greeting(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars, name: str
) -> None:
    await knocker.xml(session, letter("event", f"<Event>{name}</Event>"))

    assert isinstance(ears.heard[0], Joined)


@pytest.mark.parametrize(
    "text",
    [
        letter("event", "<Event>LOCATION</Event>"),
        letter("event", ""),
        letter("hologram", "<MsgId>1</MsgId>"),
        letter("text", "<Content>no id</Content>"),
        letter("text", "<Content>nobody</Content><MsgId>1</MsgId>", user=""),
        "<xml><MsgType>text</MsgType><FromUserName><a/><b/></FromUserName></xml>",
    ],
    ids=["location", "nameless", "unknown type", "no MsgId", "no sender", "nested sender"],
)
async def test_what_nobody_acts_on_is_answered_200_and_not_heard(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars, text: str
) -> None:
    assert await knocker.xml(session, text) == (200, "")
    assert ears.heard == []


async def test_moment_falls_back_to_now_when_the_stamp_is_nonsense(
    knocker: Knocker, session: aiohttp.ClientSession, ears: ListeningEars
) -> None:
    stamp = str(int(NOON.timestamp()))
    text = letter("text", "<Content>a</Content><MsgId>{}</MsgId>")
    for number, wrong in enumerate(("soon", "9" * 30, "-5", stamp + "000")):
        await knocker.xml(session, text.replace(stamp, wrong).replace("{}", str(number)))

    assert [getattr(event, "at", None) for event in ears.heard] == [NOON] * 4
