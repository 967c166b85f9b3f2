"""The board of mediations (调解): stages, what comes next, and who sees it."""

from collections.abc import AsyncIterator
from datetime import UTC
from pathlib import Path

import pytest

from handlers.dashboard import mediation_page
from handlers.dashboard.mediation_page import Card
from tests.drafts import block as drafts_block
from tests.handlers.block import Block
from tests.handlers.conftest import block as block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.mediating import MEDIATOR, OFFICER, ROOM, serial
from tests.handlers.mediating import begun as begun
from tests.handlers.mediating import running as running
from tests.handlers.mediating import signed as signed
from tests.web.boards import looks, page

OTHER_MEDIATOR = "yu_wanqing"


def _cards(block: Block, user: str = ROOM) -> dict[str, list[Card]]:
    columns = looks(block, user, mediation_page.board)
    return {column.state: column.cards for column in columns}


def test_it_waits_for_both_sides_until_they_agreed(begun: Block) -> None:
    (card,) = _cards(begun)["invited"]

    assert card.agreed == "等甲方、乙方同意"
    assert card.line.number == begun.tickets()[0].number


def test_a_date_for_a_session_is_what_comes_next(running: Block) -> None:
    (card,) = _cards(running)["running"]
    assert card.next_at is None

    running.says(MEDIATOR, f"约调解 {serial(running)} 明天19点 居委会", chat="")
    running.says(MEDIATOR, f"约调解 {serial(running)} 明天20点 居委会", chat="")

    (card,) = _cards(running)["running"]
    assert card.next_at is not None
    assert not card.next_is_visit
    assert card.next_at.astimezone(UTC).hour == 12  # 20:00 in Shanghai


def test_after_an_agreement_the_visit_is_what_comes_next(running: Block) -> None:
    running.says(MEDIATOR, f"调解记录 {serial(running)} 两边都来了", chat="")
    running.says(MEDIATOR, f"调解结果 {serial(running)} 成功 镜子拆了", chat="")

    (card,) = _cards(running)["ended"]
    assert (card.result, card.sessions) == ("成功", 1)
    assert card.next_is_visit
    assert card.next_at is not None


def test_one_stage_has_a_page_of_its_own(running: Block) -> None:
    columns = looks(running, ROOM, lambda look: mediation_page.board(look, "invited"))

    assert [(column.state, column.cards) for column in columns] == [("invited", [])]


def test_who_mediates_sees_it_and_another_mediator_does_not(running: Block) -> None:
    assert len(_cards(running, MEDIATOR)["running"]) == 1
    assert len(_cards(running, OFFICER)["running"]) == 1
    assert _cards(running, OTHER_MEDIATOR)["running"] == []


def test_nobodys_words_are_on_the_board(running: Block) -> None:
    (card,) = _cards(running)["running"]

    assert not {"minutes", "terms", "side_a", "side_b"} & set(Card.__slots__)
    assert "八卦镜" not in f"{card.force}{card.mediator}{card.result}{card.agreed}"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[drafts_block.Block]:
    async with drafts_block.open_block(tmp_path) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_the_page_opens_for_mediators_and_not_for_departments(
    house: drafts_block.Block,
) -> None:
    status, text = await page(house, MEDIATOR, "/mediation?before=x")

    assert status == 200
    assert "等两边同意" in text
    assert (await page(house, "wei_heping", "/mediation"))[0] == 403
