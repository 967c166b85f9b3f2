"""Places as people type them: house numbers, rooms, floors, roads; and numbers that are none."""

import pytest

from bot.domain.places import Place, find_place
from bot.domain.words import normalise

_CASES = [
    ("3-2-501", {"building": "3", "unit": "2", "room": "501"}),
    ("我住3-2-501 楼上漏水", {"building": "3", "unit": "2", "room": "501"}),
    ("7-2-1203那家", {"building": "7", "unit": "2", "room": "1203"}),
    ("3#501漏水", {"building": "3", "room": "501"}),
    ("3栋501吵架", {"building": "3", "room": "501"}),
    ("三号楼二单元五零一", {"building": "3", "unit": "2", "room": "501"}),
    ("三号楼二单元楼道", {"building": "3", "unit": "2"}),
    ("12幢1单元", {"building": "12", "unit": "1"}),
    ("a座1204室", {"building": "A", "room": "1204"}),
    ("十二栋二单元三零二", {"building": "12", "unit": "2", "room": "302"}),
    ("8号楼3单元601室", {"building": "8", "unit": "3", "room": "601"}),
    ("5号楼门口", {"building": "5"}),
    ("2单元503", {"unit": "2", "room": "503"}),
    ("302那家天天吵", {"room": "302"}),
    ("1104在门口堆垃圾", {"room": "1104"}),
    ("房号打错了 是1602不是1206", {"room": "1602"}),
    ("对面17楼窗台", {"floor": "17"}),
    ("五楼拉线下来", {"floor": "5"}),
    ("地下室负一楼", {"floor": "-1"}),
    ("b2车库", {"floor": "-2"}),
    ("振华楼10f前台", {"floor": "10"}),
    ("商场首层服务台", {"floor": "1"}),
    ("宏泰大厦125楼", {"floor": "125"}),
    ("文昌路18号", {"road": "文昌路", "road_no": "18"}),
    ("槐安街125号门口", {"road": "槐安街", "road_no": "125"}),
    ("石桥村68号", {"road_no": "68"}),
    ("桂花苑11号", {"building": "11"}),
    ("4栋北面", {"building": "4"}),
    ("10号楼2单元电梯", {"building": "10", "unit": "2"}),
    ("二十一栋", {"building": "21"}),
    ("21-2-1403门上", {"building": "21", "unit": "2", "room": "1403"}),
    ("122-10-905", {"building": "122", "unit": "10", "room": "905"}),
    ("110幢4单元", {"building": "110", "unit": "4"}),
    ("我电话13900005678", {}),
    ("打了110和12345都没用", {}),
    ("2680元的卡", {}),
    ("欠了3000块", {}),
    ("10点半还在敲", {}),
    ("2026-3-4那天", {}),
    ("3月5号的事", {}),
    ("路灯坏了", {}),
    ("走路上学", {}),
    ("等了40分钟", {}),
    ("有20多个人", {}),
    ("5号来水", {}),
]


@pytest.mark.parametrize(("text", "expected"), _CASES, ids=[text for text, _ in _CASES])
def test_numbers_of_a_place_are_found(text: str, expected: dict[str, str]) -> None:
    place = find_place(text, None, ())

    found = {name: getattr(place, name) for name in place.__slots__ if getattr(place, name)}
    found.pop("floor_said", None)
    if "road" not in expected:
        found.pop("road", None)
    assert found == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("五楼拉线下来", "五楼"),
        ("振华楼10F前台", "10f"),
        ("车停在负一层", "负一层"),
        ("负二楼停车场进水", "负二楼"),
        ("地下二层车库", "地下二层"),
        ("商场首层服务台", "首层"),
        ("B1车库", "b1"),
        ("5-1-1102", ""),
    ],
)
def test_storey_is_also_told_in_the_words_that_said_it(text: str, said: str) -> None:
    assert find_place(normalise(text).text, None, ()).floor_said == said


def test_longest_landmark_wins() -> None:
    assert find_place("在文化广场那边", None, ("广场", "文化广场")).landmark == "文化广场"


def test_empty_place_is_false_and_a_door_is_exact() -> None:
    assert not Place()
    assert Place(building="3").is_exact
    assert not Place(landmark="东门").is_exact
