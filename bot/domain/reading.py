"""Reads one message: what it is, what it is about, where, when, whether somebody is in danger.

``read`` is pure and context-free (读懂一句话): the worker calls it in a thread just before the
Turn; what the sender said before is the handler's business. Each reading carries its reasons in
Chinese. The parts: ``cutting`` · ``words`` · ``engine`` · ``manner`` · ``scoring`` · ``danger`` ·
``kinds`` · ``places`` · ``times`` · ``privacy``.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import danger as dangers
from bot.domain import manner, scoring
from bot.domain.cutting import Cut, cut
from bot.domain.engine import Engine, Scan, engine_for
from bot.domain.kinds import Evidence, kind_of
from bot.domain.places import GridView, Place, find_place, names_area
from bot.domain.privacy import mask
from bot.domain.scoring import Score
from bot.domain.times import When, find_when
from bot.domain.words import normalise
from config.reading_rules import Category, ReadingRules
from config.vocabulary import Danger, Kind, Urgency

__all__ = ["Candidate", "GridNames", "GridView", "Matter", "Place", "Reading", "When", "read"]

_PIECE = re.compile(r"[。!！?？;；\n]+|另外|还有就是|还有一个|其次|第[二三四五]|以及")
_LEAST_PIECE = 6
_LASTING = re.compile(
    r"(?:[0-9一二两三四五六七八九十几半]|好几|好多)个?多?(?:天|月|年|星期|礼拜|周|小时|钟头|晚上|宿|夜)(?:了|没|都)"
)
_TWO = 2
_OTHER = "N15"
_MONEY = "fraud_now"


@dataclass(frozen=True, slots=True)
class GridNames:
    """The names of a grid that the reader looks for; the plain form of ``GridView``."""

    community: str = ""
    estates: tuple[tuple[str, tuple[str, ...]], ...] = ()
    landmarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A category that something speaks for; ``score`` 0–1."""

    code: str
    score: float


@dataclass(frozen=True, slots=True)
class Matter:
    """A further matter of the same message (另一件事)."""

    category: str
    place: Place
    department: str | None
    danger: Danger


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says, as far as its own words tell.

    ``category``, ``police`` and ``department`` are None unless it is a report or question;
    ``danger_class`` is one of ``config.reading_rules.DANGER_CLASSES`` or None.
    """

    kind: Kind
    category: str | None
    category_name: str
    candidates: tuple[Candidate, ...]
    police: bool | None
    department: str | None
    danger: Danger
    danger_class: str | None
    urgency: Urgency
    protected: bool
    public_facility: bool
    place: Place
    when: When | None
    masked: str
    is_over: bool
    is_status_question: bool
    is_praise: bool
    more: tuple[Matter, ...]
    why: tuple[str, ...]
    text_stripped: str

    @property
    def endangers_life(self) -> bool:
        """True when body or life may be at stake; money that is just being lost is not."""
        return self.danger is not Danger.NONE and self.danger_class != _MONEY


def read(text: str, at: datetime, grid: GridView | None, rules: ReadingRules) -> Reading:
    """What ``text``, said at ``at`` (aware) in a group of ``grid``, means under ``rules``.

    Never raises for any string; texts over 10,000 characters should be cut by the caller.
    """
    engine = engine_for(rules)
    parts = cut(text)
    scan = _scan(engine, parts.own)
    tone = manner.tone(scan)
    place = _place(scan.text, grid, rules)
    spot = bool(place.landmark) or any(side in scan.text for side in rules.places.sides)
    placed = place.is_exact or spot
    own = dangers.alarm(scan, tone, is_placed=placed)
    alarm = _gravest(own, engine, parts, tone)
    scores = scoring.scores(scan)
    evidence = Evidence(
        tone=tone,
        scores=scores,
        grade=alarm.grade,
        is_exact_place=place.is_exact,
        has_landmark=spot,
        names_area=names_area(scan.text),
        length=len(scan.text),
        weights=rules.weights,
        is_far=bool(alarm.why) and alarm.grade is Danger.NONE,
        is_lasting=bool(_LASTING.search(scan.text)),
        is_pressing=bool(scores and scores[0].event and scan.any(scores[0].category.urgent_if)),
    )
    kind, reason = kind_of(evidence)
    category = _category(rules, kind, scores, alarm)
    return Reading(
        kind=kind,
        category=category.code if category else None,
        category_name=category.name if category else "",
        candidates=_candidates(scores, alarm),
        police=_police(category, tone, alarm),
        department=_department(category, alarm),
        danger=alarm.grade,
        danger_class=alarm.rule.danger if alarm.rule and alarm.grade is not Danger.NONE else None,
        urgency=_urgency(category, alarm, scan),
        protected=_protected(rules, category, alarm),
        public_facility=bool(category and category.public and not category.protected),
        place=place,
        when=find_when(scan.text, at, rules.times),
        masked=mask(text),
        is_over=tone.has("over"),
        is_status_question=tone.has("status"),
        is_praise=tone.has("praise"),
        more=_more(engine, scan.text, kind, category, grid),
        why=(reason, *_reasons(scores, tone, alarm)),
        text_stripped=parts.own,
    )


def _scan(engine: Engine, text: str) -> Scan:
    return engine.scan(engine.corrected(normalise(text)).text)


def _gravest(own: dangers.Alarm, engine: Engine, parts: Cut, tone: manner.Tone) -> dangers.Alarm:
    """The alarm of the sender's own words, or that of the words she quotes."""
    if own.rule or not parts.quoted:
        return own
    return dangers.quoted_alarm(_scan(engine, parts.quoted), tone)


