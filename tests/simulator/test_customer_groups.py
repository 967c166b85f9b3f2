"""Trap 22: customer groups whose views lag behind their letters, and what WeCom refuses."""

from typing import Any

import pytest

from tests.simulator.bots import Bot
from tests.simulator.fakes import Wire, until

GROUP, OWNER = "wrNONE", "Off_Wang"


async def listed(wire: Wire, **body: Any) -> dict[str, Any]:
    return await wire.call("externalcontact/groupchat/list", {"limit": 100, **body})


async def shown(wire: Wire, chat: str = GROUP) -> dict[str, Any]:
    return await wire.call("externalcontact/groupchat/get", {"chat_id": chat, "need_name": 1})


async def does(wire: Wire, what: str, chat: str = GROUP, **more: Any) -> dict[str, Any]:
    return dict(await wire.sim_post("groups", do=what, chat=chat, wait=False, **more))


async def test_customer_groups_of_the_site_are_listed(wire: Wire) -> None:
    answer = await listed(wire)

    assert answer["group_chat_list"] == [{"chat_id": GROUP, "status": 0}]
    assert answer["next_cursor"] == ""
    group = (await shown(wire))["group_chat"]
    assert (group["name"], group["owner"]) == ("三群", OWNER)
    kinds = {one["userid"]: one["type"] for one in group["member_list"]}
    assert (kinds[OWNER], kinds["wmres_a"]) == (1, 2)


async def test_pages_end_with_an_empty_cursor(wire: Wire) -> None:
    for count in range(4):
        await does(wire, "create", f"wrG{count}", owner=OWNER)

    found, cursor, pages = [], "", 0
    while pages == 0 or cursor:
        answer = await listed(wire, limit=2, cursor=cursor)
        found += [row["chat_id"] for row in answer["group_chat_list"]]
        cursor, pages = answer["next_cursor"], pages + 1

    assert (len(found), pages) == (5, 3)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"limit": 1001}, 40058),
        ({"limit": 0}, 40058),
        ({"status_filter": 4}, 40058),
        ({"cursor": "elsewhere"}, 40058),
        ({"owner_filter": {"userid_list": [f"u{n}" for n in range(101)]}}, 40058),
    ],
    ids=["page", "nothing", "status", "cursor", "owners"],
)
async def test_wrong_questions_are_refused(wire: Wire, body: dict[str, Any], code: int) -> None:
    assert (await listed(wire, **body))["errcode"] == code


async def test_too_many_owners_must_be_narrowed(wire: Wire) -> None:
    await wire.sim_post("groups", do="many_owners")

    assert (await listed(wire))["errcode"] == 81017
    mine = await listed(wire, owner_filter={"userid_list": [OWNER.lower()]})
    assert [row["chat_id"] for row in mine["group_chat_list"]] == [GROUP]
    other = await listed(wire, owner_filter={"userid_list": ["wg_li"]})
    assert other["group_chat_list"] == []


async def test_trap_22_a_view_may_be_older_than_the_letter(wire: Wire) -> None:
    before = (await shown(wire))["group_chat"]
    made = await does(wire, "add", users=["res_b"], lag=2)

    views = [(await shown(wire))["group_chat"] for _ in range(3)]

    assert [view["member_version"] for view in views] == [
        before["member_version"],
        before["member_version"],
        made["version"],
    ]


async def test_trap_22_names_may_be_empty_owners_change_and_groups_end(wire: Wire) -> None:
    await does(wire, "rename", name="")
    await does(wire, "owner", owner="wg_li")

    group = (await shown(wire))["group_chat"]
    assert (group["name"], group["owner"]) == ("", "wg_li")
    await does(wire, "owner_left")
    assert (await listed(wire))["group_chat_list"] == [{"chat_id": GROUP, "status": 1}]
    await does(wire, "dismiss")
    assert (await shown(wire))["errcode"] == 90501
    assert (await listed(wire))["group_chat_list"] == []


async def test_trap_22_a_group_that_is_no_customer_group(wire: Wire) -> None:
    assert (await shown(wire, "wrONE"))["errcode"] == 90501
    assert (await shown(wire, "wrNOBODY"))["errcode"] == 90501


@pytest.mark.parametrize(
    ("shape", "written"),
    [
        ("list", "<MemChangeList><![CDATA[wmres_b,wmres_c]]></MemChangeList>"),
        (
            "items",
            "<MemChangeList><Item><![CDATA[wmres_b]]></Item>"
            "<Item><![CDATA[wmres_c]]></Item></MemChangeList>",
        ),
    ],
)
async def test_trap_22_and_6_letters_in_either_shape_without_agentid(
    both: Wire, bot: Bot, shape: str, written: str
) -> None:
    await does(both, "add", users=["res_b", "res_c"], shape=shape)

    await until(lambda: bool(bot.raw))

    (_, raw), (_, plain) = bot.raw[-1], bot.got[-1]
    assert "AgentID" not in raw.decode() + plain
    assert written in plain
    assert "<UpdateDetail><![CDATA[add_member]]>" in plain
