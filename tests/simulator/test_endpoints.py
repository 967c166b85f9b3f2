"""Every endpoint that the notes on the protocol name is served, and the younger ones are strict."""

from collections.abc import Mapping
from typing import Any

import pytest

from simulator import archive_api
from simulator.server import ENDPOINTS, OPEN_ENDPOINTS
from tests.simulator.fakes import Wire

_NOTES = """
gettoken getcallbackip message/send message/recall message/update_template_card media/upload
media/get appchat/create appchat/update appchat/get appchat/send department/list user/get
user/list_id tag/list tag/get auth/getuserinfo batch/openuserid_to_userid webhook/send
webhook/upload_media aibot/response externalcontact/groupchat/list externalcontact/groupchat/get
externalcontact/add_msg_template externalcontact/get_groupmsg_send_result
externalcontact/remind_groupmsg_send externalcontact/cancel_groupmsg_send kf/sync_msg kf/send_msg
kf/send_msg_on_event kf/service_state/get kf/service_state/trans kf/add_contact_way
msgaudit/get_permit_user_list msgaudit/check_room_agree msgaudit/groupchat/get
report/grid/add report/grid/update report/grid/delete report/grid/list
report/grid/get_user_grid_info report/grid/add_cata report/grid/update_cata
report/grid/delete_cata report/grid/list_cata
report/patrol/get_grid_info report/patrol/get_corp_status report/patrol/get_user_status
report/patrol/category_statistic report/patrol/get_order_list report/patrol/get_order_info
report/resident/get_grid_info report/resident/get_corp_status report/resident/get_user_status
report/resident/category_statistic report/resident/get_order_list report/resident/get_order_info
"""
NAMED = frozenset(_NOTES.split())


@pytest.mark.parametrize("name", sorted(NAMED))
def test_named_endpoint_is_served(name: str) -> None:
    assert name in ENDPOINTS or name in OPEN_ENDPOINTS


@pytest.mark.parametrize("name", sorted(NAMED - {"gettoken", "aibot/response"}))
async def test_nothing_is_answered_without_a_credential(wire: Wire, name: str) -> None:
    """Trap 16: 41001 where the token is missing; a webhook's key is its own credential."""
    _, answer = await wire.ask("POST", f"/cgi-bin/{name}", {})

    assert answer["errcode"] in ((93000, 44001) if name.startswith("webhook/") else (41001,))


# ------------------------------------------------------------- tags
async def test_tag_names_who_carries_it_within_the_visible_range(wire: Wire) -> None:
    users = ["Off_Wang", "wg_li", "cmd_zhao"]
    await wire.sim_post("tags", tag=1, name="夜班", users=users, departments=[1])
    await wire.sim_post("staff", user="wg_li", does="leave", told=False)
    await wire.sim_post("staff", user="cmd_zhao", does="hide")

    listed = await wire.call("tag/list")
    found = await wire.call("tag/get", tagid="1")

    assert listed["taglist"] == [{"tagid": 1, "tagname": "夜班"}]
    assert found["userlist"] == [{"userid": "off_wang", "name": "王所"}]
    assert (found["tagname"], found["partylist"]) == ("夜班", [1])
    assert await wire.errors() == []


async def test_tag_is_asked_for_by_a_get_with_a_number_that_exists(wire: Wire) -> None:
    assert (await wire.call("tag/get", tagid="9"))["errcode"] == 40068
    assert (await wire.call("tag/get", tagid="夜班"))["errcode"] == 40068
    assert (await wire.call("tag/get", {"tagid": 1}))["errcode"] == 40058
    assert (await wire.call("tag/list", {"x": 1}))["errcode"] == 40058
    assert await wire.errors() == ["tag_unknown", "tag_unknown", "parameter", "parameter"]


@pytest.mark.parametrize(
    ("body", "status"),
    [({"tag": 0}, 400), ({"tag": True}, 400), ({"tag": 1, "users": ["nobody"]}, 404)],
)
async def test_tag_that_cannot_be_is_refused_by_the_control_api(
    wire: Wire, body: dict[str, Any], status: int
) -> None:
    assert (await wire.ask("POST", "/sim/tags", body))[0] == status


# ------------------------------------------------------------- rooms of the archive
async def test_room_of_members_is_shown_to_the_archives_token_only(wire: Wire) -> None:
    token = await wire.token(archive_api.secret_of(wire.sim))
    asked = "/cgi-bin/msgaudit/groupchat/get?access_token="

    _, shown = await wire.ask("POST", asked + token, {"roomid": "wrONE"})
    _, outside = await wire.ask("POST", asked + token, {"roomid": "wrNONE"})
    _, by_app = await wire.ask("POST", asked + await wire.token(), {"roomid": "wrONE"})

    assert (shown["errcode"], shown["roomname"], shown["creator"]) == (0, "一群", "Off_Wang")
    assert [one["memberid"] for one in shown["members"]] == ["Off_Wang", "wg_li"]
    assert (outside["errcode"], by_app["errcode"]) == (40058, 40014)


# ------------------------------------------------------------- 政民沟通
GRID = {"grid_name": "东格", "grid_parent_id": "", "grid_admin": ["Off_Wang"], "grid_member": []}


async def add(wire: Wire, **more: Any) -> dict[str, Any]:
    return await wire.call("report/grid/add", {**GRID, **more})


