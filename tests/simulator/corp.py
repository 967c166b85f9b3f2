"""The made-up corp that the simulator's tests use, and a good card."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from simulator.sim import Pace
from simulator.world import World, load_world

Json = dict[str, Any]


CORP, SECRET, AGENT = "wwtest", "app-secret", 7


ROBOT, ROBOT_SECRET = "aibSOCK", "sock-secret"


APP_TOKEN, APP_KEY = "tokApp", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"


BOT_TOKEN, BOT_KEY = "tokBot", "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA"


NOW = "2026-03-04T09:00:00+08:00"


SITE = {
    "station": "id: test",
    "grids": "grids:\n  - {id: g1, name: 一格}",
    "roster": (
        "people:\n"
        "  - {id: Off_Wang, name: 王所, role: officer, grids: [g1]}\n"
        "  - {id: wg_li, name: 李格, role: grid_worker, grids: [g1]}\n"
        "  - {id: cmd_zhao, name: 赵指, role: command_room}\n"
    ),
    "chats": (
        "chats:\n"
        "  - {id: wrONE, name: 一群, kind: internal_group, grid: g1, robots: [小试]}\n"
        "  - {id: wrTWO, name: 二群, kind: internal_group, grid: null, robots: [小试, 小验]}\n"
        "  - {id: wrNONE, name: 三群, kind: customer_group, grid: g1}\n"
    ),
    "demo": (
        f"corp: {{id: {CORP}, name: 试}}\n"
        f"app: {{agentid: {AGENT}, secret: {SECRET}, token: {APP_TOKEN}, aes_key: {APP_KEY},"
        " callback: /cb/app}\n"
        "robots:\n"
        f"  - {{name: 小试, mode: socket, id: {ROBOT}, secret: {ROBOT_SECRET}, single: bot}}\n"
        f"  - {{name: 小验, mode: callback, id: aibURL, token: {BOT_TOKEN}, aes_key: {BOT_KEY},"
        " callback: /cb/robot, single: ge}\n"
        "residents:\n"
        "  - {id: res_a, name: 甲, grid: g1, chats: [wrONE, wrNONE]}\n"
        "  - {id: res_b, name: 乙, grid: g1, chats: [wrONE]}\n"
    ),
}


FAST = Pace(
    callback_deadline_s=0.4,
    event_window_s=0.3,
    retry_waits_s=(0.01,),
    quiet_limit_s=5.0,
    stream_poll_s=1.0,
)


def button_card(task_id: str, **changes: Any) -> Json:
    """A good card with two buttons."""
    return {
        "card_type": "button_interaction",
        "main_title": {"title": "邻里纠纷", "desc": "一群"},
        "horizontal_content_list": [{"keyname": "时限", "value": "18:00"}],
        "button_list": [{"text": "签收", "key": "accept"}, {"text": "退回", "key": "back"}],
        "task_id": task_id,
        **changes,
    }


def write_site(folder: Path) -> Path:
    """The made-up corp as a site folder."""
    folder.mkdir(exist_ok=True)
    for name, text in SITE.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


@cache
def made_up_world() -> World:
    """The made-up corp, read once; nobody changes a world."""
    with tempfile.TemporaryDirectory() as folder:
        return load_world(write_site(Path(folder)))
