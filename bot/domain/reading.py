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
from bot.domain.doors import without_doors
from bot.domain.engine import Engine, Scan, engine_for
from bot.domain.kinds import Evidence
from bot.domain.matters import Matter, further
from bot.domain.places import GridView, Place, find_place, names_area
from bot.domain.privacy import mask
from bot.domain.scoring import Score
from bot.domain.second import Opinion, SecondReader
from bot.domain.signs import names
from bot.domain.times import When, find_when
from bot.domain.verdict import Verdict, verdict
from bot.domain.words import Normal, normalise
from config.reading_rules import Category, ReadingRules
from config.vocabulary import Danger, Kind, Urgency

__all__ = ["Candidate", "GridNames", "GridView", "Matter", "Place", "Reading", "When", "read"]

_LASTING = re.compile(
    r"(?:[0-9一二两三四五六七八九十几半]|好几|好多)个?多?(?:天|月|年|星期|礼拜|周|小时|钟头|晚上|宿|夜)(?:了|没|都)"
)
_OTHER = "N15"
_LONGEST_BARE = 16
_WORTH_A_LOOK = 0.3
_LEAST_SAID = 4
_PLACE_CHARS = re.compile(
    r"[\s0-9a-z#\-号楼栋幢座单元室层户的在那里边上下面第家我们小区一二三四五六七八九十往东西南北左右头根排条数到靠,，。]"
)
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
    chance: float = 0.0
    """How likely it is a report, as the second reader sees it; 0 where there is none."""

    @property
    def endangers_life(self) -> bool:
        """True when body or life may be at stake; money that is just being lost is not."""
        return self.danger is not Danger.NONE and self.danger_class != _MONEY


def read(
    text: str,
    at: datetime,
    grid: GridView | None,
    rules: ReadingRules,
    *,
    addressed: bool = False,
) -> Reading:
    """What ``text``, said at ``at`` (aware) in a group of ``grid``, means under ``rules``.

    ``addressed``: it was said to the bot, not overheard. Never raises for any string; texts over
    10,000 characters should be cut by the caller.
    """
    seen = observed(text, grid, rules, addressed=addressed)
    scan, tone = seen.scan, seen.evidence.tone
    opinion = _opinion(seen.engine.second, seen) if seen.engine.second else None
    said = verdict(scan, seen.evidence, seen.alarm, opinion, rules)
    category = _category(rules, said)
    return Reading(
        kind=said.kind,
        category=category.code if category else None,
        category_name=category.name if category else "",
        candidates=tuple(Candidate(code, share) for code, share in said.codes),
        police=_police(category, tone, said),
        department=_department(category, said),
        danger=said.danger,
        danger_class=said.danger_class or None,
        urgency=_urgency(category, said, seen.alarm, scan),
        protected=_protected(rules, category, said),
        public_facility=bool(category and category.public and not category.protected),
        place=seen.place,
        when=find_when(scan.text, at, rules.times),
        masked=mask(text, seen.normal if seen.parts.own == text else None),
        is_over=tone.has("over"),
        is_status_question=tone.has("status"),
        is_praise=tone.has("praise"),
        more=further(scan, seen.evidence.scores, said.kind, category, grid),
        why=(*said.reasons, *_reasons(seen.evidence.scores, tone, seen.alarm)),
        text_stripped=seen.parts.own,
        chance=said.chance,
    )


@dataclass(frozen=True, slots=True)
class Observed:
    """What the rules see in a message, before anything is decided."""

    engine: Engine
    parts: Cut
    normal: Normal
    scan: Scan
    place: Place
    alarm: dangers.Alarm
    evidence: Evidence

    @property
    def signs(self) -> tuple[str, ...]:
        """The names of what was seen, for the second reader."""
        return names(self.evidence, self.alarm)


def _opinion(second: SecondReader, seen: "Observed") -> Opinion:
    """What the second reader thinks; where no rule saw danger, a door makes none."""
    found = second.opinion(seen.scan.text, seen.signs)
    if seen.alarm.rule is not None or found.danger < _WORTH_A_LOOK:
        return found
    rest = without_doors(seen.scan.text)
    if rest == " ".join(seen.scan.text.split()):
        return found
    bare = second.opinion(rest, seen.signs).danger if len(rest) > _LEAST_SAID else 0.0
    return replace(found, danger=min(found.danger, bare))


