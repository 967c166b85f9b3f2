"""Whose seat to take (演示登录): in the demo nobody can log in to WeCom, so a page offers all.

One link for each member of the roster, good once; those whom one wants to try first stand on top.
"""

from collections.abc import Callable
from pathlib import Path

import jinja2
from aiohttp import web

from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Role

_FIRST = (Role.COMMAND_ROOM, Role.LEADER, Role.OFFICER, Role.GRID_WORKER)


def offers(
    rules: Callable[[], Rules], link: Callable[[str, str], str]
) -> Callable[[str], web.Response]:
    """What ``Entry.offer`` is in the demo; ``link`` makes one for a person and a page."""
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    page = jinja2.Environment(loader=loader, autoescape=True).get_template("offers.html")

    def offer(back: str) -> web.Response:
        people = sorted((p for p in rules().people if p.role.is_staff), key=_rank)
        html = page.render(
            station=rules().station.name, people=[(p, link(p.id, back)) for p in people]
        )
        return web.Response(text=html, content_type="text/html", status=401)

    return offer


def _rank(person: Person) -> int:
    return _FIRST.index(person.role) if person.role in _FIRST else len(_FIRST)
