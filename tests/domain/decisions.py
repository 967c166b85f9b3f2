"""Readings and known tickets that the tests of ``deciding`` share, and what stood before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.deciding import Context, Known
from bot.domain.reading import Place, Reading
from config.vocabulary import Danger, Kind, Urgency

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
CHAT = Reading(
    kind=Kind.CHAT,
    category=None,
    category_name="",
    candidates=(),
    police=None,
    department=None,
    danger=Danger.NONE,
    danger_class=None,
    urgency=Urgency.U5,
    protected=False,
    public_facility=False,
    place=Place(),
    when=None,
    masked="",
    is_over=False,
    is_status_question=False,
    is_praise=False,
    more=(),
    why=(),
    text_stripped="今天天气真好，适合出门走一走晒太阳",
)
LAMP = replace(CHAT, kind=Kind.REPORT, category="N03", text_stripped="路灯坏了")
FIRE = replace(CHAT, kind=Kind.REPORT, category="N06", danger=Danger.CONFIRMED, danger_class="fire")
SMOKE = replace(FIRE, danger=Danger.SUSPECTED)
QUARREL = Known(
    id=7,
    category="P01",
    danger=Danger.NONE,
    danger_class="",
    opened_at=NOW - 30 * SECOND,
    place_key="",
    is_own=True,
)
OLD = replace(QUARREL, id=8, opened_at=NOW - 10 * MINUTE)
DARK = replace(QUARREL, id=9, category="N03", place_key="g01|3", is_own=False)
FIRE_THERE = replace(
    QUARREL,
    id=10,
    category="N06",
    danger=Danger.CONFIRMED,
    danger_class="fire",
    place_key="g01|3",
    is_own=False,
)
SMOKE_THERE = replace(FIRE_THERE, id=11, danger=Danger.SUSPECTED)


def context(*known: Known, place: str = "", media: bool = False) -> Context:
    return Context(now=NOW, window=90 * SECOND, known=known, has_media=media, place_key=place)


def said(text: str, kind: Kind = Kind.CHAT, **more: object) -> Reading:
    return replace(CHAT, kind=kind, text_stripped=text, **more)  # type: ignore[arg-type]
