"""The page that gives a member of staff his own log of a month (日志导出): docx or xlsx.

Who is logged in gets his own and nobody else's; there is no name in the address to change. The
card of the command 日志 导出 leads here. Plugged by ``handlers.sidebar.pages``.
"""

import asyncio
import re
from collections.abc import Callable
from datetime import date, timedelta

from aiohttp import web
from sqlalchemy import Connection

from bot.engine.app import Engine
from config.people_rules import ZONE, Person
from handlers import log_sheets, worklog
from handlers.dashboard.entry import Entry
from handlers.worklog import Day

PATH = "/sidebar/log"
_MONTH = re.compile(r"^(20\d\d)-(0[1-9]|1[0-2])$")
_FORMS: dict[str, tuple[Callable[[str, list[Day]], bytes], str]] = {
    "docx": (
        log_sheets.as_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": (
        log_sheets.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


class LogPage:
    """One route over one engine."""

    def __init__(self, engine: Engine, entry: Entry) -> None:
        self._engine = engine
        self._entry = entry

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        app.router.add_get(PATH, self.page)

    async def page(self, request: web.Request) -> web.StreamResponse:
        """The file, for who is logged in; else the way to the login. Raises: 400."""
        user = await self._entry.user(request)
        person = self._engine.current_rules().person(user) if user else None
        if person is None:
            return self._entry.begin(request)
        month = _MONTH.match(request.query.get("month", ""))
        form = _FORMS.get(request.query.get("form", "docx"))
        if month is None or form is None:
            raise web.HTTPBadRequest(text="请写 month=2026-03，form=docx 或 xlsx。")
        make, kind = form
        first = date(int(month[1]), int(month[2]), 1)
        days = await self._days(person, first)
        title = f"{person.name} {first.year}年{first.month}月日志"
        body = await asyncio.get_running_loop().run_in_executor(None, make, title, days)
        name = f"log-{first:%Y-%m}.{request.query.get('form', 'docx')}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=body, content_type=kind, headers=headers)

    async def _days(self, person: Person, first: date) -> list[Day]:
        rules = self._engine.current_rules()
        today = self._engine.clock.now().astimezone(ZONE).date()
        found = (first + timedelta(days=n) for n in range(31))
        wanted = [day for day in found if day.month == first.month and day <= today]

        def read(conn: Connection) -> list[Day]:
            db = self._engine.db_of(conn)
            return [worklog.day_of(db, rules, person, day) for day in wanted]

        return await self._engine.database.read(read)