async def test_grid_is_made_changed_and_taken_away(wire: Wire) -> None:
    made = await add(wire, grid_member=["wg_li", "ghost"])
    below = await add(wire, grid_name="东一", grid_parent_id=made["grid_id"])
    own = {"grid_id": made["grid_id"]}

    assert made["invalid_userids"] == ["ghost"]
    assert (await wire.call("report/grid/delete", own))["errcode"] == 40058
    changed = await wire.call("report/grid/update", {**own, "grid_name": "西格", "grid_member": []})
    assert changed["errcode"] == 0
    tree = (await wire.call("report/grid/list", {}))["grid_list"]
    assert [(one["grid_name"], one["grid_member"]) for one in tree] == [("西格", []), ("东一", [])]
    for grid in (below, made):
        gone = await wire.call("report/grid/delete", {"grid_id": grid["grid_id"]})
        assert gone["errcode"] == 0
    assert (await wire.call("report/grid/list", {}))["grid_list"] == []


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        pytest.param({"grid_name": "字" * 31}, "report_grid_name", id="31 characters"),
        pytest.param({"grid_name": "东格"}, "report_grid_name", id="the name of its neighbour"),
        pytest.param({"grid_admin": []}, "report_grid_admin", id="nobody in charge"),
        pytest.param({"grid_admin": ["x"] * 21}, "report_grid_admin", id="21 in charge"),
        pytest.param({"grid_member": ["x"] * 101}, "report_grid_member", id="101 members"),
        pytest.param({"grid_parent_id": "no"}, "report_grid", id="an unknown parent"),
    ],
)
async def test_grid_that_breaks_a_limit_is_refused(
    wire: Wire, more: Mapping[str, Any], rule: str
) -> None:
    await add(wire)

    assert (await add(wire, **{"grid_name": "另一格", **more}))["errcode"] == 40058
    assert await wire.errors() == [rule]


async def test_tree_is_ten_deep_and_one_member_manages_ten(wire: Wire) -> None:
    parent = ""
    for level in range(10):
        made = await add(wire, grid_name=f"第{level}层", grid_parent_id=parent)
        parent = made["grid_id"]

    assert (await add(wire, grid_parent_id=parent, grid_admin=["wg_li"]))["errcode"] == 40058
    assert (await add(wire, grid_name="第十一个"))["errcode"] == 40058
    assert await wire.errors() == ["report_grid_depth", "report_admin_grids"]


async def test_categories_have_two_levels(wire: Wire) -> None:
    top = await wire.call("report/grid/add_cata", {"category_name": "设施", "level": 1})
    above = {"level": 2, "parent_category_id": top["category_id"]}
    lamp = await wire.call("report/grid/add_cata", {"category_name": "路灯", **above})

    renamed = {"category_id": lamp["category_id"], "category_name": "灯", **above}
    assert (await wire.call("report/grid/update_cata", renamed))["errcode"] == 0
    listed = (await wire.call("report/grid/list_cata", {}))["category_list"]
    assert [one["category_name"] for one in listed] == ["设施", "灯"]
    for body in (
        {"category_name": "x", "level": 3},
        {"category_name": "x", "level": 2},
        {"category_name": "x", "level": 2, "parent_category_id": lamp["category_id"]},
        {"category_name": "字" * 31, "level": 1},
    ):
        assert (await wire.call("report/grid/add_cata", body))["errcode"] == 40058
    own = {"category_id": top["category_id"]}
    assert (await wire.call("report/grid/delete_cata", own))["errcode"] == 40058
    for one in (lamp, top):
        gone = await wire.call("report/grid/delete_cata", {"category_id": one["category_id"]})
        assert gone["errcode"] == 0


async def test_orders_are_counted_for_corp_member_and_category(wire: Wire) -> None:
    top = await wire.call("report/grid/add_cata", {"category_name": "设施", "level": 1})
    for desc in ("灯坏了", "井盖没了"):
        await wire.sim_post("orders", desc=desc, processors=["wg_li"], case="设施")
    await wire.sim_post("orders/o1", type=5, by="wg_li", words="修好了")

    corp = await wire.call("report/resident/get_corp_status", {})
    own = await wire.call("report/resident/get_user_status", {"userid": "WG_LI"})
    by = await wire.call("report/resident/category_statistic", {"category_id": top["category_id"]})
    patrol = await wire.call("report/patrol/get_corp_status", {})

    assert corp | {"errmsg": "ok"} == {
        "errcode": 0, "errmsg": "ok", "processing": 1, "added_today": 2, "solved_today": 1,
        "pending": 1, "total_case": 2, "total_solved": 1, "total_accepted": 2,
    }  # fmt: skip
    assert (own["processing"], own["solved_today"]) == (1, 1)
    assert [(one["total_case"], one["total_solved"]) for one in by["dashboard_list"]] == [(2, 1)]
    assert (patrol["total_case"], patrol["to_be_assigned"]) == (0, 0)
    for what, body in (
        ("get_corp_status", {"grid_id": "no"}),
        ("get_user_status", {"userid": "ghost"}),
        ("category_statistic", {"category_id": "no"}),
    ):
        assert (await wire.call(f"report/resident/{what}", body))["errcode"] != 0
