"""Customer groups that change: joiners, owners, the end, silence, and the rules under it all."""

import dataclasses
from datetime import timedelta

from bot.domain.grouping import Registered, bare, over, with_one
from bot.door_events import GroupChange
from bot.events import ButtonKey
from bot.lines import line_of
from config.people_rules import Chats
from config.rules import Rules
from storage import customer_groups as stored
from storage import drafts, staff
from tests.handlers.block import texts_to
from tests.handlers.hall import LEADER, NEW, OFFICER, OTHER, ROOM, WORKER, Hall
from tests.handlers.office import GROUP


def test_joiners_of_an_hour_are_one_draft_and_none_by_night(hall: Hall) -> None:
    hall.sees()
    hall.claims()
    for _ in range(10):
        hall.told(GroupChange.JOINED, joined=1)
    assert hall.drafts("welcome") == []

    hall.later(61)

    (draft,) = hall.drafts("welcome")
    assert draft.text.startswith("欢迎新邻居")
    assert draft.text.endswith("群里留言不等于报警，急事请打110、119、120。")
    hall.looks(lambda db: drafts.end(db, [draft.id], drafts.SENT, hall.now))
    hall.now = hall.now.replace(hour=15, minute=0)  # 23:00
    hall.told(GroupChange.JOINED, joined=1)
    hall.later(120)
    assert hall.drafts("welcome") == [], "it is night"
    hall.later(7 * 60)
    assert len(hall.drafts("welcome")) == 1


def test_who_leaves_is_nobodys_business(hall: Hall) -> None:
    hall.sees()
    hall.claims()

    hall.looks(lambda db: drafts.end(db, [1], drafts.SENT, hall.now))  # the notice

    assert hall.told(GroupChange.LEFT, version="v2") == []
    assert hall.sees(version="v2", residents=29) == []
    assert hall.later(120) == []
    assert hall.group().residents == 29


def test_who_joined_before_the_claim_is_welcomed_after_it(hall: Hall) -> None:
    hall.told(GroupChange.JOINED, joined=3)
    hall.sees()
    hall.later(90)
    assert hall.drafts("welcome") == []

    hall.claims()
    hall.later(61)

    assert len(hall.drafts("welcome")) == 1


def test_a_new_owner_is_told_to_the_groups_officer(hall: Hall) -> None:
    hall.sees()
    hall.claims()

    known = hall.sees(owner="gao_mingfang", staff=(WORKER, "gao_mingfang"))
    stranger = hall.sees(owner="somebody_else", staff=(WORKER,))
    left = hall.sees(owner="somebody_else", owner_left=True)

    assert "换了群主，现在是高明芳" in texts_to(known, OFFICER)
    assert "新群主不在名册里" in texts_to(stranger, OFFICER)
    assert "群主已经离职" in texts_to(left, OFFICER)
    assert hall.sees(owner="somebody_else", owner_left=True) == [], "said once"


def test_a_dismissed_group_takes_its_drafts_with_it(hall: Hall) -> None:
    hall.sees()
    hall.claims()
    assert hall.drafts("notice")

    said = hall.told(GroupChange.DISMISSED)

    assert "已经解散" in texts_to(said, OFFICER)
    assert hall.drafts("notice") == []
    assert hall.group().state == "closed"
    hall.says(ROOM, "客户群", chat="")
    assert hall.rules.chat(NEW) is None
    assert hall.told(GroupChange.DISMISSED) == [], "told twice, said once"


def test_no_customer_group_is_kept_by_its_id_alone(hall: Hall) -> None:
    hall.told(GroupChange.CREATED)
    assert hall.told(GroupChange.FOREIGN) == []

    group = hall.group()
    assert (group.state, group.name, group.look_at) == ("foreign", "", None)


