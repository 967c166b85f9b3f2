"""A county as a site folder (一个县的站点目录): the sample site with many grids, staff and groups.

Every grid has an officer, an auxiliary, a leader, a worker and a mediator of its own, one estate of
sixty houses and as many groups as fall to it; everything else is the sample's. ``Size`` says how
many. Used by ``bench.scale`` and whoever needs a big station with addresses like a real one's.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SITE = Path(__file__).parents[1] / "config" / "site"
HOUSES = 60
_ROLES = ("officer", "auxiliary", "grid_leader", "grid_worker", "mediator")
_NAMES = ("民警", "辅警", "网格长", "网格员", "调解员")
_HAN = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Size:
    """How big a county is."""

    tickets: int
    people: int
    groups: int
    grids: int


COUNTY = Size(1_000_000, 100_000, 2_000, 500)
VILLAGE = Size(1_000, 100, 4, 3)


def write(folder: Path, size: Size) -> Path:
    """The site folder of a county of that size, made anew in ``folder``."""
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(SITE, folder)
    _change(folder / "roster.yaml", lambda known: _roster(known, size))
    _change(folder / "grids.yaml", lambda known: _grids(known, size))
    _change(folder / "chats.yaml", lambda known: _chats(known, size))
    return folder


def _change(file: Path, change: Any) -> None:
    known = yaml.safe_load(file.read_text("utf-8"))
    change(known)
    file.write_text(yaml.safe_dump(known, allow_unicode=True, sort_keys=False), "utf-8")


def _more(size: Size) -> range:
    """Numbers of the grids that the sample does not have."""
    return range(3, size.grids)


def _word(number: int) -> str:
    return "".join(_HAN[int(digit)] for digit in f"{number:04}")


def _roster(known: dict[str, Any], size: Size) -> None:
    for number in _more(size):
        for role, name in zip(_ROLES, _NAMES, strict=True):
            known["people"].append({
                "id": f"{role}_{number:04}", "name": f"{name}{_word(number)}", "role": role,
                "unit": f"警务室{_word(number)}", "grids": [f"g{number:04}"],
            })  # fmt: skip


def _grids(known: dict[str, Any], size: Size) -> None:
    for number in _more(size):
        known["grids"].append({
            "id": f"g{number:04}", "name": f"网格{_word(number)}",
            "community": f"社区{_word(number)}",
            "post": f"警务室{_word(number)}", "officer": f"officer_{number:04}",
            "auxiliary": f"auxiliary_{number:04}", "leader": f"grid_leader_{number:04}",
            "workers": [f"grid_worker_{number:04}"], "mediator": f"mediator_{number:04}",
            "estates": [{"name": f"小区{_word(number)}", "buildings": f"1-{HOUSES}"}],
            "landmarks": ["东门", "北门", "车棚"],
        })  # fmt: skip


def _chats(known: dict[str, Any], size: Size) -> None:
    grids = ["g01", "g02", "g03", *(f"g{number:04}" for number in _more(size))]
    for number in range(size.groups - len(known["chats"])):
        grid = grids[(number + 3) % len(grids)]
        known["chats"].append({
            "id": f"wrBENCH{number:05}", "name": f"业主群{_word(number)}", "kind": "internal_group",
            "grid": grid, "public": True, "robots": ["小警"],
        })  # fmt: skip
