"""A change of the rules (改规则): proposed, decided by a second person, never by oneself."""

import json
from typing import Any

import pytest

from bot.door_events import Learned, Proposed
from bot.lines import line_of
from bot.messages import Text, unpack
from config.vocabulary import Role
from storage import changes, inbox, web
from storage.changes import Change, State
from tests.handlers.office import Office

ROOM, NEXT, ADMIN = "qiu_ruolan", "bai_jingshu", "zuo_mingkai"
FILE = "categories.yaml"


@pytest.fixture
def leader(office: Office) -> str:
    return office.rules.people_with(Role.LEADER)[0].id


def propose(office: Office, by: str = ROOM, file: str = FILE, text: str = "b: 2\n") -> str:
    office._count += 1
    event = Proposed(
        key=f"page:p{office._count}", at=office.now, by=by, file=file, base="x",
        before="a: 1\n", text=text, why="群里常说景观灯",
    )  # fmt: skip
    return passive(office, event)


def passive(office: Office, event: Any) -> str:
    said: list[str] = []

    def look(db: Any) -> None:
        _done, words = inbox.answer_of(db, event.key)
        found = unpack(words) if words else None
        said.append(found.text if isinstance(found, Text) else "")

    office.handle(event)
    office.looks(look)
    return said[0]


def comes(office: Office, number: int, state: State, **data: Any) -> list[tuple[str, str]]:
    return office.handle(
        Learned(
            key=f"rules:{number}:{state}:{data.get('version', '')}",
            at=office.now,
            line=line_of("rules"),
            what="rules",
            data={"number": number, "state": state.value, **data},
        )
    )


def row(office: Office, number: int = 1) -> Change:
    found = office.looks(lambda db: changes.get(db, number))
    assert isinstance(found, Change)
    return found


def words(said: list[tuple[str, str]]) -> str:
    return "\n".join(text for _, text in said)


def by_user(said: list[tuple[str, str]]) -> dict[str, str]:
    return {chat.partition(":")[2]: text for chat, text in said}


def tried(office: Office, *, grave: bool = False) -> list[tuple[str, str]]:
    return comes(office, 1, State.WAITING, report=json.dumps({}), grave=grave)


def test_a_change_is_kept_whole_and_tried_first(office: Office) -> None:
    answer = propose(office)

    assert "第1号" in answer
    change = row(office)
    assert (change.state, change.by, change.file) == (State.NEW, ROOM, FILE)
    assert (change.before, change.text, change.why) == ("a: 1\n", "b: 2\n", "群里常说景观灯")


@pytest.mark.parametrize(
    ("by", "file", "text"),
    [("fang_xiaoman", FILE, "b: 2\n"), (ROOM, "../passwd", "b: 2\n"), (ROOM, FILE, "a: 1\n")],
    ids=["a grid worker", "no rule file", "nothing changed"],
)
def test_what_may_not_be_changed_is_not_kept(office: Office, by: str, file: str, text: str) -> None:
    answer = propose(office, by, file, text)

    assert answer
    assert office.looks(lambda db: changes.newest(db, 5)) == []


def test_one_file_has_one_change_at_a_time(office: Office) -> None:
    propose(office)

    assert "第1号" in propose(office, NEXT, text="c: 3\n")
    assert len(office.looks(lambda db: changes.newest(db, 5))) == 1


def test_a_faulty_one_is_told_with_the_sentences_of_check(office: Office) -> None:
    propose(office)

    said = comes(office, 1, State.FAULTY, faults="categories.yaml 第 1 行：不认识“b”", report="{}")

    assert row(office).state is State.FAULTY
    told = [chat for chat, text in said if "不认识“b”" in text]
    assert {chat.partition(":")[2] for chat in told} == {ROOM, ADMIN}


def test_nobody_approves_his_own(office: Office) -> None:
    propose(office)
    tried(office)

    said = words(office.says(ROOM, "批准规则 1", chat=""))

    assert "您自己提的" in said
    assert row(office).state is State.WAITING


def test_a_second_person_approves_and_the_book_knows(office: Office) -> None:
    propose(office)
    tried(office)

    assert "批准了" in words(office.says(NEXT, "批准规则 1", chat=""))
    assert row(office).state is State.APPROVED
    said = words(comes(office, 1, State.DONE, version="abc123abc123"))

    assert "生效了" in said
    assert row(office).version == "abc123abc123"
    assert office.looks(changes.in_force) == (1, "abc123abc123")
    book = office.looks(lambda db: web.views(db))
    assert [one.what for one in book] == [f"改规则 {FILE}（第1号，白景舒批准）"]


def test_weaker_danger_needs_a_leader_and_the_plain_words(office: Office, leader: str) -> None:
    propose(office)
    assert "险情变弱" in words(tried(office, grave=True))

    assert "所领导" in words(office.says(NEXT, "批准规则 1 减弱险情", chat=""))
    assert "减弱险情" in words(office.says(leader, "批准规则 1", chat=""))
    assert row(office).state is State.WAITING

    office.says(leader, "批准规则 1 减弱险情", chat="")

    assert row(office).state is State.APPROVED


