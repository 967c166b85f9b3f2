"""Checks between the files of a site: every name that one file uses must stand in another.

Works on the plain values of the files rather than on the models, so that one wrong key in a file
does not hide what else is wrong. A check whose files cannot be read is left out.
"""

from collections.abc import Callable, Iterator

from config.duty_check import pattern_faults
from config.fault_lines import Fault, unknown
from config.joint_check import patrol_faults
from config.people_check import people_faults
from config.publicity_check import publicity_faults
from config.reading_rules import DANGER_CLASSES
from config.selecting import Files, select, texts_of
from config.silence_check import silent_groups
from config.text_keys import RESIDENT, STAFF
from config.yaml_lines import Path

# kind → (Chinese name, file, where its names stand)
_KINDS = {
    "person": ("人员", "roster.yaml", "people.*.id"),
    "grid": ("网格", "grids.yaml", "grids.*.id"),
    "department": ("部门", "divert.yaml", "departments.*.id"),
    "chat": ("群", "chats.yaml", "chats.*.id"),
    "category": ("类别", "categories.yaml", "categories.*.code"),
    "robot": ("机器人", "station.yaml", "robot_names.*"),
    "colour": ("颜色", "mediation.yaml", "colours.*.id"),
    "client": ("外部系统", "partners.yaml", "clients.*.id"),
}
# file, where the name is used, kind
_USES = (
    ("grids.yaml", "grids.*.officer", "person"),
    ("grids.yaml", "grids.*.auxiliary", "person"),
    ("grids.yaml", "grids.*.leader", "person"),
    ("grids.yaml", "grids.*.workers.*", "person"),
    ("grids.yaml", "grids.*.mediator", "person"),
    ("grids.yaml", "grids.*.neighbours.*", "grid"),
    ("roster.yaml", "people.*.grids.*", "grid"),
    ("roster.yaml", "people.*.department", "department"),
    ("roster.yaml", "people.*.leader", "person"),
    ("roster.yaml", "duty.*.*", "person"),
    ("roster.yaml", "shifts.*.people.*", "person"),
    ("roster.yaml", "leave.*.id", "person"),
    ("roster.yaml", "leave.*.substitute", "person"),
    ("roster.yaml", "patterns.*.groups.*.*", "person"),
    ("roster.yaml", "stays.*.id", "person"),
    ("roster.yaml", "stays.*.otherwise", "person"),
    ("roster.yaml", "stays.*.grid", "grid"),
    ("roster.yaml", "sponsors.*.id", "person"),
    ("roster.yaml", "sponsors.*.grids.*", "grid"),
    ("roster.yaml", "people.*.also.*.grids.*", "grid"),
    ("roster.yaml", "people.*.also.*.department", "department"),
    ("times.yaml", "sample.reader", "person"),
    ("times.yaml", "by_category.*.category", "category"),
    ("chats.yaml", "chats.*.grid", "grid"),
    ("chats.yaml", "chats.*.robots.*", "robot"),
    ("chats.yaml", "chats.*.owner", "person"),
    ("chats.yaml", "chats.*.speakers.*", "person"),
    ("chats.yaml", "chats.*.officer", "person"),
    ("divert.yaml", "departments.*.contacts.*", "person"),
    ("divert.yaml", "departments.*.minder", "person"),
    ("divert.yaml", "district", "department"),
    ("divert.yaml", "wide.*.categories.*", "category"),
    ("divert.yaml", "list.*.category", "category"),
    ("divert.yaml", "list.*.department", "department"),
    ("divert.yaml", "list.*.backstop", "department"),
    ("divert.yaml", "list.*.when.grids.*", "grid"),
    ("crisis.yaml", "police_only_categories.*", "category"),
    ("closing.yaml", "hazards.*", "category"),
    ("closing.yaml", "domestic.*", "category"),
    ("closing.yaml", "minors.*", "category"),
    ("closing.yaml", "disputes.*", "category"),
    ("closing.yaml", "complaints.*", "category"),
    ("closing.yaml", "recheck_levels.*", "colour"),
    ("closing.yaml", "sign_levels.*", "colour"),
    ("rights.yaml", "disputes.*", "category"),
    ("faq.yaml", "entries.*.categories.*", "category"),
    ("own_words.yaml", "words.*.category", "category"),
    ("mediation.yaml", "forces.*.people.*", "person"),
    ("mediation.yaml", "never.categories.*", "category"),
    ("demo.yaml", "residents.*.grid", "grid"),
    ("demo.yaml", "residents.*.chats.*", "chat"),
    ("demo.yaml", "robots.*.name", "robot"),
    ("partners.yaml", "clients.*.grids.*", "grid"),
    ("partners.yaml", "hooks.*.client", "client"),
    ("demo.yaml", "hooks.*.chat", "chat"),
    ("repeats.yaml", "place.not_counted.*", "category"),
    ("repeats.yaml", "kind.not_counted.*", "category"),
    ("repeats.yaml", "person.categories.*", "category"),
    ("repeats.yaml", "again_categories.*", "category"),
    ("checklists.yaml", "hazards.*.category", "category"),
    ("services.yaml", "appointments.category", "category"),
    ("services.yaml", "tenancy.category", "category"),
    ("everyday.yaml", "debrief.*", "category"),
    ("everyday.yaml", "crimes.*", "category"),
    ("everyday.yaml", "opinions.categories.*", "category"),
    ("everyday.yaml", "lost_found.category", "category"),
    ("everyday.yaml", "search.categories.*", "category"),
    ("joint.yaml", "counter.stops.*.grid", "grid"),
    ("joint.yaml", "care.*.grid", "grid"),
    ("joint.yaml", "patrols.*.grid", "grid"),
    ("joint.yaml", "patrols.*.police", "person"),
    ("joint.yaml", "patrols.*.members.*", "person"),
    ("joint.yaml", "campaigns.*.members.*", "person"),
    ("joint.yaml", "centre", "department"),
    ("joint.yaml", "tags.*.categories.*", "category"),
    ("joint.yaml", "security.*", "category"),
    ("joint.yaml", "fraud.*", "category"),
    ("publicity.yaml", "topics.*.grids.*", "grid"),
    ("publicity.yaml", "topics.*.chats.*", "chat"),
    ("publicity.yaml", "topics.*.cases.*", "category"),
)
# file, names that must not be given twice
_UNIQUE = (
    ("roster.yaml", "people.*.id"),
    ("grids.yaml", "grids.*.id"),
    ("grids.yaml", "posts.*.name"),
    ("chats.yaml", "chats.*.id"),
    ("divert.yaml", "departments.*.id"),
    ("divert.yaml", "list.*.id"),
    ("divert.yaml", "wide.*.id"),
    ("crisis.yaml", "classes.*.id"),
    ("faq.yaml", "entries.*.id"),
    ("mediation.yaml", "forces.*.id"),
    ("mediation.yaml", "colours.*.id"),
    ("mediation.yaml", "forms.*.id"),
    ("joint.yaml", "care.*.id"),
    ("joint.yaml", "patrols.*.id"),
    ("joint.yaml", "campaigns.*.id"),
    ("joint.yaml", "tags.*.id"),
    ("publicity.yaml", "topics.*.id"),
    ("publicity.yaml", "topics.*.variants.*.id"),
    ("own_words.yaml", "words.*.word"),
    ("demo.yaml", "residents.*.id"),
    ("demo.yaml", "robots.*.id"),
    ("demo.yaml", "robots.*.single"),
)


