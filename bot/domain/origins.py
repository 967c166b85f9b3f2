"""Where a matter came from (来源): one word for each, and how a clerk says it when registering.

登记 电话 …, 登记 来访 …, 登记 巡逻 …, 登记 警单 …. A slip of the command room (警单)
keeps class, place and time and nothing else of what was typed. Called by
``handlers.registering``, ``filing`` and ``origins``.
"""

import re

from bot.domain.reading import Place

COUNTER, SLIP, HOTLINE, FILED = "counter", "slip", "hotline", "filed"
JOINT, CARE = "joint_patrol", "care"
_TYPED = {
    "电话": "phone",
    "来电": "phone",
    "来访": "walk_in",
    "上门": "walk_in",
    "巡逻": "lead",
    "巡查": "patrol",
    "线索": "lead",
    "警单": SLIP,
    "巡防": JOINT,
}
_HEAD = re.compile(rf"({'|'.join(_TYPED)})[\s:：,，、]+")
_HOUR = re.compile(r"(?<!\d)([01]?\d|2[0-3])(?::|：|点)([0-5]\d)?(?!\d)")
# Every origin that a ticket may have, in the order of the figures.
LABELS = {
    "group": "群里",
    "private": "私聊",
    "carried": "网格员转述",
    "phone": "电话",
    "walk_in": "来访",
    COUNTER: "窗口登记",
    "lead": "巡逻线索",
    "patrol": "巡查上报",
    JOINT: "联防巡防",
    CARE: "关爱走访",
    "order": "居民上报单",
    SLIP: "警单",
    HOTLINE: "12345",
    FILED: "其他系统",
    "inspection": "检查发现",
    "appointment": "上门办证",
    "form": "登记表",
    "settled": "当场办结",
    "missed": "补录",
}


def typed(words: str) -> tuple[str, str]:
    """(origin, the rest) of what stands behind 登记; ``counter`` where no origin is said."""
    match = _HEAD.match(words.strip())
    if match is None:
        return COUNTER, words
    return _TYPED[match.group(1)], words.strip()[match.end() :]


def slip_words(category: str, place: Place, words: str) -> str:
    """All that is kept of a slip: class, place down to the building, and the time said."""
    building = f"{place.building}号楼" if place.building else ""
    road = f"{place.road}{place.road_no}号" if place.road and place.road_no else place.road
    where = f"{place.community}{road}{building}{place.landmark}"
    hour = _HOUR.search(words)
    when = f"{int(hour[1])}:{hour[2] or '00'}" if hour else ""
    return "，".join(part for part in ("警单", category, where, when) if part)


def of_client(client_id: str, name: str) -> str:
    """12345's own orders, or those of another system."""
    return HOTLINE if "12345" in f"{client_id}{name}" else FILED
