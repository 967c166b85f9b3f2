"""The site of the year: the sample station with shifts, leave, beats and short retention.

A copy of config/site with a few lines changed, read by the same loader, so that ``check`` has
looked at it too. Keeping times are short, so that the retention nights have something to delete.
"""

import shutil
from pathlib import Path

SITE = Path(__file__).parents[2] / "config" / "site"
_LEAVE = """
leave:
  - {id: lin_zhiyuan, from: 2026-03-09, to: 2026-03-13, substitute: tang_shuo}
  - {id: he_yunfei, from: 2026-07-06, to: 2026-07-17, substitute: xiao_beichen}
  - {id: fang_xiaoman, from: 2026-05-06, to: 2026-05-08, substitute: lu_jianing}
"""
_ROSTER = {
    "\nleave: []\n": _LEAVE,
    "begins: 2026-03-02}": "begins: 2025-11-24}",
    "[[qiu_ruolan, bai_jingshu]]}": "[[qiu_ruolan], [bai_jingshu]], begins: 2025-11-24}",
    "days: [1, 2, 3, 4], otherwise": "days: [2, 4], otherwise",
}
_KEPT = {
    "reporter: 365d": "reporter: 90d",
    "void: 365d": "void: 90d",
    "closed: 1826d": "closed: 150d",
    "grave: 1826d": "grave: 200d",
    "audit: 1095d": "audit: 180d",
    "silent_person: 365d": "silent_person: 90d",
}
_GROUP = (
    "{id: wrGUIHUA01, name: 桂花苑, kind: internal_group, grid: g01, public: true, robots: [小警]}"
)
_OF_WECHAT = (
    "{id: wrGUIHUA01, name: 桂花苑, kind: customer_group, grid: g01, public: true, robots: [], "
    "hears: all}"
)


def of_the_year(folder: Path) -> Path:
    """The site as a directory of its own."""
    shutil.copytree(SITE, folder)
    _change(folder / "roster.yaml", _ROSTER)
    _change(folder / "retention.yaml", _KEPT)
    _change(folder / "chats.yaml", {_GROUP: _OF_WECHAT})
    return folder


def _change(page: Path, lines: dict[str, str]) -> None:
    words = page.read_text(encoding="utf-8")
    for old, new in lines.items():
        assert old in words, old
        words = words.replace(old, new)
    page.write_text(words, encoding="utf-8")