def observed(
    text: str, grid: GridView | None, rules: ReadingRules, *, addressed: bool = False
) -> Observed:
    """What the rules see in ``text``; the first half of ``read``, for training too."""
    engine = engine_for(rules)
    parts = cut(text)
    normal = normalise(parts.own)
    scan = engine.scan(normal)
    tone = manner.tone(scan)
    place = _place(scan.text, grid, rules)
    spot = bool(place.landmark) or any(side in scan.text for side in rules.places.sides)
    own = dangers.alarm(scan, tone, is_placed=place.is_exact or spot)
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
        is_addressed=addressed,
        is_bare_place=_is_bare_place(scan.text, place.is_exact or spot, rules),
        is_lasting=bool(_LASTING.search(scan.text)),
        is_pressing=bool(scores and scores[0].event and scan.any(scores[0].category.urgent_if)),
    )
    return Observed(engine, parts, normal, scan, place, alarm, evidence)


def _scan(engine: Engine, text: str) -> Scan:
    return engine.scan(normalise(text))


def _gravest(own: dangers.Alarm, engine: Engine, parts: Cut, tone: manner.Tone) -> dangers.Alarm:
    """The alarm of the sender's own words, or that of the words she quotes."""
    if own.rule or not parts.quoted:
        return own
    return dangers.quoted_alarm(_scan(engine, parts.quoted), tone)


def _place(text: str, grid: GridView | None, rules: ReadingRules) -> Place:
    return find_place(text, grid, rules.places.landmarks)


def _is_bare_place(text: str, names_one: bool, rules: ReadingRules) -> bool:
    """True when nothing stands in the text but where: an answer to 哪里, no matter of its own."""
    if not names_one or len(text) > _LONGEST_BARE:
        return False
    for word in sorted((*rules.places.landmarks, *rules.places.sides), key=len, reverse=True):
        text = text.replace(word, "")
    return len(_PLACE_CHARS.sub("", text)) <= 1


def _category(rules: ReadingRules, said: Verdict) -> Category | None:
    """The category that decides the road; None for chat and updates."""
    if said.kind not in (Kind.REPORT, Kind.QUESTION):
        return None
    known = {category.code: category for category in rules.categories}
    return next((known[code] for code, _ in said.codes if code in known), known.get(_OTHER))


def _police(category: Category | None, tone: manner.Tone, said: Verdict) -> bool | None:
    """Whether the station handles it; a bare cry for help is the station's too."""
    if category is None:
        return None
    is_cry = said.danger is not Danger.NONE and category.code == _OTHER
    return category.by_police or is_cry or (category.code == _OTHER and tone.has("praise_police"))


def _department(category: Category | None, said: Verdict) -> str | None:
    if category is None or category.by_police:
        return None
    is_cry = said.danger is not Danger.NONE and category.code == _OTHER
    return None if is_cry else category.handled_by


def _urgency(category: Category | None, said: Verdict, alarm: dangers.Alarm, scan: Scan) -> Urgency:
    """U1 (or the rule's own) for 险情, U2 for 疑似 or ``urgent_if``, else the category's own."""
    if said.danger is Danger.CONFIRMED:
        return alarm.rule.urgency if alarm.rule else Urgency.U1
    if said.danger is Danger.SUSPECTED:
        return Urgency.U2
    if category is None:
        return Urgency.U5
    if category.urgent_if and scan.any(category.urgent_if):
        return min(Urgency.U2, category.urgency)
    return category.urgency


def _protected(rules: ReadingRules, category: Category | None, said: Verdict) -> bool:
    """True for a protected category, and for a danger that some rule counts to one."""
    if category is not None and category.protected:
        return True
    named = (rule.category for rule in rules.danger if rule.danger == said.danger_class)
    code = next(named, None)
    return code is not None and rules.category(code).protected


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
