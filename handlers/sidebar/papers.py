"""The page that hands out a mediation's paper (下载文书): to its force, after WeCom's login.

Nobody else learns that there is such a paper; each one that is handed out stands in the book.
Plugged in beside the sidebar, whose login it uses.
"""

import asyncio
from urllib.parse import quote

from aiohttp import web
from sqlalchemy import Connection

from bot.door_events import Deed
from bot.engine.app import Engine
from bot.wecom.papers import written
from config.people_rules import Person
from config.rules import Rules
from handlers import mediation_papers
from handlers.dashboard.entry import Entry
from handlers.mediation_papers import Content
from handlers.mediation_people import belongs
from storage import mediations, tickets
from storage.session import Db

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class PaperPages:
    """One route over one engine."""

    def __init__(self, engine: Engine, entry: Entry) -> None:
        self._engine = engine
        self._entry = entry

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get(r"/sidebar/papers/{id:\d{1,9}}", self.paper)

    async def paper(self, request: web.Request) -> web.StreamResponse:
        """The .docx, for who may read it; else the way to the login. Raises: 404."""
        seat = await self._entry.seat(request)
        if seat is None:
            return self._entry.begin(request)
        rules, number = self._engine.current_rules(), int(request.match_info["id"])

        def read(conn: Connection) -> Content | None:
            return readable(Db(conn, self._engine.seal), rules, seat.person, number)

        found = await self._engine.database.read(read)
        if found is None:
            raise web.HTTPNotFound(text="没有这份文书，或不是您这支力量的。")
        await self._entry.book(Deed.LOOK, seat.session, "文书", found.ticket)
        name = quote(f"{found.title}{found.number}.docx")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        body = await asyncio.to_thread(written, mediation_papers.file_of(found))
        return web.Response(body=body, content_type=_TYPE, headers=headers)


def readable(db: Db, rules: Rules, person: Person | None, paper_id: int) -> Content | None:
    """What this person reads of the paper, if he is of the force that has it; else None."""
    paper = mediations.paper_by_id(db, paper_id)
    if paper is None or not paper.words or person is None or rules.mediation is None:
        return None
    mediation = mediations.get(db, paper.mediation_id)
    ticket = tickets.get(db, mediation.ticket_id)
    force = rules.mediation.force(mediation.force)
    is_theirs = person.id == mediation.mediator or belongs(person, force, ticket.grid)
    if not is_theirs or ticket.protected:
        return None
    return mediation_papers.for_reader(rules, person, ticket, mediation_papers.unpack(paper.words))
