import ast
import sys
from pathlib import Path

import pytest

from simulator.limits import RULES
from simulator.world import load_world
from tests.simulator.corp import write_site

HOUSE = Path(__file__).parents[2] / "simulator"


def test_the_sample_station_is_a_world() -> None:
    world = load_world(HOUSE.parent / "config" / "site")

    assert {robot.mode for robot in world.robots.values()} == {"socket", "callback"}
    assert all(chat.members for chat in world.chats.values())
    assert "resident" in {person.role for person in world.people.values()}


def test_yaml_is_read_as_1_2_and_explicit_members_count(site: Path) -> None:
    write_site(site)
    (site / "chats.yaml").write_text(
        "chats:\n  - {id: wrA, name: 22:30, grid: g1, members: [cmd_zhao], robots: [小试]}\n",
        "utf-8",
    )

    chat = load_world(site).chats["wrA"]

    assert chat.name == "22:30"
    assert chat.members == ("Off_Wang", "wg_li", "cmd_zhao")


def test_a_group_without_grid_holds_all_workers_leaders_and_officers(site: Path) -> None:
    world = load_world(write_site(site))

    assert world.chats["wrTWO"].members == ("Off_Wang", "wg_li")


def test_a_missing_file_is_an_error(site: Path) -> None:
    write_site(site)
    (site / "demo.yaml").unlink()

    with pytest.raises(FileNotFoundError):
        load_world(site)


@pytest.mark.parametrize("path", sorted(HOUSE.glob("*.py")), ids=lambda path: path.name)
def test_the_simulator_imports_nothing_of_the_bot(path: Path) -> None:
    allowed = {"simulator", "aiohttp", "cryptography", "yaml"} | set(sys.stdlib_module_names)

    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module).partition(".")[0])

    assert found <= allowed


def test_every_rule_of_the_table_is_used_and_every_used_rule_is_in_it() -> None:
    source = "".join(path.read_text("utf-8") for path in HOUSE.glob("*.py"))
    table = (HOUSE / "limits.py").read_text("utf-8")
    elsewhere = source.replace(table, "")
    built = {
        f"{kind}_{window}"
        for kind in ("conversation", "member", "upload")
        for window in ("minute", "hour")
    }

    unused = {name for name in RULES if f'"{name}"' not in elsewhere} - built

    assert unused == set()
