"""Is somebody in danger (险情、疑似): lines of cues, never silenced by no, question or quote.

``sure`` lines are 险情 (CONFIRMED), ``signs`` are 疑似 (SUSPECTED, the duty person is asked first).
What is negated, asked, quoted, told, supposed or long past is lowered to 疑似; publicity, fiction
and plain jokes, where nobody nearby is meant, to nothing. Called by ``bot.domain.reading``.
"""

from dataclasses import dataclass

from bot.domain.engine import Scan
from bot.domain.manner import Tone
from bot.domain.patterns import Found
from bot.domain.scoring import is_negated
from config.reading_rules import DangerRule
from config.vocabulary import Danger


@dataclass(frozen=True, slots=True)
class Alarm:
    """The gravest danger found and why; ``rule`` is None when there is none."""

    grade: Danger
    rule: DangerRule | None
    why: tuple[str, ...] = ()


_NO_ALARM = Alarm(Danger.NONE, None)
_HIDDEN = ("domestic", "minor_harmed", "sexual", "missing", "medical")
_SHORT = 12


def alarm(scan: Scan, tone: Tone, *, is_placed: bool = False) -> Alarm:
    """The danger in the sender's own words; ``is_placed``: she names a house or a spot here."""
    found = _first(scan, sure=True) or _first(scan, sure=False)
    if found is None:
        return _NO_ALARM
    rule, hit, grade = found
    reasons = [f"“{scan.words(hit)}”像{_LABELS[rule.danger]}({_GRADE[grade]})"]
    if tone.is_unreal:
        reasons.append(f"但像{tone.unreal_as}:“{tone.unreal_word}”,不算险情")
        return Alarm(Danger.NONE, None, tuple(reasons))
    if _is_told_of_far(tone, rule):
        return Alarm(Danger.NONE, None, (*reasons, f"但“{tone.far_word}”,是听来的别处旧事"))
    near = is_placed or tone.has("here", "request")
    far = _far_word(scan, tone, hit, grade)
    if far and not near:
        return Alarm(Danger.NONE, None, (*reasons, f"但“{far}”,不像眼前的事"))
    doubt = _doubt(scan, tone, hit)
    if grade is Danger.CONFIRMED and doubt:
        grade = Danger.SUSPECTED
        reasons.append(f"{doubt},降为疑似,由值班人员判断")
    return Alarm(grade, rule, tuple(reasons))


def quoted_alarm(scan: Scan, tone: Tone) -> Alarm:
    """The danger in quoted or forwarded words: at most 疑似."""
    found = alarm(scan, tone)
    if found.grade is Danger.CONFIRMED:
        return Alarm(Danger.SUSPECTED, found.rule, (*found.why, "在引用的话里,降为疑似"))
    return found


def _is_told_of_far(tone: Tone, rule: DangerRule) -> bool:
    """True for news told of another place or day; what is hidden indoors is never set aside."""
    if tone.has("ongoing", "relayed"):
        return False
    if tone.has("elsewhere"):
        return tone.has("hearsay", "past", "ago")
    return tone.has("ago") and tone.has("hearsay") and rule.danger not in _HIDDEN


def _first(scan: Scan, *, sure: bool) -> tuple[DangerRule, Found, Danger] | None:
    """The first rule in the order of the YAML that fires in this grade."""
    for rule in scan.engine.rules.danger:
        hit = scan.any(rule.sure if sure else rule.signs)
        if hit and not scan.any(rule.unless):
            return rule, hit, Danger.CONFIRMED if sure else Danger.SUSPECTED
    return None


def _far_word(scan: Scan, tone: Tone, hit: Found, grade: Danger) -> str:
    """The words that put it far away in time or place; for a lone sign also mere chat."""
    if tone.has("hearsay", "past"):
        return tone.word("hearsay") or tone.word("past")
    if grade is Danger.SUSPECTED and tone.has("supposed", "joke", "fiction"):
        return tone.doubt_word
    if grade is Danger.SUSPECTED and hit.line.is_single and tone.has("chat"):
        return tone.word("chat")
    if grade is Danger.SUSPECTED and hit.line.is_single and not tone.has("now"):
        long = len(scan.text) > _SHORT and not scan.text.rstrip().endswith(("!", "。。。"))
        return scan.words(hit) if long else ""
    return ""


def _doubt(scan: Scan, tone: Tone, hit: Found) -> str:
    """Why a sure danger may not be one; "" when nothing speaks against it."""
    if hit.line.is_single and is_negated(scan, hit.start, hit.line):
        return "前面有否定词"
    if tone.is_doubtful:
        return f"有“{tone.doubt_word}”"
    return ""


_GRADE = {Danger.CONFIRMED: "险情", Danger.SUSPECTED: "疑似"}
_LABELS = {
    "fire": "起火冒烟",
    "gas": "燃气泄漏",
    "electricity": "漏电触电",
    "flood": "被水围困",
    "collapse": "坍塌坠落",
    "crowd": "人群拥挤危险",
    "trapped": "有人被困",
    "violence": "打斗伤人",
    "weapon": "持械",
    "domestic": "家庭暴力",
    "suicide_self": "本人轻生",
    "suicide_seen": "他人轻生",
    "missing": "走失",
    "medical": "急病",
    "traffic_accident": "交通事故伤人",
    "minor_harmed": "未成年人受害",
    "sexual": "性侵害或尾随",
    "fraud_now": "正在被骗",
    "water": "落水",
    "other": "危险",
}
