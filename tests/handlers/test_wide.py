"""大面积事件: the room hears of it, one parent, one line per group, one result for all."""

from datetime import timedelta

import pytest

from config.vocabulary import Stage
from tests.handlers.block import Block, texts_to
from tests.handlers.office import GROUP, Office

ROOM, OWNER = "qiu_ruolan", "luo_jinsong"
WORDS = (
    "桂花苑3号楼停电一天了，麻烦问问",
    "桂花苑8号楼家里没电了，又停电，几天了",
    "桂花苑12号楼停电，一天了还没来电",
)
KNOWN = "停电的事已经知道"


def told(office: Office, count: int = 3) -> list[list[tuple[str, str]]]:
    """What is said while so many residents tell of it, each in private."""
    return [office.says(f"wmHOME{n}", WORDS[n], chat=f"kf:wmHOME{n}") for n in range(count)]


def open_ones(office: Office) -> list[str]:
    return [one.serial for one in office.tickets() if one.stage is not Stage.MERGED]


@pytest.fixture
def declared(office: Office) -> Office:
    """A power cut that the command room has made one matter."""
    told(office)
    office.says(ROOM, f"大面积 {office.tickets()[0].serial}", chat="")
    return office


def test_room_hears_once_that_many_speak_of_it(office: Office) -> None:
    said = [texts_to(one, ROOM) for one in told(office)]

    assert ["大面积" in words for words in said] == [False, False, True]
    again = office.says("wmHOME9", "桂花苑16号楼停电一天了，麻烦问问", chat="kf:wmHOME9")
    assert "大面积" not in texts_to(again, ROOM)


def test_all_become_one_parent(declared: Office) -> None:
    assert len(open_ones(declared)) == 1
    assert len(declared.tickets()[0].voices) == 3


def test_later_voice_attaches_and_opens_nothing(declared: Office) -> None:
    before = len(declared.tickets())

    said = declared.says("wmHOME9", "桂花苑16号楼停电一天了，麻烦问问", chat="kf:wmHOME9")

    assert len(declared.tickets()) == before
    assert len(declared.tickets()[0].voices) == 4
    assert "停电已经知道" in texts_to(said, "wmHOME9")


def test_group_hears_one_line(declared: Office) -> None:
    first = declared.says("wmHOME7", "桂花苑15号楼停电一天了，麻烦问问", chat=GROUP)
    second = declared.says("wmHOME8", "桂花苑17号楼停电一天了，麻烦问问", chat=GROUP)

    lines = [words for chat, words in (*first, *second) if KNOWN in words]
    assert len(lines) == 1
    assert len(open_ones(declared)) == 1


def test_danger_opens_its_own_ticket(declared: Office) -> None:
    declared.says("wmHOME9", "桂花苑16号楼停电，配电箱着火了，快来人", chat="kf:wmHOME9")

    assert len(open_ones(declared)) == 2


def test_one_result_goes_to_everybody(declared: Office) -> None:
    block = Block(declared.database, declared.rules)
    block.now, block._count = declared.now, 100
    serial = declared.tickets()[0].serial
    owner = declared.tickets()[0].owner

    block.says(owner, f"处置 {serial} 线路已抢修好，全部恢复供电", chat="")
    said = block.later(2)

    told_of = {chat for chat, words in said if "有结果了" in words}
    assert {f"kf:wmHOME{n}" for n in range(3)} <= told_of


def test_other_grid_and_later_day_are_other_matters(declared: Office) -> None:
    declared.says("wmFAR", "石桥村停电一天了，麻烦问问", chat="kf:wmFAR")
    assert len(open_ones(declared)) == 2

    declared.now += timedelta(days=2)
    before = len(declared.tickets()[0].voices)
    declared.says("wmLATE", "桂花苑2号楼停电了，又停电", chat=GROUP)
    assert len(declared.tickets()[0].voices) in (before, before + 1)


def test_only_the_room_may_say_so(office: Office) -> None:
    told(office)

    said = office.says("fang_xiaoman", f"大面积 {office.tickets()[0].serial}", chat="")

    assert KNOWN not in texts_to(said, "fang_xiaoman")
    assert all(one.stage is not Stage.MERGED for one in office.tickets())


def test_other_matters_are_refused(office: Office) -> None:
    office.says("wmHOME1", "桂花苑3号楼门口的路灯坏了好几天，晚上一直不亮", chat=GROUP)

    said = office.says(ROOM, f"大面积 {office.tickets()[0].serial}", chat="")

    assert "不是大面积事件" in texts_to(said, ROOM)
