"""The last look at what leaves (出口过滤): nothing personal reaches a group or the other side.

Handlers build sentences from texts.yaml with neutral values; this is the hard filter behind them
(field.md §3.9). Groups: no phones but the published ones, no ID or card numbers, no rooms.
Reporters: no numbers of others, no rooms, no tactics. Called by ``bot.turn`` for every text.
"""

import re
from collections.abc import Callable

from bot.domain import privacy
from config.rules import Rules

_D = r"[\d零〇一二三四五六七八九十幺两]"
_FLAT = rf"{_D}{{3,5}}\s*[室户号房]?"
_BUILDING = rf"{_D}{{1,4}}\s*(?:号楼|号院|栋|幢|座|#)\s*[-—]?\s*"
_ROOM = re.compile(
    rf"(?:{_BUILDING})?{_D}{{1,3}}\s*单元\s*(?:{_D}{{1,3}}\s*[层楼]\s*)?(?:{_FLAT})?"
    rf"|{_BUILDING}(?:{_D}{{1,3}}\s*[层楼]\s*(?:{_FLAT})?|{_FLAT})"
    r"|(?<![\d-])\d{1,3}-\d{1,2}-\d{2,4}(?![\d-])"
    rf"|{_D}{{3,5}}\s*(?:室|号房)"
)
_NUMBER = r"(?<![0-9A-Za-z])[A-Z]{1,6}[0-9]{6}-[0-9]{4,6}[A-Z](?![0-9A-Za-z])"
_ALONE = r"(?<![0-9])(?<![0-9][ -])(?:{})(?![0-9])(?![ -][0-9])"
_MARKS = str.maketrans("", "", "\ue000\ue001")


def published(rules: Rules) -> frozenset[str]:
    """Phones that anybody may read: the station's own and those of the departments."""
    station = rules.station
    own = (station.room_phone, station.gas_phone, station.fraud_phone, station.care_phone,
           station.counter_phone, station.police_sms)  # fmt: skip
    posts = (post.phone for post in rules.grids.posts if post.phone)
    return frozenset((*own, *posts, *(d.phone for d in rules.divert.departments)))


def for_group(text: str, published: frozenset[str]) -> str:
    """``text`` as a public group may hear it; ``published`` phones of the station stay."""
    return _kept(text, published)


def for_reporter(text: str, published: frozenset[str]) -> str:
    """``text`` as the person who reported may hear it: nobody's number, nobody's room."""
    return _kept(text, published)


def for_public_result(text: str, published: frozenset[str]) -> str:
    """An officer's words as told to residents: no numbers of persons, no rooms."""
    return _kept(text, published)


def for_staff(text: str, published: frozenset[str]) -> str:
    """A ticket's words for a colleague who may not read the place: its building, no room."""
    return _kept(text, published, hide=lambda found: f"{_building_of(found[0])}（门牌略）")


def _building_of(place: str) -> str:
    found = re.match(_BUILDING, place)
    return found[0].rstrip(" -—") if found else ""


def _kept(
    text: str,
    published: frozenset[str],
    hide: Callable[[re.Match[str]], str] = lambda _: "（门牌略）",
) -> str:
    """Mask, with ticket numbers and published phones put aside first.

    A published number counts only when it stands alone: 12356 inside a mobile number is hidden.
    """
    aside: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        aside.append(match.group())
        return f"\ue000{len(aside) - 1}\ue001"

    phones = "|".join(re.escape(p) for p in sorted(published, key=len, reverse=True))
    known = f"{_NUMBER}|{_ALONE.format(phones)}" if phones else _NUMBER
    masked = privacy.mask(re.sub(known, put_aside, text.translate(_MARKS)))
    hidden = _ROOM.sub(hide, masked)
    return re.sub("\ue000([0-9]+)\ue001", lambda m: aside[int(m.group(1))], hidden)