def cross_faults(files: Files) -> Iterator[Fault]:
    """Every fault between files; ``files`` are those that could be parsed."""
    checks: tuple[Callable[[Files], Iterator[Fault]], ...] = (
        _unknown_names,
        _names_given_twice,
        people_faults,
        pattern_faults,
        _nobody_handles,
        _rows_agree,
        _groups_without_grid,
        _silent_dangers,
        _unknown_texts,
        silent_groups,
        patrol_faults,
        publicity_faults,
    )
    for check in checks:
        yield from check(files)


def _names(files: Files, kind: str) -> list[str]:
    _, file, pattern = _KINDS[kind]
    return [name for _, name in texts_of(files, file, pattern)]


def _unknown_names(files: Files) -> Iterator[Fault]:
    for file, pattern, kind in _USES:
        title, home, _ = _KINDS[kind]
        if home not in files:
            continue
        known = _names(files, kind)
        for path, name in texts_of(files, file, pattern):
            if name not in known:
                what, should = unknown(title, name, known)
                yield files[file].fault(path, f"{what}（{home}）", should)


def _names_given_twice(files: Files) -> Iterator[Fault]:
    for file, pattern in _UNIQUE:
        first: dict[str, Path] = {}
        for path, name in texts_of(files, file, pattern):
            if name in first:
                line = files[file].line_of(first[name])
                what = f"“{name}”在第 {line} 行已经用过"
                yield files[file].fault(path, what, "换一个不重复的")
            first.setdefault(name, path)


