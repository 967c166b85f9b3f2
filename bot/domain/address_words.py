"""What stands beside a number of an address (门牌旁边的字), and every number with it, as ``Run``.

The patterns say what a numeral is by the word behind it (栋, 单元, 室, 弄, 号) and the one before
(a road, a village, an estate, a tower); ``run_at`` drops at once what is no place: sums, ages,
times, corrected numbers (不是2270). Called by ``bot.domain.house_numbers``; pure.
"""

import re
from dataclasses import dataclass

from bot.domain.numbers import HAN_DIGITS, HAN_NUMERALS

MARK = "甲乙丙丁"
SIDE = "东西南北"
_DASH = r"[-—–―~/\\]"
_ITEM = r"(?:[a-z]?\d{1,5}[a-z]?|[a-z])(?![a-z])"
RUN = re.compile(
    rf"[0-9a-z{HAN_NUMERALS}{MARK}{SIDE}](?:(?<=[0-9a-z{MARK}])[0-9a-z]*(?:{_DASH}{{1,4}}{_ITEM}){{0,3}}"
    rf"|(?<=[{HAN_NUMERALS}])[{HAN_NUMERALS}]*|(?=单元))"
)
_SUFFIX = re.compile(
    r"\s?(?:(?P<building>号住宅楼|号楼|#楼|[栋幢](?:楼(?![上下顶道层]))?|座(?![谈位机椅桥山])|#)"
    r"|(?P<unit>单元(?!房)|单(?=\d)|门(?=\d{3}))"
    r"|(?P<floor>层(?!次|面|层)|(?<!\s)楼(?![盘栋长市])|楼(?![盘栋长市上下道])|f(?![a-z0-9]))"
    r"|(?P<room>室(?!.?厅)|号房(?!屋)|房间|房(?![子屋东租产价间源贷])|户(?=人|的|$))"
    r"|(?P<lane>弄(?!堂|坏|得|好|了|出|丢))"
    r"|(?P<road>号?(?:大街|大道)|号路)"
    r"|(?P<group>[组社队排区期](?![长员])|[街巷路](?=\d))"
    r"|(?P<number>号(?!线|机|码|桌|车|球|字|店|口|令|召|称|下午|上午|晚|早|凌晨|中午|那天|[前后](?![面门边])|门(?![口面卫前头岗牌])))"
    r"|(?P<measure>[元块毛万千斤米年月日天分秒岁人个次度℃%折平路点时名位只条张把台辆件项级届倍寸多来几余"
    r"岁种杯瓶箱包袋份页篇字声趟回句遍桶排起跟股w]|公里|小时|kg|ml|cm|km|#?楼盘))"
)
_WAY = "大道|大街|公路|马路|路|街|巷|胡同|国道|省道|弄"
_NOT_ROAD = "[^\\W\\d_a-z门口头的在这那到从去走我你他她了边上下条有区镇]"
ROAD_BEFORE = re.compile(
    rf"((?:\d{{1,2}}号(?=大)|{_NOT_ROAD}{{1,6}}?|[口头边上下])(?:\d?{_WAY}))"
    rf"(?:[{SIDE}中]段|[{SIDE}]侧?)?\s?[{SIDE}]?$"
)
ROAD_ENDS = frozenset("道街路巷同弄段侧东西南北 ")
VILLAGE_BEFORE = re.compile(r"([\u4e00-\u9fff]{0,6}[村庄组社队里坊浜家头门段镇埭塘堡桥])\s?$")
ZONE_BEFORE = re.compile(r"([\u4e00-\u9fff]{0,6}(?:工业区|开发区|园区|新区|工业园))\s?$")
ESTATE_BEFORE = re.compile(r"[区苑园庭墅邸府湾轩阁寓期]\s?$")
BLOCK_BEFORE = re.compile(
    r"[区苑园庭墅邸府湾轩阁寓期村坊城厦际院]\s?$|(?:我家|我住|家住|我们?)[是在]?\s?$"
)
HOUSE_BEFORE = re.compile(
    r"(?:[东西南北]楼|行政楼|综合楼|教学楼|办公楼|大厦|大楼|公寓|中心|广场|商城|宾馆|酒店|写字楼|科技园|创业园|产业园|商务楼)\s?_?$"
)
GAP = re.compile(rf"(?:[\s,，_\-—–~/的]|[a-z{SIDE}]区|[{SIDE}]侧){{0,3}}")
_SAID_BEFORE = re.compile(r"(?:住|我家|业主|租户|房主)[是在的:]{0,2}\s?$")
_ROOM_AFTER = re.compile(
    r"(?:那|这)?(?:一?家|户|屋)|的?(?:邻居|业主|住户|租客|房东)|在?门口|楼[上下]|对[门面]|隔壁"
)
NAMES_ROOM = re.compile("房号|门牌|房间号|室号|地址")
SAID_ROOM = re.compile(r"(?:房号|门牌|房间号|门牌号|室号|地址)\D{0,8}?(?<!不)是?\s?(\d{3,4})(?!\d)")
NAMED_BEFORE = re.compile(
    r"[\u4e00-\u9fff][\u4e00-\u9fff](?<![是到了有的第号叫排取挂考学座编票单警工车选])$"
)
LONE = re.compile(r"一(?<=\d一)(?=\d)")
SPACED = re.compile(r"(\d(?<![\d.]\d)\d{0,2}) (\d{1,2}) (\d{3,4})(?![\d元块人年])")
MIXED = re.compile(r"(\d{0,2}[a-z])(\d{3,4})")
ONE_ROOM = re.compile(r"[a-z]?\d{3,4}[a-z]?|\d{1,3}[a-z]|\d{5}")
F_FLOOR = re.compile(r"\d{1,3}f")
CELLAR = re.compile(r"b[1-4]")
DAY_AFTER = re.compile(r"\s?(?:[早晚上下凌]|中午|那天|之?前|之?后|开始|[来停断])")
BLOCK_AFTER = re.compile(rf"(?:\d{{1,2}}|[{HAN_NUMERALS}]{{1,3}})单元|[a-z]?座|院")
UNIT_AFTER = re.compile(rf"\s?(?:\d{{1,2}}|[{HAN_NUMERALS}]{{1,3}}|[{SIDE}])单元")
_STOREY_AFTER = re.compile(r"[大车商店电住楼那过平架门\d\s,，。]|$")
HOTLINES = frozenset(("110", "119", "120", "122", "12345", "12315", "12389", "96110", "12356"))
_COUNTED = frozenset(("一", "两", "几", "百", "十几"))
_YEARS = ("19", "20")
FEW = 3
LAST_DAY, TOO_MANY = 31, 10_000


