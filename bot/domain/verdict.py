"""What both readers say together (两位读者合议): kind, danger and category of a message.

The rules see first; what they saw goes into the second reader as signs, and its probabilities
decide. Some things stand above it: words that the site itself added always win, save in danger;
what the rules are sure is danger counts, in overheard words unless the second reader is all but
certain that it is none; a short plain cry, talk of suicide and a danger said to be over (没事了)
always count. Without a model the rules decide alone. Called by ``reading``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.danger import Alarm
from bot.domain.engine import Scan
from bot.domain.kinds import Evidence, kind_of
from bot.domain.second import Opinion
from config.reading_rules import Bars, ReadingRules
from config.vocabulary import Danger, Kind

_CRY = 12
_WORD = 5
_MATTER = 2.0
_OWN_SHARE = 0.99
_MOST = 5
_LONG = 60
_CLEAR, _POSSIBLE, _MAYBE = 6.0, 0.15, 0.3
_SHARE_OF_RULES, _SHARE_OF_RULES_IN_LETTERS = 0.2, 3.0
_PLAINLY_CHAT = 0.6
_MONEY, _CRIES = "fraud_now", "other"
_DESPAIR, _DESPAIR_CODE = "suicide_self", "P05"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The common decision; ``codes`` are (category, probability), best first."""

    kind: Kind
    danger: Danger
    danger_class: str
    codes: tuple[tuple[str, float], ...]
    reasons: tuple[str, ...]
    chance: float = 0.0
    """How likely the second reader takes it for a report; 0 where there is none."""


def verdict(
    scan: Scan, evidence: Evidence, alarm: Alarm, opinion: Opinion | None, rules: ReadingRules
) -> Verdict:
    """What the message is, given what the rules saw and what the second reader thinks."""
    if opinion is None:
        return _by_rules(evidence, alarm)
    grade, danger_class, why = _danger(evidence, alarm, opinion, rules)
    codes = _codes(scan, evidence, alarm, danger_class, opinion, rules)
    kind, reason = _kind(scan, evidence, opinion, grade, rules)
    said = (*why, reason)
    return Verdict(kind, grade, danger_class, codes, said, opinion.kinds["report"])


def _by_rules(evidence: Evidence, alarm: Alarm) -> Verdict:
    kind, reason = kind_of(evidence)
    codes = [(score.category.code, score.share) for score in evidence.scores]
    grade = alarm.grade
    if alarm.rule and grade is not Danger.NONE:
        own = alarm.rule.category
        codes = [(own, 0.9), *(pair for pair in codes if pair[0] != own)]
    danger_class = alarm.rule.danger if alarm.rule and grade is not Danger.NONE else ""
    return Verdict(kind, grade, danger_class, tuple(codes[:_MOST]), (reason,))


def _danger(
    evidence: Evidence, alarm: Alarm, opinion: Opinion, rules: ReadingRules
) -> tuple[Danger, str, tuple[str, ...]]:
    """(grade, class, reasons): the union of both readers, each with its own threshold."""
    weights, chance = evidence.weights, opinion.danger
    said = alarm.rule.danger if alarm.rule and alarm.grade is not Danger.NONE else ""
    bar = _bar(weights.danger_at, weights.danger_addressed_at, evidence)
    if alarm.rule is None and opinion.kinds["update"] > opinion.kinds["report"]:
        bar = max(bar, weights.danger_sure_at)
    if chance >= bar and not (alarm.rule is None and _says_nothing(evidence)):
        is_doubted = alarm.grade is Danger.SUSPECTED
        sure = alarm.grade is Danger.CONFIRMED or chance >= weights.danger_sure_at
        grade = Danger.CONFIRMED if sure and not is_doubted else Danger.SUSPECTED
        named = said if said and said != _MONEY else _class_of(opinion, rules)
        return grade, named, (f"险情可能 {chance:.0%}",)
    told_us = evidence.is_addressed
    if opinion.despair >= (weights.despair_addressed_at if told_us else weights.despair_at):
        grade = Danger.CONFIRMED if alarm.grade is Danger.CONFIRMED else Danger.SUSPECTED
        return grade, said or _DESPAIR, (f"像本人绝望的话 {opinion.despair:.0%}",)
    if said and _stands(evidence, alarm, chance):
        return _grade_alone(evidence, alarm), said, (f"规则说是险情，第二读者 {chance:.0%}",)
    return Danger.NONE, "", ()


