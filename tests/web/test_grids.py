"""The grids as tiles and the wall screen (大屏): counts within one's rights, nothing of anybody."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Page as Tab
from playwright.async_api import expect
from sqlalchemy import update

from config.vocabulary import Stage
from handlers.dashboard import grids
from handlers.dashboard.grids import Tile, Wall
from storage import outbox
from storage.outbox import Parcel
from storage.tables import TicketRow
from tests.drafts.block import Block, open_block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.office import Office
from tests.web.boards import looks, page

ROOM = "qiu_ruolan"
KNIFE = "@小警 桂花苑3号楼有人拿刀追人"
LAMP = "@小警 桂花苑3号楼路灯不亮"
BEATEN = "@小警 桂花苑3号楼我老公天天打我，我害怕"


def _tiles(office: Office, user: str = ROOM) -> dict[str, Tile]:
    return {tile.id: tile for tile in looks(office, user, grids.tiles)}


def _wall(office: Office, user: str = ROOM) -> Wall:
    return looks(office, user, grids.wall)


def test_each_grid_counts_its_own(office: Office) -> None:
    office.says("wang_ayi", KNIFE)
    office.says("chen_shu", LAMP)

    counts = _tiles(office)["g01"].counts
    assert (counts.open, counts.danger, counts.over) == (2, 1, 0)
    assert _tiles(office)["g03"].counts.open == 0
    office.now += timedelta(days=30)
    assert _tiles(office)["g01"].counts.over == 2


def test_an_officer_sees_the_tiles_of_his_beat(office: Office) -> None:
    office.says("wang_ayi", KNIFE)

    assert list(_tiles(office, "he_yunfei")) == ["g03"]
    assert list(_tiles(office, "lin_zhiyuan")) == ["g01", "g02"]


def test_the_fullest_grid_has_the_longest_band(office: Office) -> None:
    office.says("wang_ayi", KNIFE)
    office.says("chen_shu", LAMP)
    office.says("wu_laosan", "@小警 石桥村村口的路灯坏了好几天", chat="wrSHIQIAO1")

    tiles = _tiles(office)
    assert (tiles["g01"].bar, tiles["g01"].bar_danger) == (100, 50)
    assert (tiles["g02"].bar, tiles["g03"].bar) == (0, 50)


def test_the_wall_counts_today_and_names_a_danger_by_its_grid(office: Office) -> None:
    office.says("wang_ayi", KNIFE)
    office.now += timedelta(minutes=12)

    wall = _wall(office)
    assert (wall.total.open, wall.total.danger, wall.opened, wall.closed) == (1, 1, 1, 0)
    (alarm,) = wall.alarms
    assert (alarm.grid, alarm.age) == ("桂花社区第一网格", "12分钟")
    office.now += timedelta(days=1)
    assert _wall(office).opened == 0


def test_what_was_closed_today_is_counted_today(office: Office) -> None:
    office.says("wu_laosan", "@小警 石桥村村口的路灯坏了好几天", chat="wrSHIQIAO1")
    office.looks(
        lambda db: db.conn.execute(
            update(TicketRow).values(stage=Stage.CLOSED, closed_at=office.now)
        )
    )

    assert _wall(office).closed == 1
    office.now += timedelta(days=1)
    assert _wall(office).closed == 0


def test_a_protected_danger_is_a_number_on_the_wall_and_nothing_else(office: Office) -> None:
    office.says("wang_ayi", BEATEN, chat="")
    assert [one.protected for one in office.tickets()] == [True]

    wall = _wall(office)
    assert wall.total.open == 1
    assert wall.alarms == []
    assert _wall(office, "fang_xiaoman").total.open == 0


def test_words_that_cannot_leave_for_two_minutes_raise_the_banner(office: Office) -> None:
    office.says("wang_ayi", LAMP)
    parcel = Parcel(
        key="k", lane="socket", line="l", ticket_id=0, danger=False, body="{}", due_at=office.now
    )
    row = office.looks(lambda db: outbox.add(db, parcel, office.now))
    office.looks(lambda db: outbox.postpone(db, _with_id(parcel, row), office.now, "unreachable"))
    assert not _wall(office).is_cut_off

    office.now += timedelta(minutes=3)

    assert _wall(office).is_cut_off


def _with_id(parcel: Parcel, row: int | None) -> Parcel:
    return replace(parcel, id=row or 0)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_the_wall_shows_no_ticket_no_place_and_nobody(house: Block, tab: Tab) -> None:
    await house.overhears("wang_ayi", "桂花苑3号楼有人拿刀追人")
    cookies = await house.login(ROOM)
    await tab.context.add_cookies(
        [{"name": name, "value": value, "url": house.web} for name, value in cookies.items()]
    )
    await tab.goto(f"{house.web}/wall")

    await expect(tab.locator(".big li").first).to_contain_text("1 险情在办")
    words = await tab.locator("body").inner_text()
    assert "桂花社区第一网格" in words
    assert not [word for word in ("3号楼", "XH", "林知远", "王阿姨", "拿刀") if word in words]
    assert (await page(house, "fang_xiaoman", "/grids"))[0] == 403
    assert (await page(house, "gao_mingfang", "/grids"))[0] == 200


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_the_wall_notices_by_itself_that_the_bot_is_gone(
    house: Block, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grids, "ASK_S", 1)
    monkeypatch.setattr(grids, "PATIENCE_S", 1)
    cookies = await house.login(ROOM)
    await tab.context.add_cookies(
        [{"name": name, "value": value, "url": house.web} for name, value in cookies.items()]
    )
    await tab.goto(f"{house.web}/wall")
    away = tab.locator(".away")
    await expect(away).to_be_hidden()

    await tab.context.set_offline(True)
    await expect(away).to_contain_text("机器人失联")
    await expect(away).to_contain_text("先打电话")

    await tab.context.set_offline(False)
    await expect(away).to_be_hidden()
    house.house.engine.offline_s = lambda: 900.0  # the line to WeCom is away, the bot is not
    await expect(away).to_contain_text("连不上企业微信")


@pytest.fixture
def tab(page: Tab) -> Tab:
    return page