def test_quiet_groups_are_told_weekly_in_neutral_words(hall: Hall) -> None:
    hall.sees()
    hall.claims()
    hall.overhears("wang_ayi", "楼下广场舞几点结束呀")
    hall.now += timedelta(days=15)
    hall.overhears("li_shushu", "谢谢大家")

    said = hall.hour("customer_groups")

    for user in (ROOM, LEADER):
        words = texts_to(said, user)
        assert "桂花苑业主群（#1） 桂花社区第一网格" in words
        assert "15天没听到话" in words
        assert "15天没有同事说话" in words
        assert "林知远" not in words, "nobody is named for silence"


def test_without_any_ear_no_group_is_called_quiet(hall: Hall) -> None:
    hall.sees()
    hall.claims()
    hall.now += timedelta(days=30)

    assert hall.hour("customer_groups") == []


def test_what_a_group_lacks_is_listed_for_the_room(hall: Hall) -> None:
    hall.sees("wrA", owner="somebody_else", staff=(), name="")
    hall.sees("wrGEZIBAN1", name="网格员工作群")

    words = texts_to(hall.says(ROOM, "客户群", chat=""), ROOM)

    assert "没起名的群（#1） 未认领" in words
    assert "还没认领网格，群主不在名册里，群里没有名册里的同事" in words
    assert "chats.yaml 里没写成客户群" in words
    assert "只" not in texts_to(hall.says(OTHER, "客户群", chat=""), OTHER)


def test_words_in_a_group_are_counted_not_kept(hall: Hall) -> None:
    hall.overhears("wang_ayi", "楼下广场舞几点结束呀")
    hall.overhears(WORKER, "一般九点就结束了，大家体谅一下")

    group = hall.group(GROUP)
    assert group.heard_at == hall.now
    assert group.staff_at == hall.now


def test_a_renamed_colleague_keeps_his_groups(hall: Hall) -> None:
    hall.sees(owner=OFFICER, staff=(OFFICER, WORKER))
    hall.claims()

    hall.looks(lambda db: staff.move_user(db, OFFICER, "lin2"))

    group = hall.group()
    assert (group.owner, group.officer, group.staff) == ("lin2", "lin2", ("lin2", WORKER))
    assert hall.looks(stored.edition).startswith("moved:")


def test_rules_over_the_file_change_nothing_of_it(sample_rules: Rules) -> None:
    assert over(sample_rules, []).chats == sample_rules.chats
    assert sample_rules.version == over(sample_rules, []).version
    told = Registered(chat="wrA", name="甲", grid="g01", officer=OFFICER)
    wide = over(sample_rules, [told])
    assert wide.grid_of("wrA") == sample_rules.grid("g01")
    assert bare(wide).chats == sample_rules.chats, "it can be taken off again"
    assert over(wide, []).chats == sample_rules.chats
    assert [c.id for c in with_one(wide, told).chats.chats] == [c.id for c in wide.chats.chats]


def test_the_registry_fills_only_what_the_file_leaves_open(hall: Hall) -> None:
    told = Registered(chat=GROUP, grid="g03", officer=OTHER, owner=WORKER, staff=(WORKER,))
    open_group = hall.base.chats.chats[0].model_copy(update={"grid": None})
    rest = hall.base.chats.chats[1:]
    loose = dataclasses.replace(hall.base, chats=Chats(chats=(open_group, *rest)))

    filled, fixed = over(loose, [told]).chat(GROUP), over(hall.base, [told]).chat(GROUP)

    assert filled is not None
    assert fixed is not None
    assert (filled.grid, filled.officer, filled.owner) == ("g03", OTHER, WORKER)
    assert (fixed.grid, fixed.owner, fixed.name) == ("g01", WORKER, "桂花苑")
    assert bare(over(loose, [told])).chats == loose.chats


def test_a_button_with_nonsense_is_refused(hall: Hall) -> None:
    hall.sees()
    card = hall.card_of(OFFICER, "新的居民群")
    key = ButtonKey("cg_grid", "x.g01", 0, line_of(NEW)).pack()
    broken = {**card, "buttons": [{"text": "坏", "key": key}]}

    hall.presses(OFFICER, broken, "坏")

    assert hall.group().grid == ""