def _class_of(opinion: Opinion, rules: ReadingRules) -> str:
    """The likeliest class of danger among those that belong to the likeliest category."""
    first = opinion.categories[0][0] if opinion.categories else ""
    fitting: set[str] = {rule.danger for rule in rules.danger if rule.category == first}
    shares = opinion.danger_classes
    among = [name for name in shares if name in fitting] or list(shares)
    return max(among, key=shares.__getitem__)


def _stands(evidence: Evidence, alarm: Alarm, chance: float) -> bool:
    """True when what the rules took for danger counts without the second reader."""
    assert alarm.rule is not None  # the caller looked  # noqa: S101
    if alarm.rule.always or alarm.rule.danger == _MONEY or evidence.tone.has("over"):
        return True
    if evidence.is_addressed and alarm.grade is Danger.CONFIRMED:
        return True
    return evidence.length <= _CRY or chance >= evidence.weights.danger_never_below


def _grade_alone(evidence: Evidence, alarm: Alarm) -> Danger:
    """The rules' own grade for a short cry and for what always counts, else 疑似."""
    assert alarm.rule is not None  # the caller looked  # noqa: S101
    is_plain = evidence.length <= _CRY or evidence.tone.has("over")
    keeps = is_plain or alarm.rule.always or alarm.rule.danger == _MONEY
    return alarm.grade if keeps else Danger.SUSPECTED


def _codes(
    scan: Scan,
    evidence: Evidence,
    alarm: Alarm,
    danger_class: str,
    opinion: Opinion,
    rules: ReadingRules,
) -> tuple[tuple[str, float], ...]:
    """Categories by probability; one that the site's own word names stands first.

    In danger it does not: a word about adverts must not send a fraud to the street.
    """
    codes = _mixed(opinion, evidence)
    is_bare_cry = danger_class == _CRIES and evidence.length <= _CRY
    if alarm.rule and (is_bare_cry or danger_class == _MONEY):
        codes = [(alarm.rule.category, _OWN_SHARE)]
    elif danger_class == _DESPAIR:
        codes = [(_DESPAIR_CODE, _OWN_SHARE), *(c for c in codes if c[0] != _DESPAIR_CODE)]
    own = "" if danger_class else _own_category(scan, rules)
    if own:
        codes = [(own, _OWN_SHARE), *(pair for pair in codes if pair[0] != own)]
    return tuple(codes[:_MOST])


def _mixed(opinion: Opinion, evidence: Evidence) -> list[tuple[str, float]]:
    """The second reader's categories with a share of the rules' own, more of it for letters.

    Letters name their matter in the rules' words; colloquial reports do not.
    """
    is_letter = evidence.is_letter or evidence.length > _LONG
    share = _SHARE_OF_RULES_IN_LETTERS if is_letter else _SHARE_OF_RULES
    total = sum(score.share for score in evidence.scores) or 1.0
    points = dict(opinion.categories)
    for score in evidence.scores:
        code = score.category.code
        points[code] = points.get(code, 0.0) + share * score.share / total
    best = sorted(points, key=points.__getitem__, reverse=True)
    clear = _clear(evidence, opinion)
    if clear:
        best = [clear, *(code for code in best if code != clear)]
    return [(code, round(points[code] / (1.0 + share), 3)) for code in best]


def _clear(evidence: Evidence, opinion: Opinion) -> str:
    """The category that the rules are clear about and the second reader thinks possible."""
    if not evidence.scores or evidence.scores[0].event < _CLEAR:
        return ""
    code = evidence.scores[0].category.code
    return code if dict(opinion.categories).get(code, 0.0) >= _POSSIBLE else ""


def _own_category(scan: Scan, rules: ReadingRules) -> str:
    """The category of the longest own word of the site in the message; empty for none."""
    said = [(len(w.word), w.category) for w in rules.own_words if w.word.lower() in scan.text]
    return max(said, default=(0, ""))[1]