@dataclass(slots=True)
class HouseNumbers:
    """Numbers as arabic digits, letters upper case, "" when not said; ``floor_said`` as typed."""

    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    road: str = ""
    road_no: str = ""
    floor_said: str = ""


@dataclass(slots=True)
class Run:
    """One numeral of the text with what stands around it."""

    text: str
    start: int
    end: int
    said: str
    kind: str
    after: int

    @property
    def before(self) -> str:
        """The few characters before it."""
        return self.text[max(0, self.start - 14) : self.start]

    @property
    def is_chain(self) -> bool:
        """True for several numbers joined by dashes."""
        return self.said[0] < "\x80" and not self.said.isalnum()

    @property
    def parts(self) -> list[str]:
        """The numbers of a chain (3-2-501), one when it is none."""
        return [p for p in re.split(f"{_DASH}+", self.said) if p]


def run_at(text: str, found: re.Match[str]) -> Run | None:
    """The numeral as a run of interest, or None when it can be no place."""
    start, end = found.span()
    said = found.group()
    suffix = _SUFFIX.match(text, end)
    kind = (suffix.lastgroup or "") if suffix else ""
    if suffix and _is_other_word(text, said, suffix):
        kind, suffix = "", None
    if said[0] > "\x80":
        if not kind and not _is_spelled_out(said):
            return None
        if said[0] in SIDE and kind != "unit":
            return None
    elif said.isalpha() and (len(said) > 1 or kind not in ("building", "unit")):
        return None
    if kind == "measure" or _is_denied(text, start):
        return None
    return Run(text, start, end, said, kind, suffix.end() if suffix else end)


def _is_spelled_out(said: str) -> bool:
    """True for a number told digit by digit (五零一)."""
    return len(said) >= FEW and set(said) <= HAN_DIGITS


def _is_other_word(text: str, said: str, suffix: re.Match[str]) -> bool:
    """True when what follows begins another word (1503楼下, 四零二天天)."""
    if suffix.lastgroup == "measure":
        return _is_spelled_out(said)
    if suffix.group() != "楼" or text[suffix.end() : suffix.end() + 1] not in ("上", "下"):
        return False
    return len(said) >= FEW and not said.isalpha()


def _is_denied(text: str, start: int) -> bool:
    """True after 不是 (a corrected number), in decimals, clock times, sums of money."""
    before = text[max(0, start - 3) : start].rstrip()
    if not before:
        return False
    if before.endswith("不是"):
        return not before.startswith("是")
    return before[-1] in ".:￥¥$" and (before[-1] != ":" or before[:-1][-1:].isdigit())


def is_date(parts: list[str]) -> bool:
    """True for 2026-3-4."""
    return len(parts[0]) == 4 and parts[0][:2] in _YEARS and all(len(p) <= 2 for p in parts[1:])


def is_day(parts: list[str]) -> bool:
    """True for 11-22, which apart from a door is a day of the year."""
    return (
        len(parts) == 2
        and all(p.isdigit() for p in parts)
        and int(parts[0]) <= 12
        and len(parts[1]) == 2
    )


def is_count(run: Run) -> bool:
    """True for 两栋 and 三座, which count houses and name none."""
    word = run.text[run.end : run.after].strip()
    if word[0] not in "栋幢座":
        return False
    spelled = word == "座" and run.said[0] > "\x80" and run.said not in MARK
    return run.said in _COUNTED or spelled


def is_called_room(run: Run) -> bool:
    """True when the words around a bare number say that people live there (302那家, 我住1602)."""
    if run.before.endswith(("-", "第")):
        return False
    return bool(_ROOM_AFTER.match(run.text, run.end) or _SAID_BEFORE.search(run.before))


def is_layer(run: Run) -> bool:
    """True for 一层灰 and 第二层意思, which are no storeys."""
    if run.before.endswith("第"):
        return True
    return run.said == "一" and not _STOREY_AFTER.match(run.text, run.after)


def is_two_floors(said: str) -> bool:
    """True for 三四楼, the third or fourth floor."""
    order = "一二三四五六七八九"
    return len(said) == 2 and said in order
