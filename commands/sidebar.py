"""Puts the sidebar page together from settings: login, signatures, routes. Called by ``house``."""

from typing import Any

from bot.engine.app import Engine
from bot.web.login import OAuth
from bot.wecom.app import App
from bot.wecom.js_tickets import JsTickets
from config.settings import Settings
from handlers.sidebar.entry import Entry
from handlers.sidebar.pages import SidebarPages


def sidebar_of(
    settings: Settings, engine: Engine, app: App | None, bells: Any, *, is_demo: bool
) -> SidebarPages:
    """The page; without an app it says that nobody can log in."""
    api = app.api if app is not None else None
    corpid, agentid = settings.corp_id, settings.app_agentid
    oauth = OAuth(corpid, agentid, settings.public_url, settings.oauth_base)
    entry = Entry(engine, api, oauth, settings.public_url, is_demo=is_demo)
    tickets = JsTickets(api, bells, engine.clock.now, f"{corpid}:{agentid}") if api else None
    return SidebarPages(engine, entry, tickets, corpid, agentid)
