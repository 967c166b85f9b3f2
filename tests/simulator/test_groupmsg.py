"""Trap 23: a mass send is accepted at once and sent only when a member confirms."""

from typing import Any

from tests.simulator.fakes import Wire

GROUP = "wrNONE"


async def call(wire: Wire, what: str, **body: Any) -> dict[str, Any]:
    token = await wire.token()
    path = f"/cgi-bin/externalcontact/{what}?access_token={token}"
    return dict((await wire.ask("POST", path, body))[1])


async def asked(wire: Wire, *chats: str, sender: str = "Off_Wang") -> dict[str, Any]:
    return await call(
        wire,
        "add_msg_template",
        chat_type="group",
        sender=sender,
        chat_id_list=list(chats),
        text={"content": "防骗提醒"},
    )


async def outcome(wire: Wire, msgid: str) -> list[tuple[str, int]]:
    found = await call(wire, "get_groupmsg_send_result", msgid=msgid, userid="Off_Wang")
    return [(row["chat_id"], row["status"]) for row in found["send_list"]]


async def test_trap_23_accepted_but_never_confirmed_is_not_sent(wire: Wire) -> None:
    answer = await asked(wire, GROUP)

    assert (answer["errcode"], answer["fail_list"]) == (0, [])
    assert await outcome(wire, answer["msgid"]) == [(GROUP, 0)]
    assert (await wire.ask("GET", f"/sim/chats/{GROUP}"))[1]["messages"] == []


async def test_trap_23_groups_of_others_stand_in_fail_list(wire: Wire) -> None:
    answer = await asked(wire, GROUP, "wrONE", "wrNOBODY")

    assert answer["fail_list"] == ["wrONE", "wrNOBODY"]


async def test_trap_23_a_confirmed_one_stands_in_the_group(wire: Wire) -> None:
    msgid = (await asked(wire, GROUP))["msgid"]

    await wire.sim_post("groupmsg", msgid=msgid, user="Off_Wang")

    assert await outcome(wire, msgid) == [(GROUP, 1)]
    (line,) = (await wire.ask("GET", f"/sim/chats/{GROUP}"))[1]["messages"]
    assert (line["from"], line["text"]) == ("Off_Wang", "防骗提醒")


async def test_trap_23_the_month_is_full_after_as_many_as_it_has_days(wire: Wire) -> None:
    for _ in range(31):
        msgid = (await asked(wire, GROUP))["msgid"]
        await wire.sim_post("groupmsg", msgid=msgid, user="Off_Wang")
    last = (await asked(wire, GROUP))["msgid"]

    await wire.sim_post("groupmsg", msgid=last, user="Off_Wang")

    assert await outcome(wire, last) == [(GROUP, 3)]


async def test_trap_23_what_is_cancelled_cannot_be_confirmed(wire: Wire) -> None:
    msgid = (await asked(wire, GROUP))["msgid"]
    await call(wire, "cancel_groupmsg_send", msgid=msgid)

    await wire.sim_post("groupmsg", msgid=msgid, user="Off_Wang")

    assert await outcome(wire, msgid) == [(GROUP, 0)]


async def test_trap_23_the_fourth_reminder_of_a_day_is_refused(wire: Wire) -> None:
    msgid = (await asked(wire, GROUP))["msgid"]

    codes = [(await call(wire, "remind_groupmsg_send", msgid=msgid))["errcode"] for _ in range(4)]

    assert codes == [0, 0, 0, 45009]
    assert await wire.errors() == ["groupmsg_remind"]


async def test_trap_23_a_mass_send_without_sender_is_refused(wire: Wire) -> None:
    assert (await asked(wire, GROUP, sender="ghost"))["errcode"] == 40058
