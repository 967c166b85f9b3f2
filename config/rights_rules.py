"""Model of rights.yaml (权限表): role × scope × class of category × act × field, as rows.

What no row gives, nobody has. ``bot.domain.rights`` is the only place that asks it. Some lines are
no clerk's to move and stand in the program: who is barred from a matter never sees it, complaints
about staff are for the inspector, police matters are gone to by police alone.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.shapes import CategoryCode, Name, Shape
from config.vocabulary import Act, Role


class Scope(StrEnum):
    """Which tickets a row speaks of."""

    OWN = "own"  # 自己在办的
    CARRIED = "carried"  # 自己转来的
    GRID = "grid"  # 自己网格的
    BEAT = "beat"  # 自己警务区的，说不清网格的也算
    DEPARTMENT = "department"  # 交给本部门的
    SUPERVISED = "supervised"  # 督办中的
    STATION = "station"  # 全所的


class Class(StrEnum):
    """The class of a matter, from its category and flags; the first that fits."""

    STAFF_COMPLAINT = "staff_complaint"  # 投诉民警辅警
    DRUG_TIP = "drug_tip"  # 涉毒线索
    PROTECTED = "protected"  # 受保护
    DISPUTE = "dispute"  # 纠纷
    ORDINARY = "ordinary"  # 其他


class Part(StrEnum):
    """A part of a ticket that is read by itself."""

    SUMMARY = "summary"  # 遮过的原话
    PLACE = "place"  # 单元、楼层、门牌
    STORY = "story"  # 台账
    RESULT = "result"  # 内部结果
    ORIGINAL = "original"  # 没遮过的原话（还要第二人批）


class Page(StrEnum):
    """A page of the dashboard; the order is the order in which they are offered."""

    TODAY = "today"  # 今天
    TICKETS = "tickets"  # 工单
    HANDOVER = "handover"  # 交接班
    DRAFTS = "drafts"  # 待代发
    HARD = "hard"  # 待判
    GRIDS = "grids"  # 网格
    REPEATS = "repeats"  # 反复
    DEPARTMENTS = "departments"  # 部门
    MEDIATION = "mediation"  # 调解
    DUTY = "duty"  # 值班
    GROUPS = "groups"  # 群
    PUBLICITY = "publicity"  # 宣传
    REPORTS = "reports"  # 报表
    RULES = "rules"  # 规则
    AUDIT = "audit"  # 留痕
    SYSTEM = "system"  # 系统

    @property
    def label(self) -> str:
        """The word in the menu."""
        return _PAGE_LABELS[self]


_PAGE_LABELS = {
    Page.TODAY: "今天",
    Page.TICKETS: "工单",
    Page.HANDOVER: "交接班",
    Page.DRAFTS: "待代发",
    Page.HARD: "待判",
    Page.GRIDS: "网格",
    Page.REPEATS: "反复",
    Page.DEPARTMENTS: "部门",
    Page.MEDIATION: "调解",
    Page.DUTY: "值班",
    Page.GROUPS: "群",
    Page.PUBLICITY: "宣传",
    Page.REPORTS: "报表",
    Page.RULES: "规则",
    Page.AUDIT: "留痕",
    Page.SYSTEM: "系统",
}
ANY = "any"
_Roles = tuple[Role, ...] | Annotated[str, Field(pattern="^any$")]
_Acts = tuple[Act, ...] | Annotated[str, Field(pattern="^any$")]


class Row(Shape):
    """These roles, on these tickets, of these classes: may do these acts and read these fields."""

    roles: _Roles
    scope: Scope
    classes: tuple[Class, ...] = Field(min_length=1)
    acts: _Acts = ()
    fields: tuple[Part, ...] | Annotated[str, Field(pattern="^any$")] = ()

    def is_for(self, role: Role) -> bool:
        """True when the row speaks of that role; ``any`` means every member of staff."""
        return role.is_staff if isinstance(self.roles, str) else role in self.roles

    def allows(self, act: Act) -> bool:
        """True when the row names that act."""
        return isinstance(self.acts, str) or act in self.acts

    def shows(self, part: Part) -> bool:
        """True when the row names that field."""
        return isinstance(self.fields, str) or part in self.fields


_POLICE_KEPT = frozenset({Class.STAFF_COMPLAINT, Class.DRUG_TIP})


class Rights(Shape):
    """rights.yaml: the rows, and how a complaint about somebody with a role is recognised."""

    rows: tuple[Row, ...] = Field(min_length=1)
    disputes: tuple[CategoryCode, ...] = ()
    complaint_words: tuple[Name, ...] = ()
    role_words: dict[Role, tuple[Name, ...]] = Field(default_factory=dict)
    pages: dict[Page, _Roles] = Field(default_factory=lambda: dict(_STANDARD_PAGES))

    exports: dict[Page, _Roles] = Field(default_factory=lambda: dict(_STANDARD_EXPORTS))

    def opens(self, role: Role, page: Page) -> bool:
        """True when that role may open that page; a page that is not named opens for nobody."""
        roles = self.pages.get(page, ())
        return role.is_staff if isinstance(roles, str) else role in roles

    def takes(self, role: Role, page: Page) -> bool:
        """True when that role may take the tables of that page along; not named means nobody."""
        roles = self.exports.get(page, ())
        return role.is_staff if isinstance(roles, str) else role in roles

    @model_validator(mode="after")
    def _keeps_secrets(self) -> Self:
        for row in self.rows:
            kept = _POLICE_KEPT.intersection(row.classes)
            complaint = Class.STAFF_COMPLAINT in kept
            if complaint and not _only(row, {Role.INSPECTOR}):
                raise ValueError("投诉民警（staff_complaint）只能给 inspector 督察")
            tip = Class.DRUG_TIP in kept and row.scope is not Scope.OWN
            if tip and not _only(row, {Role.NARCOTICS}):
                raise ValueError("涉毒线索（drug_tip）只能给 narcotics 禁毒，或办的人自己")
            wide = row.scope not in (Scope.OWN, Scope.STATION, Scope.BEAT)
            if Class.PROTECTED in row.classes and wide:
                raise ValueError("受保护的事（protected）不能按网格、部门、转来的给人看")
        return self

    @classmethod
    def standard(cls) -> Self:
        """What holds for a site without the file: the same rows as the sample site's."""
        return cls.model_validate(_STANDARD)


