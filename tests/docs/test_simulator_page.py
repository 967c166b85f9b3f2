"""docs/simulator.md names every control path and every endpoint that the simulator serves."""

import re

from simulator.server import ENDPOINTS, OPEN_ENDPOINTS, build
from simulator.sim import Sim
from tests.docs.pages import text
from tests.simulator.corp import made_up_world

_PAGE = "simulator.md"
_CALL = re.compile(r"\b(GET|POST|DELETE) (/sim/[a-z_/]+(?:<[a-z]+>)?)")
_ENDPOINT = re.compile(r"`([a-z_]+(?:/[a-z_]+)*)`")


def served() -> set[tuple[str, str]]:
    """Method and path of each control call, as the page writes paths."""
    routes = build(Sim(made_up_world())).router.routes()
    found = {
        (route.method, re.sub(r"\{(\w+)[^}]*\}", r"<\1>", route.resource.canonical))
        for route in routes
        if route.resource is not None
    }
    return {(how, path) for how, path in found if path.startswith("/sim/") and how != "HEAD"}


def test_page_names_every_control_call_and_no_other() -> None:
    named = {(method, path) for method, path in _CALL.findall(text(_PAGE))}

    assert named == served()


def test_page_names_every_endpoint_of_wecom_that_is_played() -> None:
    part = text(_PAGE).partition("## Endpoints")[2].partition("\n## ")[0]

    assert set(_ENDPOINT.findall(part)) == {*ENDPOINTS, *OPEN_ENDPOINTS}
