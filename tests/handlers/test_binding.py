"""One person, several doors: apart until she binds them herself, one afterwards, apart again."""

import re
from datetime import timedelta

import pytest

from bot.events import OVERHEARD, Heard
from config.vocabulary import Danger, Stage
from storage import bindings
from storage.binding_tables import BindCodeRow, SamePersonRow
from storage.people_tables import RatingRow
from tests.handlers.doors import ACCOUNT, Doors
from tests.handlers.office import GROUP, SEAL, Office

WANG, MOTHER = "wang_ayi", "wmWANG"
LAMP = "东门的路灯坏了三天了，晚上一片黑"
HEAP = "3号楼2单元楼道堆满了纸箱和旧家具，走不过去"
ROBOT, KF = f"bot:{WANG}", f"kf:{ACCOUNT}:{MOTHER}"


@pytest.fixture
def doors(office: Office) -> Doors:
    return Doors(office)


def robot(doors: Doors, words: str, by: str = WANG) -> str:
    """What the robot says in her private chat."""
    return heard_in(f"bot:{by}", doors.office.says(by, words, chat=""))


def kf(doors: Doors, words: str, by: str = MOTHER) -> str:
    """What 微信客服 says to her; her words stand as she said them."""
    estate, doors.estate = doors.estate, ""
    said = doors.hears("kf", words, by=by)
    doors.estate = estate
    return heard_in(f"kf:{ACCOUNT}:{by}", said)


def heard_in(chat: str, said: list[tuple[str, str]]) -> str:
    return "\n".join(words for where, words in said if where == chat)


def code_in(words: str) -> str:
    found = re.search(r"\d{6}", words)
    assert found is not None, words
    return found[0]


def bound(doors: Doors) -> None:
    """Both accounts have spoken; then she binds them."""
    assert "绑好了" in kf(doors, code_in(robot(doors, "绑定")))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def person_of(doors: Doors, user: str) -> str:
    found: str = doors.office.looks(lambda db: bindings.name_of(db, SEAL.person_key(user)))
    return found


def test_one_human_at_three_doors_is_three_people_until_she_says_so(doors: Doors) -> None:
    """Trap 26: userid, external_userid in the archive and in kf; merge only on explicit mapping."""
    doors.hears("bot", LAMP)
    doors.hears("archive", "5号楼电梯按钮坏了，按不动")
    kf(doors, f"桂花苑{HEAP}")

    assert "有1件事" in kf(doors, "我的数据")
    assert "有1件事" in robot(doors, "我的数据")
    assert len({person_of(doors, user) for user in (WANG, MOTHER, f"kf:{MOTHER}")}) == 3


def test_same_words_of_unbound_doors_are_two_voices_and_of_bound_ones_one(doors: Doors) -> None:
    doors.hears("bot", LAMP)
    doors.hears("kf", LAMP)
    assert [v.user for v in doors.office.tickets()[0].voices] == [WANG, f"kf:{MOTHER}"]

    bound(doors)
    doors.hears("bot", HEAP)
    doors.hears("kf", HEAP)
    assert [v.user for v in doors.office.tickets()[1].voices] == [WANG]


def test_graver_word_at_her_other_door_raises_and_adds_no_voice(doors: Doors) -> None:
    bound(doors)
    doors.hears("bot", "7号楼好像有烟，不知道是不是着火")
    doors.hears("kf", "7号楼着火了，楼道里全是明火")

    [ticket] = doors.office.tickets()
    assert ticket.danger is Danger.CONFIRMED
    assert [v.user for v in ticket.voices] == [WANG]


@pytest.mark.parametrize("first", ["robot", "kf"])
def test_code_of_one_door_said_at_the_other_makes_one_person(doors: Doors, first: str) -> None:
    doors.hears("bot", LAMP)
    kf(doors, f"桂花苑{HEAP}")
    ask, answer = (robot, kf) if first == "robot" else (kf, robot)

    code = code_in(ask(doors, "绑定"))
    said = answer(doors, f"“{code[:3]} {code[3:]}”")

    assert "绑好了" in said
    assert person_of(doors, WANG) == person_of(doors, f"kf:{MOTHER}")
    for progress in (robot(doors, "进度"), kf(doors, "进度")):
        assert "您有2件事" in progress
        assert "0001" in progress
        assert "0002" in progress
    assert "有2件事" in kf(doors, "我的数据")
    assert len(doors.office.tickets()) == 2


