"""The doctor says how old the last good backup is; the administrator hears when it failed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commands import backup_watch
from commands.doctor.findings import Mark
from config.vocabulary import Role
from storage import backup_files
from storage.backup_files import State
from tests.doctor.clinic import Clinic
from tests.drafts.block import Block, open_block

pytestmark = pytest.mark.timeout(120)


async def said(clinic: Clinic, out: Path) -> tuple[Mark, str]:
    clinic.given["backup_dir"] = out
    (line,) = await clinic.examine("备份")
    return line.finding.mark, line.finding.sentence


async def test_age_of_the_last_good_one(clinic: Clinic, tmp_path: Path) -> None:
    assert (await said(clinic, Path()))[0] is Mark.TO_KNOW
    assert (await said(clinic, tmp_path))[0] is Mark.TO_DO
    young = datetime.now(UTC) - timedelta(hours=8, minutes=1)
    backup_files.note(tmp_path, State(young, "jingge-20260304-021500"))
    mark, sentence = await said(clinic, tmp_path)
    assert (mark, "8 小时以前" in sentence) == (Mark.WELL, True)
    backup_files.note(tmp_path, State(young - timedelta(days=2), "jingge-20260302-021500"))
    assert "56 小时以前" in (await said(clinic, tmp_path))[1]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened


@pytest.mark.slow
async def test_administrator_hears_of_it_once_a_day(house: Block) -> None:
    engine = house.house.engine
    (admin, *_) = engine.rules.people_with(Role.ADMIN)
    for _ in range(2):
        await backup_watch.look(engine, State(datetime.now(UTC), "f", "磁盘满了"))
        await house.quiet()
    await backup_watch.look(engine, State(datetime.now(UTC), "f"))
    await house.quiet()

    told = [line for line in await house.inbox(admin.id) if "备份没有做好" in str(line)]
    assert len(told) == 1
    assert "磁盘满了" in str(told[0])
