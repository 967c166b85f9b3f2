"""Puts the pages together from settings (页面): login, dashboard, sidebar. Called by ``house``.

The first page of a station without a custom app is opened by a link that is good once; ``run``
prints it on the terminal for the administrators, never into the log.
"""

from typing import Any

from aiohttp import web

from bot.engine.app import Engine
from bot.engine.keepsakes import Keepsakes
from bot.web.attempts import Attempts
from bot.web.login import OAuth
from bot.wecom.app import App
from bot.wecom.js_tickets import JsTickets
from config.rights_rules import Page
from config.settings import Settings
from handlers.dashboard import offers, out_boards, out_tickets
from handlers.dashboard.boards import BOARDS
from handlers.dashboard.charts_page import ChartsPage
from handlers.dashboard.entry import Entry
from handlers.dashboard.errors import ErrorPages
from handlers.dashboard.live import Live
from handlers.dashboard.logins import LoginsPage
from handlers.dashboard.reports import ReportsPage
from handlers.dashboard.saved_views import SavedViews
from handlers.dashboard.shell import HERE, Shell
from handlers.dashboard.takeaway import Takeaway
from handlers.dashboard.ticket_list import TicketList
from handlers.dashboard.ticket_media import TicketMedia
from handlers.dashboard.ticket_page import TicketPage
from handlers.dashboard.today import TodayPage
from handlers.sidebar.pages import SidebarPages


def plug_pages(
    app: web.Application,
    settings: Settings,
    engine: Engine,
    door: App | None,
    bells: Any,
    *,
    is_demo: bool,
) -> Entry:
    """Add every page that people open; the way in, for whoever prints links."""
    api = door.api if door is not None else None
    corpid, agentid = settings.corp_id, settings.app_agentid
    oauth = OAuth(corpid, agentid, settings.public_url, settings.oauth_base, settings.qr_base)
    entry = Entry(engine, api, oauth, settings.public_url, Attempts(bells), is_demo=is_demo)
    if is_demo:
        entry.offer = offers.offers(engine.current_rules, entry.link)
    entry.plug(app)
    shell = Shell(engine, entry)
    offered = {Page.TODAY, Page.TICKETS, Page.REPORTS, *BOARDS}
    shell.offered = tuple(page for page in Page if page in offered)
    shell.site = settings.site
    shell.plug(app)
    ErrorPages(shell).plug(app)
    lists = (TodayPage, TicketList, SavedViews, TicketPage)
    for page in (*lists, Live, LoginsPage, ReportsPage, ChartsPage):
        page(shell).plug(app)
    for board in BOARDS.values():
        board(shell).plug(app)
    media = settings.data_dir / "media"
    TicketMedia(shell, Keepsakes(media, engine.seal).read).plug(app)
    Takeaway(shell, (*out_tickets.TAKINGS, *out_boards.TAKINGS)).plug(app)
    app.router.add_static("/static", HERE / "static")
    tickets = JsTickets(api, bells, engine.clock.now, f"{corpid}:{agentid}") if api else None
    SidebarPages(engine, entry, tickets, corpid, agentid).plug(app)
    return entry
