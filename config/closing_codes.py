"""How a matter ended (办结方式): the codes of a closing and of a refusal to take it on.

A part of ``config.vocabulary``, kept apart so that each file stays readable. Which code needs what
beside it is said by ``bot.domain.closing``.
"""

from enum import StrEnum


class ClosingCode(StrEnum):
    """How a matter ended (办结方式); separate from the stage, and mandatory."""

    SOLVED = "solved"
    MEDIATED = "mediated"
    PARTLY = "partly"
    HANDED_OVER = "handed_over"
    UNFOUNDED = "unfounded"
    UNREACHABLE = "unreachable"
    EXPLAINED = "explained"
    WITHDRAWN = "withdrawn"
    WRITTEN = "written"
    MEDIATION_FAILED = "mediation_failed"
    FILED = "filed"
    DUPLICATE = "duplicate"
    NOT_OURS = "not_ours"

    @property
    def label(self) -> str:
        """The Chinese name on a button and in a command."""
        return _CODE_LABELS[self]

    @property
    def is_offered(self) -> bool:
        """True when it stands on a button; the rest comes from words."""
        return self in _OFFERED


_CODE_LABELS = {
    ClosingCode.SOLVED: "已解决",
    ClosingCode.MEDIATED: "调解成功",
    ClosingCode.PARTLY: "部分解决",
    ClosingCode.HANDED_OVER: "已移交",
    ClosingCode.UNFOUNDED: "不属实",
    ClosingCode.UNREACHABLE: "联系不上",
    ClosingCode.EXPLAINED: "已解释",
    ClosingCode.WITHDRAWN: "撤回",
    ClosingCode.WRITTEN: "见说明",
    ClosingCode.MEDIATION_FAILED: "调解不成",
    ClosingCode.FILED: "已受案",
    ClosingCode.DUPLICATE: "重复并案",
    ClosingCode.NOT_OURS: "不在职责",
}
_OFFERED = frozenset(
    {
        ClosingCode.SOLVED,
        ClosingCode.MEDIATED,
        ClosingCode.PARTLY,
        ClosingCode.HANDED_OVER,
        ClosingCode.UNFOUNDED,
        ClosingCode.UNREACHABLE,
    }
)


class RejectCode(StrEnum):
    """Why a matter is not taken on (不予受理)."""

    NOT_OURS = "not_ours"
    IN_COURT = "in_court"
    DECIDED = "decided"
    NO_FACTS = "no_facts"
    UNFOUNDED = "unfounded"

    @property
    def label(self) -> str:
        """The Chinese name that staff type."""
        return _REJECT_LABELS[self]


_REJECT_LABELS = {
    RejectCode.NOT_OURS: "不归管",
    RejectCode.IN_COURT: "诉讼仲裁中",
    RejectCode.DECIDED: "已有结论",
    RejectCode.NO_FACTS: "没有具体事",
    RejectCode.UNFOUNDED: "不属实",
}
