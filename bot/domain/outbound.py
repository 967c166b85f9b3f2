"""The last look at what leaves (出口过滤): nothing personal reaches a group or the other side.

Handlers build sentences from texts.yaml with neutral values; this is the hard filter behind them
(field.md §3.9). Groups: no phones but the published ones, no ID or card numbers, no rooms.
Reporters: no numbers of others, no rooms, no tactics. Called by ``bot.turn`` for every text.
"""

import re

from bot.domain import privacy
from config.rules import Rules

_ROOM = re.compile(
    r"\d{1,3}\s*(?:号楼|栋|幢|座|#)?\s*[-—]?\s*\d{1,2}\s*单元\s*\d{0,5}\s*(?:室|号)?"
    r"|\d{1,3}-\d{1,2}-\d{2,4}|\d{3,4}\s*室"
)
_NUMBER = re.compile(r"[A-Z]{1,4}\d{6}-\d{4,6}[A-Z]")


def published(rules: Rules) -> frozenset[str]:
    """Phones that anybody may read: the station's own and those of the departments."""
    station = rules.station
    own = (station.room_phone, station.gas_phone, station.fraud_phone, station.care_phone,
           station.counter_phone, station.police_sms)  # fmt: skip
    return frozenset((*own, *(d.phone for d in rules.divert.departments)))


def for_group(text: str, published: frozenset[str]) -> str:
    """``text`` as a public group may hear it; ``published`` phones of the station stay."""
    return _kept(text, published, rooms=True)


def for_reporter(text: str) -> str:
    """``text`` as the person who reported may hear it."""
    return text


def for_public_result(text: str, published: frozenset[str]) -> str:
    """A result as told to residents: no numbers of persons, no rooms."""
    return _kept(text, published, rooms=True)


def _kept(text: str, published: frozenset[str], rooms: bool) -> str:
    """Mask, with ticket numbers and published phones put aside first."""
    aside: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        aside.append(match.group())
        return f"\ue000{len(aside) - 1}\ue001"

    phones = "|".join(re.escape(p) for p in sorted(published, key=len, reverse=True))
    pattern = re.compile(f"{_NUMBER.pattern}|{phones}" if phones else _NUMBER.pattern)
    masked = privacy.mask(pattern.sub(put_aside, text))
    if rooms:
        masked = _ROOM.sub("（门牌略）", masked)
    return re.sub("\ue000(\\d+)\ue001", lambda m: aside[int(m.group(1))], masked)