def _nobody_handles(files: Files) -> Iterator[Fault]:
    """Each category that is not the police's needs a row without a condition."""
    if "divert.yaml" not in files or "categories.yaml" not in files:
        return
    divert, categories = files["divert.yaml"], files["categories.yaml"]
    departments = _names(files, "department")
    rows = [row for _, row in select(divert.data, "list.*") if isinstance(row, dict)]
    covered = [row.get("category") for row in rows if not row.get("when")]
    for path, category in select(categories.data, "categories.*"):
        if not isinstance(category, dict):
            continue
        handler, code = category.get("handled_by"), category.get("code")
        if handler == "police" or not isinstance(handler, str):
            continue
        if handler not in departments:
            what, should = unknown("部门", handler, departments)
            yield categories.fault((*path, "handled_by"), f"{what}（divert.yaml）", should)
        if code not in covered:
            what = f"类别 {code} 不归公安，分流清单里却没有不带条件的一行，没人办"
            row = f"- {{id: {str(code).lower()}, category: {code}, department: {handler}}}"
            yield divert.fault(("list",), what, row)


def _rows_agree(files: Files) -> Iterator[Fault]:
    """A row without condition sends a category where categories.yaml says it belongs."""
    if "divert.yaml" not in files or "categories.yaml" not in files:
        return
    departments = _names(files, "department")
    handlers = {
        str(category.get("code")): category.get("handled_by")
        for _, category in select(files["categories.yaml"].data, "categories.*")
        if isinstance(category, dict)
    }
    for path, row in select(files["divert.yaml"].data, "list.*"):
        if not isinstance(row, dict) or row.get("when"):
            continue
        handler, own = handlers.get(str(row.get("category"))), row.get("department")
        if handler in departments and own in departments and handler != own:
            what = f"categories.yaml 说 {row.get('category')} 归 {handler}，这里不一样"
            should = f"department: {handler}，或给这一行加条件 when"
            yield files["divert.yaml"].fault((*path, "department"), what, should)


def _groups_without_grid(files: Files) -> Iterator[Fault]:
    """What is said in a public group must have somebody who answers for it."""
    if "chats.yaml" in files:
        for path, chat in select(files["chats.yaml"].data, "chats.*"):
            if isinstance(chat, dict) and chat.get("public") == "true" and not chat.get("grid"):
                what = "居民群要写属于哪个网格，不然说的事没人接"
                yield files["chats.yaml"].fault((*path, "grid"), what, "grid: g01")


def _silent_dangers(files: Files) -> Iterator[Fault]:
    if "crisis.yaml" in files:
        known = {name for _, name in texts_of(files, "crisis.yaml", "classes.*.id")}
        for name in DANGER_CLASSES:
            if name not in known:
                what = f"缺了险情类别 {name}，遇到这类险情不知道怎么说"
                should = f"- {{id: {name}, name: 名称, group_speech: neutral, numbers: ['110']}}"
                yield files["crisis.yaml"].fault(("classes",), what, should)


def _unknown_texts(files: Files) -> Iterator[Fault]:
    """Keys of texts.yaml that other files name."""
    for file, pattern, known in (
        ("times.yaml", "chase.*.text", STAFF),
        ("divert.yaml", "list.*.text", RESIDENT),
        ("crisis.yaml", "classes.*.private_text", RESIDENT),
    ):
        for path, name in texts_of(files, file, pattern):
            if name not in known:
                what, should = unknown("句子", name, known)
                yield files[file].fault(path, f"{what}（texts.yaml）", should)
