"""What a message is (是什么话): report, update, question or chat; with the reasons.

Points for trouble (category words, request, complaint, place, now) stand against points for chat
(jokes, adverts, films, hearsay, old stories). Only a report opens a ticket, so a gate by points,
never by one missing thing: half of what people write has no place and no verb.
Called by ``bot.domain.reading``.
"""

from dataclasses import dataclass
from functools import cached_property

from bot.domain.manner import Tone
from bot.domain.scoring import Score
from config.reading_rules import Weights
from config.vocabulary import Danger, Kind, Urgency

_FOR = {
    "request": (2.0, 2),
    "complaint": (2.0, 3),
    "complaint_weak": (1.0, 2),
    "formal": (3.0, 2),
    "formal_weak": (1.0, 3),
    "here": (1.0, 1),
    "now": (1.0, 1),
    "relayed": (4.0, 1),
}
_AGAINST = {
    "chat": (2.0, 3),
    "block": (8.0, 1),
    "fiction": (5.0, 1),
    "joke": (3.0, 2),
    "publicity": (9.0, 1),
    "hearsay": (3.0, 1),
    "past": (4.0, 1),
    "supposed": (2.0, 1),
}
_SHORT = 16
_SOME = 8
_LONG = 60
_MOST_CATEGORY_POINTS = 8.0
_CLEAR = 6.0
_AREA = 4.0
_PRESSING = 2.0
_FAR = 4.0
_ASKED_EVENT = 4.0
_CHATTY = 4.0
_TOPIC = 1.5


@dataclass(frozen=True)
class Evidence:
    """All that the decision looks at; its points are counted once."""

    tone: Tone
    scores: tuple[Score, ...]
    grade: Danger
    is_exact_place: bool
    has_landmark: bool
    names_area: bool
    length: int
    weights: Weights
    is_far: bool = False
    is_pressing: bool = False
    is_lasting: bool = False
    is_bare_place: bool = False
    is_addressed: bool = False

    @cached_property
    def category_points(self) -> float:
        """Points of the best category, topics left out."""
        return max((score.event for score in self.scores[:3]), default=0.0)

    @cached_property
    def topic_points(self) -> float:
        """Points of the best category, topics included."""
        return self.scores[0].points if self.scores else 0.0

    @cached_property
    def is_letter(self) -> bool:
        """True for the manner of 12345 letters: there a topic is as good as an event."""
        return self.names_area or self.tone.has("formal") or self.tone.count("formal_weak") > 2

    @cached_property
    def against(self) -> float:
        """Points that speak for chat."""
        return _points(self.tone, _AGAINST) + _FAR * self.is_far

    @cached_property
    def trouble(self) -> float:
        """Points that speak for a report, chat already taken off."""
        place = 2.0 * self.is_exact_place + 1.0 * self.has_landmark
        own = self.topic_points if self.is_letter else self.category_points
        own = min(own, _MOST_CATEGORY_POINTS)
        named = self.topic_points >= _TOPIC or self.tone.has(
            "formal", "complaint", "ask_weak", "formal_weak"
        )
        area = _AREA * (self.names_area and named and self.length >= _SOME)
        lasting = 1.5 * self.is_lasting
        return (
            own
            + place
            + area
            + lasting
            + _PRESSING * self.is_pressing
            + _points(self.tone, _FOR)
            - self.against
        )


def _points(tone: Tone, table: dict[str, tuple[float, int]]) -> float:
    found = ((table[name], len(words)) for name, words in tone.signs.items() if name in table)
    return sum(weight * min(count, most) for (weight, most), count in found)


def kind_of(evidence: Evidence) -> tuple[Kind, str]:
    """(kind, reason in Chinese). Danger is a report unless it clearly follows up."""
    if evidence.grade is not Danger.NONE:
        if _is_update(evidence):
            return Kind.UPDATE, f"像跟进:“{_update_word(evidence.tone)}”"
        return Kind.REPORT, "有险情或疑似险情"
    for test in (_unreal, _update, _question, _report):
        found = test(evidence)
        if found:
            return found
    return Kind.CHAT, f"诉求分{evidence.trouble:.0f}分,不够{evidence.weights.open_at:.0f}分"


def _unreal(evidence: Evidence) -> tuple[Kind, str] | None:
    tone = evidence.tone
    if tone.has("publicity", "block") and tone.is_unreal:
        return Kind.CHAT, f"像{tone.unreal_as}:“{tone.unreal_word}”"
    return None


def _update(evidence: Evidence) -> tuple[Kind, str] | None:
    if _is_update(evidence):
        return Kind.UPDATE, f"像跟进:“{_update_word(evidence.tone)}”"
    return None


def _is_update(evidence: Evidence) -> bool:
    """A follow-up word decides unless a clear new matter comes with it."""
    tone = evidence.tone
    if evidence.against >= _CHATTY or evidence.length > _LONG or tone.has("formal"):
        return False
    if tone.has("update", "over", "status"):
        return True
    is_new = evidence.category_points >= _ASKED_EVENT or evidence.grade is not Danger.NONE
    return tone.has("update_weak") and evidence.length <= _SHORT and not is_new


def _update_word(tone: Tone) -> str:
    return next(
        (tone.word(n) for n in ("over", "update", "status", "update_weak") if tone.has(n)), ""
    )


def _question(evidence: Evidence) -> tuple[Kind, str] | None:
    """A question word decides when nothing is complained of and nothing has happened."""
    tone = evidence.tone
    asked = tone.has("ask") or (tone.has("ask_weak") and evidence.category_points < _CLEAR)
    if not asked or tone.has("complaint", "here", "joke", "block", "chat"):
        return None
    if not evidence.topic_points and not tone.has("formal"):
        return None
    if not tone.has("ask", "formal") and not _is_weakly_asked(evidence):
        return None
    if evidence.category_points >= 2 * _CLEAR:
        return None
    return Kind.QUESTION, f"像咨询:“{tone.word('ask') or tone.word('ask_weak')}”"


def _report(evidence: Evidence) -> tuple[Kind, str] | None:
    weights = evidence.weights
    if evidence.trouble < weights.open_at:
        return None
    if not _has_matter(evidence):
        return None
    return Kind.REPORT, f"诉求分{evidence.trouble:.0f}分,够{weights.open_at:.0f}分"


def _has_matter(evidence: Evidence) -> bool:
    """True when something has happened, or a formal letter names at least a topic."""
    if evidence.category_points >= evidence.weights.least_category:
        return True
    if evidence.tone.has("formal") or (evidence.names_area and evidence.tone.has("formal_weak")):
        return True
    return evidence.is_letter and evidence.topic_points > 0


def _is_weakly_asked(evidence: Evidence) -> bool:
    """True when a mere question mark asks about a clear matter that is not happening now."""
    if evidence.is_pressing or evidence.category_points < _ASKED_EVENT:
        return False
    if evidence.scores[0].category.urgency is not Urgency.U5:
        return False
    return not evidence.tone.has("hearsay", "fiction", "past")
