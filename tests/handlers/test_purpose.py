"""What her words are used for: told at first contact through each door, and again after a year."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.events import Joined
from bot.turn import Turn
from handlers import purpose
from storage.session import Db
from tests.handlers.office import SEAL, Office
from tests.handlers.test_order_sheets import WORKER, order, resolved

LAMP = "东门的路灯坏了三天了"
NOTE = "您说的只用来办您的事"
WANG = "wang_ayi"


def said(office: Office, text: str, chat: str = "") -> str:
    return "\n".join(words for _, words in office.says(WANG, text, chat=chat))


def test_first_words_in_private_bring_the_note_and_the_next_do_not(office: Office) -> None:
    assert NOTE in said(office, LAMP)

    assert NOTE not in said(office, "西门的井盖没了")


def test_note_comes_before_the_answer(office: Office) -> None:
    (first, *rest) = [words for _, words in office.says(WANG, LAMP, chat="")]

    assert NOTE in first
    assert any("编号" in words for words in rest), rest


def test_note_comes_again_after_a_year(office: Office) -> None:
    said(office, LAMP)
    office.now += timedelta(days=364)
    assert NOTE not in said(office, "西门的井盖没了")

    office.now += timedelta(days=2)

    assert NOTE in said(office, "北门的井盖也没了")


def test_greeting_that_says_it_is_enough(office: Office) -> None:
    chat = f"bot:{WANG}"
    office.handle(
        Joined(key="aibot:j1", at=office.now, chat=chat, by=WANG, door="socket", greet=True)
    )

    assert NOTE not in said(office, LAMP)


def test_each_account_is_told_for_itself(office: Office) -> None:
    said(office, LAMP)

    words = "\n".join(w for _, w in office.says("chen_shu", "西门的井盖没了", chat="kf:a:chen_shu"))

    assert NOTE in words


def test_danger_is_never_preceded_by_the_note(office: Office) -> None:
    assert NOTE not in said(office, "3号楼着火了，快来人")


def test_nothing_is_pushed_while_a_grave_matter_runs(office: Office) -> None:
    said(office, "我老公打我，我怕")

    assert NOTE not in said(office, "2")
    assert NOTE not in said(office, "东门的路灯坏了")


def test_staff_are_not_told(office: Office) -> None:
    words = "\n".join(w for _, w in office.says("lin_zhiyuan", "我的任务", chat=""))

    assert NOTE not in words


def test_mention_in_a_group_is_followed_in_private_only_where_a_way_is_open(
    office: Office,
) -> None:
    assert NOTE not in said(office, LAMP, chat="wrGUIHUA01")
    assert NOTE in said(office, "西门的井盖没了")


@pytest.mark.parametrize("chat", ["bot:wang_ayi", "app:wang_ayi", "kf:wkA:wang_ayi"])
def test_note_comes_through_every_door_once_and_again_after_a_year(
    office: Office, chat: str
) -> None:
    assert said(office, LAMP, chat=chat).count(NOTE) == 1
    assert NOTE not in said(office, "西门的井盖没了", chat=chat)

    office.now += timedelta(days=366)

    assert said(office, "北门的井盖也没了", chat=chat).count(NOTE) == 1


@pytest.mark.parametrize("door", ["socket", "kf"])
def test_greeting_of_every_door_says_what_words_are_for(office: Office, door: str) -> None:
    chat = f"bot:{WANG}" if door == "socket" else f"kf:wkA:{WANG}"
    event = Joined(key=f"{door}:j1", at=office.now, chat=chat, by=WANG, door=door, greet=True)

    (greeting,) = [words for _, words in office.handle(event)]

    assert "只用来办" in greeting
    assert "我的数据" in greeting


@pytest.mark.parametrize("key", ["filed_taken"])
def test_other_systems_are_told_what_words_are_for(office: Office, key: str) -> None:
    assert NOTE in office.rules.text(key)


def to_handler(said: list[tuple[str, str]]) -> str:
    return "\n".join(words for chat, words in said if WORKER in chat)


def test_handler_of_an_order_gets_the_note_with_the_first_words_and_once(office: Office) -> None:
    first = to_handler(office.handle(order()))

    assert first.count(NOTE) == 1
    assert "第一句话" in first
    assert NOTE not in to_handler(resolved(office))


def test_order_without_a_first_word_has_the_note_in_its_result(office: Office) -> None:
    assert NOTE not in to_handler(office.handle(order(processor_userids=["stranger_01"])))

    assert to_handler(resolved(office)).count(NOTE) == 1


def test_danger_patrols_and_protected_orders_have_no_note(office: Office) -> None:
    for seen in (
        order("3号楼二楼着火了，浓烟往外冒"),
        order(kind="patrol"),
        order("我要举报，有人在3号楼202吸毒", kind="resident"),
    ):
        assert NOTE not in to_handler(office.handle(seen))


def test_order_is_told_again_after_a_year(office: Office) -> None:
    office.handle(order())
    ticket = office.tickets()[0]

    def due_after(days: int) -> str:
        with office.database.writer_engine.begin() as conn:
            now = office.now + timedelta(days=days)
            seen = replace(order(), key=f"order:resident:o1:{days}")
            turn = Turn(Db(conn, SEAL), office.rules, seen, now)
            return purpose.for_order(turn, ticket, "resident:o1")

    assert due_after(364) == ""
    assert NOTE in due_after(366)
    assert due_after(400) == ""
