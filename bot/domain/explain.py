"""How a message was read, told as a person would tell it (说说为什么).

Which words of the rules spoke, with what weight; what was guarded or lost; which pieces the second
reader went by; which half sentence would change the decision if it were not there. Pure; called
by ``run_bot.py read --explain``, for clerks who want to know before they change a rule.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from bot.domain.places import GridView
from bot.domain.privacy import mask
from bot.domain.reading import Observed, Reading, observed, read
from bot.domain.words import longest
from config.reading_rules import ReadingRules
from config.vocabulary import Danger, Kind

_CLAUSE = re.compile(r"[\s,，。!！?？;；…]+")
_MOST = 4
_KINDS = {
    Kind.REPORT: "诉求，要开单",
    Kind.QUESTION: "咨询",
    Kind.UPDATE: "跟进以前的事",
    Kind.CHAT: "闲聊，不开单",
}
_DANGERS = {Danger.NONE: "没有险情", Danger.SUSPECTED: "疑似险情", Danger.CONFIRMED: "险情"}


def explain(text: str, at: datetime, grid: GridView | None, rules: ReadingRules) -> list[str]:
    """Lines of Chinese, the decision first; personal numbers are masked. Never raises."""
    reading = read(text, at, grid, rules)
    seen = observed(text, grid, rules)
    return [
        f"这句话：{mask(text)}",
        f"读成：{_decision(reading)}",
        *_rule_lines(seen),
        *_second_lines(seen, reading),
        *_guarded(seen),
        *_changes(text, at, grid, rules, reading),
    ]


def _decision(reading: Reading) -> str:
    said = [_KINDS[reading.kind]]
    if reading.category:
        handled = "派出所办" if reading.police else f"转 {reading.department}"
        said.append(f"{reading.category} {reading.category_name}（{handled}）")
    said.append(_DANGERS[reading.danger])
    if reading.place:
        names = (name for name in reading.place.__slots__ if name != "floor_said")
        parts = (getattr(reading.place, name) for name in names)
        said.append("地点 " + " ".join(part for part in parts if isinstance(part, str) and part))
    return " · ".join(said)


def _rule_lines(seen: Observed) -> Iterator[str]:
    """What the clerk's own rules saw."""
    scores = seen.evidence.scores
    for place, score in enumerate(scores[:_MOST]):
        words = "、".join(f"“{word}”" for word in score.words[:_MOST])
        lost = "" if not place else f"，输给 {scores[0].category.code}"
        name = f"{score.category.code} {score.category.name}"
        yield f"规则：{words} 给 {name} 记 {score.points:g} 分{lost}"
    for name, said in seen.evidence.tone.signs.items():
        yield f"规则：“{'”“'.join(said[:_MOST])}” 是语气 {name}"
    for why in seen.alarm.why:
        yield f"规则：{why}"
    if not scores and not seen.alarm.why:
        yield "规则：没有一条规则说到它"


def _second_lines(seen: Observed, reading: Reading) -> Iterator[str]:
    """What the second reader went by."""
    second = seen.engine.second
    if second is None:
        yield "第二读者：没有模型文件，只凭规则"
        return
    text, signs = seen.scan.text, seen.signs
    opinion = second.opinion(text, signs)
    kinds = "、".join(f"{_KINDS[Kind(k)][:2]} {p:.0%}" for k, p in opinion.kinds.items())
    yield f"第二读者：{kinds}；险情 {opinion.danger:.0%}"
    pieces = second.reasons(text, signs, "kind", reading.kind.value)
    yield f"　　看重：{'、'.join(pieces) or '没有特别的字眼'}"
    first, *others = opinion.categories
    rivals = "，".join(f"{code} {share:.0%}" for code, share in others[:2])
    yield f"　　类别：{first[0]} {first[1]:.0%}，其次 {rivals}"
    yield f"　　看重：{'、'.join(second.reasons(text, signs, 'category', first[0]))}"
    if reading.danger is not Danger.NONE or opinion.danger >= _SHOWN:
        yield f"　　险情看重：{'、'.join(second.reasons(text, signs, 'danger', 'yes'))}"


_SHOWN = 0.1


def _guarded(seen: Observed) -> Iterator[str]:
    """Words that a longer protected phrase keeps from counting."""
    for start, end in longest(seen.engine.shielded(seen.scan.text)):
        yield f"保护短语：“{seen.scan.text[start:end]}” 里的词不算"


def _changes(
    text: str, at: datetime, grid: GridView | None, rules: ReadingRules, reading: Reading
) -> Iterator[str]:
    """Half sentences without which it would be read otherwise."""
    clauses = [clause for clause in _CLAUSE.split(text) if clause]
    if len(clauses) < 2:
        return
    for clause in clauses[:12]:
        other = read(text.replace(clause, " ", 1), at, grid, rules)
        now = _decision(other)
        changed = (other.kind, other.category, other.danger)
        if changed != (reading.kind, reading.category, reading.danger):
            yield f"要是没有“{mask(clause)}”：{now}"
