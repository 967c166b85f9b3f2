"""Whether the people of roster.yaml fit where the other files put them (名册和别的文件).

A grid's officer is an officer, the roles that are rung in a danger are held by somebody, staff of
a department name theirs, and no resident of the demo has a member's account. Some of the checks
between files that ``config.crosscheck`` calls.
"""

from collections.abc import Iterator

from config.fault_lines import Fault
from config.selecting import Files, select, texts_of
from config.vocabulary import Role

# where a person is named in grids.yaml, and the roles that fit there
_GRID_ROLES = (
    ("grids.*.officer", (Role.OFFICER,)),
    ("grids.*.auxiliary", (Role.AUXILIARY, Role.ASSISTANT)),
    ("grids.*.leader", (Role.GRID_LEADER,)),
    ("grids.*.workers.*", (Role.GRID_WORKER, Role.MICRO_WORKER)),
    ("grids.*.mediator", (Role.MEDIATOR,)),
)


def people_faults(files: Files) -> Iterator[Fault]:
    """Every person who does not fit; ``files`` are those that could be parsed."""
    yield from _wrong_roles(files)
    yield from _nobody_on_duty(files)
    yield from _department_people(files)
    yield from _resident_ids(files)


def _roles(files: Files) -> dict[str, str]:
    """The role of each userid, as typed."""
    people = select(files["roster.yaml"].data, "people.*") if "roster.yaml" in files else ()
    return {
        str(person["id"]): str(person.get("role"))
        for _, person in people
        if isinstance(person, dict) and person.get("id")
    }


def _wrong_roles(files: Files) -> Iterator[Fault]:
    roles = _roles(files)
    for pattern, fitting in _GRID_ROLES:
        for path, name in texts_of(files, "grids.yaml", pattern):
            if name in roles and roles[name] not in fitting:
                what = f"“{name}”在名册里是 {roles[name]}，放在这里不合适"
                yield files["grids.yaml"].fault(path, what, f"写一位 {' 或 '.join(fitting)}")
    for path, name in texts_of(files, "roster.yaml", "duty.*.*"):
        if name in roles and roles[name] != path[1]:
            what = f"“{name}”在名册里是 {roles[name]}，不能值 {path[1]} 的班"
            yield files["roster.yaml"].fault(path, what, f"写一位 {path[1]}")


def _nobody_on_duty(files: Files) -> Iterator[Fault]:
    """The roles that are rung in a danger, and those who get complaints and tips, must exist."""
    if "roster.yaml" not in files:
        return
    have = {role for _, role in texts_of(files, "roster.yaml", "people.*.role")}
    have |= {role for _, role in texts_of(files, "roster.yaml", "people.*.also.*.role")}
    for needed in (Role.COMMAND_ROOM, Role.LEADER, Role.INSPECTOR, Role.NARCOTICS):
        if needed not in have:
            what = f"名册里没有 {needed}，险情、投诉、线索没人接"
            should = f"- {{id: 账号, name: 姓名, role: {needed}, unit: 单位}}"
            yield files["roster.yaml"].fault(("people",), what, should)
    for path, role in texts_of(files, "times.yaml", "danger.chain.*.role"):
        if role not in have:
            what = f"叫人顺序里有 {role}，名册里没有这样的人"
            yield files["times.yaml"].fault(path, what, "在 roster.yaml 添上，或删掉这一步")


def _department_people(files: Files) -> Iterator[Fault]:
    """A department's contacts belong to it by the roster; staff of departments name theirs."""
    if "roster.yaml" not in files:
        return
    roster = files["roster.yaml"]
    people: dict[str, list[object]] = {}
    for path, person in select(roster.data, "people.*"):
        if not isinstance(person, dict):
            continue
        also = person.get("also")
        offices = [person, *(also if isinstance(also, list) else ())]
        held = [one.get("department") for one in offices if isinstance(one, dict)]
        people[str(person.get("id"))] = held
        by_department = person.get("role") in (Role.DEPARTMENT, Role.DEPARTMENT_LEAD)
        if by_department and not person.get("department"):
            yield roster.fault(path, "部门的人要写是哪个部门", "department: city_management")
    for path, name in texts_of(files, "divert.yaml", "departments.*.contacts.*"):
        divert = files["divert.yaml"]
        own = divert.data["departments"][path[1]].get("id")
        if name in people and own not in people[name]:
            what = f"“{name}”在名册里不是 {own} 的人"
            yield divert.fault(path, what, f"在 roster.yaml 给他写 department: {own}")


def _resident_ids(files: Files) -> Iterator[Fault]:
    staff = {name for _, name in texts_of(files, "roster.yaml", "people.*.id")}
    for path, name in texts_of(files, "demo.yaml", "residents.*.id"):
        if name in staff:
            what = f"“{name}”已经是名册里的工作人员"
            yield files["demo.yaml"].fault(path, what, "居民换一个账号")
