"""The page of reports (报表): one is chosen with its period, read as tables, taken along as a file.

The same reports as in the chat, by the same read side. Who leads may look at the edition for the
group before it goes there. What is read by name and every file stands in the book.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiMapping

from bot.domain import rights, spans
from bot.domain.clocks import ZONE
from bot.domain.sheets import Report, Table
from bot.domain.spans import Time
from config.rights_rules import Page
from handlers import digest_parts, fonts, report_files, report_pdf, sheet_files
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Look, Shell
from handlers.dashboard.takeaway import attachment
from handlers.digests import KINDS, Kind

GROUP, OWN = "group", "own"
EDITIONS = {OWN: "领导版（列经办）", GROUP: "进群版（不列姓名）"}
_FORMS = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"),
    "pdf": ("application/pdf", "PDF"),
}
_MAKE = {
    "xlsx": report_files.as_xlsx,
    "docx": report_files.as_docx,
    "pdf": report_pdf.as_pdf,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which report of which period, for whom: ``edition`` is the group's or the reader's own.

    ``subject``: whom it is about, where it is about one of several.
    """

    kind: str
    time: Time
    edition: str
    subject: str = ""

    def address(self, path: str = "/reports", **more: str) -> str:
        """Where it is, with something changed."""
        on = self.time.since.astimezone(ZONE).date().isoformat()
        given = {
            "kind": self.kind,
            "on": on,
            "edition": self.edition,
            "subject": self.subject,
            **more,
        }
        return f"{path}?{urlencode(given)}"

    @property
    def day(self) -> str:
        """The first day of the period, for an input."""
        return self.time.since.astimezone(ZONE).date().isoformat()


class ReportsPage:
    """Routes over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/reports", self._shell.page(Page.REPORTS, self.page))
        app.router.add_get("/reports/file", self._shell.page(Page.REPORTS, self.file))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The report as tables."""
        wanted = self._wanted(request.query, seat)
        report = await self._made(seat, wanted)
        named = digest_parts.is_named(seat.person)
        if (named and wanted.edition == OWN) or KINDS[wanted.kind].roles:
            await self._shell.looked(seat, f"{report.title} {report.period}")
        return self._shell.render(
            request, seat, "reports.html",
            it=report, wanted=wanted, kinds=_kinds(seat), forms=_forms(),
            may_take=self._may_take(seat), subjects=self._subjects(wanted.kind),
            editions=EDITIONS if named and KINDS[wanted.kind].has_editions else {},
        )  # fmt: skip

    async def file(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The same as a file; it stands in the book before it goes out. Raises: 400."""
        if not self._may_take(seat):
            raise web.HTTPForbidden(text="“报表”您能看，不能导出。要用请找管理员。")
        form = request.query.get("form", "")
        wanted = self._wanted(request.query, seat)
        report = await self._made(seat, wanted)
        name, kind = f"{report.title}{report.period}", _FORMS.get(form, ("text/csv", "CSV"))
        if form == "csv":
            table = _table(report, request.query.get("table", ""))
            body = await asyncio.to_thread(sheet_files.as_csv, table)
            name += f" {table.title}"
        elif form in _forms():
            body = await asyncio.to_thread(_MAKE[form], report)
        else:
            raise web.HTTPBadRequest(text="要哪种文件没有写清，请从报表页上点。")
        await self._shell.looked(seat, f"导出 {report.title} {report.period} {kind[1]}")
        return attachment(body, kind[0], f"{name}.{form}")

    def _may_take(self, seat: Seat) -> bool:
        return rights.may_export(seat.person, Page.REPORTS, self._shell.engine.current_rules())

    async def _made(self, seat: Seat, wanted: Wanted) -> Report:
        return await self._shell.look(seat, lambda look: made(look, wanted))

    def _wanted(self, given: MultiMapping[str], seat: Seat) -> Wanted:
        """What the address asks for; anything strange is the standard. Raises: 400."""
        now = self._shell.engine.clock.now()
        kind = given.get("kind", "")
        kind = kind if kind in KINDS and KINDS[kind].is_for(seat.person) else "day"
        length = KINDS[kind].length
        on = given.get("on", "")
        try:
            time = spans.of(length, date.fromisoformat(on)) if on else spans.asked(length, "", now)
        except ValueError:
            raise web.HTTPBadRequest(text="日期没看懂，请在日历里选一天。") from None
        edition = GROUP if given.get("edition") == GROUP else OWN
        subjects = self._subjects(kind)
        subject = given.get("subject", "")
        if subject not in subjects:
            subject = next(iter(subjects), "")
        return Wanted(kind, time, edition, subject)

    def _subjects(self, kind: str) -> Mapping[str, str]:
        known = KINDS[kind].subjects
        return known(self._shell.engine.current_rules()) if known else {}


def _forms() -> dict[str, tuple[str, str]]:
    """The files that can be made here: no PDF without a Chinese font."""
    return {key: about for key, about in _FORMS.items() if key != "pdf" or fonts.plain()}


def _table(report: Report, asked: str) -> Table:
    """The table with that number on the page. Raises: 400."""
    if asked.isdecimal() and len(asked) < 4 and int(asked) < len(report.tables):
        return report.tables[int(asked)]
    raise web.HTTPBadRequest(text="要哪张表没有写清，请从报表页上点。")


def _kinds(seat: Seat) -> dict[str, Kind]:
    return {key: kind for key, kind in KINDS.items() if kind.is_for(seat.person)}


def made(look: Look, wanted: Wanted) -> Report:
    """The report, for who looks; the group's edition is made for nobody by name."""
    reader = None if wanted.edition == GROUP else look.seat.person
    return KINDS[wanted.kind].of(look.turn, wanted.time, reader, wanted.subject)
