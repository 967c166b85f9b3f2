"""A new group of residents: made, given to a grid in chat, heard, answered, welcomed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.groups.corp import NEW, OFFICER, WORKER, Corp, open_corp

LAMP = "3号楼门口的路灯坏了好几天了，晚上黑得看不见路"


@pytest.fixture
async def corp(tmp_path: Path) -> AsyncIterator[Corp]:
    async with open_corp(tmp_path) as opened:
        yield opened


async def test_a_new_group_is_given_to_its_grid_and_its_words_find_their_officer(
    corp: Corp,
) -> None:
    await corp.does("create", name="槐安里邻居群", owner=WORKER, users=["wang_ayi", "li_shushu"])

    asked = await corp.block.card(OFFICER, "新的居民群 · 槐安里邻居群")
    assert asked["buttons"][0]["text"] == "桂花社区第二网格", "the name of the group tells"
    assert corp.engine.current_rules().chat(NEW) is None, "unclaimed groups are not read"
    await corp.block.press(OFFICER, asked, "桂花社区第二网格")
    await corp.block.press(OFFICER, await corp.block.card(OFFICER, "槐安里邻居群"), "对")

    group = await corp.until(state="bound")
    assert (group.grid, group.officer, group.bound_by) == ("g02", OFFICER, OFFICER)
    await corp.hears("wang_ayi", LAMP)

    (ticket,) = await corp.tickets()
    assert (ticket.grid, ticket.chat) == ("g02", NEW)
    kinds = [draft.kind for draft in await corp.drafts()]
    assert kinds.count("notice") == 1
    assert "answer" in kinds
    said = [m for m in corp.block.sim.timeline.messages if m.chat == NEW]
    assert said == [], "no program spoke in the group"


async def test_ten_who_join_within_the_hour_are_welcomed_once(corp: Corp) -> None:
    await corp.does("create", name="桂花苑新群", owner=OFFICER)
    card = await corp.block.card(OFFICER, "桂花苑新群")
    await corp.block.press(OFFICER, card, "桂花社区第一网格")
    await corp.block.press(OFFICER, await corp.block.card(OFFICER, "桂花苑新群"), "对")
    for count in range(5):
        await corp.does("add", users=[f"wmA{count}"], shape="list")
        await corp.does("add", users=[f"wmB{count}"], shape="items")

    assert [d for d in await corp.drafts() if d.kind == "welcome"] == []
    await corp.block.pass_time(timedelta(minutes=61))
    await corp.block.quiet()

    (draft,) = [d for d in await corp.drafts() if d.kind == "welcome"]
    assert "欢迎新邻居" in draft.text
    assert "群里留言不等于报警" in draft.text
    assert (await corp.until(residents=10)).joined == 0
