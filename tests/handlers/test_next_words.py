"""What her next words mean while something of hers is open: a question, a rating, an order."""

from datetime import timedelta

import pytest

from config.vocabulary import Act, Stage
from storage import journal, people
from tests.handlers.block import Block, texts_to
from tests.handlers.office import GROUP, Office

HALL_LAMP = "楼道灯坏了"
NOISE = "5号楼楼下半夜总有人打牌吵得睡不着"
POST = "桂花路8号"
LAMPS = "wei_heping"


def acts(office: Office, ticket: int, act: Act) -> list[str]:
    story = office.looks(lambda db: journal.of_ticket(db, ticket))
    return [entry.reason for entry in story if entry.act == act]


def asked_place(office: Office, user: str) -> bool:
    """True while we wait for this person to say where."""
    key = people_key(office, user)
    asks = office.looks(lambda db: people.open_asks(db, key, office.now))
    return any(ask.kind == "place" for ask in asks)


def people_key(office: Office, user: str) -> str:
    found: str = office.looks(lambda db: db.seal.person_key(user))
    return found


# -- a question ----------------------------------------


@pytest.mark.parametrize(
    ("words", "chat"),
    [("警务室周末开门吗", ""), ("派出所几点下班", GROUP), ("孩子上户口要哪些材料", "")],
)
def test_question_that_the_site_answers_joins_nothing(
    office: Office, words: str, chat: str
) -> None:
    office.says("wang_ayi", HALL_LAMP, chat=chat)
    assert asked_place(office, "wang_ayi")
    office.now += timedelta(seconds=30)

    said = office.says("wang_ayi", words, chat=chat)

    heard = "\n".join(text for where, text in said if where == GROUP or "wang_ayi" in where)
    assert "补上了" not in heard
    assert any(hours in heard for hours in (POST, "8:30", "出生医学证明"))
    (ticket,) = office.tickets()
    assert acts(office, ticket.id, Act.SUPPLEMENT) == []
    assert asked_place(office, "wang_ayi"), "where it is, is still not known"
    office.says("wang_ayi", "是3号楼吗?", chat=chat)
    assert office.tickets()[0].place["building"] == "3"


def test_question_about_another_matter_goes_to_a_human_and_to_no_ticket(office: Office) -> None:
    office.says("wang_ayi", HALL_LAMP, chat="")
    office.now += timedelta(seconds=30)

    said = texts_to(office.says("wang_ayi", "文化广场几点关门", chat=""), "wang_ayi")

    assert "这个我答不准" in said
    (ticket,) = office.tickets()
    assert acts(office, ticket.id, Act.SUPPLEMENT) == []


@pytest.mark.parametrize("words", ["那什么时候来", "有人管吗", "几点到"])
def test_question_about_her_own_matter_asks_after_it(office: Office, words: str) -> None:
    office.says("wang_ayi", HALL_LAMP, chat="")
    office.now += timedelta(seconds=30)

    said = texts_to(office.says("wang_ayi", words, chat=""), "wang_ayi")

    (ticket,) = office.tickets()
    assert "您的0001" in said
    assert "已转给办的人" in said
    assert acts(office, ticket.id, Act.SUPPLEMENT) == []


@pytest.mark.parametrize("words", ["是3号楼吗?", "3号楼2单元？", "是东门吗"])
def test_spot_with_a_question_mark_says_where(office: Office, words: str) -> None:
    office.says("wang_ayi", HALL_LAMP, chat="")
    office.now += timedelta(seconds=30)

    assert "补上了" in texts_to(office.says("wang_ayi", words, chat=""), "wang_ayi")
    assert office.tickets()[0].place_key
    assert not asked_place(office, "wang_ayi")


def test_in_danger_every_word_is_for_who_comes(office: Office) -> None:
    office.says("wang_ayi", "5号楼着火了，楼道里全是烟", chat="")
    office.now += timedelta(seconds=30)

    said = office.says("wang_ayi", "几点到", chat="")

    (ticket,) = office.tickets()
    assert acts(office, ticket.id, Act.SUPPLEMENT) == ["几点到"]
    assert "您的0001" not in texts_to(said, "wang_ayi")


# -- a rating ----------------------------------------