def test_refused_with_a_reason_changes_nothing(office: Office) -> None:
    propose(office)
    tried(office)

    said = office.says(NEXT, "不批规则 1 词太宽", chat="")

    assert row(office).state is State.REFUSED
    assert any(chat.endswith(f":{ROOM}") and "词太宽" in text for chat, text in said)
    assert "不用再定" in words(office.says(NEXT, "批准规则 1", chat=""))


def _in_force(office: Office) -> None:
    propose(office)
    tried(office)
    office.says(NEXT, "批准规则 1", chat="")
    comes(office, 1, State.DONE, version="v1")


def test_what_was_before_comes_back_by_one_person(office: Office) -> None:
    _in_force(office)

    office.says(ROOM, "恢复规则 1", chat="")
    again = row(office, 2)
    assert (again.text, again.before) == ("a: 1\n", "b: 2\n")
    comes(office, 2, State.WAITING, report="{}", grave=False)

    assert row(office, 2).state is State.APPROVED


def test_what_comes_back_and_weakens_danger_waits_for_a_second(office: Office) -> None:
    _in_force(office)

    office.says(ROOM, "恢复规则 1", chat="")
    comes(office, 2, State.WAITING, report="{}", grave=True)

    assert row(office, 2).state is State.WAITING


def test_only_the_last_change_of_a_file_comes_back(office: Office) -> None:
    propose(office)

    assert "不能恢复" in words(office.says(ROOM, "恢复规则 1", chat=""))


def test_reading_again_is_asked_for_and_told(office: Office) -> None:
    assert "重新读" in words(office.says(ROOM, "重读规则", chat=""))
    assert row(office).state is State.NEW
    tried(office)
    assert row(office).state is State.APPROVED

    said = comes(office, 1, State.FAULTY, faults="texts.yaml 第 3 行：少了“}”", report="{}")

    assert "还是原来的" in words(said)
    assert "少了“}”" in words(said)


def test_hand_edits_that_weaken_danger_wait_for_a_second_person(
    office: Office, leader: str
) -> None:
    office.says(ADMIN, "重读规则", chat="")

    said = by_user(tried(office, grave=True))

    assert "没有换上" in said[ADMIN]
    assert "批准规则 1 减弱险情" in said[ADMIN]
    assert "手改的规则文件" in said[leader]
    assert "自己提的" in words(office.says(ADMIN, "批准规则 1 减弱险情", chat=""))
    assert row(office).state is State.WAITING
    assert [one.id for one in office.looks(lambda db: changes.newest(db, 5))] == [1]

    office.says(leader, "批准规则 1 减弱险情", chat="")
    assert row(office).state is State.APPROVED
    comes(office, 1, State.DONE, version="abc123abc123")
    book = office.looks(lambda db: web.views(db))
    assert [one.what for one in book][-1].startswith("重读规则，版本 abc123abc123，")


def test_reading_again_gives_up_the_reading_that_still_waits(office: Office) -> None:
    office.says(ADMIN, "重读规则", chat="")
    tried(office, grave=True)

    office.says(ADMIN, "重读规则", chat="")

    assert (row(office).state, row(office, 2).state) == (State.STALE, State.NEW)


def test_an_approved_change_that_is_weaker_by_now_waits_again(office: Office, leader: str) -> None:
    propose(office)
    tried(office)
    office.says(NEXT, "批准规则 1", chat="")

    said = words(comes(office, 1, State.WAITING, report="{}", grave=True, version="2"))

    assert "险情变弱" in said
    assert row(office).state is State.WAITING


def test_what_became_weaker_while_the_program_stood_still_is_told(
    office: Office, leader: str
) -> None:
    event = Learned(
        key="rules:0:weaker:v", at=office.now, line=line_of("rules"), what="rules",
        data={"number": 0, "state": "weaker", "words": "险情词变少了", "files": "danger.yaml"},
    )  # fmt: skip

    told = by_user(office.handle(event))

    assert {ADMIN, leader} <= told.keys()
    assert all("danger.yaml" in text and "变少了" in text for text in told.values())


@pytest.mark.parametrize("order", ["重读规则", "批准规则 1", "不批规则 1 不要", "恢复规则 1"])
def test_a_grid_worker_changes_no_rules(office: Office, order: str) -> None:
    propose(office)
    tried(office)

    said = words(office.says("fang_xiaoman", order, chat=""))

    assert "改规则由" in said
    assert row(office).state is State.WAITING


def test_a_file_that_moved_meanwhile_is_left_alone(office: Office) -> None:
    propose(office)
    tried(office)
    office.says(NEXT, "批准规则 1", chat="")

    said = words(comes(office, 1, State.STALE))

    assert row(office).state is State.STALE
    assert "被别人改过" in said