def _place(text: str, grid: GridView | None, rules: ReadingRules) -> Place:
    return find_place(text, grid, rules.places.landmarks)


def _category(
    rules: ReadingRules, kind: Kind, scores: tuple[Score, ...], alarm: dangers.Alarm
) -> Category | None:
    """The category that decides the road; danger's own when nothing else is as strong."""
    if kind not in (Kind.REPORT, Kind.QUESTION):
        return None
    if alarm.rule and alarm.grade is not Danger.NONE:
        return rules.category(alarm.rule.category)
    if scores:
        return scores[0].category
    return rules.category(_OTHER) if any(c.code == _OTHER for c in rules.categories) else None


def _candidates(scores: tuple[Score, ...], alarm: dangers.Alarm) -> tuple[Candidate, ...]:
    found = [Candidate(score.category.code, score.share) for score in scores]
    if alarm.rule and alarm.grade is not Danger.NONE:
        code = alarm.rule.category
        top = max(0.9, *(c.score for c in found)) if found else 0.9
        found = [Candidate(code, top), *(c for c in found if c.code != code)]
    return tuple(found[:5])


def _police(category: Category | None, tone: manner.Tone, alarm: dangers.Alarm) -> bool | None:
    """Whether the station handles it; a bare cry for help is the station's too."""
    if category is None:
        return None
    is_cry = alarm.grade is not Danger.NONE and category.code == _OTHER
    return category.by_police or is_cry or (category.code == _OTHER and tone.has("praise_police"))


def _department(category: Category | None, alarm: dangers.Alarm) -> str | None:
    if category is None or category.by_police:
        return None
    is_cry = alarm.grade is not Danger.NONE and category.code == _OTHER
    return None if is_cry else category.handled_by


def _urgency(category: Category | None, alarm: dangers.Alarm, scan: Scan) -> Urgency:
    """The danger's own for 险情, U2 for 疑似 or ``urgent_if``, else the category's own."""
    if alarm.rule and alarm.grade is Danger.CONFIRMED:
        return alarm.rule.urgency
    if alarm.grade is Danger.SUSPECTED:
        return Urgency.U2
    if category is None:
        return Urgency.U5
    if category.urgent_if and scan.any(category.urgent_if):
        return min(Urgency.U2, category.urgency)
    return category.urgency


def _protected(rules: ReadingRules, category: Category | None, alarm: dangers.Alarm) -> bool:
    if category is not None and category.protected:
        return True
    return (
        bool(alarm.rule) and rules.category(alarm.rule.category).protected if alarm.rule else False
    )


def _more(
    engine: Engine, text: str, kind: Kind, category: Category | None, grid: GridView | None
) -> tuple[Matter, ...]:
    """Further matters: pieces of the message that speak clearly for another category."""
    if kind is not Kind.REPORT or category is None:
        return ()
    pieces = [piece for piece in _PIECE.split(text) if len(piece) >= _LEAST_PIECE]
    if len(pieces) < _TWO:
        return ()
    found: dict[str, Matter] = {}
    for piece in pieces:
        matter = _matter(engine, piece, category, grid)
        if matter:
            found.setdefault(matter.category, matter)
    return tuple(found.values())


def _matter(engine: Engine, piece: str, main: Category, grid: GridView | None) -> Matter | None:
    """What one piece speaks for when it is clear and speaks not at all for the main category."""
    scan = engine.scan(piece)
    tone = manner.tone(scan)
    scores = scoring.scores(scan)
    if not scores or scores[0].event < engine.rules.weights.strong or tone.is_unreal:
        return None
    if any(score.category is main and score.event for score in scores):
        return None
    alarm = dangers.alarm(scan, tone)
    category = scores[0].category
    return Matter(
        category=category.code,
        place=_place(piece, grid, engine.rules),
        department=None if category.by_police else category.handled_by,
        danger=alarm.grade,
    )


def _reasons(scores: tuple[Score, ...], tone: manner.Tone, alarm: dangers.Alarm) -> tuple[str, ...]:
    said = list(alarm.why)
    for score in scores[:2]:
        words = "、".join(score.words[:5])
        said.append(f"{score.category.code}{score.category.name} {score.points:.0f}分:{words}")
    labels = {
        "request": "求助",
        "complaint": "抱怨",
        "chat": "闲聊",
        "hearsay": "传闻",
        "past": "旧事",
    }
    said += [f"{label}语气:“{tone.word(name)}”" for name, label in labels.items() if tone.has(name)]
    return tuple(said)


def without_reasons(reading: Reading) -> Reading:
    """The same reading without ``why``, for logs that must not hold words of the message."""
    return replace(reading, why=(), masked="", text_stripped="")
