"""The columns of the organisation's workbook (组织表): what stands where, and what it is called.

One place for the template, the export and the import, so that the three cannot differ. Used by
``commands.org_read`` and ``commands.org_write``.
"""

from dataclasses import dataclass

from config.vocabulary import Role

PEOPLE, GRIDS, NOTES = "人员", "网格", "填表说明"

ROLES: dict[str, Role] = {
    "民警": Role.OFFICER,
    "辅警": Role.AUXILIARY,
    "网格长": Role.GRID_LEADER,
    "专职网格员": Role.GRID_WORKER,
    "辅助网格员": Role.ASSISTANT,
    "微网格员": Role.MICRO_WORKER,
    "调解员": Role.MEDIATOR,
    "指挥室": Role.COMMAND_ROOM,
    "所领导": Role.LEADER,
    "督察": Role.INSPECTOR,
    "禁毒民警": Role.NARCOTICS,
    "法制员": Role.LEGAL_OFFICER,
    "基础防控岗": Role.ANALYST,
    "部门经办": Role.DEPARTMENT,
    "部门负责人": Role.DEPARTMENT_LEAD,
    "上级督导": Role.SUPERVISOR,
    "管理员": Role.ADMIN,
    "审计": Role.AUDITOR,
    "联络员": Role.CONTACT,
}
NAMES = {role: name for name, role in ROLES.items()}
PIPELINES = {"四级": "four", "直办": "direct"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in YAML, its heading, whether it must be filled, how it is filled."""

    key: str
    heading: str
    needed: bool
    how: str
    people: tuple[Role, ...] = ()
    """Roles of the people it names; empty where it names none."""

    many: bool = False


SHEETS: dict[str, tuple[Column, ...]] = {
    PEOPLE: (
        Column("id", "账号", True, "企业微信账号，每人一个，不重复"),
        Column("name", "姓名", True, "姓名"),
        Column("role", "岗位", True, "、".join(ROLES)),
        Column("unit", "单位", True, "如 桂花社区警务室"),
        Column("grids", "网格", False, "网格编号，几个用顿号隔开，如 g01、g02", many=True),
        Column("department", "部门编号", False, "部门的人才填，如 housing"),
        Column("leader", "上级账号", False, "催办抄给谁；不填按网格长、所领导"),
    ),
    GRIDS: (
        Column("id", "网格编号", True, "小写字母开头，如 g01，不重复"),
        Column("name", "网格名称", True, "如 桂花社区第一网格"),
        Column("community", "社区", True, "如 桂花社区"),
        Column("post", "警务室", True, "如 桂花社区警务室"),
        Column("officer", "民警账号", True, "社区民警的账号", (Role.OFFICER,)),
        Column("auxiliary", "辅警账号", False, "", (Role.AUXILIARY, Role.ASSISTANT)),
        Column("leader", "网格长账号", True, "", (Role.GRID_LEADER,)),
        Column(
            "workers",
            "网格员账号",
            False,
            "几个用顿号隔开；不填就按“人员”表里的网格",
            (Role.GRID_WORKER, Role.MICRO_WORKER),
            many=True,
        ),
        Column("mediator", "调解员账号", False, "", (Role.MEDIATOR,)),
        Column("estates", "小区", True, "如 桂花苑（桂花园、桂苑）1-18；槐安里 1-9", many=True),
        Column("landmarks", "地标", False, "如 东门、快递柜", many=True),
        Column("pipeline", "工作方式", False, "四级 或 直办；不填是直办"),
        Column("neighbours", "相邻网格", False, "网格编号，几个用顿号隔开", many=True),
        Column("post_hours", "警务室开放", False, "如 8:30-17:30；不填就不按时间"),
    ),
}
