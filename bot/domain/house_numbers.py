"""Reads the numbers of an address (门牌号): building, unit, floor, room, lane and road number.

One pass finds every numeral; what stands right behind it (栋, 单元, 室 …) and right before it
(a road, an estate, another number) says what it is, so 3-2-501, 三号楼二单元五零一, 47幢26号803室
and 325弄17号906 need no pattern each. A numeral that nothing explains is no place: prices, times,
scores, hotlines and dates fall out by themselves. Called by ``bot.domain.places``; pure.
"""

from collections.abc import Callable

from bot.domain import address_words as words
from bot.domain.address_words import HouseNumbers, Run, run_at
from bot.domain.numbers import to_digits

__all__ = ["HouseNumbers", "house_numbers"]


def house_numbers(text: str) -> HouseNumbers:
    """The numbers said in normalised ``text``; the first address wins when there are two."""
    if "一" in text:
        text = words.LONE.sub("-", text)
    if " " in text:
        text = words.SPACED.sub(r"\1-\2-\3", text)
    reader = _Reader(text)
    for found in words.RUN.finditer(text):
        run = run_at(text, found)
        if run:
            reader.take(run)
    return reader.finished()


class _Reader:
    """Takes one run after the other and gives each its meaning; the first of a kind stays."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found = HouseNumbers()
        self._last = ""
        self._end = -1
        self._rules: dict[str, Callable[[Run], str]] = {
            "building": self._building,
            "unit": self._unit,
            "floor": self._floor,
            "room": self._room,
            "lane": self._lane,
            "group": self._group,
            "road": self._group,
            "number": self._number,
            "": self._bare,
        }

    def take(self, run: Run) -> None:
        """Read one run; ``_last`` names what the run before it was, when it stands beside."""
        if self._last and not self._is_beside(run):
            self._last = "far" if self._found.road_no and self._may_go_on(run) else ""
        kind = self._chain(run) if run.is_chain else self._rules[run.kind](run)
        if kind:
            self._last, self._end = kind, run.after

    def finished(self) -> HouseNumbers:
        """What was found, with a room that is only named by words (房号写错 应该是2207)."""
        found = self._found
        if not found.room and words.NAMES_ROOM.search(self._text):
            said = words.SAID_ROOM.search(self._text)
            found.room = said[1] if said else ""
        if not found.floor and "首层" in self._text:
            found.floor, found.floor_said = "1", "首层"
        return found

    def _is_beside(self, run: Run) -> bool:
        gap = words.GAP.match(self._text, self._end)
        return gap is not None and gap.end() >= run.start

    def _may_go_on(self, run: Run) -> bool:
        """True when the address may go on behind a name (86号宏图大厦3号)."""
        between = self._text[self._end : run.start]
        return len(between) <= 14 and between.isalnum()

    def _put(self, field: str, value: str) -> str:
        if not getattr(self._found, field):
            setattr(self._found, field, to_digits(value))
        return field

    def _put_floor(self, value: str, start: int, end: int) -> str:
        """Keep a storey with the words that said it: 负一层, 10f and 五楼 are all read aloud so."""
        if not self._found.floor:
            self._found.floor_said = self._text[start:end]
        return self._put("floor", value)

    # ---- numerals with their own word

    def _building(self, run: Run) -> str:
        return "" if words.is_count(run) else self._put("building", run.said)

    def _unit(self, run: Run) -> str:
        return self._put("unit", run.said)

    def _floor(self, run: Run) -> str:
        text, said = self._text, run.said
        if not self._found.building and words.UNIT_AFTER.match(text, run.after):
            return self._put("building", said)
        if words.CELLAR.fullmatch(said):
            return self._put_floor(f"-{said[1:]}", run.start, run.after)
        below = text[max(0, run.start - 2) : run.start]
        minus = below.endswith(("负", "地下")) or (below.endswith("-") and not below[0].isdigit())
        if text[run.after - 1] == "层" and not (self._last or minus) and words.is_layer(run):
            return ""
        value = to_digits(said[:1] if words.is_two_floors(said) else said)
        if len(value) > words.FEW:
            return ""
        start = run.start - (2 if below == "地下" else minus)
        return self._put_floor(f"-{value}" if minus else value, start, run.after)

    def _room(self, run: Run) -> str:
        plain = to_digits(run.said)
        mixed = words.MIXED.fullmatch(run.said)
        if mixed and not self._found.building:
            self._put("building", mixed[1])
            return self._put("room", mixed[2])
        if self._last or len(plain) > 1:
            return self._put("room", plain)
        return ""

    def _lane(self, run: Run) -> str:
        self._name_road(run)
        self._put("road_no", run.said)
        return "lane"

    def _group(self, run: Run) -> str:
        return "group"

    # ---- 号

    def _number(self, run: Run) -> str:
        if self._name_road(run):
            return self._put("road_no", run.said.lstrip(words.SIDE))
        if self._last in ("lane", "road_no"):
            return self._put("building", run.said)
        if self._last in ("building", "unit", "floor"):
            return self._after_door(run)
        if words.BLOCK_AFTER.match(self._text, run.after):
            return self._put("building", run.said)
        if words.DAY_AFTER.match(self._text, run.after):
            return ""
        if self._last == "far":
            return self._put("building" if len(run.said) < 4 else "room", run.said)
        return self._by_name_before(run)

    def _after_door(self, run: Run) -> str:
        plain = to_digits(run.said)
        is_entrance = len(plain) < words.FEW or self._text[run.after : run.after + 1].isdigit()
        if self._last == "building" and is_entrance and len(plain) <= words.FEW:
            return self._put("unit", plain)
        return self._put("room", plain)

    def _by_name_before(self, run: Run) -> str:
        before = run.before
        for pattern in (words.ZONE_BEFORE, words.VILLAGE_BEFORE):
            village = pattern.search(before)
            if village:
                self._found.road = self._found.road or village[1]
                return self._put("road_no", run.said)
        if self._last == "group":
            return self._put("road_no", run.said)
        if words.ESTATE_BEFORE.search(before):
            return self._put("building", run.said)
        return self._by_size(run)

    def _by_size(self, run: Run) -> str:
        """A number that no day of the month can be, behind a name: a door (李家湾188号)."""
        said, before = run.said, run.before
        if said.isdigit() and len(said) >= words.FEW and words.HOUSE_BEFORE.search(before):
            return self._put("room", said)
        is_door = said.isdigit() and words.LAST_DAY < int(said) < words.TOO_MANY
        return self._put("road_no", said) if is_door and words.NAMED_BEFORE.search(before) else ""

    def _name_road(self, run: Run) -> bool:
        """True when a road stands right before; its name is kept."""
        before = run.before
        if not before or before[-1] not in words.ROAD_ENDS:
            return False
        road = words.ROAD_BEFORE.search(before)
        if road and not self._found.road_no:
            self._found.road = road[1]
        return bool(road) and (not self._found.road_no or run.kind == "lane")

    # ---- numerals without a word

    def _bare(self, run: Run) -> str:
        said = run.said
        if words.F_FLOOR.fullmatch(said):
            return self._put_floor(said[:-1], run.start, run.end)
        if self._last in ("building", "unit", "floor", "lane", "road_no", "group"):
            return self._room_beside(run)
        if said[0] > "\x80":
            return ""
        mixed = words.MIXED.fullmatch(said)
        if mixed and (self._last == "far" or words.HOUSE_BEFORE.search(run.before)):
            self._put("building", mixed[1])
            return self._put("room", mixed[2])
        if words.CELLAR.fullmatch(said):
            return self._put_floor(f"-{said[1:]}", run.start, run.end)
        return self._bare_number(run)

    def _bare_number(self, run: Run) -> str:
        said, text = run.said, self._text
        if not said.isdigit() or said in words.HOTLINES:
            return ""
        if len(said) in (3, 4) and words.is_called_room(run):
            return self._put("room", said)
        follows = text[run.end : run.end + 1]
        if len(said) <= 4 and (not follows or follows >= "\u4e00") and self._name_road(run):
            return self._put("road_no", said)
        if len(said) in (3, 4) and words.HOUSE_BEFORE.search(run.before):
            return self._put("room", said)
        return ""

    def _room_beside(self, run: Run) -> str:
        """A room right behind a building, a unit or a floor (3栋501, 二单元五零一, 9号1204)."""
        said = run.said
        mixed = words.MIXED.fullmatch(said)
        if mixed and self._last == "road_no" and not self._found.building:
            self._put("building", mixed[1])
            return self._put("room", mixed[2])
        if said[0] > "\x80":
            return self._put("room", said) if len(said) in (3, 4) else ""
        is_joined = "-" in self._text[self._end : run.start]
        if self._last == "road_no" and len(said) < words.FEW and is_joined:
            return self._put("building", said)
        return self._put("room", said) if words.ONE_ROOM.fullmatch(said) else ""

    # ---- chains

    def _chain(self, run: Run) -> str:
        parts = run.parts
        if run.kind == "building" or (run.kind == "floor" and len(parts) == 2):
            return self._put(run.kind, "-".join(parts))
        if run.kind == "unit":
            return self._spread(run, ("building", "unit"))
        if self._last in ("building", "road_no", "lane", "far") and len(parts) > 1:
            apart = run.start > self._end and self._text[run.start - 1] in " ,，"
            return "" if apart and words.is_day(parts) else self._chain_beside(run)
        if len(parts) == 2 and self._name_road(run):
            return self._road_chain(parts)
        if run.kind == "room" and len(parts) == 2 and len(parts[0]) >= words.FEW:
            return self._put("room", "-".join(parts))
        if words.is_date(parts):
            return ""
        if run.kind == "number" and words.VILLAGE_BEFORE.search(run.before):
            return self._put("road_no", "-".join(parts))
        return self._block(run)

    def _road_chain(self, parts: list[str]) -> str:
        """文昌路36-4号 is one number; 文昌路36-a is the house a of number 36."""
        if parts[1].isalpha():
            self._put("building", parts[1])
            return self._put("road_no", parts[0])
        return self._put("road_no", "-".join(parts))

    def _chain_beside(self, run: Run) -> str:
        """3栋2-501 is unit and room; 52号3-b-1107 begins with the building."""
        parts = run.parts
        if self._last == "building":
            if len(parts) == 2 and len(parts[0]) >= words.FEW:
                return self._put("room", "-".join(parts))
            return self._spread(
                run, ("unit", "room") if len(parts) == 2 else ("unit", "floor", "room")
            )
        return self._block(run, sure=True)

    def _block(self, run: Run, *, sure: bool = False) -> str:
        """A whole door in one chain: building-unit-room, building-room, building-unit."""
        parts = run.parts
        sure = sure or bool(words.BLOCK_BEFORE.search(run.before))
        last = parts[-1]
        if len(parts) == 4 and (sure or len(last) >= words.FEW):
            return self._spread(run, ("building", "unit", "floor", "room"))
        if len(parts) == 3 and (sure or 3 <= len(last.rstrip("abcdef")) <= 4):
            return self._spread(run, ("building", "unit", "room"))
        if len(parts) != 2 or (not sure and len(parts[0]) > words.FEW):
            return ""
        if 3 <= len(last) <= 4 and parts[0] != "0":
            return self._spread(run, ("building", "room"))
        return self._spread(run, ("building", "unit")) if sure else ""

    def _spread(self, run: Run, names: tuple[str, ...]) -> str:
        for name, value in zip(names, run.parts, strict=False):
            self._put(name, value)
        return names[-1]