def test_asker_hears_that_it_was_bound(doors: Doors) -> None:
    code = code_in(robot(doors, "绑定"))

    estate, doors.estate = doors.estate, ""
    said = doors.hears("kf", code)
    doors.estate = estate

    assert "解绑" in heard_in(ROBOT, said)


def test_unbinding_leaves_everything_as_it_was(doors: Doors) -> None:
    doors.hears("bot", LAMP)
    kf(doors, f"桂花苑{HEAP}")
    bound(doors)

    assert "解绑了" in kf(doors, "解绑")

    assert doors.office.count(SamePersonRow) == 0
    assert "有1件事" in kf(doors, "我的数据")
    assert "有1件事" in robot(doors, "我的数据")
    assert "没有绑定过" in robot(doors, "解绑")


def test_third_account_joins_and_one_that_leaves_leaves_the_others_bound(doors: Doors) -> None:
    bound(doors)
    robot(doors, code_in(kf(doors, "绑定", by="wmDAUGHTER")))

    kf(doors, "解绑")

    assert person_of(doors, WANG) == person_of(doors, "kf:wmDAUGHTER")
    assert person_of(doors, WANG) != person_of(doors, f"kf:{MOTHER}")


def test_result_and_rating_reach_her_once_and_count_from_either_door(doors: Doors) -> None:
    doors.hears("bot", LAMP)
    doors.hears("kf", LAMP)
    bound(doors)
    [ticket] = doors.office.tickets()
    doors.office.says(ticket.owner, f"签收 {ticket.serial}", chat="")
    doors.office.says(ticket.owner, f"处置 {ticket.serial} 换了灯泡，现场试过已经亮了", chat="")

    said = doors.office.says(ticket.owner, f"反馈 {ticket.serial}", chat="")

    results = [chat for chat, words in said if "有结果了" in words]
    assert results == [ROBOT]
    assert [chat for chat, words in said if "5分最满意" in words] == [ROBOT]
    assert doors.office.count(RatingRow) == 1
    assert "谢谢" in kf(doors, "5")
    assert doors.office.tickets()[0].rating == 5


def test_resident_of_a_group_is_told_in_the_door_that_she_bound(doors: Doors) -> None:
    """The archive's account has no private door; what she proves in a 1:1 chat gives it one."""
    doors.hears("archive", LAMP)
    code = code_in(kf(doors, "绑定"))
    said = privately(doors, code)

    assert "绑好了" in heard_in(KF, said)
    [ticket] = doors.office.tickets()
    done = doors.office.says(ticket.owner, f"签收 {ticket.serial}", chat="")
    doors.office.says(ticket.owner, f"处置 {ticket.serial} 换了灯泡，现场试过已经亮了", chat="")
    done = doors.office.says(ticket.owner, f"反馈 {ticket.serial}", chat="")
    assert "有结果了" in heard_in(KF, done)


def privately(doors: Doors, words: str, by: str = MOTHER) -> list[tuple[str, str]]:
    """She says it to an officer in a 1:1 chat that the archive hears."""
    chat = f"archive:{MOTHER}:lin_zhiyuan"
    doors.office.now += timedelta(seconds=5)
    key = f"archive:p{doors.office.now.timestamp():.0f}"
    event = Heard(key=key, at=doors.office.now, chat=chat, by=by, door=OVERHEARD, text=words)
    return doors.office.handle(event)


def test_nobody_speaks_in_a_private_chat_that_was_only_overheard(doors: Doors) -> None:
    assert privately(doors, "绑定") == []
    assert doors.office.count(BindCodeRow) == 0
    privately(doors, LAMP)

    owner = doors.office.tickets()[0].owner
    doors.office.says(owner, "签收 0001", chat="")
    doors.office.says(owner, "处置 0001 换了灯泡，现场试过已经亮了", chat="")
    said = doors.office.says(owner, "反馈 0001", chat="")

    assert any("有结果了" in words for _, words in said)
    assert not [chat for chat, _ in said if chat.startswith("archive:")]


def test_protected_matter_is_shown_only_where_it_was_told(doors: Doors) -> None:
    robot(doors, "我要举报，有人在桂花苑3号楼202吸毒")
    robot(doors, f"桂花苑{LAMP}")
    bound(doors)

    assert "有2件事" in robot(doors, "我的数据")
    assert "有1件事" in kf(doors, "我的数据")
    assert "吸毒" not in robot(doors, "进度")
    assert "0001" not in kf(doors, "进度")


# -- the code ------------------------------------------------------------------------------


