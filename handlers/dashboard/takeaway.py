"""Tables that go out (带走): what a person sees on a page as CSV or Excel, and a row in the book.

A page's tables are described once (``Taking``): where the page is, which tables it has, and the
plain function that reads them for who asks, with the same rights and fields as the page. Who may
take them is said by ``exports`` in rights.yaml. The row stands in the book before the file goes
out. One file is made at a time, in threads; pages go on. Plugged by ``commands.dashboard``.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from aiohttp import web

from bot.domain import clocks, rights
from bot.domain.sheets import Table
from config.rights_rules import Page
from handlers import sheet_files
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Handler, Look, Shell

MOST = 5000
FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
_NAMES = {"xlsx": "Excel", "csv": "CSV"}
_LEFT_OUT = ("form", "table", "before")
Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read: the tables, and ``cut`` when not all of it fits, in a sentence."""

    tables: tuple[Table, ...]
    cut: str = ""
    about: str = ""

    @property
    def count(self) -> int:
        """How many rows there are in all tables."""
        return sum(len(table.rows) for table in self.tables)


@dataclass(frozen=True, slots=True)
class Taking:
    """The tables of one page: ``tables`` are their titles, in the order in which they are read."""

    page: Page
    path: str
    tables: tuple[str, ...]
    read: Callable[[Look, Given], Taken]

    @property
    def address(self) -> str:
        """Where the file is."""
        return f"{self.path.rstrip('/')}/export"


def full(said: str) -> str:
    """The sentence when there are more rows than a file takes."""
    return f"最多导出 {MOST} 行，{said}。要更早的，请按日子筛选再导出一次。"


class Takeaway:
    """Routes over one shell, one for each description."""

    def __init__(self, shell: Shell, takings: Sequence[Taking]) -> None:
        self._shell = shell
        self._takings = {one.path: one for one in takings}
        self._one_at_a_time = asyncio.Semaphore(1)
        shell.ways_out = self.links

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        for one in self._takings.values():
            app.router.add_get(one.address, self._shell.page(one.page, self._answer(one)))

    def links(self, request: web.Request, seat: Seat) -> list[tuple[str, str]]:
        """Words and addresses for the page that is being shown; none for who may take nothing."""
        found = self._takings.get(request.path)
        if found is None or not self._may(seat, found):
            return []
        given = {k: v for k, v in request.query.items() if v and k not in _LEFT_OUT}
        names = ["CSV"] if len(found.tables) == 1 else [f"CSV：{name}" for name in found.tables]
        links = [("Excel", urlencode({**given, "form": "xlsx"}))]
        links += [
            (name, urlencode({**given, "form": "csv", "table": str(index)}))
            for index, name in enumerate(names)
        ]
        return [(name, f"{found.address}?{query}") for name, query in links]

    def _may(self, seat: Seat, taking: Taking) -> bool:
        return rights.may_export(seat.person, taking.page, self._shell.engine.current_rules())

    def _answer(self, taking: Taking) -> Handler:
        async def answer(request: web.Request, seat: Seat) -> web.StreamResponse:
            return await self._file(taking, request, seat)

        return answer

    async def _file(self, taking: Taking, request: web.Request, seat: Seat) -> web.Response:
        """The file. Raises: 400 for another form, 403 for who may not take it."""
        if not self._may(seat, taking):
            raise web.HTTPForbidden(text=f"“{taking.page.label}”您能看，不能导出。要用请找管理员。")
        form, number = _asked(request.query, taking)
        async with self._one_at_a_time:
            taken = await self._shell.look(seat, lambda look: taking.read(look, request.query))
            notes = self._notes(taking, taken, seat)
            body = await asyncio.to_thread(_made, form, number, taken, notes)
        count = len(taken.tables[number].rows) if form == "csv" else taken.count
        name = f"{taking.page.label}{taken.about}"
        if form == "csv" and len(taking.tables) > 1:
            name += f" {taking.tables[number]}"
        await self._shell.looked(seat, f"导出 {name} {_NAMES[form]} {count}行")
        return attachment(body, FORMS[form], f"{name} {self._today()}.{form}")

    def _today(self) -> str:
        return f"{self._shell.engine.clock.now().astimezone(clocks.ZONE):%Y%m%d-%H%M}"

    def _notes(self, taking: Taking, taken: Taken, seat: Seat) -> list[str]:
        rules, now = self._shell.engine.current_rules(), self._shell.engine.clock.now()
        at = f"{now.astimezone(clocks.ZONE):%Y-%m-%d %H:%M}"
        head = f"{rules.station.name} {taking.page.label}{taken.about}，{at} 的样子"
        who = f"由{seat.person.name}（{seat.person.unit}）从警格导出，已记入留痕。"
        return [head, who, f"共 {taken.count} 行。", *([taken.cut] if taken.cut else [])]


def _asked(given: Given, taking: Taking) -> tuple[str, int]:
    form, table = given.get("form", ""), given.get("table", "0")
    number = int(table) if table.isdecimal() and len(table) < 3 else -1
    if form not in FORMS or not 0 <= number < len(taking.tables):
        raise web.HTTPBadRequest(text="要哪种文件没有写清，请从页面底下点。")
    return form, number


def _made(form: str, number: int, taken: Taken, notes: list[str]) -> bytes:
    if form == "csv":
        return sheet_files.as_csv(taken.tables[number], [taken.cut] if taken.cut else [])
    return sheet_files.as_xlsx(taken.tables, notes)


def attachment(body: bytes, kind: str, name: str) -> web.Response:
    """A file that a browser saves and never shows."""
    clean = quote(name.replace(" ", "").replace("/", "-"))
    return web.Response(
        body=body,
        content_type=kind,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{clean}"},
    )
