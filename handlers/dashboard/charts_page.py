"""The page of charts (图): what a week, month, quarter or year looked like, drawn and as tables.

A page of its own beside the reports, with the same right: who reads a report wants its words and
tables on paper, who looks at charts wants to see what changed. Every chart stands beside the table
it is drawn from; without the library (``make vendor``) the tables are the page. No personal data.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiMapping

from bot.domain import spans
from bot.domain.clocks import ZONE
from bot.domain.spans import Length, Time
from config.rights_rules import Page
from handlers import chart_figures
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Shell

LIBRARY = Path(__file__).parents[2] / "static" / "vendor" / "echarts.js"
LENGTHS = {Length.WEEK: "周", Length.MONTH: "月", Length.QUARTER: "季", Length.YEAR: "年"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which period is looked at."""

    time: Time

    @property
    def day(self) -> str:
        """Its first day, for an input."""
        return self.time.since.astimezone(ZONE).date().isoformat()

    def address(self, length: Length | None = None, on: str = "") -> str:
        """The same with another length, or at another day."""
        given = {"length": length or self.time.length, "on": on or self.day}
        return f"/reports/charts?{urlencode(given)}"

    @property
    def before(self) -> str:
        """The address of the period before."""
        return self.address(on=self.time.before.since.astimezone(ZONE).date().isoformat())

    @property
    def after(self) -> str:
        """The address of the one that follows."""
        return self.address(on=self.time.until.astimezone(ZONE).date().isoformat())


class ChartsPage:
    """Routes over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/reports/charts", self._shell.page(Page.REPORTS, self.page))
        app.router.add_get("/reports/echarts.js", self._library)

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The charts of a period."""
        wanted = self._wanted(request.query)
        found = await self._shell.look(seat, lambda look: chart_figures.of(look.turn, wanted.time))
        return self._shell.render(
            request, seat, "charts.html",
            it=found, wanted=wanted, lengths=LENGTHS, can_draw=LIBRARY.is_file(),
            is_over=wanted.time.until <= self._shell.engine.clock.now(),
        )  # fmt: skip

    async def _library(self, _request: web.Request) -> web.StreamResponse:
        """The library as it came from npm, the small form where the browser takes it."""
        if not LIBRARY.is_file():
            raise web.HTTPNotFound(text="没有装 echarts（make vendor），看表也一样。")
        kept = {"Cache-Control": "max-age=86400"}
        return web.FileResponse(LIBRARY, headers=kept)

    def _wanted(self, given: MultiMapping[str]) -> Wanted:
        """What the address asks for; the last week where it asks for nothing. Raises: 400."""
        now = self._shell.engine.clock.now()
        said = given.get("length", "")
        length = Length(said) if said in LENGTHS else Length.WEEK
        on = given.get("on", "")
        try:
            return Wanted(
                spans.of(length, date.fromisoformat(on)) if on else spans.asked(length, "", now)
            )
        except (ValueError, OverflowError):
            raise web.HTTPBadRequest(text="日期没看懂，请在日历里选一天。") from None