def _only(row: Row, roles: set[Role]) -> bool:
    return not isinstance(row.roles, str) and set(row.roles) <= roles


_DESK = (Role.COMMAND_ROOM, Role.LEADER)
_STANDARD_PAGES: dict[Page, _Roles] = {
    Page.TODAY: ANY,
    Page.TICKETS: ANY,
    Page.HANDOVER: (*_DESK, Role.OFFICER),
    Page.DRAFTS: ANY,
    Page.HARD: (*_DESK, Role.OFFICER, Role.ANALYST),
    Page.GRIDS: (*_DESK, Role.OFFICER, Role.ANALYST, Role.GRID_LEADER),
    Page.REPEATS: (*_DESK, Role.OFFICER, Role.ANALYST),
    Page.DEPARTMENTS: (*_DESK, Role.ANALYST, Role.DEPARTMENT_LEAD),
    Page.MEDIATION: (*_DESK, Role.OFFICER, Role.MEDIATOR),
    Page.DUTY: ANY,
    Page.GROUPS: (*_DESK, Role.OFFICER, Role.ADMIN),
    Page.PUBLICITY: (*_DESK, Role.OFFICER),
    Page.REPORTS: (*_DESK, Role.OFFICER, Role.ANALYST, Role.SUPERVISOR, Role.LEGAL_OFFICER),
    Page.RULES: (*_DESK, Role.ADMIN),
    Page.AUDIT: (Role.LEADER, Role.INSPECTOR, Role.AUDITOR),
    Page.SYSTEM: (*_DESK, Role.ADMIN),
}
_STANDARD_EXPORTS: dict[Page, _Roles] = {
    Page.TODAY: _DESK,
    Page.TICKETS: (*_DESK, Role.OFFICER, Role.ANALYST),
    Page.HANDOVER: _DESK,
    Page.DRAFTS: _DESK,
    Page.GRIDS: (*_DESK, Role.ANALYST),
    Page.REPEATS: (*_DESK, Role.ANALYST),
    Page.DEPARTMENTS: (*_DESK, Role.ANALYST, Role.DEPARTMENT_LEAD),
    Page.MEDIATION: _DESK,
    Page.DUTY: (*_DESK, Role.OFFICER),
    Page.GROUPS: (*_DESK, Role.ADMIN),
    Page.REPORTS: _STANDARD_PAGES[Page.REPORTS],
    Page.AUDIT: _STANDARD_PAGES[Page.AUDIT],
    Page.SYSTEM: (*_DESK, Role.ADMIN),
}
_PLAIN = ["ordinary", "dispute"]
_OPEN = [*_PLAIN, "protected"]
_FIRST = ["accept", "confirm", "false_alarm"]
_STANDARD: dict[str, object] = {
    "disputes": ["P11", "P12", "P13"],
    "rows": [
        {"roles": ANY, "scope": "own", "classes": [*_OPEN, "drug_tip"], "acts": ANY, "fields": ANY},
        {"roles": ["inspector"], "scope": "station", "classes": ["staff_complaint"], "acts": ANY,
         "fields": ANY},
        {"roles": ["narcotics"], "scope": "station", "classes": ["drug_tip"], "acts": _FIRST,
         "fields": ["summary", "place", "story"]},
        {"roles": ["command_room", "leader"], "scope": "station", "classes": _OPEN, "acts": ANY,
         "fields": ANY},
        {"roles": ["officer", "auxiliary"], "scope": "beat", "classes": ["ordinary"],
         "acts": [*_FIRST, "recheck", "rework"],
         "fields": ["summary", "place", "story", "result"]},
        {"roles": ["officer", "auxiliary"], "scope": "beat", "classes": ["dispute", "protected"],
         "acts": _FIRST, "fields": ["summary", "place", "story", "result"]},
        {"roles": ["grid_worker", "micro_worker", "assistant"], "scope": "grid",
         "classes": _PLAIN, "acts": _FIRST, "fields": ["summary", "place", "story"]},
        {"roles": ["grid_leader"], "scope": "grid", "classes": _PLAIN,
         "acts": [*_FIRST, "transfer", "divert", "chase"], "fields": ["summary", "place", "story"]},
        {"roles": ["grid_worker", "grid_leader", "micro_worker", "assistant", "mediator"],
         "scope": "carried", "classes": _PLAIN, "acts": _FIRST,
         "fields": ["summary", "place", "story"]},
        {"roles": ["mediator"], "scope": "grid", "classes": ["dispute"], "acts": ["accept"],
         "fields": ["summary", "place", "story"]},
        {"roles": ["department"], "scope": "department", "classes": _PLAIN, "acts": _FIRST,
         "fields": ["summary", "place", "story"]},
        {"roles": ["department_lead"], "scope": "department", "classes": _PLAIN,
         "acts": [*_FIRST, "transfer", "chase"], "fields": ["summary", "place", "story"]},
        {"roles": ["analyst"], "scope": "station", "classes": _PLAIN, "fields": ["summary"]},
        {"roles": ["supervisor"], "scope": "supervised", "classes": _PLAIN,
         "acts": ["suspend", "extend", "reject", "recheck", "rework", "void", "chase"],
         "fields": ["summary", "story"]},
    ],
}  # fmt: skip