def told_result(office: Office) -> None:
    """A lamp that was mended; how it was done is asked in private."""
    office.says("wang_ayi", "东门的路灯坏了")
    office.says(LAMPS, "签收 0001", chat="")
    office.says(LAMPS, "处置 0001 换了灯泡和整流器，已亮", chat="")
    said = office.says(LAMPS, "反馈 0001", chat="")
    assert "回个数字" in texts_to(said, "wang_ayi")
    office.now += timedelta(minutes=5)


@pytest.mark.parametrize(
    ("words", "rating"), [("5", 5), ("满意", 4), ("5分，谢谢", 5), ("不满意", 2)]
)
def test_rating_said_in_the_group_counts_and_is_answered_in_private(
    office: Office, words: str, rating: int
) -> None:
    told_result(office)
    office.says("wang_ayi", NOISE)
    office.now += timedelta(seconds=30)

    said = office.says("wang_ayi", words)

    lamp, noise = office.tickets()
    assert lamp.rating == rating
    assert (lamp.stage is Stage.CLOSED) is (rating > 2)
    assert acts(office, noise.id, Act.SUPPLEMENT) == []
    assert [text for where, text in said if where == GROUP] == ["收到。"], "it must be finished"
    assert "评价" in texts_to(said, "wang_ayi") or "没解决" in texts_to(said, "wang_ayi")


def test_low_rating_goes_on_in_the_group_as_in_private(office: Office) -> None:
    told_result(office)
    office.says("wang_ayi", "2")

    said = office.says("wang_ayi", "没解决")

    assert [text for where, text in said if where == GROUP] == ["收到。"]
    assert "重新办" in texts_to(said, "wang_ayi")
    assert office.tickets()[0].stage is Stage.ASSIGNED


def test_number_answers_what_was_asked_last(office: Office) -> None:
    told_result(office)
    office.says("wang_ayi", HALL_LAMP)
    assert asked_place(office, "wang_ayi")
    office.now += timedelta(seconds=30)

    office.says("wang_ayi", "5")
    office.says("wang_ayi", "没解决")

    assert office.tickets()[0].stage is Stage.EVALUATION, "it may be the building, or the other"


def test_neighbours_among_themselves_rate_nobody(block: Block) -> None:
    told_result(block)
    key = people_key(block, "wang_ayi")

    assert block.overhears("wang_ayi", "5") == []
    assert block.overhears("wang_ayi", "满意") == []
    assert block.tickets()[0].rating is None
    assert block.looks(lambda db: people.open_asks(db, key, block.now))


@pytest.mark.parametrize(
    ("words", "wait"), [("谢谢警察同志", 30), ("谢谢您了", 30), ("感谢民警！", 1200)]
)
def test_thanks_rate_nothing_and_join_nothing(office: Office, words: str, wait: int) -> None:
    told_result(office)
    office.says("wang_ayi", NOISE)
    office.now += timedelta(seconds=wait)

    said = office.says("wang_ayi", words)

    lamp, noise = office.tickets()
    assert (lamp.stage, lamp.rating) == (Stage.EVALUATION, None)
    assert acts(office, noise.id, Act.SUPPLEMENT) == []
    assert "有人补充" not in "\n".join(text for _, text in said)
    assert texts_to(said, "lin_zhiyuan") == "", "he has not come yet"


def test_thanks_are_for_whom_has_done_it(office: Office) -> None:
    told_result(office)
    office.says("wang_ayi", NOISE)

    said = office.says("wang_ayi", "谢谢警察同志")

    assert "有居民夸您" in texts_to(said, LAMPS)


# -- an order ----------------------------------------

CONTACT, WORKER = "nie_shouye", "fang_xiaoman"


def two_matters(office: Office, user: str, chat: str = "") -> None:
    """0001 is a neighbour's, 0002 is of ``user``, a moment ago."""
    office.says("chen_shu", NOISE)
    office.says(user, "3号楼楼道灯坏了", chat=chat)
    office.now += timedelta(seconds=20)


