"""Finds where it happened (地点): building, unit, floor, room, road number, landmark.

The group already fixes the community; people then write 3-2-501, 3#501, 三号楼二单元, 东门口.
First the grid's own names, then numerals. Phones, prices, dates and corrected numbers (不是2270)
are taken out before. Called by ``bot.domain.reading``; pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from bot.domain.house_numbers import HouseNumbers, house_numbers
from bot.domain.numbers import HAN_NUMERALS
from bot.domain.privacy import without_numbers
from bot.domain.time_words import WordFinder


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
    """Where it happened; numbers as arabic digits, letters upper case, "" when not said.

    ``floor_said`` is the storey in the words of the message (五楼, 10f, 负一层).
    """

    community: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    road: str = ""
    road_no: str = ""
    landmark: str = ""
    floor_said: str = ""

    @property
    def is_exact(self) -> bool:
        """True when a stranger to the group would find the door, the building or the house."""
        return bool(self.building or self.room or self.unit or self.road_no)

    def __bool__(self) -> bool:
        """True when anything of the place is said."""
        return any(getattr(self, name) for name in self.__slots__)


_NOT_ROAD = "[^\\W\\d_a-z门口头的在这那到从去走我你他她了边上下条有区不没]"
_NUMERAL = re.compile(rf"[0-9a-z{HAN_NUMERALS}首]")
_NOTHING = HouseNumbers()
_HAS_WAY = re.compile("[路街巷道同]")
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


def find_place(text: str, grid: GridView | None, landmarks: Iterable[str]) -> Place:
    """The place said in normalised ``text``; an empty ``Place`` when none is said."""
    said = house_numbers(without_numbers(text)) if _NUMERAL.search(text) else _NOTHING
    return Place(
        community=_community(text, grid),
        building=said.building,
        unit=said.unit,
        floor=said.floor,
        room=said.room,
        road=said.road or _road(text),
        road_no=said.road_no,
        landmark=_landmark(text, grid, landmarks),
        floor_said=said.floor_said,
    )


def names_area(text: str) -> bool:
    """True when a town, district, village or road is named, as letters to 12345 do."""
    return bool(_AREA.search(text))


def _road(text: str) -> str:
    """The first road that is named without a number."""
    if not _HAS_WAY.search(text):
        return ""
    named = _ROAD_NAME.search(text)
    return named[1] if named else ""


def _community(text: str, grid: GridView | None) -> str:
    """The estate of the grid that is named in the text; "" when none is."""
    if grid is None:
        return ""
    names = [(alias, name) for name, aliases in grid.estates for alias in (name, *aliases)]
    named = [(len(alias), name) for alias, name in names if alias in text]
    return max(named)[1] if named else ""


@lru_cache(maxsize=8)
def _finder(names: tuple[str, ...]) -> WordFinder:
    return WordFinder(names)


def _landmark(text: str, grid: GridView | None, landmarks: Iterable[str]) -> str:
    """The most telling landmark, one of the grid first; 楼上, 门口 are no place by themselves."""
    own = grid.landmarks if grid is not None else ()
    found = [name for name in own if name in text]
    found = found or [name for name, _ in _finder(tuple(landmarks))(text)]
    return max(found, key=len, default="")
