"""Asking a member to send something to groups: what goes over the wire and what comes back."""

from datetime import timedelta

import aiohttp
import pytest

from bot.messages import Outgoing, Text
from bot.wecom.client import Api
from bot.wecom.errors import Limited, Refusal
from bot.wecom.mass import Delivered, MassLane, Outcome
from tests.wecom.api_server import ApiServer
from tests.wecom.fakes import Clock, DictTokens

ADD = "externalcontact/add_msg_template"


@pytest.fixture
def lane(
    server: ApiServer, session: aiohttp.ClientSession, tokens: DictTokens, clock: Clock
) -> MassLane:
    return MassLane(Api(server.config, session, tokens, clock), clock)


def wish(chat: str, text: str = "防骗提醒") -> Outgoing:
    return Outgoing(id=1, key="k1", lane="mass", chat=f"mass:{chat}", message=Text(text=text))


async def test_an_asking_names_sender_and_groups(lane: MassLane, server: ApiServer) -> None:
    server.answers.append({"errcode": 0, "msgid": "g1", "fail_list": ["wrB"]})

    receipt = await lane.send(wish("ask:lin:wrA,wrB"))

    assert server.bodies(ADD) == [
        {
            "chat_type": "group",
            "sender": "lin",
            "chat_id_list": ["wrA", "wrB"],
            "text": {"content": "防骗提醒"},
        }
    ]
    assert (receipt.msgid, receipt.note) == ("g1", "wrB")


async def test_a_sender_who_owns_none_of_the_groups_is_a_refusal(
    lane: MassLane, server: ApiServer
) -> None:
    server.answers.append({"errcode": 0, "msgid": "g1", "fail_list": ["wrA"]})

    with pytest.raises(Refusal):
        await lane.send(wish("ask:lin:wrA"))


async def test_long_words_are_cut_at_a_character(lane: MassLane, server: ApiServer) -> None:
    await lane.send(wish("ask:lin:wrA", "防" * 2000))

    (body,) = server.bodies(ADD)
    assert len(body["text"]["content"].encode()) <= 4000


async def test_reminding_and_cancelling_name_the_mass_send(
    lane: MassLane, server: ApiServer
) -> None:
    await lane.send(wish("remind:g1"))
    await lane.send(wish("cancel:g1"))

    paths = [path.rpartition("/")[2] for path, body in server.calls if body == {"msgid": "g1"}]
    assert paths == ["remind_groupmsg_send", "cancel_groupmsg_send"]


async def test_results_are_read_to_the_last_page(lane: MassLane, server: ApiServer) -> None:
    server.answers.append(
        {"errcode": 0, "send_list": [{"chat_id": "wrA", "status": 1}], "next_cursor": "c2"}
    )
    rows = [{"chat_id": "wrB", "status": 3}, {"chat_id": "wrC", "status": 77}]
    server.answers.append({"errcode": 0, "send_list": rows, "next_cursor": ""})

    found = await lane.results("g1", "lin")

    assert found == [
        Delivered("wrA", Outcome.SENT),
        Delivered("wrB", Outcome.QUOTA),
        Delivered("wrC", Outcome.UNSENT),
    ]
    assert [body["cursor"] for _, body in server.calls] == ["", "c2"]


async def test_too_many_reminders_are_a_limit(lane: MassLane, server: ApiServer) -> None:
    server.answers.append({"errcode": 45009, "errmsg": "freq"})

    with pytest.raises(Limited):
        await lane.send(wish("remind:g1"))


async def test_a_page_ticket_is_fetched_once_and_anew_when_it_ends(
    server: ApiServer, session: aiohttp.ClientSession, tokens: DictTokens, clock: Clock
) -> None:
    from bot.wecom.js_tickets import AGENT, JsTickets, sign

    made = JsTickets(Api(server.config, session, tokens, clock), tokens, clock, "c:7")
    tokens.kept["ticket:agent:c:7"] = ("T-agent", clock() + timedelta(hours=1))

    signature = await made.signature(AGENT, "https://j.example/sidebar?chat=a#top")

    url = "https://j.example/sidebar?chat=a"
    assert signature.signature == sign("T-agent", signature.nonce, signature.timestamp, url)
    assert server.token_calls == 0