@pytest.mark.parametrize(
    ("user", "words", "chat"),
    [
        (CONTACT, "查 0002", ""),
        (CONTACT, "签收 0002", GROUP),
        ("wang_ayi", "查一下0002", GROUP),
        ("wang_ayi", "0002", ""),
        ("wang_ayi", "签收 0002", ""),
    ],
)
def test_order_of_who_may_give_none_tells_her_of_her_own(
    office: Office, user: str, words: str, chat: str
) -> None:
    two_matters(office, user, chat)

    said = office.says(user, words, chat=chat)

    assert "0002“" in texts_to(said, user)
    assert "已转给办的人" in texts_to(said, user)
    assert not any("0002" in text for where, text in said if where == GROUP)
    _, ticket = office.tickets()
    assert acts(office, ticket.id, Act.SUPPLEMENT) == []
    assert acts(office, ticket.id, Act.CHASE) == [], "looking urges nobody"


@pytest.mark.parametrize("words", ["查 0001", "签收 0001", "0001怎么样了", "催一下 0001"])
def test_order_about_somebody_elses_says_nothing_of_it(office: Office, words: str) -> None:
    two_matters(office, CONTACT)

    said = texts_to(office.says(CONTACT, words, chat=""), CONTACT)

    assert "没查到您在办的事" in said
    assert [acts(office, one.id, Act.SUPPLEMENT) for one in office.tickets()] == [[], []]
    assert acts(office, office.tickets()[1].id, Act.CHASE) == [], "hers was not meant"


def test_money_and_rooms_are_no_orders(office: Office) -> None:
    two_matters(office, "wang_ayi")

    for words in ("1502", "补充 0002 是东边那个"):
        office.says("wang_ayi", words, chat="")

    assert len(acts(office, office.tickets()[1].id, Act.SUPPLEMENT)) == 2


@pytest.mark.parametrize("words", ["查一下0002", "0002怎么样了", "看看0002"])
def test_staff_look_however_they_say_it(office: Office, words: str) -> None:
    two_matters(office, WORKER)

    said = texts_to(office.says(WORKER, words, chat=""), WORKER)

    assert "物业、电梯和房屋" in said
    assert len(office.tickets()) == 2
    assert acts(office, office.tickets()[1].id, Act.SUPPLEMENT) == []


def test_all_that_is_hers_and_what_has_ended(office: Office) -> None:
    told_result(office)
    office.says("wang_ayi", "5", chat="")
    office.says("wang_ayi", NOISE, chat="")

    assert "办结了" in texts_to(office.says("wang_ayi", "查 0001", chat=""), "wang_ayi")
    said = texts_to(office.says("wang_ayi", "我的任务", chat=""), "wang_ayi")
    assert "0002“" in said
    assert "0001“" not in said


# -- another stairwell ----------------------------------------


def test_lift_of_another_stairwell_is_a_matter_of_its_own(office: Office) -> None:
    office.says("wang_ayi", "3号楼1单元电梯坏了")
    office.now += timedelta(hours=2)

    office.says("chen_shu", "3号楼2单元电梯坏了")
    office.says("zhou_jie", "3号楼2单元电梯又停了")
    office.says("liu_bo", "3号楼电梯坏了")

    first, second = office.tickets()
    assert [one.place["unit"] for one in (first, second)] == ["1", "2"]
    assert [voice.user for voice in second.voices[:2]] == ["chen_shu", "zhou_jie"]


def test_blackout_is_of_the_house_whatever_stairwell_tells_it(office: Office) -> None:
    office.says("wang_ayi", "3号楼1单元停电了")
    office.now += timedelta(minutes=10)

    office.says("chen_shu", "3号楼2单元停电了")

    assert len(office.tickets()) == 1


@pytest.mark.parametrize(("unit", "count"), [("1", 1), ("2", 2)])
def test_closed_matter_of_another_stairwell_is_not_worked_again(
    office: Office, unit: str, count: int
) -> None:
    office.says("wang_ayi", "5号楼1单元楼上天天半夜跳操吵得睡不着", chat="")
    for words in ("签收 0001", "处置 0001 已解决，上门劝过了", "反馈 0001"):
        office.says("lin_zhiyuan", words, chat="")
    office.says("wang_ayi", "5", chat="")
    assert office.tickets()[0].stage is Stage.CLOSED
    office.now += timedelta(days=3)

    office.says("wang_ayi", f"5号楼{unit}单元楼上天天半夜跳操吵得睡不着", chat="")

    assert len(office.tickets()) == count
