"""One mechanism shows a ticket (字段): who may not read the room reads it in no sentence of
a clock, no list, letter or paper; who goes there reads it everywhere.
"""

import dataclasses
import re
from pathlib import Path
from typing import Any

import handlers
from config.rights_rules import Part, Rights, Row, Scope
from config.rules import Rules
from config.vocabulary import Role
from handlers.dashboard.api import as_json
from handlers.mediation_papers import file_of
from handlers.sidebar.papers import readable
from tests.handlers.block import Block, gone_to, texts_to

OFFICER, LEADER, ROOM, MINDER = "lin_zhiyuan", "zhong_yihang", "qiu_ruolan", "qiu_ruolan"
HOUSING, ANALYST, MEDIATOR, TOWN = "kang_liqun", "yan_suyun", "shen_boyu", "min_zhengyi"
QUARREL = "桂花苑3号楼2单元501对门挂了面八卦镜正对我家，天天为这事吵架"
CABLE = "桂花苑3号楼2单元501门口的通信井盖坏了，光缆露在外面，麻烦修一下"
HOME = "3号楼2单元501"
DAY = 60 * 24


def serial(block: Block) -> str:
    return block.tickets()[0].serial


def without_room(rules: Rules, role: Role, scope: Scope) -> Rules:
    """The same station, where these rows of that role no longer give the place."""

    def less(row: Row) -> Row:
        if row.scope is not scope or isinstance(row.roles, str) or role not in row.roles:
            return row
        return row.model_copy(update={"fields": (Part.SUMMARY, Part.STORY)})

    rows = tuple(less(row) for row in rules.rights.rows)
    rights: Rights = rules.rights.model_copy(update={"rows": rows})
    return dataclasses.replace(rules, rights=rights)


def place_on(card: dict[str, Any]) -> str:
    fields: dict[str, str] = dict(card["fields"])
    return fields["地点"]


def test_sub_task_tells_the_room_to_who_may_know_it_alone(block: Block) -> None:
    gone_to(block, QUARREL)
    words = f"子任务 {serial(block)} 康立群、方小满 1天 看看主管道"
    block.says(OFFICER, words, chat="")

    assert place_on(block.card_of(HOUSING, "子任务")) == "桂花苑3号楼"
    assert place_on(block.card_of("fang_xiaoman", "子任务")).endswith(f"{HOME}室")

    late = block.later(DAY * 3)
    assert "桂花苑3号楼" in texts_to(late, HOUSING)
    assert "501" not in texts_to(late, HOUSING)
    assert "501" in texts_to(late, "fang_xiaoman")


def test_ladder_tells_each_reader_the_place_he_may_read(block: Block) -> None:
    block.rules = without_room(block.rules, Role.LEADER, Scope.STATION)
    gone_to(block, QUARREL)

    said = block.later(DAY * 16)

    assert "督办1号" in texts_to(said, LEADER)
    assert "桂花苑3号楼" in texts_to(said, LEADER)
    assert "501" not in texts_to(said, LEADER)
    assert "501" in texts_to(said, OFFICER)


def test_looking_for_a_room_finds_nothing_for_who_may_not_read_it(block: Block) -> None:
    block.overhears("wmRESIDENT01", QUARREL)

    assert "没找到" in texts_to(block.says(ANALYST, "查 501室", chat=""), ANALYST)
    assert "501" not in texts_to(block.says(ANALYST, "查 桂花苑3号楼", chat=""), ANALYST)
    assert HOME in texts_to(block.says(OFFICER, "查 501室", chat=""), OFFICER)


def test_letter_keeps_the_room_for_who_sends_it(block: Block) -> None:
    block.overhears("wmRESIDENT01", CABLE)

    minder = texts_to(block.says(MINDER, f"转办函 {serial(block)}", chat=""), MINDER)
    analyst = texts_to(block.says(ANALYST, f"转办函 {serial(block)}", chat=""), ANALYST)

    assert "501" in minder
    assert "3号楼" in analyst
    assert "501" not in analyst


def test_paper_read_by_another_of_the_force_leaves_out_the_room(block: Block) -> None:
    block.says("wang_ayi", QUARREL, chat="")
    for user, words in (
        (OFFICER, "签收 N"),
        (OFFICER, "调解 N"),
        ("wang_ayi", "愿意调解 N"),
        (MEDIATOR, "同意调解 N 乙方"),
        (MEDIATOR, "调解结果 N 成功 镜子移走"),
        (MEDIATOR, "写协议 N 协议书"),
    ):
        block.says(user, words.replace("N", serial(block)), chat="")

    assert HOME in "".join(read_by(block, MEDIATOR))
    block.rules = without_room(block.rules, Role.MEDIATOR, Scope.GRID)
    lines = "".join(read_by(block, MEDIATOR))
    assert "3号楼" in lines
    assert "501" not in lines


def read_by(block: Block, user: str) -> tuple[str, ...]:
    person = block.rules.person(user)
    found = block.looks(lambda db: readable(db, block.rules, person, 1))
    assert found is not None
    return file_of(found).lines


def test_page_without_a_login_shows_no_room(block: Block) -> None:
    block.overhears("wmRESIDENT01", QUARREL)

    row = as_json(block.tickets()[0], block.rules, block.now)

    assert row["place"] == "桂花苑3号楼"
    assert "八卦镜" in row["summary"]
    assert "501" not in str(row)


# Who asks the loop itself, and why nobody reads there what he may not: it goes to who reported it,
# into the journal (shown by ``shown.story``), or out through a filter of its own.
_BY_THEMSELVES = {
    "loop.py": "the words are made here",
    "shown.py": "the mechanism",
    "acts.py": "to the reporter",
    "feedback.py": "to the reporter",
    "interim.py": "to the reporter",
    "opening.py": "to the reporter",
    "splitting.py": "to the reporter",
    "unreached.py": "to the reporter",
    "wishes.py": "to the reporter",
    "intake.py": "into the ticket's own words",
    "merging.py": "into the journal",
    "ticket_list.py": "looks whether it is worth asking; what counts is what shown says",
    "repeats.py": "into the words of a finding, without room",
    "letters_out.py": "the letter itself; whoever of ours reads it does so through shown",
    "auditing.py": "through the filter for outside",
}
_ASKED = re.compile(r"loop\.summary\(|place_(?:words|of)\((?!.*full=False)")


def test_every_handler_asks_what_its_reader_may_read() -> None:
    root = Path(handlers.__file__).parent
    asking = {one.name for one in root.rglob("*.py") if _ASKED.search(one.read_text())}

    assert asking == set(_BY_THEMSELVES)
