"""Every group (群): what the bot may do there, whose it is, what it lacks."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from config.people_rules import Chats
from handlers.dashboard import groups_page
from handlers.dashboard.groups_page import Row
from tests.drafts import block as drafts_block
from tests.handlers.block import Block
from tests.handlers.conftest import block as block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.office import GROUP, Office
from tests.web.boards import looks, page

ROOM = "qiu_ruolan"


def _rows(office: Office, user: str = ROOM) -> dict[str, Row]:
    return {row.chat: row for row in looks(office, user, groups_page.board)}


def test_a_group_of_residents_hears_all_and_speaks_by_a_human(block: Block) -> None:
    row = _rows(block)[GROUP]

    assert (row.kind, row.ears, row.speech) == ("客户群", "全听", "起草，请人发")
    assert (row.grid, row.officer) == ("桂花社区第一网格", "林知远")
    assert row.lacks == ("还没写过置顶公告",)


def test_a_group_with_a_robot_answers_by_itself_when_called(office: Office) -> None:
    row = _rows(office)[GROUP]

    assert (row.kind, row.ears, row.speech, row.mass) == ("群众群", "@ 才听", "自己答话", "不能")
    assert row.heard_at is None
    assert row.lacks == ()


def test_the_notice_waits_until_a_human_sent_it(block: Block) -> None:
    block.overhears("wmRESIDENT01", "楼道灯不亮")

    assert _rows(block)[GROUP].lacks == ("公告还没发",)


def test_when_it_was_heard_is_shown(office: Office) -> None:
    office.says("wang_ayi", "@小警 桂花苑3号楼路灯不亮")

    assert _rows(office)[GROUP].heard_at == office.now


def test_a_group_on_trial_is_marked(office: Office) -> None:
    chats = [one.model_copy(update={"shadow": one.id == GROUP}) for one in office.rules.chats.chats]
    office.rules = replace(office.rules, chats=Chats(chats=tuple(chats)))

    assert _rows(office)[GROUP].is_trial


def test_a_group_that_wants_no_publicity_is_marked(office: Office) -> None:
    office.says("lin_zhiyuan", "宣传 停 桂花苑", chat="")

    assert {row.name: row.is_out for row in _rows(office).values()}["桂花苑"]
    assert not _rows(office)["wrHUAIAN01"].is_out


def test_an_officer_sees_the_groups_of_his_grids_and_of_nobody(office: Office) -> None:
    assert {row.name for row in _rows(office, "he_yunfei").values()} == {"石桥村", "网格员工作群"}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[drafts_block.Block]:
    async with drafts_block.open_block(tmp_path) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_the_page_names_every_group(house: drafts_block.Block) -> None:
    status, text = await page(house, ROOM, "/groups")

    assert status == 200
    assert all(name in text for name in ("桂花苑业主群", "槐安里", "网格员工作群"))
    assert (await page(house, "fang_xiaoman", "/groups"))[0] == 403
