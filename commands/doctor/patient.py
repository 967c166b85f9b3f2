"""What the doctor looks at (体检对象): settings, rules, corp, memory, and what was found so far.

Built once per examination by ``commands.doctor``. Later checks use what earlier ones found: the
app's own entry, who of the roster WeCom knows. Nothing here writes to the database.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import aiohttp

from bot.wecom.errors import WeComFault
from bot.wecom.places import AppConfig
from bot.wecom.probe import NoAnswer, Probe
from config.rules import Rules
from config.settings import Settings
from storage.database import Database
from storage.sealed import Seal


class Standing(StrEnum):
    """How the app sees one person of the roster."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"
    ASLEEP = "asleep"


@dataclass(frozen=True, slots=True)
class Memory:
    """A database that can be read, and the keys to it (None: not to be had)."""

    database: Database
    seal: Seal | None


@dataclass
class Patient:
    """Everything a check may look at; ``standing`` is empty until the roster was compared.

    ``blind``: there is a database but it cannot be read, so nobody knows whether a bot runs.
    """

    settings: Settings
    session: aiohttp.ClientSession
    now: Callable[[], datetime]
    rules: Rules | None = None
    memory: Memory | None = None
    blind: bool = False
    standing: dict[str, Standing] = field(default_factory=dict)
    _corp: Probe | None = None
    _agent: dict[str, Any] | WeComFault | NoAnswer | None = None

    @property
    def has_corp(self) -> bool:
        """True when corp and app are in the settings."""
        return bool(self.settings.corp_id and self.settings.app_secret.get_secret_value())

    @property
    def corp(self) -> Probe:
        """The corp as the app's secret sees it; one token for all checks."""
        if self._corp is None:
            self._corp = self.corp_by(self.settings.app_secret.get_secret_value())
        return self._corp

    def corp_by(self, secret: str) -> Probe:
        """The corp as another secret sees it (archive, report)."""
        config = AppConfig(
            corpid=self.settings.corp_id,
            agentid=self.settings.app_agentid,
            secret=secret,
            api_base=self.settings.api_base,
            timeout_s=self.settings.http_timeout_s,
        )
        return Probe(config, self.session)

    async def can_ask(self) -> bool:
        """True when calls of the app are answered; the checks of the corp say why not."""
        if not self.has_corp:
            return False
        try:
            await self.agent()
        except (WeComFault, NoAnswer):
            return False
        return True

    async def agent(self) -> dict[str, Any]:
        """The app's own entry (agent/get), asked once. Raises: WeComFault, NoAnswer.

        Source: https://developer.work.weixin.qq.com/document/path/90227.
        """
        if self._agent is None:
            await self.corp.token()
            agentid = str(self.settings.app_agentid)
            try:
                self._agent = await self.corp.get("agent/get", agentid=agentid)
            except (WeComFault, NoAnswer) as fault:
                self._agent = fault
        if isinstance(self._agent, dict):
            return self._agent
        raise self._agent
