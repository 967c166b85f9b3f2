"""What is said of a made-up matter (编的话): plain sentences with a place; nobody stands behind.

By category where it makes a difference to the eye, else one for all. Called by
``bench.station.matters``.
"""

from dataclasses import dataclass
from random import Random

from config.people_rules import Grid

_TOLD = {
    "P01": "车棚里的电瓶昨晚被拆走了，锁也撬坏了",
    "P03": "楼下两个人吵着吵着推搡起来了",
    "P10": "楼上半夜拖桌子，吵得孩子睡不着",
    "P11": "为楼道里堆东西又吵起来了，谁也不让",
    "P14": "有车堵在单元门口，打电话没人接",
    "P18": "有只大狗没拴绳，追着小孩跑",
    "N01": "垃圾堆在路口两天没人收，味道很大",
    "N03": "路灯不亮，晚上黑，老人不敢走",
    "N04": "电梯又停了，物业说等零件",
    "N05": "水管爆了，水流了一地",
}
_ELSE = "这件事反映过一回，麻烦再来看看"
_RESULTS = (
    "到现场看过，当场处理好了，反映人认可",
    "联系双方谈过，说好了怎么办，过几天再看",
    "核实过，情况属实，已经整改",
    "查看过，没有发现说的情况，已向反映人说明",
)


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one matter, masked and as they were, its place and its result."""

    masked: str
    original: str
    place: dict[str, str]
    result: str
    told: str


def said(rng: Random, category: str, grid: Grid | None) -> Said:
    """Words for a matter of that category."""
    building, room = rng.choice(_houses(grid)), rng.randrange(101, 1899)
    estate = grid.estates[0].name if grid else ""
    words = _TOLD.get(category, _ELSE)
    result = rng.choice(_RESULTS)
    unit = rng.randrange(1, 4)
    place = {"community": estate, "building": str(building), "unit": str(unit)}
    return Said(
        masked=f"{estate}{building}号楼{unit}单元，{words}。电话1**********",
        original=f"{estate}{building}号楼{unit}单元{room}，{words}。电话1{rng.randrange(10**10):010d}",
        place=place,
        result=result,
        told=result,
    )


def _houses(grid: Grid | None) -> range:
    """The numbers of the houses there; the sample's estates list them from 1 on."""
    last = grid.estates[0].buildings.partition("-")[2] if grid else ""
    return range(1, int(last or 17) + 1)
