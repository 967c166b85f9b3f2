"""Rules are changed while the station works (不重启换规则): nothing lost, a fault refused."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, or_, select

import handlers
from bot.domain.trials import trial_of
from bot.domain.trying import Said, Sort
from bot.door_events import Proposed
from bot.engine.app import Engine
from bot.engine.clock import Clock
from commands import rule_trial
from commands.house import _plug
from commands.rule_desk import RuleDesk
from config import rule_files
from config.load import load_rules
from storage import changes
from storage.changes import Change, State
from storage.database import Database, table_of
from storage.people_tables import HeardRow
from storage.tables import InboxRow
from tests.drafts.block import NOW, RESIDENT, Block, open_block
from tests.handlers.office import SEAL

SITE = Path(__file__).parents[2] / "config" / "site"
ROOM, NEXT, LEADER = "qiu_ruolan", "bai_jingshu", "zhong_yihang"
LAMP = "    words: [路灯, 减速带, 下水道]"
MORE = "    words: [路灯, 减速带, 下水道, 景观灯杆]"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        await until_kept(tmp_path)
        yield opened
        assert await opened.errors() == []


async def until_kept(folder: Path) -> None:
    """Returns when the desk keeps its copy: what is edited earlier is compared with nothing."""
    async with asyncio.timeout(60):
        while not (folder / "data" / "rules_in_force" / "last").exists():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def change_of(house: Block, number: int) -> Change | None:
    db_of = house.house.engine.db_of
    return await house.house.engine.database.read(lambda c: changes.get(db_of(c), number))


async def until(house: Block, number: int, *states: State) -> Change:
    async def is_so() -> bool:
        found = await change_of(house, number)
        return found is not None and found.state in states

    async with asyncio.timeout(200):
        while not await is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    found = await change_of(house, number)
    assert found is not None
    return found


async def propose(house: Block, file: str, text: str, before: str, by: str = ROOM) -> None:
    engine = house.house.engine
    event = Proposed(
        key=f"page:{file}:{len(text)}", at=engine.clock.now(), by=by, file=file,
        base=rule_files.hash_of(before), before=before, text=text, why="试试",
    )  # fmt: skip
    await engine.listener.hear(event)
    await house.quiet()


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_rules_change_while_messages_come_in_and_nothing_is_lost(
    house: Block, tmp_path: Path
) -> None:
    engine, site = house.house.engine, tmp_path / "site"
    before = engine.rules.version
    text = (site / "categories.yaml").read_text("utf-8")
    assert LAMP in text
    await propose(house, "categories.yaml", text.replace(LAMP, MORE), text)
    waiting = await until(house, 1, State.WAITING, State.FAULTY)
    assert waiting.state is State.WAITING, waiting.report

    async def talk() -> None:
        for number in range(30):
            await house.overhears(f"wmRESIDENT{number:02}", f"桂花苑{number + 1}号楼电梯又困人了")

    talking = asyncio.create_task(talk())
    await house.overhears(NEXT, "今天天气不错")
    await _orders(house, NEXT, "批准规则 1")
    done = await until(house, 1, State.DONE, State.FAULTY)
    await talking
    await house.quiet()

    assert done.state is State.DONE, done.report
    assert engine.rules.version == done.version != before
    assert (site / "categories.yaml").read_text("utf-8") == text.replace(LAMP, MORE)
    kept = list((site / rule_files.EARLIER).iterdir())
    assert [one.read_text("utf-8") for one in kept] == [text]
    left, heard = await engine.database.read(_books)
    assert (left, heard) == (0, 31)
    assert engine.failed() is None


def _books(conn: Connection) -> tuple[int, int]:
    """How many events are not done or were parked, and how many messages were heard."""
    box, said = table_of(InboxRow).c, table_of(HeardRow).c
    bad = or_(box.done_at.is_(None), box.dead)
    left = conn.execute(select(func.count()).select_from(InboxRow).where(bad)).scalar_one()
    heard = select(func.count()).select_from(HeardRow).where(said.event_key.like("archive:%"))
    return left, conn.execute(heard).scalar_one()


async def _page(house: Block, path: str) -> str:
    cookies = await house.login(LEADER)
    async with house.session.get(f"{house.web}{path}", cookies=cookies) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.text()


async def _orders(house: Block, user: str, words: str) -> None:
    cookies = await house.login(user)
    form = {"key": house.form_key(cookies), "words": words, "back": "/"}
    async with house.session.post(f"{house.web}/say", data=form, cookies=cookies) as answer:
        assert answer.status == 200, await answer.text()


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_faulty_folder_is_refused_and_the_old_rules_go_on(
    house: Block, tmp_path: Path
) -> None:
    engine, site = house.house.engine, tmp_path / "site"
    before, texts = engine.rules.version, site / "texts.yaml"
    good = texts.read_text("utf-8")
    texts.write_text(good.replace("rating_thanks:", "rating_thankz:"), "utf-8")

    await _orders(house, "zuo_mingkai", "重读规则")
    refused = await until(house, 1, State.FAULTY, State.DONE)
    await house.quiet()

    assert refused.state is State.FAULTY
    assert "rating_thankz" in refused.report
    assert engine.rules.version == before
    told = [line["text"] for line in await house.inbox("zuo_mingkai")]
    assert any("还是原来的" in str(one) and "rating_thankz" in str(one) for one in told), told

    texts.write_text(good.replace("rating_thanks: 谢谢您", "rating_thanks: 谢谢您啦"), "utf-8")
    await _orders(house, "zuo_mingkai", "重读规则")
    done = await until(house, 2, State.FAULTY, State.DONE)

    assert done.state is State.DONE, done.report
    assert engine.rules.version == done.version != before
    assert "谢谢您啦" in engine.rules.texts.sentences["rating_thanks"]


WILL = "      - 遗书|遗言 ! 遗书里\n"


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_danger_word_taken_out_by_hand_is_not_taken_before_a_leader_agrees(
    house: Block, tmp_path: Path
) -> None:
    engine, danger = house.house.engine, tmp_path / "site" / "danger.yaml"
    before, text = engine.rules.version, danger.read_text("utf-8")
    assert WILL in text
    danger.write_text(text.replace(WILL, ""), "utf-8")

    await _orders(house, "zuo_mingkai", "重读规则")
    waiting = await until(house, 1, State.WAITING, State.DONE, State.FAULTY)

    assert (waiting.state, waiting.grave) == (State.WAITING, True)
    assert engine.rules.version == before
    found = trial_of(waiting.report)
    assert found.files == ("danger.yaml",)
    assert ("-", WILL.rstrip()) in found.diff
    assert "遗书" in found.lost

    shown = await _page(house, "/rules/change?n=1")
    assert "手改的规则文件" in shown
    assert "遗书|遗言" in shown
    assert "村口的路灯坏了好几天了" in await _page(house, "/rules/sentences")
    assert "看现在读成什么" in await _page(house, "/rules")

    await _orders(house, LEADER, "批准规则 1 减弱险情")
    done = await until(house, 1, State.DONE, State.FAULTY)

    assert done.state is State.DONE, done.report
    assert engine.rules.version == done.version != before


TEAM, FIRE = "wrGEZIBAN1", "着火了！5号楼3单元楼道里全是烟"


async def test_a_webhook_of_a_team_comes_with_the_rules_that_name_it(
    house: Block, tmp_path: Path
) -> None:
    engine, chats = house.house.engine, tmp_path / "site" / "chats.yaml"
    with_hook = chats.read_text("utf-8")
    assert ", hook: team" in with_hook
    assert "hook" in engine.rules.lanes

    await _take(engine, chats, with_hook.replace(", hook: team", ""))
    await house.overhears(RESIDENT, FIRE)

    assert "hook" not in engine.rules.lanes
    assert await _posted(house) == []

    await _take(engine, chats, with_hook)
    await house.overhears("wmRESIDENT02", FIRE.replace("5号楼", "2号楼"))
    [line] = await _posted(house)
    assert "2号楼" in line["text"]
    assert engine.failed() is None


async def _take(engine: Engine, chats: Path, text: str) -> None:
    await asyncio.to_thread(chats.write_text, text, "utf-8")
    rules = await asyncio.to_thread(load_rules, chats.parent)
    engine.take_rules(rules, handlers.jobs(rules))


async def _posted(house: Block) -> list[dict[str, str]]:
    async with house.session.get(f"{house.url}/sim/chats/{TEAM}") as answer:
        lines = (await answer.json())["messages"]
    return [line for line in lines if line.get("door") == "webhook"]


@pytest.fixture
def two(new_sqlite: object, tmp_path: Path) -> Iterator[tuple[Engine, Engine, Path]]:
    """Two machines over one database, each with its own handle on it; one site folder."""
    site = tmp_path / "site"
    shutil.copytree(SITE, site)
    rules = load_rules(site)
    url = new_sqlite(tmp_path / "two.db")  # type: ignore[operator]
    made = [Engine(Database(url), SEAL, Clock(NOW), rules, _plug(rules)) for _ in range(2)]
    yield made[0], made[1], site
    for engine in made:
        engine.database.close()


async def test_another_process_takes_the_version_that_is_in_force(
    two: tuple[Engine, Engine, Path],
) -> None:
    first, second, site = two
    desk = RuleDesk(second, site, site.parent / "data")
    await desk.look()
    before = second.rules.version
    text = (site / "texts.yaml").read_text("utf-8")
    rule_files.put(site, "texts.yaml", text.replace("谢谢您的评价", "谢谢您给的评价"))
    version = load_rules(site).version

    def done(conn: object) -> None:
        db = first.db_of(conn)
        row = Change(key="k", kind=changes.Kind.RELOAD, by=ROOM, at=NOW, state=State.APPROVED)
        number = changes.add(db, row)
        assert number is not None
        values = {"state": State.DONE, "done_at": NOW, "version": version}
        assert changes.step(db, number, (State.APPROVED,), **values)

    with first.database.writer_engine.begin() as conn:
        done(conn)
    await desk.look()

    assert second.rules.version == version != before
    assert "谢谢您给的评价" in second.current_rules().texts.sentences["rating_thanks"]


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_program_started_on_weaker_rules_starts_and_says_so(
    two: tuple[Engine, Engine, Path],
) -> None:
    first, second, site = two
    data = site.parent / "data"
    await RuleDesk(first, site, data).look()
    danger = (site / "danger.yaml").read_text("utf-8")
    rule_files.put(site, "danger.yaml", danger.replace(WILL, ""))
    second.rules = load_rules(site)
    second.writer.start()

    await RuleDesk(second, site, data).look()
    await RuleDesk(second, site, data).look()
    second.writer.stop()

    with second.database.writer_engine.begin() as conn:
        rows = conn.execute(select(table_of(InboxRow).c.key)).scalars().all()
    assert rows == [f"rules:0:weaker:{second.rules.version}"]


async def test_a_reload_brings_other_cron_hours(two: tuple[Engine, Engine, Path]) -> None:
    first, _, _ = two
    rules = replace(first.rules, version="other")

    first.take_rules(rules, {**handlers.jobs(rules), "sample": "5 4 * * *"})

    assert first.current_rules().version == "other"
    assert first.plug.jobs["sample"] == "5 4 * * *"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_word_of_danger_that_goes_is_found_without_anybody_saying_it() -> None:
    text = (SITE / "danger.yaml").read_text("utf-8")
    weaker = text.replace("      - 遗书|遗言 ! 遗书里\n", "")
    assert weaker != text

    found = rule_trial.tried(SITE, "danger.yaml", weaker, [Said("我写好遗书了", NOW)], SITE)

    assert found.faults == ()
    assert "遗书" in found.lost
    assert found.counts[Sort.DANGER_LOST] == 1
    assert found.shown == ()  # a matter of which no words are shown
    assert len(found.grave) == 2
    assert trial_of(found.to_json()) == found


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_last_week_would_have_become_is_shown_in_words() -> None:
    text = (SITE / "categories.yaml").read_text("utf-8")
    more = text.replace(
        "      - <市政> + <坏了> ! 电梯|家里|我家",
        "      - <市政> + <坏了> ! 电梯|家里|我家\n      - 喇叭杆 + 掉漆",
    )
    assert more != text

    lines = [Said("喇叭杆掉漆了", NOW), Said("今天天气不错", NOW)]
    found = rule_trial.tried(SITE, "categories.yaml", more, lines, SITE)

    assert found.faults == ()
    assert found.looked_at == 2
    assert found.counts[Sort.OPENED] == 1
    assert [(one.sort, one.text) for one in found.shown] == [(Sort.OPENED, "喇叭杆掉漆了")]
    assert found.grave == ()


def test_words_said_in_danger_are_grave_though_nothing_is_read_otherwise() -> None:
    text = (SITE / "texts.yaml").read_text("utf-8")

    found = rule_trial.tried(
        SITE, "texts.yaml", text.replace("如果有人被水困住", "有人被水困住"), [], SITE
    )

    assert found.faults == ()
    assert any("对群众说的话" in one for one in found.grave)


def test_a_file_is_replaced_whole_and_the_earlier_one_kept(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")

    rule_files.put(tmp_path, "a.yaml", "a: 2\n")
    rule_files.put(tmp_path, "a.yaml", "a: 2\n")

    assert rule_files.text_of(tmp_path, "a.yaml") == "a: 2\n"
    assert [one.read_text() for one in (tmp_path / rule_files.EARLIER).iterdir()] == ["a: 1\n"]
    assert sorted(one.name for one in tmp_path.iterdir()) == [rule_files.EARLIER, "a.yaml"]
