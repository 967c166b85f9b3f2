"""New customer groups: asked once, claimed by card or sentence, chats.yaml always wins."""

import dataclasses
from datetime import timedelta

import pytest

from bot.door_events import GroupChange
from tests.handlers.block import texts_to
from tests.handlers.hall import NEW, OFFICER, OTHER, ROOM, WORKER, Hall
from tests.handlers.office import GROUP


def test_a_letter_only_says_that_somebody_must_look(hall: Hall) -> None:
    said = hall.told(GroupChange.JOINED, joined=2, version="v2")

    group = hall.group()
    assert said == []
    assert (group.wanted, group.joined) == ("v2", 2)
    assert group.look_at == hall.now


def test_a_new_group_is_asked_of_the_officer_and_bound_by_two_taps(hall: Hall) -> None:
    said = hall.sees()

    assert [chat for chat, _ in said] == [f"app:{OFFICER}"]
    card = hall.card_of(OFFICER, "新的居民群 · 桂花苑业主群")
    assert card["buttons"][0]["text"] == "桂花社区第一网格", "by the group's name"
    assert card["buttons"][-1]["text"] == "不归我们管"
    hall.claims()

    group = hall.group()
    assert (group.state, group.grid, group.officer) == ("bound", "g01", OFFICER)
    (notice,) = hall.drafts("notice")
    assert notice.text == "群里留言不等于报警，急事请打110、119、120。"
    hall.says(ROOM, "客户群", chat="")
    grid = hall.rules.grid_of(NEW)
    assert grid is not None
    assert grid.id == "g01"


def test_chats_yaml_wins(hall: Hall) -> None:
    said = hall.sees(GROUP, name="别的名字")

    assert said == [], "the file says the grid: nobody is asked"
    answer = hall.says(OFFICER, f"认领 {GROUP} 桂花社区第二网格", chat="")
    assert "chats.yaml" in texts_to(answer, OFFICER)
    group = hall.rules.chat(GROUP)
    assert group is not None
    assert (group.grid, group.name, group.owner) == ("g01", "桂花苑", WORKER)


def test_choosing_again_and_not_ours(hall: Hall) -> None:
    hall.sees()
    hall.presses(OFFICER, hall.card_of(OFFICER, "新的居民群"), "石桥村网格")
    assert "贺云飞" in hall.last_cards[-1]["desc"]
    hall.presses_update(OFFICER, "重选")
    assert hall.group().grid == ""
    hall.presses_update(OFFICER, "不归我们管")

    assert hall.group().state == "ignored"
    assert hall.told(GroupChange.JOINED, joined=3) == []
    assert hall.group().look_at is None, "nobody looks at it any more"


def test_several_officers_are_chosen_from(hall: Hall) -> None:
    people = [
        p.model_copy(update={"grids": ("g01", "g03")}) if p.id == OTHER else p
        for p in hall.base.people
    ]
    roster = hall.base.roster.model_copy(update={"people": tuple(people)})
    hall.base = dataclasses.replace(hall.base, roster=roster)
    hall.sees()

    hall.presses(OFFICER, hall.card_of(OFFICER, "新的居民群"), "桂花社区第一网格")
    assert [b["text"] for b in hall.last_cards[-1]["buttons"]] == ["林知远", "贺云飞", "重选"]
    hall.presses_update(OFFICER, "贺云飞")
    said = hall.presses_update(OFFICER, "对")

    assert "归到桂花社区第一网格" in texts_to(said, OTHER)
    hall.overhears_in(NEW, "wang_ayi", "3号楼门口有人天天堵着路吵架骂人，没法过了")
    (ticket,) = hall.tickets()
    assert ticket.owner == OTHER, "the group's officer comes before the grid's first one"


def test_somebody_elses_card_does_nothing(hall: Hall) -> None:
    hall.sees()
    card = hall.card_of(OFFICER, "新的居民群")

    hall.presses(OTHER, card, "桂花社区第一网格")

    assert hall.group().grid == ""


def test_groups_are_asked_one_after_the_other(hall: Hall) -> None:
    hall.sees("wrA", name="桂花苑一群")
    hall.sees("wrB", name="桂花苑二群")
    assert len([c for c in hall.cards if "新的居民群" in c[1]["title"]]) == 1

    hall.claims()

    assert hall.card_of(OFFICER, "桂花苑二群")
    assert hall.group("wrB").state == "asked"


def test_a_stranger_as_owner_leaves_it_to_the_room(hall: Hall) -> None:
    said = hall.sees(owner="somebody_else", staff=())

    assert [chat for chat, _ in said] == [f"app:{ROOM}"]


def test_by_night_nobody_is_asked(hall: Hall) -> None:
    hall.now += timedelta(hours=14)  # 23:30

    assert hall.sees() == []
    hall.later(60 * 8)
    assert hall.card_of(OFFICER, "新的居民群")


def test_unanswered_for_a_day_the_room_is_asked(hall: Hall) -> None:
    hall.sees()

    hall.later(24 * 60 + 1)

    assert hall.group().asked_user == ROOM
    assert hall.card_of(ROOM, "新的居民群")


def test_one_sentence_does_the_same(hall: Hall) -> None:
    hall.sees()

    said = hall.says(OFFICER, "认领 第二网格", chat="")

    assert "归桂花社区第二网格" in texts_to(said, OFFICER)
    assert (hall.group().state, hall.group().grid) == ("bound", "g02")
    again = hall.says(ROOM, "认领 桂花苑业主群 石桥村", chat="")
    assert "社区民警贺云飞" in texts_to(again, ROOM)
    assert hall.group().grid == "g03"


@pytest.mark.parametrize(
    ("by", "words", "answer"),
    [
        (OFFICER, "认领 火星网格", "没有“火星网格”这个网格"),
        (OFFICER, "认领 石桥村", "综合指挥室"),
        (ROOM, "认领 别的群 第一网格", "没有叫“别的群”的群"),
        (WORKER, "认领 第一网格", "综合指挥室"),
    ],
    ids=["grid", "another's grid", "group", "role"],
)
def test_what_cannot_be_claimed_is_said(hall: Hall, by: str, words: str, answer: str) -> None:
    hall.sees()

    assert answer in texts_to(hall.says(by, words, chat=""), by)
    assert hall.group().state == "asked"


def test_which_group_is_asked_when_several_wait(hall: Hall) -> None:
    assert "没有等着认领" in texts_to(hall.says(ROOM, "认领 第一网格", chat=""), ROOM)
    hall.sees("wrA", name="")
    hall.sees("wrB", name="")

    said = texts_to(hall.says(ROOM, "认领 第一网格", chat=""), ROOM)

    assert "没起名的群（#1）、没起名的群（#2）" in said
    hall.says(ROOM, "认领 #2 第一网格", chat="")
    assert hall.group("wrB").state == "bound"
