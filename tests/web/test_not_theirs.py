"""What somebody may not see is not there for him (IDOR): the same answer as for no such row.

Four tickets of four classes; who sees which is told here by hand, from rights.yaml's own words.
Every address with an id is asked by one of each role.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.domain.rights import KEPT
from bot.events import OVERHEARD, Heard, Media, media_names
from config.people_rules import Person
from config.vocabulary import Role
from storage import drafts, saved_views, tickets, web
from tests.drafts.block import GROUP, RESIDENT, Block, open_block
from tests.web.gates import NO_MEDIUM, NO_NUMBER
from tests.web.real_doors import API_KEY, Doors, real_doors

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
_DESK = {Role.COMMAND_ROOM, Role.LEADER}
_BEAT = {Role.OFFICER, Role.AUXILIARY}
_GRID = {Role.GRID_WORKER, Role.GRID_LEADER, Role.MICRO_WORKER, Role.ASSISTANT}
# What was said in the group of g01, and whose eyes it is for; the one who has it in hand besides.
SAID = {
    "P23": ("桂花苑派出所的民警态度恶劣，我要投诉民警", {Role.INSPECTOR}),
    "P08": ("桂花苑6号楼有人聚众吸毒，味道很大", {Role.NARCOTICS}),
    "P04": ("我老公又打我了 躲在卫生间 桂花苑5号楼", _DESK | _BEAT),
    "N03": ("桂花苑9号楼门口路灯不亮，黑灯瞎火", _DESK | _BEAT | _GRID | {Role.ANALYST}),
}
# The department to which the lamp is given by divert.yaml.
LAMPS = "city_management"
LISTS = ("/tickets?kind=all", "/", "/wall", "/duty", "/drafts")


async def test_what_is_kept_from_every_rank_leaves_by_no_key(doors: Doors) -> None:
    found = await _tickets(doors.block)
    key = {"Authorization": f"Bearer {API_KEY}"}

    _, _, listed = await doors.ask("GET", "/api/tickets", None, headers=key)

    for category, (number, _, _) in found.items():
        status, _, _ = await doors.ask("GET", f"/api/tickets/{number}", None, headers=key)
        assert (number in listed, status) == ((False, 404) if category in KEPT else (True, 200))


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    async with open_block(tmp_path) as block, real_doors(block) as opened:
        yield opened


def _is_for(person: Person, category: str) -> bool:
    """By his role, where his grids or his department have something to do with it."""
    if person.department:
        return category == "N03" and person.department == LAMPS
    is_near = person.role not in _BEAT | _GRID or "g01" in person.grids
    return person.role in SAID[category][1] and is_near


async def _heard(block: Block, place: int, text: str) -> str:
    """A message with a picture; the name under which the picture would be kept."""
    event = Heard(
        key=f"archive:i{place}",
        at=block.house.engine.clock.now(),
        chat=GROUP,
        by=RESIDENT,
        door=OVERHEARD,
        text=text,
        media=(Media(kind="image"),),
    )
    await block.house.engine.listener.hear(event)
    await block.quiet()
    return media_names(event)[0]


async def _tickets(block: Block) -> dict[str, tuple[str, str, str]]:
    """Category: number, owner, name of a picture."""
    names = {}
    for place, (category, (text, _)) in enumerate(SAID.items()):
        names[category] = await _heard(block, place, text)
    async with block.session.get(f"{block.web}/api/tickets") as answer:
        rows = {one["category"]: one for one in await answer.json()}
    assert set(rows) >= set(SAID), list(rows)
    return {c: (rows[c]["number"], rows[c]["owner"] or "", names[c]) for c in SAID}


async def _views(block: Block) -> set[tuple[str, int]]:
    await block.quiet()
    engine = block.house.engine

    def read(conn: Connection) -> set[tuple[str, int]]:
        return {(one.user, one.ticket_id) for one in web.views(engine.db_of(conn))}

    return await engine.database.read(read)


async def _said(doors: Doors, path: str, cookies: dict[str, str], number: str) -> tuple[int, str]:
    """The answer to 签收 of that ticket: status and the sentence, without the number."""
    form = {"word": "签收", "key": doors.block.form_key(cookies)}
    status, headers, body = await doors.ask("POST", path, cookies, form)
    found = re.search(r"jingge_said=([^;]+)", headers.get("Set-Cookie", ""))
    told = doors.entry.sessions.opened("jingge_said", found[1]) if found else body
    return status, told.replace(number, "#").replace(number[-5:-1], "#")


async def test_a_ticket_is_there_for_whom_it_is_for_and_for_nobody_else(doors: Doors) -> None:
    block = doors.block
    known = await _tickets(block)
    hidden_from = set()
    for role in (one for one in Role if one.is_staff):
        person = doors.person(role)
        cookies = await block.login(person.id)
        lists = "".join([(await doors.ask("GET", path, cookies))[2] for path in LISTS])
        none = await doors.ask("GET", f"/tickets/{NO_NUMBER}", cookies)
        no_picture = await doors.ask("GET", f"/tickets/{NO_NUMBER}/media/{NO_MEDIUM}", cookies)
        not_said = await _said(doors, f"/tickets/{NO_NUMBER}", cookies, NO_NUMBER)
        for category, (number, owner, picture) in known.items():
            if _is_for(person, category) or person.id == owner:
                assert (await doors.ask("GET", f"/tickets/{number}", cookies))[0] == 200, (
                    role, category,
                )  # fmt: skip
                continue
            hidden_from.add((person.id, category))
            told = await doors.ask("GET", f"/tickets/{number}", cookies)
            assert told[0] == none[0] == 404, (role, category)
            assert told[2].replace(number, NO_NUMBER) == none[2], (role, category)
            shown = await doors.ask("GET", f"/tickets/{number}/media/{picture}", cookies)
            assert (shown[0], shown[2]) == (404, no_picture[2]), (role, category)
            assert await _said(doors, f"/tickets/{number}", cookies, number) == not_said, (
                role, category,
            )  # fmt: skip
            assert number not in lists, (role, category)

    assert len(hidden_from) > 40
    numbers = {number: category for category, (number, _, _) in known.items()}
    async with block.session.get(f"{block.web}/api/tickets") as answer:
        stages = {one["number"]: one["stage"] for one in await answer.json()}
    assert {stages[number] for number in numbers} <= {"assigned", "registered", "new"}
    looked = await _views(block)
    ids = await _ids(block, numbers)
    assert not {(user, ids.get(id_, "")) for user, id_ in looked} & hidden_from


async def _ids(block: Block, numbers: dict[str, str]) -> dict[int, str]:
    engine = block.house.engine

    def read(conn: Connection) -> dict[int, str]:
        db = engine.db_of(conn)
        found = {n: tickets.by_number(db, n) for n in numbers}
        return {one.id: numbers[n] for n, one in found.items() if one is not None}

    return await engine.database.read(read)


async def test_drafts_and_kept_lists_of_others_are_not_there(doors: Doors) -> None:
    block, engine = doors.block, doors.block.house.engine
    await block.overhears(RESIDENT, SAID["N03"][0])
    waiting = await engine.database.read(lambda conn: drafts.all_open(engine.db_of(conn)))
    draft = waiting[0]
    mine, other = [await block.login(one) for one in ("zhong_yihang", "he_yunfei")]
    keep = {"kind": "all", "name": "单看路灯", "key": block.form_key(mine)}
    await doors.ask("POST", "/tickets/views", mine, keep)
    await block.quiet()
    (kept,) = await engine.database.read(
        lambda conn: saved_views.of(engine.db_of(conn), "zhong_yihang")
    )
    key = {"key": block.form_key(other)}
    answers = []
    for draft_id, view in ((draft.id, kept.id), (999, 999)):
        pressed = await doors.ask(
            "POST", "/drafts", other, {**key, "act": "sent", "id": str(draft_id)}
        )
        tapped = await doors.ask("POST", f"/sidebar/drafts/{draft_id}/sent", other, key)
        dropped = await doors.ask("POST", "/tickets/views", other, {**key, "drop": str(view)})
        found = re.search(r"jingge_said=([^;]+)", dropped[1]["Set-Cookie"])
        assert found
        said = doors.entry.sessions.opened("jingge_said", found[1])
        answers.append((pressed[0], pressed[2], tapped[0], tapped[2], dropped[0], said))

    assert answers[0] == answers[1]
    assert [answers[0][place] for place in (0, 2, 4)] == [404, 404, 303]
    await block.quiet()
    left = await engine.database.read(lambda conn: drafts.all_open(engine.db_of(conn)))
    assert [one.id for one in left] == [one.id for one in waiting]
    listed = (await doors.ask("GET", "/tickets", mine))[2]
    assert "单看路灯" in listed
    assert "单看路灯" not in (await doors.ask("GET", "/tickets", other))[2]
    assert (await doors.ask("GET", "/logins", other))[2].count("<tr>") <= 2
