"""A simulator of the sample station, and the doctor who looks at it over the real wire."""

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.lines import line_of
from commands.doctor import CHECKS, Line, examine
from commands.doctor.findings import Check, Finding, Mark, Patient
from config.load import load_rules
from config.settings import Settings
from config.vocabulary import ChatKind
from simulator.server import serve
from simulator.sim import Sim
from simulator.world import load_world
from storage import migrate, people
from storage.database import Database
from storage.key_file import load_or_create_keys
from storage.sealed import Seal
from storage.session import Db
from tests.commands.program import ROOT

SITE = ROOT / "config" / "site"
_SITE_CHECK = "规则目录"
SOCKET_SECRET, ROBOT_TOKEN = "demo-socket-secret", "demoRobotToken"
ROBOT_KEY = "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA"
APP_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"


@dataclass
class Clinic:
    """``settings`` are those of a corp that is all right; a test spoils what it wants."""

    sim_url: str
    http: aiohttp.ClientSession
    data: Path
    given: dict[str, Any] = field(default_factory=dict)

    async def fault(self, on: str, **more: Any) -> None:
        """Arm a fault of the simulator for as often as it is asked."""
        await self._post("faults", {"on": on, "times": 99, **more})

    async def console(self, **what: Any) -> None:
        """Do something in the simulator's console."""
        await self._post("console", what)

    async def calls(self) -> list[str]:
        """Names of everything that was called, in order."""
        async with self.http.get(f"{self.sim_url}/sim/calls") as answer:
            return [row["what"] for row in await answer.json()]

    async def broken_rules(self) -> list[str]:
        """Rules of WeCom that were broken."""
        async with self.http.get(f"{self.sim_url}/sim/errors") as answer:
            return [row["rule"] for row in await answer.json()]

    async def is_connected(self) -> bool:
        """Whether the simulator thinks that the robot holds its connection."""
        async with self.http.get(f"{self.sim_url}/sim/world") as answer:
            return bool((await answer.json())["doors"]["robot_socket"]["connected"])

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        async with self.http.post(f"{self.sim_url}/sim/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()

    @property
    def settings(self) -> Settings:
        good = {
            "site": SITE,
            "data_dir": self.data,
            "api_base": self.sim_url,
            "socket_url": f"{self.sim_url.replace('http', 'ws', 1)}/ws",
            "corp_id": "wwxihe00demo",
            "app_agentid": 1000007,
            "app_secret": "demo-app-secret",
            "app_token": "demoAppToken",
            "app_aes_key": APP_KEY,
            "socket_bot_id": "aibXIAOJING",
            "socket_secret": SOCKET_SECRET,
            "robot_bot_id": "aibXIAOGE",
            "robot_token": ROBOT_TOKEN,
            "robot_aes_key": ROBOT_KEY,
            "http_timeout_s": 3.0,
            "ack_timeout_s": 1.0,
        }
        return Settings(_env_file=None, **{**good, **self.given})

    async def examine(
        self, *names: str, checks: Sequence[Check] = CHECKS, now: datetime | None = None
    ) -> list[Line]:
        """The lines of the checks called ``names`` (all, when none is named); all checks run.

        The sample site is only read, where nobody asks what was found in it.
        """
        patient = Patient(self.settings, self.http, lambda: now or datetime.now(UTC))
        only_read = names and _SITE_CHECK not in names and patient.settings.site == SITE
        try:
            lines = await examine(patient, [_read(one) for one in checks] if only_read else checks)
        finally:
            if patient.memory:
                patient.memory.database.close()
        return [line for line in lines if not names or line.name in names]

    async def todo(self, name: str) -> str:
        """The only thing to do that the check called ``name`` found."""
        found = [line.finding for line in await self.examine(name)]
        assert [one.mark for one in found] == [Mark.TO_DO], found
        return found[0].sentence

    def database(self) -> tuple[Database, Seal]:
        """The bot's database, up to date, as after a first run."""
        found = Database(self.settings.database)
        migrate.upgrade(found)
        return found, load_or_create_keys(self.data / "keys.json", must_exist=False)

    def everybody_spoke(self, but: str = "") -> None:
        """Everybody of the roster has spoken to the robot, but one."""
        database, seal = self.database()
        with database.writer_engine.begin() as conn:
            for person in load_rules(SITE).people:
                chat = f"bot:{person.id}"
                if person.id != but:
                    db, now = Db(conn, seal), datetime.now(UTC)
                    people.spoke_in(db, line_of(chat), ChatKind.SINGLE, "socket", chat, now)
        database.close()


async def _rules_read(patient: Patient) -> list[Finding]:
    """Later checks get the rules; ``check`` itself takes most of a second."""
    patient.rules = load_rules(patient.settings.site)
    return []


def _read(check: Check) -> Check:
    return Check(_SITE_CHECK, _rules_read) if check.name == _SITE_CHECK else check


@asynccontextmanager
async def clinic(folder: Path) -> AsyncIterator[Clinic]:
    """A simulator on a free port as long as the block runs."""
    async with serve(Sim(load_world(SITE))) as url, aiohttp.ClientSession() as http:
        yield Clinic(url, http, folder)


def own_site(folder: Path) -> Path:
    """A copy of the sample site that a test may spoil."""
    return Path(shutil.copytree(SITE, folder / "site"))