def _kind(
    scan: Scan, evidence: Evidence, opinion: Opinion, grade: Danger, rules: ReadingRules
) -> tuple[Kind, str]:
    kinds = opinion.kinds
    told = "、".join(
        f"{_SAID[k]} {p:.0%}" for k, p in sorted(kinds.items(), key=lambda x: -x[1])[:2]
    )
    if grade is not Danger.NONE:
        is_update = kinds["update"] > max(kinds["report"], kinds["chat"])
        return (Kind.UPDATE if is_update else Kind.REPORT), told
    at_once = _without_weighing(evidence, told)
    if at_once:
        return at_once
    bar = _report_bar(evidence)
    if _own_category(scan, rules) and kinds["report"] < bar:
        strong = any(w.weight == "强" and w.word.lower() in scan.text for w in rules.own_words)
        if strong and max(kinds, key=kinds.__getitem__) == "chat":
            return Kind.REPORT, f"{told}，有本所自己的强词"
    if kinds["report"] >= max(kinds["update"], kinds["question"]) and _beats_chat(kinds, bar):
        return Kind.REPORT, told
    if evidence.is_letter and kinds["chat"] < _PLAINLY_CHAT:
        kind, reason = kind_of(evidence)
        if kind in (Kind.REPORT, Kind.QUESTION):
            return kind, f"{told}，像来信：{reason}"
    if evidence.category_points >= _CLEAR and kinds["report"] >= _MAYBE:
        return Kind.REPORT, f"{told}，规则看得很清楚"
    others = {name: share for name, share in kinds.items() if name != "report"}
    best = max(others, key=others.__getitem__)
    if others[best] < kinds["report"] and best != "chat":
        best = "chat"
    return Kind(best), told


def _without_weighing(evidence: Evidence, told: str) -> tuple[Kind, str] | None:
    """The kind of a word or two, and of 咋样了 that names no matter; None for all else."""
    if _says_nothing(evidence):
        return _by_rules_alone(evidence)
    is_asked = evidence.tone.has("status") and not evidence.names_area
    if is_asked and evidence.category_points < _MATTER:
        return Kind.UPDATE, f"{told}，只问办得怎样"
    return None


def _beats_chat(kinds: Mapping[str, float], bar: float) -> bool:
    """True when, of report and chat alone, report has at least the chance ``bar``."""
    return kinds["report"] >= bar * (kinds["report"] + kinds["chat"])


def _bar(points: Bars, addressed: float, evidence: Evidence) -> float:
    """The chance that the second reader must give; at most ``addressed`` for words to the bot.

    Who turns to the bot mostly wants something; what it overhears is mostly chat.
    """
    bar = _overheard(points, evidence.trouble)
    return min(bar, addressed) if evidence.is_addressed else bar


def _report_bar(evidence: Evidence) -> float:
    """The chance of a report that opens a ticket; lower for words that name a district or road."""
    bar = _bar(evidence.weights.report_at, evidence.weights.addressed_at, evidence)
    return min(bar, evidence.weights.letter_at) if evidence.names_area else bar


def _overheard(points: Bars, seen: float) -> float:
    """The less, the more the rules saw; between two points a straight line."""
    if seen <= points[0][0]:
        return points[0][1]
    for (low, before), (high, behind) in pairwise(points):
        if seen <= high:
            return before + (behind - before) * (seen - low) / (high - low)
    return points[-1][1]


def _says_nothing(evidence: Evidence) -> bool:
    """True for a word or two in which the rules see no matter: a place, a cry, a yes."""
    is_little = evidence.length <= _WORD or evidence.is_bare_place
    return is_little and evidence.category_points < _MATTER


def _by_rules_alone(evidence: Evidence) -> tuple[Kind, str]:
    if evidence.is_bare_place:
        return Kind.CHAT, "只说了地方"
    kind, reason = kind_of(evidence)
    return kind, f"{reason}（只有一两个词）"


_SAID = {"report": "诉求", "update": "跟进", "question": "咨询", "chat": "闲聊"}
