"""Every route of the program, and who is let through it: rights.yaml read as plain YAML.

A row names a route, the gate before it, an address to try and the answers of somebody who is let
in. ``tests/web/test_role_matrix.py`` holds this table against the routes that are really there;
the other tests of the pages walk it too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import yaml

from config.vocabulary import Role

RIGHTS = Path(__file__).parents[2] / "config" / "site" / "rights.yaml"
NO_NUMBER, NO_MEDIUM = "XXJ260304-9999X", "0" * 24


class Gate(Enum):
    """What stands before a route that is no page of rights.yaml."""

    OPEN = "anybody"
    STAFF = "whoever is logged in"
    LINK = "the link itself"
    API = "the key of the interface"
    PARTNER = "the key of another system"
    WECOM = "WeCom's signature"
    METRICS = "this machine, or the token"


@dataclass(frozen=True, slots=True)
class Row:
    """One route: ``gate`` is a page of rights.yaml, ``export:`` and a page, or one of ``Gate``."""

    method: str
    path: str
    gate: str | Gate
    asks: str = ""
    good: tuple[int, ...] = (200,)
    form: Mapping[str, str] = field(default_factory=dict)
    out: int = 0
    """The answer to who is not logged in, where it is not the usual one."""

    @property
    def address(self) -> str:
        """Where the test asks."""
        return self.asks or self.path

    @property
    def key(self) -> tuple[str, str]:
        """How the router knows it."""
        return self.method, self.path


_NUMBER = r"/tickets/{number}"
_CSV = "?form=csv"
_LOOKS = (
    *(("GET", f"/{name}", name) for name in (
        "tickets", "handover", "hard", "drafts", "grids", "repeats", "departments", "mediation",
        "duty", "groups", "publicity", "rules", "audit", "system", "reports",
    )),
    ("GET", "/", "today"),
    ("GET", "/logins", "today"),
    ("GET", "/wall", "today"),
    ("GET", "/reports/charts", "reports"),
    ("GET", "/rules/sentences", "rules"),
    ("GET", "/rules/texts", "rules"),
)  # fmt: skip
_EXPORTS = (
    "tickets", "handover", "drafts", "grids", "repeats", "departments", "mediation", "duty",
    "groups", "publicity", "audit", "system",
)  # fmt: skip
TABLE = (
    *(Row(*one) for one in _LOOKS),
    *(Row("GET", f"/{one}/export", f"export:{one}", f"/{one}/export{_CSV}") for one in _EXPORTS),
    Row("GET", "/export", "export:today", f"/export{_CSV}"),
    Row("GET", "/reports/file", "export:reports", f"/reports/file{_CSV}&kind=day&table=0"),
    Row("GET", "/live", "today"),
    Row("GET", "/rules/change", "rules", "/rules/change?n=999", (404,)),
    Row("GET", "/rules/file", "rules", "/rules/file?name=texts.yaml"),
    Row("GET", "/rules/words", "rules", "/rules/words?file=danger.yaml"),
    Row("GET", "/rules/sheet", "rules", "/rules/sheet?file=danger.yaml"),
    Row("GET", _NUMBER, "tickets", f"/tickets/{NO_NUMBER}", (404,)),
    Row("GET", f"{_NUMBER}/media/{{name}}", "tickets", f"/tickets/{NO_NUMBER}/media/{NO_MEDIUM}",
        (404,)),
    Row("GET", "/sidebar", Gate.STAFF),
    Row("GET", "/sidebar/signature", Gate.STAFF, "/sidebar/signature?url=https://a.cn/", (403,),
        out=401),
    Row("GET", "/sidebar/log", Gate.STAFF, "/sidebar/log?month=2026-03&form=xlsx"),
    Row("GET", "/sidebar/spot", Gate.STAFF, "/sidebar/spot?at=nowhere", (404,)),
    Row("GET", "/sidebar/papers/{id}", Gate.STAFF, "/sidebar/papers/999", (404,)),
    # -- what changes something: nothing is written in the form, so that nothing is changed
    Row("POST", "/say", "today", good=(400,)),
    Row("POST", "/tickets", "tickets", good=(303, 400)),
    Row("POST", "/tickets/views", "tickets", good=(303,), form={"drop": "999"}),
    Row("POST", _NUMBER, "tickets", f"/tickets/{NO_NUMBER}", (400,)),
    Row("POST", "/drafts", "drafts", good=(404,), form={"act": "sent", "id": "999"}),
    Row("POST", "/rules/file", "rules", good=(303,), form={"name": "texts.yaml"}),
    Row("POST", "/rules/words", "rules", good=(303,), form={"file": "danger.yaml"}),
    Row("POST", "/rules/texts", "rules", good=(303,)),
    Row("POST", "/rules/sheet", "rules", good=(303,), form={"file": "danger.yaml"}),
    Row("POST", "/sidebar/drafts/{id}/{act}", Gate.STAFF, "/sidebar/drafts/999/sent", (404,)),
    Row("POST", "/sidebar/spot", Gate.STAFF, "/sidebar/spot?at=nowhere", (404,)),
    Row("POST", "/logins", "today", good=(303,), form={"where": "here"}),
    # -- no page: other keys, or none
    *(Row("GET", one, Gate.OPEN) for one in ("/healthz", "/readyz")),
    Row("GET", "/metrics", Gate.METRICS),
    Row("GET", "/static", Gate.OPEN, "/static/style.css"),
    Row("GET", "/sidebar/static", Gate.OPEN, "/sidebar/static/sidebar.css"),
    Row("GET", "/sidebar/wecom-jssdk.js", Gate.OPEN, good=(200, 404)),
    Row("GET", "/reports/echarts.js", Gate.OPEN, good=(200, 404)),
    Row("GET", "/login/back", Gate.LINK),
    Row("GET", "/login/once", Gate.LINK),
    Row("GET", "/api/tickets", Gate.API),
    Row("GET", "/api/tickets/{number}", Gate.API, f"/api/tickets/{NO_NUMBER}", (404,)),
    *(Row(method, f"/wecom/{door}", Gate.WECOM) for door in ("app", "robot")
      for method in ("GET", "POST")),
    *(Row("GET", f"/open311/{one}", Gate.OPEN, f"/open311/{one.partition('{')[0]}")
      for one in ("openapi.json", "discovery{format}", "v2/discovery{format}",
                  "v2/services{format}")),
    Row("GET", "/open311/v2/services/{id}{format}", Gate.OPEN, "/open311/v2/services/none", (404,)),
    Row("*", "/open311/{rest}", Gate.OPEN, "/open311/none", (404,)),
    *(Row(method, f"/open311/v2/{one}{{format}}", Gate.PARTNER, f"/open311/v2/{one}")
      for one in ("requests", "servicerequestupdates") for method in ("GET", "POST")),
    Row("GET", "/open311/v2/requests/{id}{format}", Gate.PARTNER, "/open311/v2/requests/r1"),
)  # fmt: skip
FOR_PEOPLE = tuple(row for row in TABLE if isinstance(row.gate, str) or row.gate is Gate.STAFF)
OUTSIDE = frozenset({Role.RESIDENT, Role.CONTACT})
# Who is not logged in, and who is on the roster as a resident, goes to the login or hears of it.
LOGIN = {"GET": 302, "POST": 401}
REFUSED = 403


def may(role: Role, gate: str | Gate) -> bool:
    """Whether the clerk's file lets that role through; ``any`` means every member of staff."""
    if role in OUTSIDE:
        return False
    if gate is Gate.STAFF:
        return True
    assert isinstance(gate, str)
    kind, _, page = gate.rpartition(":")
    told = yaml.safe_load(RIGHTS.read_text("utf-8"))
    return all(_named(told[part], page, role) for part in ("pages", *(["exports"] if kind else [])))


def _named(part: Mapping[str, str | list[str]], page: str, role: Role) -> bool:
    roles = part.get(page, [])
    return roles == "any" or role.value in roles


def expected(role: Role | None, row: Row) -> tuple[int, ...]:
    """The answers that are right for that role; None is somebody who is not logged in."""
    if role is None or role in OUTSIDE:
        return (row.out or LOGIN[row.method],)
    return row.good if may(role, row.gate) else (REFUSED,)


def forms() -> Iterator[Row]:
    """Rows of people that change something."""
    return (row for row in FOR_PEOPLE if row.method == "POST")


def looks() -> Iterator[Row]:
    """Rows of people that only look."""
    return (row for row in FOR_PEOPLE if row.method == "GET")
