"""Watching customer groups over the wire: lag, lost and doubled letters, walks, refusals."""

import asyncio
import contextlib
import io
from datetime import timedelta
from pathlib import Path

import pytest

from commands import groups
from tests.drafts.block import GROUP
from tests.groups.corp import NEW, OFFICER, WORKER, Corp


async def test_trap_22_a_view_older_than_the_letter_is_never_kept(corp: Corp) -> None:
    made = await corp.does("create", name="桂花苑新群", owner=OFFICER, users=["wmA"])
    before = await corp.until(residents=1)
    after = await corp.does("add", users=["wmB"], lag=2)

    lagging = await corp.group()
    assert lagging is not None
    assert (lagging.residents, lagging.version) == (1, made["version"])
    assert lagging.wanted == after["version"]
    assert before.look_at is None
    await corp.pass_time(seconds=10)
    await corp.pass_time(seconds=10)

    group = await corp.until(residents=2, version=after["version"])
    assert (group.wanted, group.tries, group.look_at) == ("", 0, None)


async def test_trap_22_a_name_that_lags_is_asked_for_again(corp: Corp) -> None:
    await corp.does("create", name="老名字", owner=OFFICER)
    await corp.until(name="老名字")
    await corp.does("rename", name="", lag=1)

    await corp.pass_time(seconds=5)

    assert (await corp.until(name="")).name == ""


async def test_a_letter_that_comes_twice_counts_once(corp: Corp) -> None:
    await corp.does("create", name="桂花苑新群", owner=OFFICER)
    await corp.does("add", users=["wmA", "wmB"], copies=3)

    group = await corp.until(residents=2)

    assert group.joined == 2


async def test_lost_letters_are_mended_by_the_walk(corp: Corp) -> None:
    await corp.does("create", name="桂花苑新群", owner=OFFICER, letter=False)
    assert await corp.group() is None

    await corp.watch().walk()

    assert (await corp.until(state="asked")).name == "桂花苑新群"
    await corp.block.quiet()
    await corp.does("owner", owner=WORKER, letter=False)
    assert await corp.watch().walk() == 0, "it was seen a moment ago"
    await corp.pass_time(hours=21)
    await corp.watch().walk()
    assert (await corp.until(owner=WORKER)).staff == (WORKER, OFFICER)
    await corp.does("dismiss", letter=False)
    await corp.watch().walk()
    await corp.until(state="closed")


async def test_groups_of_the_file_are_seen_and_not_asked_about(corp: Corp) -> None:
    group = await corp.until(GROUP, state="new")

    assert group.seen_at is not None
    cards = [line["card"] for line in await corp.block.inbox(OFFICER) if line["card"]]
    assert [card for card in cards if "新的居民群" in card["title"]] == []


async def test_an_owner_who_left_is_found_by_the_walk(corp: Corp) -> None:
    await corp.does("create", name="桂花苑新群", owner=OFFICER)
    await corp.until(owner_left=False)
    await corp.does("owner_left")

    await corp.watch().walk()

    await corp.until(owner_left=True)
    await corp.block.quiet()
    said = [line["text"] for line in await corp.block.inbox("qiu_ruolan") if not line["card"]]
    assert any("群主已经离职" in words for words in said)


async def test_many_owners_are_listed_by_owner(corp: Corp) -> None:
    await corp.does("create", name="桂花苑新群", owner=OFFICER, letter=False)
    await corp.does("many_owners")

    await corp.watch().walk()

    assert (await corp.until(owner=OFFICER)).name == "桂花苑新群"


async def test_a_corp_without_the_right_hears_what_to_click(corp: Corp) -> None:
    fault = {"on": "externalcontact/groupchat/list", "do": "error", "code": 48002}
    async with corp.block.session.post(f"{corp.block.url}/sim/faults", json=fault) as answer:
        assert answer.status == 200, await answer.text()
    watch = corp.watch(walk_s=0.01)

    rest_s = await watch._round()  # one look, as ``run`` does

    assert rest_s == pytest.approx(600)
    await corp.block.quiet()
    said = [line["text"] for line in await corp.block.inbox("zuo_mingkai")]
    assert any("可调用接口的应用" in words for words in said)


async def test_no_letter_is_answered_before_it_is_kept(corp: Corp) -> None:
    await corp.does("create", name="桂花苑新群", owner=OFFICER)
    await corp.until(state="asked")
    corp.engine.clock.push_to(corp.engine.clock.now() + timedelta(seconds=1))

    await corp.does("dismiss", chat=NEW)

    assert (await corp.until(state="closed")).closed_at is not None


async def test_the_command_lists_groups(corp: Corp, monkeypatch: pytest.MonkeyPatch) -> None:
    await corp.does("create", name="桂花苑新群", owner=OFFICER, users=["wmA"])
    await corp.until(state="asked")
    await corp.does("create", "wrEND", name="散掉的群", owner=OFFICER)
    await corp.does("dismiss", "wrEND")
    await corp.until("wrEND", state="closed")
    folder = Path(corp.engine.database.url.removeprefix("sqlite:///")).parent
    monkeypatch.setenv("JINGGE_DATA_DIR", str(folder))
    monkeypatch.setenv("JINGGE_SITE", str(folder.parent / "site"))
    monkeypatch.setenv("DATABASE_URL", "")

    short, full = await listed(), await listed("--all")

    assert "桂花苑新群  未认领  —  群众1 同事1  没听到过  还没认领网格" in short
    assert "桂花苑业主群  桂花社区第一网格  林知远" in short
    assert "散掉的群" not in short
    assert "散掉的群  未认领  —  群众0 同事1  没听到过  已解散" in full


async def listed(*words: str) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert await asyncio.to_thread(groups.main, list(words)) == 0
    return out.getvalue()
