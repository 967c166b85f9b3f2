"""政民沟通 of the simulator, strictly: trap 25 and what only the app may ask."""

from tests.simulator.fakes import Wire

GRIDS = [
    {"grid_id": "w1", "grid_name": "12", "grid_parent_id": "", "grid_admin": ["Off_Wang"],
     "grid_member": ["wg_li"]},
    {"grid_id": "w2", "grid_name": "二格", "grid_parent_id": "w1", "grid_admin": [],
     "grid_member": []},
]  # fmt: skip


async def _ids(wire: Wire, since: int = 0, **more: object) -> list[str]:
    body = {"begin_modify_time": since, "cursor": "", "limit": 20, **more}
    answer = await wire.call("report/resident/get_order_list", body)
    assert answer["errcode"] == 0, answer
    return [row["order_id"] for row in answer["order_list"]]


async def test_grid_name_that_looks_like_a_number_is_printed_as_one_trap_25(wire: Wire) -> None:
    """Trap 25: grid_name int; a renamed grid is renamed on its orders, which did not change."""
    await wire.sim_post("report", grids=GRIDS)
    await wire.sim_post("orders", desc="灯坏了", grid="w1")

    tree = await wire.call("report/grid/list", {})
    assert [one["grid_name"] for one in tree["grid_list"]] == [12, "二格"]
    await wire.sim_post("report", rename={"w1": "东格"})
    info = await wire.call("report/resident/get_order_info", {"order_id": "o1"})
    assert info["order_info"]["grid_name"] == "东格"


async def test_order_without_grid_and_growing_steps_come_again_in_an_overlap_trap_25(
    wire: Wire,
) -> None:
    """Trap 25: an order shows up in two polls, lacks its grid, and only its steps tell."""
    await wire.sim_post("orders", desc="灯坏了", processors=["nobody_of_ours"])
    now = int(wire.sim.clock.seconds())
    await wire.sim_post("clock", advance_s=600)

    assert await _ids(wire, now) == ["o1"]
    assert await _ids(wire, now + 500) == []
    await wire.sim_post("orders/o1", type=7, by="wg_li", words="看过了")
    assert await _ids(wire, now + 500) == ["o1"]
    info = (await wire.call("report/resident/get_order_info", {"order_id": "o1"}))["order_info"]
    assert [step["process_type"] for step in info["process_list"]] == [2, 7]
    assert "grid_id" not in info
    assert not [name for name in info if "modif" in name]


async def test_last_page_has_an_empty_cursor_trap_25(wire: Wire) -> None:
    """Trap 25: "" is the end of the cursor; one that was never handed out is refused."""
    for number in range(21):
        await wire.sim_post("orders", desc=f"第{number}件")
    body = {"begin_modify_time": 0, "cursor": "", "limit": 20}
    first = await wire.call("report/resident/get_order_list", body)
    last = await wire.call(
        "report/resident/get_order_list", {**body, "cursor": first["next_cursor"]}
    )

    assert (len(first["order_list"]), len(last["order_list"])) == (20, 1)
    assert first["next_cursor"]
    assert last["next_cursor"] == ""
    bad = await wire.call("report/resident/get_order_list", {**body, "cursor": "strange"})
    small = await wire.call("report/resident/get_order_list", {**body, "limit": 5})
    assert (bad["errcode"], small["errcode"]) == (40058, 40058)
    assert await wire.errors() == ["report_cursor", "report_limit"]


async def test_app_that_is_not_entered_may_ask_nothing(wire: Wire) -> None:
    await wire.sim_post("report", allowed=False)

    answer = await wire.call("report/grid/list", {})

    assert answer["errcode"] == 48002
    assert await wire.errors() == ["report_permission"]
