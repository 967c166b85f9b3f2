"""What cannot be closed (不能办结) as one table, and what is looked at by a second person (复核).

Each guard says at which step it stands, for which matters, and what must be there. ``loop.step``
asks it before a stage changes, so that no button, word, timer or page goes round it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.clocks import ZONE
from config.closing_rules import Closing
from config.vocabulary import Act, ClosingCode

WARNING, VISIT_PLAN, REPORT = "warning", "visit_plan", "mandatory_report"
RECHECKED, LEADER_SIGN = "recheck", "leader_sign"
_NOON = 12
LEAST_DETAIL = 4
_OF_AGE = 18
_AGE = re.compile(r"(?<!\d)(\d{1,2})周?岁")
_AGE_WORDS = re.compile(
    r"(?<![一二三四五六七八九十\d])(?:十[一二三四五六七]?|[一二三四五六七八九])周?岁"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the guards look at."""

    category: str
    danger_class: str = ""
    code: str = ""
    result: str = ""
    signed: bool = False
    known: frozenset[str] = frozenset()
    level: str = ""
    open_parts: int = 0
    never_mediated: bool = False
    minor: bool = False
    in_big_loop: bool = False
    tries: tuple[datetime, ...] = ()


Asks = Callable[[Case, Closing], bool]


@dataclass(frozen=True, slots=True)
class Guard:
    """``refusal`` is said when ``concerns`` holds and ``stands`` does not."""

    refusal: str
    at: frozenset[Act]
    concerns: Asks
    stands: Asks


def is_domestic(case: Case, rules: Closing) -> bool:
    """True for domestic violence that was not found to be none."""
    named = case.category in rules.domestic or case.danger_class in rules.domestic_classes
    return named and case.code != ClosingCode.UNFOUNDED


def is_of_a_minor(case: Case, rules: Closing) -> bool:
    """True for what concerns somebody under age."""
    named = case.category in rules.minors or case.danger_class in rules.minor_classes
    return named or case.minor


def names_a_minor(words: str, rules: Closing) -> bool:
    """True when an age under eighteen, or a word of ``minor_words``, stands in the words."""
    young = any(int(found[1]) < _OF_AGE for found in _AGE.finditer(words))
    return young or _AGE_WORDS.search(words) is not None or _any(rules.minor_words, words)


def _any(named: Iterable[str], words: str) -> bool:
    return any(word in words for word in named)


def is_hazard(case: Case, rules: Closing) -> bool:
    """True for hazards; a fire that was put out is none."""
    return case.category in rules.hazards and not case.danger_class


def needs_sign(case: Case, rules: Closing) -> bool:
    """True for a dispute of a colour that the leader signs."""
    return case.category in rules.disputes and case.level in rules.sign_levels


def mediated_against_the_rule(case: Case, rules: Closing) -> bool:
    """True where 调解成功 is said of what is never mediated."""
    never = case.never_mediated or is_domestic(case, rules)
    return never and case.code == ClosingCode.MEDIATED


def half_days(moments: Iterable[datetime]) -> int:
    """On how many different half-days of the station's zone these moments lie."""
    local = [moment.astimezone(ZONE) for moment in moments]
    return len({(moment.date(), moment.hour >= _NOON) for moment in local})


def tried_enough(case: Case, rules: Closing) -> bool:
    """True when she was tried often enough, on enough different half-days."""
    often = len(case.tries) >= rules.contact_tries
    return often and half_days(case.tries) >= rules.contact_half_days


def _code(*codes: ClosingCode) -> Asks:
    return lambda case, _rules: case.code in codes


def _has(*kinds: str) -> Asks:
    return lambda case, _rules: case.known.issuperset(kinds)


def _detailed(case: Case, _rules: Closing) -> bool:
    """Something stands beside the code itself."""
    rest = case.result.replace(ClosingCode(case.code).label, "") if case.code else case.result
    return len(rest.strip(" ，。,.（）()")) >= LEAST_DETAIL


def _always(_case: Case, _rules: Closing) -> bool:
    return True


def _never(_case: Case, _rules: Closing) -> bool:
    return False


_RESOLVE = frozenset({Act.RESOLVE})
_CLOSE = frozenset({Act.CLOSE})
_BOTH = _RESOLVE | _CLOSE
_NAMED = (ClosingCode.HANDED_OVER, ClosingCode.NOT_OURS, ClosingCode.MEDIATION_FAILED)

GUARDS: tuple[Guard, ...] = (
    Guard("close_unsigned", _CLOSE, _always, lambda case, _r: case.signed),
    Guard("close_no_result", _BOTH, _always, lambda case, _r: bool(case.code)),
    Guard("close_open_parts", _BOTH, _always, lambda case, _r: case.open_parts == 0),
    Guard("close_in_big_loop", _BOTH, _always, lambda case, _r: not case.in_big_loop),
    Guard("close_needs_detail", _RESOLVE, _code(*_NAMED), _detailed),
    Guard("close_unreached", _BOTH, _code(ClosingCode.UNREACHABLE), tried_enough),
    Guard("close_never_mediated", _BOTH, mediated_against_the_rule, _never),
    Guard("close_needs_warning", _BOTH, is_domestic, _has(WARNING, VISIT_PLAN)),
    Guard("close_needs_report", _BOTH, is_of_a_minor, _has(REPORT)),
    Guard("close_needs_sign", _BOTH, needs_sign, _has(LEADER_SIGN)),
    Guard("close_needs_recheck", _CLOSE, is_hazard, _has(RECHECKED)),
)


def refusal(act: Act, case: Case, rules: Closing) -> str:
    """The key of the sentence that keeps it open; empty when ``act`` may end it."""
    for guard in GUARDS:
        if act in guard.at and guard.concerns(case, rules) and not guard.stands(case, rules):
            return guard.refusal
    return ""


def needs_recheck(case: Case, rules: Closing) -> bool:
    """True when a second person looks at the result before the reporter hears it."""
    if RECHECKED in case.known:
        return False
    # Who calls domestic violence unfounded is looked at as well.
    named = (*rules.domestic, *rules.complaints)
    graver = case.category in named or case.danger_class in rules.domestic_classes
    if graver or is_hazard(case, rules):
        return True
    return case.category in rules.disputes and case.level in rules.recheck_levels
