"""The boards (看板): pages that show how things stand, each with its place in the menu.

One line for each; ``commands.dashboard`` plugs them in.
"""

from collections.abc import Mapping
from typing import Protocol

from aiohttp import web

from config.rights_rules import Page
from handlers.dashboard.audit import AuditPage
from handlers.dashboard.departments import DepartmentsPage
from handlers.dashboard.drafts_page import DraftsPage
from handlers.dashboard.duty import DutyPage
from handlers.dashboard.grids import GridsPage
from handlers.dashboard.groups_page import GroupsPage
from handlers.dashboard.handover_page import HandoverPage
from handlers.dashboard.hard_page import HardPage
from handlers.dashboard.mediation_page import MediationPage
from handlers.dashboard.publicity_page import PublicityPage
from handlers.dashboard.repeats_page import RepeatsPage
from handlers.dashboard.rules_page import RulesPage
from handlers.dashboard.shell import Shell
from handlers.dashboard.system_page import SystemPage


class Board(Protocol):
    """A page that can be plugged in."""

    def __init__(self, shell: Shell) -> None: ...

    def plug(self, app: web.Application) -> None:
        """Add its routes."""


BOARDS: Mapping[Page, type[Board]] = {
    Page.HANDOVER: HandoverPage,
    Page.HARD: HardPage,
    Page.DRAFTS: DraftsPage,
    Page.GRIDS: GridsPage,
    Page.REPEATS: RepeatsPage,
    Page.DEPARTMENTS: DepartmentsPage,
    Page.MEDIATION: MediationPage,
    Page.DUTY: DutyPage,
    Page.GROUPS: GroupsPage,
    Page.PUBLICITY: PublicityPage,
    Page.RULES: RulesPage,
    Page.AUDIT: AuditPage,
    Page.SYSTEM: SystemPage,
}
