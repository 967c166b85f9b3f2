"""Finds where it happened (地点): building, unit, floor, room, road number, landmark.

The group already fixes the community; people then write 3-2-501, 3#501, 三号楼二单元, 东门口.
First the grid's own names, then numerals. Phones, prices, dates and corrected numbers (不是1206)
are taken out before. Called by ``bot.domain.reading``; pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.domain.numbers import to_digits
from bot.domain.privacy import without_numbers


class GridView(Protocol):
    """What the reader must know of the group's grid (网格): its names, nothing else."""

    @property
    def community(self) -> str:
        """The community that the grid belongs to."""
        ...

    @property
    def estates(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """(name, other names) of each estate or village."""
        ...

    @property
    def landmarks(self) -> tuple[str, ...]:
        """Spots that people of the grid call by name."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened; numbers as arabic digits, letters upper case, "" when not said."""

    community: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    road: str = ""
    road_no: str = ""
    landmark: str = ""

    @property
    def is_exact(self) -> bool:
        """True when a stranger to the group would find the door, the building or the house."""
        return bool(self.building or self.room or self.unit or self.road_no)

    def __bool__(self) -> bool:
        """True when anything of the place is said."""
        return any(getattr(self, name) for name in self.__slots__)


_N = r"(?:[0-9]{1,4}|[零〇一二两三四五六七八九十百]{1,5})"
_NL = rf"(?:{_N}[a-z]?|[a-z][0-9]{{0,2}}|[甲乙丙丁东西南北])"
_DASH = r"[-—–－_~/\\ ]"
_FULL = re.compile(
    rf"(?<![\d.\-a-z])([a-z]?\d{{1,4}}[a-z]?){_DASH}(\d{{1,2}}){_DASH}(\d{{2,4}})(?![\d\-]|元|块|米|斤)"
)
_TWO = re.compile(
    r"(?<![\d.\-a-z])([a-z]?[1-9]\d{0,2}[a-z]?)[-—#－](\d{3,4})(?![\d\-]|元|块|米|斤|年|人)"
)
_UNIT_ROOM = re.compile(rf"({_NL})单元[-—]?(\d{{3,4}})(?!\d|元|块)")
_BUILDING = re.compile(
    rf"(?<![\d第a-z路])({_N}[a-z]?|[a-z]\d{{0,2}})\s?"
    r"(?:号楼|#楼|号住宅楼|栋|幢|座(?!谈|位|机)|#|号(?=[\d一二三四五六七八九十]{1,3}单元|[a-z]?座|院))"
)
_YARD = re.compile(
    r"(?<=[区苑园庭墅])\s?([a-z]?\d{1,4})号(?!楼|线|门|房|店|口|机|码|车|桌|[早晚上下凌])"
)
_UNIT = re.compile(rf"({_N}|[a-z甲乙丙丁东西南北])\s?单元")
_FLOOR = re.compile(
    r"(?<![\d第#a-z])(负?-?(?:1?[0-9]{1,2}|[一二两三四五六七八九十首]{1,3}))"
    r"(?:(?:层|楼)(?!盘|栋|长|市)|f(?![a-z0-9]))"
)
_BELOW = re.compile(r"(?<![a-z0-9])(b[1-4])(?![a-z0-9])(?:层|楼)?")
_ROOM = re.compile(rf"(?<![\d.])({_N}[a-z]?)\s?(?:室|号房(?!屋)|房间|户(?=人|的|$))")
_BARE_ROOM = re.compile(
    r"(?<![\d.\-:第])(\d{3,4})(?=(?:那|这)?(?:家|户|屋)|的?(?:邻居|业主|住户|租客)|在门口|门口|楼上|楼下|对门|隔壁)"
)
_AFTER = re.compile(
    r"(?:号楼|#楼|栋|幢|座|单元|层|楼|#)[\s,，]{0,2}(\d{3,4}|[零〇一二三四五六七八九]{3,4})(?![\d元块年人户米斤]|多|来)"
)
_SAID_ROOM = re.compile(r"(?:房号|门牌|房间号|门牌号|地址)\D{0,8}?(?<!不)是?\s?(\d{3,4})(?!\d)")
_WAY = "(?:大道|大街|公路|马路|路|街|巷|胡同|弄|国道|省道)"
_NOT_ROAD = "[^\\W\\d_a-z门口头的在这那到从去走我你他她了边上下条有区]"
_ROAD = re.compile(
    rf"({_NOT_ROAD}{{1,6}}?{_WAY})(?:[东西南北中]段|[东西南北]侧)?\s?甲?(\d{{1,5}})(?:-\d{{1,3}})?"
    "(?:号|弄|(?=[^\\W\\d_a-z]|$))(?!楼|栋|幢|路|单元|室|米|年|点)"
)
_VILLAGE_NO = re.compile(
    r"([\u4e00-\u9fff]{1,6}(?:村|庄|组|里|坊|街|路|弄|巷|镇|浜|家|头|门|段))(?:\d{1,3}组)?(\d{1,5})(?:-\d{1,3})?号"
    "(?!楼|线|院|[早晚上下凌])"
)
_ROAD_NAME = re.compile(
    rf"({_NOT_ROAD}{{2,4}}(?:大道|大街|公路|路|街|巷|胡同))(?![上下边口过线由程费灯人况面中])"
)
_AREA = re.compile(
    r"[a-z]\d{0,2}(?:市|县|区|州)|西地省"
    r"|(?<![这那整个我们你他哪在去到])[\u4e00-\u9fff](?![超城都股菜门夜早集上小的里])[\u4e00-\u9fff]"
    r"(?:市(?![场民面值])|县|区(?![别分块])|镇(?![定静压])|乡(?![下愁亲])|街道|大道|社区)"
    r"|[\u4e00-\u9fff]{2}(?:(?<![一走道网套思上出半顺的])路|(?<![逛脏遛上大])街|(?<![黄银先山])河)"
    r"(?![上过由线费人况途口边程不走灯子])(?=.{6})"
)
_WRONG = re.compile(r"不是\s?[\d\-#零一二三四五六七八九十百]+(?:号楼|栋|幢|座|单元|室|号|楼)?")
_NO_PLACE = re.compile(
    r"\d+(?:\.\d+)?\s?(?:万|元|块|斤|米|公里|年|个月|天|分钟|小时|岁|人|次|度|℃|%|折|kg|ml|平)"
    r"|\d{4}[年/.\-]\d{1,2}(?:[月/.\-]\d{1,2}[日号]?)?|\d{1,2}[:点]\d{2}(?:分)?"
    r"|(?<!\d)(?:110|119|120|122|12345|12315|12389|96110|12356|95\d{3})(?![\d\-号#]|幢|栋|室|座|单元)"
)


def find_place(text: str, grid: GridView | None, landmarks: Iterable[str]) -> Place:
    """The place said in normalised ``text``; an empty ``Place`` when none is said."""
    cleaned = _cleaned(text)
    building, unit, room = _door(cleaned)
    road, road_no = _road(cleaned)
    return Place(
        community=_community(text, grid),
        building=building,
        unit=unit,
        floor=_floor(cleaned),
        room=room,
        road=road,
        road_no=road_no,
        landmark=_landmark(text, grid, landmarks),
    )


def names_area(text: str) -> bool:
    """True when a town, district, village or road is named, as letters to 12345 do."""
    return bool(_AREA.search(text))


def _cleaned(text: str) -> str:
    """``text`` with what looks like a number of a place but is none blanked out."""
    text = without_numbers(text)
    for pattern in (_WRONG, _NO_PLACE):
        text = pattern.sub(lambda m: " " * len(m.group()), text)
    return text


def _door(text: str) -> tuple[str, str, str]:
    """(building, unit, room) in digits."""
    full = _FULL.search(text)
    if full:
        return to_digits(full[1]), to_digits(full[2]), to_digits(full[3])
    two = _TWO.search(text)
    unit_room = _UNIT_ROOM.search(text)
    building = _first(_BUILDING, text) or _first(_YARD, text)
    unit = _first(_UNIT, text)
    room = to_digits(unit_room[2]) if unit_room else ""
    if two and not building:
        building, room = to_digits(two[1]), room or to_digits(two[2])
    return building, unit, room or _room(text)


def _room(text: str) -> str:
    for pattern in (_SAID_ROOM, _ROOM, _AFTER, _BARE_ROOM):
        said = _first(pattern, text)
        if said and said not in ("1", "2", "0"):
            return said
    return ""


def _floor(text: str) -> str:
    below = _BELOW.search(text)
    said = _FLOOR.search(text)
    if not said:
        return f"-{below[1][1:]}" if below else ""
    value = said[1].replace("首", "一")
    if value[0] in "负-":
        return "-" + to_digits(value.lstrip("负-"))
    return to_digits(value)


def _road(text: str) -> tuple[str, str]:
    """(road, number); a village's house number counts as a road number."""
    for pattern in (_ROAD, _VILLAGE_NO):
        found = pattern.search(text)
        if found:
            return found[1], to_digits(found[2])
    named = _ROAD_NAME.search(text)
    return (named[1], "") if named else ("", "")


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return to_digits(found[1]) if found else ""


def _community(text: str, grid: GridView | None) -> str:
    """The estate of the grid that is named in the text; "" when none is."""
    if grid is None:
        return ""
    names = [(alias, name) for name, aliases in grid.estates for alias in (name, *aliases)]
    named = [(len(alias), name) for alias, name in names if alias in text]
    return max(named)[1] if named else ""


def _landmark(text: str, grid: GridView | None, landmarks: Iterable[str]) -> str:
    """The most telling landmark, one of the grid first; 楼上, 门口 are no place by themselves."""
    own = grid.landmarks if grid is not None else ()
    for names in (own, tuple(landmarks)):
        found = [name for name in names if name in text]
        if found:
            return max(found, key=len)
    return ""