def test_code_lives_ten_minutes(doors: Doors) -> None:
    code = code_in(robot(doors, "绑定"))
    doors.office.now += timedelta(minutes=10)

    assert "不对" in kf(doors, code)
    assert doors.office.count(SamePersonRow) == 0


def test_code_is_used_once_and_a_new_one_ends_the_old(doors: Doors) -> None:
    old = code_in(robot(doors, "绑定"))
    code = code_in(robot(doors, "绑定"))

    assert "不对" in kf(doors, old) or old == code
    assert "绑好了" in kf(doors, code)
    assert "不对" in kf(doors, code, by="wmSTRANGER")


def test_code_said_where_it_was_asked_for_binds_nothing_and_stays_good(doors: Doors) -> None:
    code = code_in(robot(doors, "绑定"))

    assert "另一边" in robot(doors, code)
    assert "绑好了" in kf(doors, code)


def test_after_five_wrong_codes_even_the_right_one_waits_an_hour(doors: Doors) -> None:
    code = code_in(robot(doors, "绑定"))
    for _ in range(5):
        assert "不对" in kf(doors, wrong(code))

    assert "一小时后再试" in kf(doors, code)
    assert doors.office.count(SamePersonRow) == 0
    doors.office.now += timedelta(hours=1, minutes=1)
    assert "绑好了" in kf(doors, code_in(robot(doors, "绑定")))


def test_code_said_in_a_group_is_burnt_and_the_hint_is_private(doors: Doors) -> None:
    code = code_in(kf(doors, "绑定"))

    said = doors.office.says(WANG, code)

    assert [words for chat, words in said if chat == GROUP] == ["收到。"]
    assert any("作废" in words for chat, words in said if WANG in chat)
    assert "作废" in heard_in(KF, said)
    assert "不对" in robot(doors, code)


def test_code_overheard_in_a_group_is_burnt_and_whoever_waits_is_told(doors: Doors) -> None:
    code = code_in(kf(doors, "绑定"))

    said = doors.hears("archive", code)

    assert [chat for chat, _ in said] == [KF]
    assert "作废" in heard_in(KF, said)
    assert doors.office.count(BindCodeRow) == 0


def test_number_overheard_in_a_group_is_nothing(doors: Doors) -> None:
    assert doors.hears("archive", "483920") == []
    assert doors.hears("archive", "绑定") == []
    assert doors.office.tickets() == []


def test_wish_to_bind_said_in_a_group_gets_a_private_hint(doors: Doors) -> None:
    said = doors.office.says(WANG, "绑定")

    assert any("私下说" in words for chat, words in said if WANG in chat)
    assert not any("绑定" in words for chat, words in said if chat == GROUP)
    assert doors.office.count(BindCodeRow) == 0


def test_staff_can_neither_ask_for_a_code_nor_use_one(doors: Doors) -> None:
    code = code_in(robot(doors, "绑定"))

    assert "不能代办" in robot(doors, "绑定", by="lin_zhiyuan")
    robot(doors, code, by="lin_zhiyuan")

    assert doors.office.count(SamePersonRow) == 0
    assert "绑好了" in kf(doors, code)


def test_number_that_was_asked_for_is_an_answer(doors: Doors) -> None:
    robot(doors, f"桂花苑{LAMP}")
    [ticket] = doors.office.tickets()
    doors.office.says(ticket.owner, f"签收 {ticket.serial}", chat="")
    doors.office.says(ticket.owner, f"问 {ticket.serial} 灯杆上的编号是多少？", chat="")

    assert "转告" in robot(doors, "483920") or "转" in robot(doors, "483920")
    assert doors.office.tickets()[0].stage is not Stage.WAITING


@pytest.mark.parametrize("words", ["绑定", "解绑", "483920", "进度"])
def test_words_of_binding_open_nothing(doors: Doors, words: str) -> None:
    robot(doors, words)
    kf(doors, words)

    assert doors.office.tickets() == []


def test_report_that_speaks_of_tying_stays_a_report(doors: Doors) -> None:
    robot(doors, "桂花苑3号楼的狗没绑定好，跑出来追人")

    assert len(doors.office.tickets()) == 1


def test_rows_hold_no_account_and_no_code_in_clear(doors: Doors) -> None:
    doors.hears("bot", LAMP)
    code = code_in(robot(doors, "绑定"))

    def look(db: object) -> str:
        rows = db.conn.exec_driver_sql("SELECT * FROM bind_codes").all()  # type: ignore[attr-defined]
        return str(rows)

    kept = doors.office.looks(look)
    assert code not in kept
    assert WANG not in kept
