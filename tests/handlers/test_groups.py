"""Customer groups by hand: asked once, claimed, handed over, dismissed, welcomed, reported."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.grouping import Registered, bare, over, with_one
from bot.door_events import GroupChange, Regrouped
from bot.engine.group_rules import registered
from bot.events import OVERHEARD, ButtonKey, Event, Heard
from bot.lines import line_of
from config.people_rules import Chats
from config.rules import Rules
from storage import customer_groups as stored
from storage import drafts, staff
from storage.customer_groups import CustomerGroup
from storage.drafts import Draft
from tests.handlers.block import Block, block_of, texts_to
from tests.handlers.office import GROUP, Office

NEW = "wrXINQUN"
OFFICER, OTHER, WORKER = "lin_zhiyuan", "he_yunfei", "fang_xiaoman"
ROOM, SECOND, LEADER = "qiu_ruolan", "bai_jingshu", "zhong_yihang"


class Hall(Block):
    """The block; what the registry says lies over the rules, as in the engine."""

    base: Rules

    def handle(self, event: Event) -> list[tuple[str, str]]:
        self.rules = over(self.base, self.looks(registered))
        return super().handle(event)

    def told(self, change: GroupChange, chat: str = NEW, **more: Any) -> list[tuple[str, Any]]:
        self.heard += 1
        key = f"group:t{self.heard}"
        event = Regrouped(key=key, at=self.now, chat=chat, change=change, **more)
        return self.handle(event)

    def sees(self, chat: str = NEW, **more: Any) -> list[tuple[str, Any]]:
        usual: dict[str, Any] = {"name": "桂花苑业主群", "owner": WORKER, "staff": (WORKER,)}
        usual |= {"members": 1, "residents": 30, "version": "v1"}
        return self.told(GroupChange.SEEN, chat, **usual | more)

    def claims(self, grid: str = "桂花社区第一网格") -> None:
        self.presses(OFFICER, self.card_of(OFFICER, "新的居民群"), grid)
        self.presses_update(OFFICER, "对")

    def presses_update(self, user: str, label: str) -> list[tuple[str, str]]:
        return self.presses(user, self.last_cards[-1], label)

    def overhears_in(self, chat: str, user: str, text: str) -> list[tuple[str, Any]]:
        self.heard += 1
        key = f"archive:h{self.heard}"
        return self.handle(
            Heard(key=key, at=self.now, chat=chat, by=user, door=OVERHEARD, text=text)
        )

    def group(self, chat: str = NEW) -> CustomerGroup:
        found: CustomerGroup = self.looks(lambda db: stored.get(db, chat))
        return found

    def drafts(self, kind: str, chat: str = NEW) -> list[Draft]:
        found: list[Draft] = self.looks(lambda db: drafts.open_in(db, line_of(chat)))
        return [one for one in found if one.kind == kind]


@pytest.fixture
def hall(office: Office) -> Hall:
    block = block_of(office)
    made = Hall(office.database, block.rules)
    made.base = block.rules
    return made


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
