"""Fixtures of the archive: the stand-in library, a corp that talks, an engine that pulls."""

import ctypes
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.engine.archive import LEASE, Archive, Plan
from bot.wecom.archive_keys import Keys
from bot.wecom.archive_sdk import ArchiveConfig, SdkSource
from config.load import load_rules
from config.rules import Rules
from simulator import standin
from tests.archive.corp import CORP, SECRET, Corp
from tests.archive.sites import site_with_customer_group
from tests.engine.house import House
from tests.servers import needs

Pull = Callable[..., Archive]


@pytest.fixture(autouse=True)
def _short_farewell(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no socket here: what it should say would be waited for at each stop."""
    monkeypatch.setattr("bot.engine.app.DRAIN_S", 0.3)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stand-in, compiled once; no test of it leaves anything of the library's behind."""
    if needs.find_compiler() is None:
        needs.missing("a C compiler for the archive's stand-in library", "gcc")
    return standin.build(tmp_path_factory.mktemp("standin") / standin.NAME)


@pytest.fixture
def corp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corp:
    """A corp with one key pair and no word said yet."""
    made = Corp(tmp_path / "archive", tmp_path / "keys")
    monkeypatch.setenv("JINGGE_STANDIN", str(made.folder))
    return made


@pytest.fixture
def config(library: Path) -> ArchiveConfig:
    return ArchiveConfig(library=library, corp_id=CORP, secret=SECRET, timeout_s=1)


@pytest.fixture
def source(corp: Corp, config: ArchiveConfig, library: Path) -> Iterator[SdkSource]:
    """The real adapter over the stand-in; whatever it took from the library it gives back."""
    opened = SdkSource(config)
    yield opened
    opened.close()
    opened.join(5)
    assert ctypes.CDLL(str(library)).Standin_Live() == 0


@pytest.fixture(scope="session")
def archive_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site with a group of residents that only the archive hears."""
    return site_with_customer_group(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def archive_rules(archive_site: Path) -> Rules:
    return load_rules(archive_site)


@pytest.fixture
async def house(
    tmp_path: Path, archive_rules: Rules, new_sqlite: Callable[[Path], str]
) -> AsyncIterator[House]:
    """A running engine that holds the archive's lease."""
    address = new_sqlite(tmp_path / "archive.db")
    made = House(address, archive_rules, ("socket", "app"))
    await made.open()
    assert made.engine.keeper is not None
    made.engine.keeper.also(LEASE)
    await made.engine.keeper.renew()
    yield made
    await made.close()


@pytest.fixture
def pull(house: House, source: SdkSource, corp: Corp) -> Pull:
    """A loop over the stand-in; the test calls ``look`` or lets it run."""

    def make(**more: object) -> Archive:
        plan = Plan(corp_id=CORP, poll_s=0.02, backoff_first_s=0.01, refused_pause_s=0.02)
        plan = replace(plan, **more)  # type: ignore[arg-type]  # the test's own words
        return Archive(house.engine, source, Keys(corp.keys), plan)

    return make
