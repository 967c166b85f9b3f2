"""``orders import`` against the simulator's corp: a diff in Chinese, nothing written unasked."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from commands.orders import main
from config.faults import StartupFault
from config.grid_edit import with_workers
from tests.config.sites import SAMPLE
from tests.simulator.corp import AGENT, CORP, SECRET
from tests.simulator.fakes import Wire, running

GRIDS = [
    {"grid_id": "w0", "grid_name": "溪河街道", "grid_parent_id": "", "grid_admin": [],
     "grid_member": []},
    {"grid_id": "w1", "grid_name": "桂花社区第一网格", "grid_parent_id": "w0",
     "grid_admin": ["gao_mingfang"], "grid_member": ["fang_xiaoman", "lu_jianing", "who_knows"]},
    {"grid_id": "w9", "grid_name": "新网格", "grid_parent_id": "w0", "grid_admin": [],
     "grid_member": ["ruan_qiuyue"]},
]  # fmt: skip


@pytest.fixture
async def corp() -> AsyncIterator[Wire]:
    async with running() as wire:
        await wire.sim_post("report", grids=GRIDS, categories=[
            {"category_id": "c1", "category_name": "公共设施", "level": 1},
        ])  # fmt: skip
        yield wire


@pytest.fixture
def site(corp: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JINGGE_API_BASE", corp.url)
    monkeypatch.setenv("JINGGE_CORP_ID", CORP)
    monkeypatch.setenv("JINGGE_REPORT_AGENTID", str(AGENT))
    monkeypatch.setenv("JINGGE_REPORT_SECRET", SECRET)
    shutil.copytree(SAMPLE, tmp_path / "site")
    return tmp_path / "site"


async def test_import_prints_who_is_missing_where_and_writes_nothing(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (site / "grids.yaml").read_bytes()

    code = await asyncio.to_thread(main, ["import", "--dry-run", "--site", str(site)])

    said = capsys.readouterr().out
    assert code == 1
    assert "网格“桂花社区第一网格”：陆嘉宁（lu_jianing） 在企业微信里是成员" in said
    assert "who_knows 不在花名册" in said
    assert "企业微信有网格“新网格”" in said
    assert "溪河街道" not in said
    assert "网格“石桥村网格”（g03），企业微信没有" in said
    assert "分类“公共设施”" in said
    assert (site / "grids.yaml").read_bytes() == before


async def test_write_adds_known_members_and_keeps_every_comment(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (site / "grids.yaml").read_text()

    await asyncio.to_thread(main, ["import", "--write", "--site", str(site)])

    after = (site / "grids.yaml").read_text()
    assert after == before.replace("workers: [fang_xiaoman]", "workers: [fang_xiaoman, lu_jianing]")
    assert "补进网格员：陆嘉宁" in capsys.readouterr().out


async def test_app_that_may_not_read_is_told_where_to_click(site: Path, corp: Wire) -> None:
    await corp.sim_post("report", allowed=False)

    with pytest.raises(StartupFault) as caught:
        await asyncio.to_thread(main, ["import", "--site", str(site)])

    assert "可调用接口的应用" in caught.value.sentences[0]


def test_grid_whose_workers_are_written_otherwise_is_named() -> None:
    with pytest.raises(StartupFault, match="g01"):
        with_workers("grids:\n  - id: g01\n    workers:\n      - a\n", {"g01": ["b"]})
