"""Mediation (矛盾分流化解) as values: what staff and residents type, risk score, colours, results.

Pure; ``handlers.mediating`` does what is found here. A command names its ticket by number, so no
sentence about a quarrel is taken for one.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.domain import ticket_numbers as numbers
from config.mediation_rules import Colour, Form, Mediation


class Move(StrEnum):
    """What somebody wants of a mediation."""

    START = "start"  # 调解 0012
    AGREE = "agree"  # 同意调解 0012 双方
    REFUSE = "refuse"  # 不调解 0012
    PLAN = "plan"  # 约调解 0012 明天19点 居委会
    MINUTES = "minutes"  # 调解记录 0012 …
    RESULT = "result"  # 调解结果 0012 成功 …
    PROMISE = "promise"  # 履行期限 0012 3月20日
    KEPT = "kept"  # 已履行 0012
    BROKEN = "broken"  # 没履行 0012
    PAPER = "paper"  # 写协议 0012 协议书 …
    ESCALATE = "escalate"  # 升级调解 0012 原因
    CALM = "calm"  # 降色 0012 理由
    COLOUR = "colour"  # 定色 0012 红色 理由
    LOOK = "look"  # 看调解 0012


class Result(StrEnum):
    """How a mediation ended (调解结果)."""

    SUCCEEDED = "succeeded"
    PARTLY = "partly"
    FAILED = "failed"
    COURT = "court"
    ARBITRATION = "arbitration"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        """The Chinese name on a button and in a command."""
        return _RESULT_LABELS[self]

    @property
    def is_agreed(self) -> bool:
        """True when there is something to be kept."""
        return self in (Result.SUCCEEDED, Result.PARTLY)


_RESULT_LABELS = {
    Result.SUCCEEDED: "成功",
    Result.PARTLY: "部分",
    Result.FAILED: "失败",
    Result.COURT: "转诉讼",
    Result.ARBITRATION: "转仲裁",
    Result.STOPPED: "一方不愿意",
}
_RESULT_WORDS = (
    ("转诉讼", Result.COURT), ("起诉", Result.COURT), ("转仲裁", Result.ARBITRATION),
    ("部分", Result.PARTLY), ("不成", Result.FAILED), ("失败", Result.FAILED),
    ("没成", Result.FAILED), ("成功", Result.SUCCEEDED), ("调成", Result.SUCCEEDED),
)  # fmt: skip
A, B = "甲方", "乙方"
_SIDES = {A: (A,), B: (B,), "双方": (A, B), "两边": (A, B), "都": (A, B)}
_WORDS = {
    "调解": Move.START, "发起调解": Move.START,
    "同意调解": Move.AGREE, "愿意调解": Move.AGREE,
    "不调解": Move.REFUSE, "不愿意调解": Move.REFUSE, "不愿调解": Move.REFUSE,
    "约调解": Move.PLAN, "调解记录": Move.MINUTES, "调解结果": Move.RESULT,
    "履行期限": Move.PROMISE, "已履行": Move.KEPT, "没履行": Move.BROKEN, "未履行": Move.BROKEN,
    "写协议": Move.PAPER, "升级调解": Move.ESCALATE, "降色": Move.CALM, "定色": Move.COLOUR,
    "看调解": Move.LOOK,
}  # fmt: skip
_HEADS = "|".join(sorted(_WORDS, key=len, reverse=True))
_NUMBER = r"(?P<number>(?:[A-Z]{1,6}\d{6}-\d{4,6}[A-Z]|\d{4}[A-Z]?)(?![\d-]))"
_GAP = r"[\s:：,，、。]*"
_COMMAND = re.compile(
    rf"^\s*(?:(?P<head>{_HEADS}){_GAP}{_NUMBER}?|{_NUMBER.replace('number', 'first')}{_GAP}"
    rf"(?P<then>{_HEADS})){_GAP}(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """``move`` on the ticket ``number`` with ``words``."""

    move: Move
    number: str
    words: str


def parse(said: str, quote: str = "") -> Wanted | None:
    """The command in ``said``; its number stands behind the word, before it or in the quote."""
    found = _COMMAND.match(said)
    if found is None:
        return None
    number = found["number"] or found["first"] or next(iter(numbers.found_in(quote)), "")
    rest = found["rest"].strip()
    if not number:
        return None
    move = _WORDS[found["head"] or found["then"]]
    return Wanted(move, next(iter(numbers.found_in(number)), number), rest)


def resident_move(said: str) -> tuple[Move, str] | None:
    """What a resident answers to an invitation or a visit, and the number if she said one."""
    found = _COMMAND.match(said.strip().strip("“”"))
    move = _WORDS[found["head"] or found["then"]] if found else None
    if found is None or move not in (Move.AGREE, Move.REFUSE, Move.KEPT, Move.BROKEN):
        return None
    if found["rest"].strip("”。.!！~ "):
        return None
    return move, next(iter(numbers.found_in(found["number"] or found["first"] or "")), "")


def sides_in(words: str) -> tuple[str, ...]:
    """Which sides are meant; empty when none was named."""
    return next((sides for word, sides in _SIDES.items() if word in words), ())


def result_in(words: str) -> Result | None:
    """The result that is said first, or None."""
    said = [(words.find(word), result) for word, result in _RESULT_WORDS if word in words]
    return min(said, key=lambda pair: pair[0])[1] if said else None


def form_in(words: str, rules: Mediation) -> Form | None:
    """The form that the words name, or None."""
    return next((f for f in rules.forms if any(w in words for w in (f.name, *f.words))), None)


def is_never(rules: Mediation, danger_class: str, category: str, words: str) -> bool:
    """True for DV, minors, suicide, threats and what else is never mediated."""
    never = rules.never
    named = danger_class in never.classes or category in never.categories
    return named or any(word in words for word in never.words)


def score(rules: Mediation, words: str, earlier: int, failed: int) -> int:
    """Risk from 0 to 100: words of the report, earlier matters here, mediations that failed."""
    said = sum(risk.points for risk in rules.risk if any(word in words for word in risk.words))
    before = min(earlier * rules.earlier.points, rules.earlier.most)
    return min(100, said + before + failed * rules.failed)


def colour_at(rules: Mediation, points: int) -> Colour:
    """The colour of that many points."""
    return [colour for colour in rules.colours if colour.from_ <= points][-1]


def calmer(rules: Mediation, colour: str) -> Colour | None:
    """One colour down; None from the lowest."""
    ids = [one.id for one in rules.colours]
    at = ids.index(colour) if colour in ids else 0
    return rules.colours[at - 1] if at else None
