"""What people say to the doors under load (压力里的话): made-up, each from somebody else.

``reports`` open a ticket each as long as there are houses: another house, another matter; after
``DIFFERENT`` of them the same matter of the same house comes again and joins the ticket there is.
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
    "{place}门口的车把消防通道堵死了，叫也叫不走",
    "{place}前面的井盖不见了，晚上走路怕踩空",
    "{place}有人养狗不拴绳，老往人身上扑",
    "{place}墙上贴满了小广告，撕了又贴",
)
_HOUSES = (
    *(f"桂花苑{house}号楼" for house in range(1, 19)),
    *(f"槐安里{house}号楼" for house in range(1, 10)),
    *(f"石桥村{house}号" for house in range(1, 121)),
)
DIFFERENT = len(_HOUSES) * len(_MATTERS)


def reports(start: int, count: int) -> Iterator[Said]:
    """So many, numbered from ``start``."""
    for number in range(start, start + count):
        place = _HOUSES[number % len(_HOUSES)]
        text = _MATTERS[number // len(_HOUSES) % len(_MATTERS)].format(place=place)
        yield Said(f"7{number:015}", f"wmBench{number:09}", text)


def greetings(start: int, count: int) -> Iterator[Said]:
    """Small talk that is answered and opens nothing."""
    for number in range(start, start + count):
        yield Said(f"8{number:015}", f"wmBench{number:09}", "你好，在吗")
