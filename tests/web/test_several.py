"""Several tickets at once: the sentences that are said, and what becomes of them on the page."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from handlers.dashboard import several
from tests.drafts.block import OWNER, Block, open_block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.office import Office

ONE, TWO, THREE = "XH260304-0001A", "XH260304-0002B", "XH260304-0003C"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("签收", [ONE, TWO, ONE], "", ""), [f"签收 {ONE} {TWO}"]),
        (("转", [ONE, TWO], "林知远", ""), [f"转 {ONE} {TWO} 林知远"]),
        (("转", [ONE], "", "x"), []),
        (("批注", [ONE, TWO], "", "今天看一眼"), [f"批注 {ONE} {TWO} 今天看一眼"]),
        (("批注", [ONE], "林知远", " "), []),
        (("并入", [THREE, ONE, TWO], "", ""), [f"{TWO} 并入 {ONE}", f"{THREE} 并入 {ONE}"]),
        (("并入", [ONE], "", ""), []),
        (("催办", [ONE, TWO], "", ""), [f"催办 {ONE} {TWO}"]),
        (("作废", [ONE], "", ""), []),
        (("签收", [], "", ""), []),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_said(given: tuple[str, list[str], str, str], said: list[str]) -> None:
    assert several.orders(*given) == said


def test_no_more_than_twenty(office: Office) -> None:
    numbers = [f"XH260304-{number:04d}A" for number in range(30)]

    (said,) = several.orders("签收", numbers, "", "")
    assert len(said.split()) == 21


def test_several_are_handed_on_in_one_sentence(office: Office) -> None:
    office.says("wang_ayi", "@小警 桂花苑3号楼路灯不亮")
    office.says("chen_shu", "@小警 桂花苑5号楼消防通道被杂物堵死了")
    numbers = [ticket.number for ticket in office.tickets()]

    for said in several.orders("转", numbers, "林知远", ""):
        office.says("qiu_ruolan", said, chat="")

    assert {ticket.owner for ticket in office.tickets()} == {OWNER}


def test_haste_is_offered_to_who_may_ask_for_it(office: Office) -> None:
    offered = {
        user: [one.word for one in several.offered(person)]
        for user in ("qiu_ruolan", "fang_xiaoman")
        if (person := office.rules.person(user))
    }

    assert "催办" in offered["qiu_ruolan"]
    assert "催办" not in offered["fang_xiaoman"]
    assert len(offered["qiu_ruolan"]) == len(offered["fang_xiaoman"]) + 1


@pytest.fixture
async def block(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_ticked_ones_are_handed_on_from_the_list(page: Page, block: Block) -> None:
    await block.overhears("wang_ayi", "桂花苑9号楼门口路灯不亮，黑灯瞎火")
    await block.overhears("chen_shu", "桂花苑5号楼消防通道被杂物堵死了")
    await page.goto(f"{block.web}/tickets")
    await page.get_by_role("link", name="邱若兰").click()
    await page.wait_for_load_state()
    for box in await page.locator(".list input[type=checkbox]").all():
        await box.check()

    await page.get_by_label("转给谁").select_option("林知远")
    await page.get_by_role("button", name="转给", exact=True).click()

    await expect(page.locator("p.said")).to_be_visible()
    await expect(page.locator(".list tbody tr", has_text="林知远")).to_have_count(2)
