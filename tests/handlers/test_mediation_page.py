"""The page of a paper: the force gets the file, others learn nothing, strangers go to the login."""

from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.door_events import Deed
from bot.web.login import Session
from handlers.dashboard.entry import Seat
from handlers.sidebar.papers import PaperPages
from tests.handlers.block import Block
from tests.handlers.mediating import MEDIATOR, OFFICER, begun, running, serial, signed
from tests.handlers.office import MORNING, SEAL

__all__ = ["begun", "running", "signed"]


class Engine:
    """What the page asks of an engine."""

    def __init__(self, block: Block) -> None:
        self.database, self.seal, self._rules = block.database, SEAL, block.rules

    def current_rules(self) -> Any:
        return self._rules


class Entry:
    """A login that believes its cookie, and a book that shows who looked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.looked: list[tuple[str, str]] = []

    async def seat(self, request: web.Request) -> Seat | None:
        who = request.cookies.get("who", "")
        person = self._engine.current_rules().person(who)
        return Seat(person, Session(who, MORNING, "", "")) if person else None

    async def book(self, _deed: Deed, session: Session, _what: str, ticket: str) -> None:
        self.looked.append((session.user, ticket))

    def begin(self, _request: web.Request) -> web.Response:
        return web.Response(text="login")


@pytest.mark.parametrize(
    ("who", "status"), [(MEDIATOR, 200), (OFFICER, 404), ("", 200)], ids=["force", "other", "none"]
)
async def test_paper_is_handed_to_its_force_alone(running: Block, who: str, status: int) -> None:
    running.says(MEDIATOR, f"调解结果 {serial(running)} 成功 镜子移走", chat="")
    running.says(MEDIATOR, f"写协议 {serial(running)} 口头", chat="")
    app, engine = web.Application(), Engine(running)
    entry = Entry(engine)
    PaperPages(engine, entry).plug(app)  # type: ignore[arg-type]

    async with TestClient(TestServer(app), cookies={"who": who}) as client:
        answer = await client.get("/sidebar/papers/1")
        body = await answer.read()

    assert answer.status == status
    assert body.startswith(b"PK") is (who == MEDIATOR)
    assert (body == b"login") is (who == "")
    number = running.tickets()[0].number
    assert entry.looked == ([(MEDIATOR, number)] if who == MEDIATOR else [])
