"""The shift (交接班): what lies open, 接班 by name, and the page in a whole house."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import handing_over, handover
from handlers.dashboard import handover_page
from handlers.dashboard.handover_page import Desk
from storage import handovers
from tests.drafts.block import Block, open_block
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.office import Office
from tests.web.boards import looks, page

ROOM, NEXT = "qiu_ruolan", "bai_jingshu"
OFFICER = "lin_zhiyuan"
KNIFE = "桂花苑3号楼有人拿刀追人"
LAMP = "桂花苑3号楼路灯不亮"


def _desk(office: Office, user: str) -> Desk:
    return looks(office, user, handover_page.desk)


def _counts(desk: Desk) -> dict[str, int]:
    return {part.name: part.count for part in desk.parts}


def test_danger_and_what_nobody_signed_are_handed_over(office: Office) -> None:
    office.says("wang_ayi", f"@小警 {KNIFE}")
    office.says("chen_dashu", f"@小警 {LAMP}")

    desk = _desk(office, ROOM)

    assert _counts(desk)["danger"] == 1
    assert _counts(desk)["unsigned"] == 2
    assert desk.parts[0].lines[0].number == office.tickets()[0].number
    shown = [line.number for part in desk.parts for line in part.lines]
    assert len(shown) == len(set(shown)) == 2
    assert not desk.is_mine


def test_a_promise_is_due_only_when_its_hour_is_near(office: Office) -> None:
    office.says("wang_ayi", f"@小警 {LAMP}")
    far = office.tickets()[0].finish_at
    assert far is not None
    assert _counts(_desk(office, ROOM))["promised"] == int(far - office.now <= handover.SOON)

    office.now = far - timedelta(hours=1)

    assert _counts(_desk(office, ROOM))["promised"] == 1


def test_who_takes_over_is_written_and_who_hands_over_hears_it(office: Office) -> None:
    office.says("wang_ayi", f"@小警 {KNIFE}")
    assert "接班" in dict(office.says(ROOM, "接班", chat=""))[f"bot:{ROOM}"]
    office.now += timedelta(hours=12)

    said = office.says(NEXT, "接班", chat="")

    rows = office.looks(lambda db: handovers.newest(db, "command_room", 5))
    assert [(one.user, one.before, one.danger) for one in rows] == [(NEXT, ROOM, 1), (ROOM, "", 1)]
    to_room = "\n".join(words for chat, words in said if chat.endswith(f":{ROOM}"))
    assert "白景舒" in to_room
    assert "险情1件" in to_room
    to_next = "\n".join(words for chat, words in said if chat.endswith(f":{NEXT}"))
    assert "您接了邱若兰的班" in to_next.replace(_at(to_next), "")
    assert to_next.count(office.tickets()[0].serial) == 1


def _at(words: str) -> str:
    """The moment between 您 and 接了 in the answer."""
    return words.split("您", 1)[1].split("接了", 1)[0]


def test_taking_over_twice_is_one_shift(office: Office) -> None:
    office.says(ROOM, "接班", chat="")

    said = office.says(ROOM, "接班", chat="")

    assert "还在您手上" in "".join(words for _, words in said)
    assert len(office.looks(lambda db: handovers.newest(db, "command_room", 5))) == 1


def test_a_grid_worker_has_no_shift_to_take(office: Office) -> None:
    said = office.says("fang_xiaoman", "接班", chat="")

    assert "不用接" in "".join(words for _, words in said)
    assert office.looks(lambda db: handovers.newest(db, "grid_worker", 5)) == []


def test_in_a_group_nothing_of_the_content_is_said(office: Office) -> None:
    office.says("wang_ayi", f"@小警 {KNIFE}")

    said = office.says(ROOM, "@小警 接班")

    aloud = "\n".join(words for chat, words in said if not chat.endswith(f":{ROOM}"))
    assert office.tickets()[0].serial not in aloud


def test_who_is_away_is_named_with_who_is_asked_instead(office: Office) -> None:
    office.says(OFFICER, "请假", chat="")

    away = _desk(office, ROOM).content.away

    assert [(one.name, one.why) for one in away] == [("林知远", "请假")]
    assert away[0].instead


def test_an_officer_reads_no_matter_of_another_beat(office: Office) -> None:
    office.says("wang_ayi", f"@小警 {LAMP}")

    assert _counts(_desk(office, "he_yunfei"))["unsigned"] == 0
    assert _counts(_desk(office, OFFICER))["unsigned"] == 1


def test_a_long_message_is_cut_at_a_line(office: Office) -> None:
    lines = ["字" * 50] * 40

    said = handing_over.cut(lines, "还有的在网页")

    assert len(said.encode()) <= 2000
    assert said.endswith("\n还有的在网页")
    assert set(said.split("\n")[:-1]) == {"字" * 50}
    assert handing_over.cut(["一句"], "还有") == "一句"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened
        assert await opened.errors() == []


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_the_button_takes_the_shift_over(house: Block) -> None:
    await house.overhears("wang_ayi", KNIFE)
    status, text = await page(house, ROOM, "/handover")
    assert status == 200
    assert "还没有人在这里接过班" in text
    assert "没办完的险情" in text

    cookies = await house.login(ROOM)
    form = {"key": house.form_key(cookies), "words": "接班", "back": "/handover"}
    async with house.session.post(f"{house.web}/say", data=form, cookies=cookies) as answer:
        after = await answer.text()

    assert "现在是邱若兰的班" in after
    assert (await page(house, "fang_xiaoman", "/handover"))[0] == 403
