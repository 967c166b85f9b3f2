"""What people say to the doors under load (压力里的话): made-up, each from somebody else.

``reports`` open a ticket each: another house, another neighbour, turn by turn another matter.
"""

from collections.abc import Iterator

from bench.door.wire import Said

_MATTERS = (
    "{place}门口的路灯坏了三天了，晚上黑得看不见路，麻烦派人修一下",
    "{place}楼道里堆满了纸箱和旧沙发，进出都不方便，请来看看",
    "{place}楼上天天半夜放音乐跳舞，吵得孩子睡不着",
    "{place}的电梯按了没反应，老人上下楼很不方便",
    "{place}有人把电动车推进楼道里充电，飞线从窗户拉下来",
    "{place}下水道堵了，污水漫到路上来了，味道很大",
)
_HOUSES, _DOORS = 18, 60


def reports(start: int, count: int) -> Iterator[Said]:
    """So many, numbered from ``start``."""
    for number in range(start, start + count):
        house, door = number % _HOUSES + 1, number // _HOUSES % _DOORS + 1
        place = f"桂花苑{house}号楼{door // 10 + 1}单元{door // 2 + 1}0{door % 4 + 1}"
        text = _MATTERS[number % len(_MATTERS)].format(place=place)
        yield Said(f"7{number:015}", f"wmBench{number:09}", text)


def thanks(start: int, count: int) -> Iterator[Said]:
    """Small talk, each from somebody else."""
    for number in range(start, start + count):
        yield Said(f"8{number:015}", f"wmBench{number:09}", "你好，在吗")
