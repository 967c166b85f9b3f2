"""Customer groups on the wire: lists by page, views without residents, letters in two shapes."""

from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.door_events import GroupChange
from bot.events import pack, unpack
from bot.wecom.client import Api
from bot.wecom.crypto import read_xml
from bot.wecom.customer_groups import CustomerGroups, Listed, letter_in
from bot.wecom.errors import NoCustomerGroup, Refusal
from tests.wecom.api_server import ApiServer
from tests.wecom.fakes import Clock, DictTokens

LIST, GET = "externalcontact/groupchat/list", "externalcontact/groupchat/get"
NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)


@pytest.fixture
def groups(
    server: ApiServer, session: aiohttp.ClientSession, tokens: DictTokens, clock: Clock
) -> CustomerGroups:
    return CustomerGroups(Api(server.config, session, tokens, clock))


def page(*rows: tuple[str, int], after: str = "") -> dict[str, Any]:
    shown = [{"chat_id": chat, "status": status} for chat, status in rows]
    return {"errcode": 0, "group_chat_list": shown, "next_cursor": after}


async def test_the_list_is_read_to_its_last_page(groups: CustomerGroups, server: ApiServer) -> None:
    server.answers += [page(("wrA", 0), ("wrB", 1), after="c2"), page(("wrC", 2), ("wrD", 3))]

    found = await groups.listed(["lin"])

    assert found == [
        Listed("wrA", False),
        Listed("wrB", True),
        Listed("wrC", True),
        Listed("wrD", False),
    ]
    assert [body["cursor"] for body in server.bodies(LIST)] == ["", "c2"]
    assert all("owner_filter" not in body for body in server.bodies(LIST))
    assert all(1 <= body["limit"] <= 1000 for body in server.bodies(LIST))


async def test_too_many_owners_are_asked_a_hundred_at_a_time(
    groups: CustomerGroups, server: ApiServer
) -> None:
    server.answers += [
        {"errcode": 81017, "errmsg": "too many"},
        page(("wrA", 0)),
        page(("wrA", 0), ("wrB", 0)),
    ]

    found = await groups.listed([f"u{count}" for count in range(150)])

    assert [one.chat for one in found] == ["wrA", "wrB"], "each group once"
    asked = [body.get("owner_filter") for body in server.bodies(LIST)]
    assert asked[0] is None
    assert [len(one["userid_list"]) for one in asked[1:] if one] == [100, 50]


async def test_of_a_group_only_colleagues_are_named(
    groups: CustomerGroups, server: ApiServer
) -> None:
    members = [
        {"userid": "lin", "type": 1, "name": "林"},
        {"userid": "wmA", "type": 2, "name": "甲", "unionid": "ox"},
        {"userid": "wmB", "type": 2, "name": "乙"},
    ]
    group = {"chat_id": "wrA", "name": "", "owner": "lin", "member_version": "v1"}
    server.answers.append({"errcode": 0, "group_chat": group | {"member_list": members}})

    view = await groups.view("wrA")

    assert (view.name, view.owner, view.version) == ("", "lin", "v1")
    assert (view.colleagues, view.residents) == (("lin",), 2)
    assert "甲" not in repr(view)
    assert server.bodies(GET) == [{"chat_id": "wrA", "need_name": 0}], "names are not asked for"


@pytest.mark.parametrize(
    ("code", "fault"), [(90501, NoCustomerGroup), (40058, Refusal)], ids=["none", "bad"]
)
async def test_a_group_that_is_none_is_told_apart(
    groups: CustomerGroups, server: ApiServer, code: int, fault: type[Exception]
) -> None:
    server.answers.append({"errcode": code, "errmsg": "no"})

    with pytest.raises(fault):
        await groups.view("wrA")


def letter(inner: str) -> dict[str, Any]:
    return read_xml(
        "<xml><ToUserName>ww</ToUserName><FromUserName>sys</FromUserName>"
        "<CreateTime>1772586000</CreateTime><MsgType>event</MsgType>"
        f"<Event>change_external_chat</Event><ChatId>wrA</ChatId>{inner}</xml>"
    )


def added(members: str, more: str = "") -> dict[str, Any]:
    return letter(
        "<ChangeType>update</ChangeType><UpdateDetail>add_member</UpdateDetail>"
        f"{members}<LastMemVer>v1</LastMemVer><CurMemVer>v2</CurMemVer>{more}"
    )


@pytest.mark.parametrize(
    ("members", "joined"),
    [
        ("<MemChangeList>wmA,lin, wmB</MemChangeList>", 2),
        ("<MemChangeList>wmA</MemChangeList>", 1),
        ("<MemChangeList><Item>wmA</Item><Item>lin</Item><Item>woB</Item></MemChangeList>", 2),
        ("<MemChangeList><Item>wmA</Item></MemChangeList>", 1),
        ("<MemChangeList><Item>lin</Item></MemChangeList>", 0),
        ("<MemChangeList></MemChangeList><MemChangeCnt>3</MemChangeCnt>", 3),
        ("<MemChangeCnt>4</MemChangeCnt>", 4),
        ("", 0),
    ],
    ids=["comma", "one", "items", "one item", "colleague", "empty", "count only", "nothing"],
)
def test_trap_22_members_come_in_either_shape(members: str, joined: int) -> None:
    event = letter_in(added(members), NOW)

    assert event is not None
    assert (event.change, event.joined) == (GroupChange.JOINED, joined)
    assert event.version == "v2"
    assert "wmA" not in pack(event), "nobody is kept by id"


@pytest.mark.parametrize(
    ("inner", "change"),
    [
        ("<ChangeType>create</ChangeType>", GroupChange.CREATED),
        ("<ChangeType>dismiss</ChangeType>", GroupChange.DISMISSED),
        *(
            (f"<ChangeType>update</ChangeType><UpdateDetail>{name}</UpdateDetail>", change)
            for name, change in (
                ("del_member", GroupChange.LEFT),
                ("change_owner", GroupChange.OWNER),
                ("change_name", GroupChange.NAME),
                ("change_notice", GroupChange.NOTICE),
            )
        ),
    ],
)
def test_every_change_is_known(inner: str, change: GroupChange) -> None:
    event = letter_in(letter(inner), NOW)

    assert event is not None
    assert event.change is change
    assert event.joined == 0
    assert unpack(pack(event)) == event


def test_unknown_letters_are_left() -> None:
    assert letter_in(letter("<ChangeType>paint</ChangeType>"), NOW) is None
    assert letter_in({"Event": "change_external_chat", "ChangeType": "create"}, NOW) is None


def test_a_letter_told_twice_has_one_key_and_two_in_a_second_have_two() -> None:
    one = letter_in(added("<MemChangeList>wmA</MemChangeList>"), NOW)
    again = letter_in(added("<MemChangeList>wmA</MemChangeList>"), NOW)
    other = letter_in(added("<MemChangeList>wmB</MemChangeList>"), NOW)

    assert one is not None
    assert again is not None
    assert other is not None
    assert one.key == again.key != other.key
