"""The restore drill of docs/upgrade.md, line by line, on a station with something in it."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from storage.database import Database
from storage.key_file import load_or_create_keys
from storage.migrate import newest, upgrade
from storage.session import Db
from storage.tickets import create
from storage.tickets import newest as newest_tickets
from tests.docs.pages import ROOT, text
from tests.storage.rows import ticket

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
_DRILL = re.compile(r"^```sh drill\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PLACES = ("/var/backups/jingge", "/var/lib/jingge", "/srv/drill")


def lines_of(page: str, folder: Path) -> list[str]:
    """The commands, with the page's folders put under ``folder``."""
    block: str
    [block] = _DRILL.findall(text(page))
    for place in _PLACES:
        block = block.replace(place, f"{folder}{place}")
    return block.splitlines()


def station(data: Path) -> None:
    """A data folder with keys and one ticket."""
    data.mkdir(parents=True)
    database = Database(f"sqlite:///{data / 'jingge.db'}")
    upgrade(database)
    seal = load_or_create_keys(data / "keys.json", must_exist=False)
    with database.writer_engine.begin() as conn:
        create(Db(conn, seal), ticket("XH260304-0001F"))
    database.close()


def test_every_line_of_the_drill_works_and_the_ticket_is_there(tmp_path: Path) -> None:
    data = tmp_path / "var/lib/jingge"
    station(data)
    settings = {"JINGGE_DATA_DIR": str(data), "JINGGE_SITE": str(ROOT / "config/site")}
    kept = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **settings}
    said = []
    for line in lines_of("upgrade.md", tmp_path):
        done = subprocess.run(
            ["sh", "-c", line], cwd=ROOT, env=kept, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        said.append(done.stdout)

    assert "都对得上" in said[1]
    assert newest() in said[4]
    assert "没有问题" in said[5]
    new = tmp_path / "srv/drill/data"
    seal = load_or_create_keys(new / "keys.json", must_exist=True)
    database = Database(f"sqlite:///{new / 'jingge.db'}")
    found = database.read_now(lambda conn: newest_tickets(Db(conn, seal)))
    database.close()
    assert [one.number for one in found] == ["XH260304-0001F"]
