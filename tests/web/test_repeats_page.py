"""What comes again (反复): focus tickets by kind; of persons only a number."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.dashboard import repeats_page
from handlers.dashboard.repeats_page import Board
from tests.drafts import block as drafts_block
from tests.handlers.block import Block
from tests.handlers.conftest import block as block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.test_repeats import nights
from tests.web.boards import looks, page

ROOM = "qiu_ruolan"


def _board(block: Block, user: str = ROOM, kind: str = "repeat_place", **more: bool) -> Board:
    return looks(block, user, lambda look: repeats_page.board(look, kind, **more))


def test_a_place_shows_its_level_and_what_is_attached(block: Block) -> None:
    nights(block, 3)

    (one,) = _board(block).found
    reports = [ticket.number for ticket in block.tickets() if ticket.origin != "focus"]
    assert (one.level_name, one.attached) == ("黄", 3)
    assert sorted(one.members) == sorted(reports)


def test_what_is_worked_on_is_not_among_what_is_done(block: Block) -> None:
    nights(block, 3)

    assert _board(block, is_open=False).found == []


def test_another_beat_sees_nothing_of_it(block: Block) -> None:
    nights(block, 3)

    assert _board(block, "he_yunfei").found == []
    assert len(_board(block, "lin_zhiyuan").found) == 1


def test_of_a_person_no_ticket_is_named_besides_the_focus_ticket(block: Block) -> None:
    nights(block, 3, people=("wang_ayi",), every=9)

    (one,) = _board(block, kind="repeat_person").found
    assert one.line.protected
    assert one.members == []
    assert _board(block, "yan_suyun", kind="repeat_person").found == []


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[drafts_block.Block]:
    async with drafts_block.open_block(tmp_path) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_every_kind_has_its_page_and_strange_addresses_do_no_harm(
    house: drafts_block.Block,
) -> None:
    for kind, name in repeats_page.KINDS.items():
        status, text = await page(house, ROOM, f"/repeats?kind={kind}&state=ended&before=7")
        assert status == 200
        assert f"没有办完的“{name}”" in text
    assert (await page(house, ROOM, "/repeats?kind=x&before=" + "9" * 40))[0] == 200
    assert (await page(house, "fang_xiaoman", "/repeats"))[0] == 403
