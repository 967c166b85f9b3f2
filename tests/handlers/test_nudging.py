"""催办 by a person: to who works it, in private, once an hour, at night only for danger."""

import dataclasses
from datetime import timedelta

from config.vocabulary import Act
from storage import journal, tickets
from tests.handlers.block import Block, gone_to, texts_to
from tests.handlers.office import GROUP, Office

OFFICER, LEADER, ROOM, WORKER = "lin_zhiyuan", "zhong_yihang", "qiu_ruolan", "fang_xiaoman"
QUARREL = "桂花苑3号楼楼上楼下为漏水吵了好几天了，麻烦来调解一下"
KNIFE = "桂花苑3号楼有人拿刀追人"
NIGHT = timedelta(hours=13)  # 22:30 in Shanghai


def chased(block: Block, user: str, words: str = "", chat: str = "") -> list[tuple[str, str]]:
    number = block.tickets()[0].serial
    return block.says(user, f"催办 {number} {words}".strip(), chat=chat)


def nudges(block: Block) -> list[str]:
    """Who asked for haste, oldest first."""
    ticket = block.tickets()[0]
    story = block.looks(lambda db: journal.of_ticket(db, ticket.id))
    return [one.actor for one in story if one.act == Act.CHASE]


def reasons(block: Block) -> list[str]:
    ticket = block.tickets()[0]
    return [one.reason for one in block.looks(lambda db: journal.of_ticket(db, ticket.id))]


def test_who_works_it_hears_it_with_the_words(block: Block) -> None:
    gone_to(block, QUARREL)
    before = block.tickets()[0]

    said = chased(block, LEADER, "今天能去看看吗")

    told = texts_to(said, OFFICER)
    assert "钟" in told
    assert "“今天能去看看吗”" in told
    assert "林知远" in texts_to(said, LEADER)
    assert nudges(block) == [LEADER]
    assert "林知远：今天能去看看吗" in reasons(block)
    after = block.tickets()[0]
    assert (after.stage, after.urged_count) == (before.stage, before.urged_count)


def test_once_an_hour_whoever_says_it(block: Block) -> None:
    gone_to(block, QUARREL)
    chased(block, LEADER)

    again = chased(block, ROOM)
    assert "刚催过" in texts_to(again, ROOM)
    assert texts_to(again, OFFICER) == ""

    block.now += timedelta(minutes=61)
    assert "抓紧" in texts_to(chased(block, ROOM), OFFICER)
    assert nudges(block) == [LEADER, ROOM]


def test_at_night_it_waits_for_the_morning(block: Block) -> None:
    gone_to(block, QUARREL)
    block.now += NIGHT

    said = chased(block, LEADER, "明早先看这件")
    assert "夜里不打扰" in texts_to(said, LEADER)
    assert texts_to(said, OFFICER) == ""

    assert "明早先看这件" in texts_to(block.later(60 * 12), OFFICER)


def test_in_the_morning_nothing_is_said_of_what_was_done_meanwhile(block: Block) -> None:
    gone_to(block, QUARREL)
    block.now += NIGHT
    chased(block, LEADER, "明早先看这件")
    block.now += timedelta(hours=1)
    block.says(OFFICER, f"补充 {block.tickets()[0].serial} 已约双方早上谈", chat="")

    assert "明早先看这件" not in texts_to(block.later(60 * 11), OFFICER)


def test_danger_is_never_kept_until_the_morning_whatever_the_rules_say(block: Block) -> None:
    quiet = block.rules.times.model_copy(update={"night_urgencies": ()})
    block.rules = dataclasses.replace(block.rules, times=quiet)
    block.now += NIGHT
    block.overhears("wmRESIDENT01", KNIFE)
    block.says(OFFICER, f"签收 {block.tickets()[0].serial}", chat="")

    assert "抓紧" in texts_to(chased(block, ROOM), OFFICER)


def test_nobody_without_arms_is_hurried_to_a_knife(block: Block) -> None:
    block.overhears("wmRESIDENT01", "桂花苑3号楼门口的路灯不亮，请换一下")
    block.overhears("wmRESIDENT01", "路灯下面有人拿刀追人")
    (ticket,) = block.tickets()
    block.looks(lambda db: tickets.save(db, dataclasses.replace(ticket, owner=WORKER)))

    said = chased(block, ROOM)

    assert "没有人可催" in texts_to(said, ROOM)
    assert texts_to(said, WORKER) == ""


def test_who_leads_nobody_and_who_has_it_himself_are_refused(block: Block) -> None:
    gone_to(block, QUARREL)

    assert texts_to(chased(block, OFFICER), OFFICER)
    assert texts_to(chased(block, WORKER), WORKER)
    assert nudges(block) == []
    block.says(ROOM, f"转 {block.tickets()[0].serial} 邱若兰", chat="")
    assert "不用催" in texts_to(chased(block, ROOM), ROOM)


def test_what_has_ended_is_not_hurried(block: Block) -> None:
    gone_to(block, QUARREL)
    number = block.tickets()[0].serial
    block.says(OFFICER, f"处置 {number} 已解决 两家当面谈好了，漏水已经修好", chat="")

    assert "抓紧" not in texts_to(chased(block, LEADER), OFFICER)
    assert nudges(block) == []


def test_in_a_public_group_nobody_reads_who_is_hurried(office: Office) -> None:
    office.says("wang_ayi", f"@小警 {QUARREL}")
    office.says(OFFICER, "签收 0001", chat="")

    said = office.says(LEADER, "催办 0001 今天能去看看吗")

    aloud = "".join(words for chat, words in said if chat == GROUP)
    assert aloud
    assert not [word for word in ("林知远", "催", "看看") if word in aloud]
    assert "林知远" in texts_to(said, LEADER)
