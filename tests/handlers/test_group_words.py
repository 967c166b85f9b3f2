"""What a human says in a public group for us (代发) is one of the day's three; danger never is."""

from datetime import timedelta

from bot.domain import drafting
from bot.events import Scheduled
from bot.lines import line_of
from bot.turn import Turn
from handlers import drafts as handing
from storage import drafts, group_words
from storage.drafts import Draft
from storage.session import Db
from tests.handlers.block import Block
from tests.handlers.office import GROUP

OFFICER, RESIDENT = "lin_zhiyuan", "wmRESIDENT01"
LAMP = "桂花苑3号楼门口的路灯坏了好几天了，晚上黑得看不见路"
FIRE = "桂花苑3号楼二楼着火了，浓烟往外冒"


def wishes(block: Block, *texts: str, kind: str = drafting.PREVENTION, late: bool = True) -> None:
    """Each of these is to be said in the group, one Turn for each."""
    for text in texts:
        key = f"cron:{text}:{block.now.isoformat()}"

        def say(db: Db, text: str = text, key: str = key) -> None:
            turn = Turn(db, block.rules, Scheduled(key=key, at=block.now, job="x"), block.now)
            turn.draft(GROUP, text, kind=kind, may_wait=late)
            handing.hand_out(turn)

        block.looks(say)
    block.said()


def known(block: Block) -> dict[str, str]:
    """State of every draft by its words."""
    found: list[Draft] = block.looks(lambda db: drafts.of_ticket(db, 0))
    return {one.text: one.state for one in found if one.kind != drafting.NOTICE}


def test_fourth_draft_of_a_day_is_shown_in_the_morning(block: Block) -> None:
    wishes(block, "防盗一", "防盗二", "防盗三")
    block.says(OFFICER, "已发出", chat="")

    wishes(block, "防盗四")
    assert known(block)["防盗四"] == drafts.LATER
    assert block.waiting() == []

    block.cards.clear()
    said = block.later(60 * 20)
    assert block.now.hour == 21, "next morning in Shanghai"
    assert known(block)["防盗四"] == drafts.LATER
    assert not [words for _, words in said if "请代回" in words]
    block.later(60 * 2)
    assert known(block)["防盗四"] == drafts.OPEN
    assert "防盗四" in block.card_of(OFFICER, "请代回")["quote"]


def test_what_nobody_said_leaves_its_place(block: Block) -> None:
    wishes(block, "防盗一", "防盗二", "防盗三")
    block.says(OFFICER, "不发了", chat="")

    wishes(block, "防盗四")

    assert known(block)["防盗四"] == drafts.OPEN


def test_draft_of_yesterday_that_is_said_today_counts_today(block: Block) -> None:
    wishes(block, "防盗一", "防盗二")
    block.now += timedelta(days=1)
    block.says(OFFICER, "已发出", chat="")

    moments = block.looks(lambda db: group_words.moments(db, line_of(GROUP), block.now))
    assert moments == [block.now, block.now]
    wishes(block, "防盗三", "防盗四")
    assert [known(block)[one] for one in ("防盗三", "防盗四")] == [drafts.OPEN, drafts.LATER]


def test_answer_that_would_come_too_late_is_left(block: Block) -> None:
    wishes(block, "防盗一", "防盗二", "防盗三")

    wishes(block, "办证窗口周一开", kind=drafting.ANSWER, late=False)

    assert "办证窗口周一开" not in known(block)


def test_danger_and_answers_to_reports_are_neither_counted_nor_held_back(block: Block) -> None:
    wishes(block, "防盗一", "防盗二", "防盗三")

    block.overhears(RESIDENT, LAMP)
    block.overhears("wmRESIDENT02", FIRE)

    kinds = [one.kind for one in block.waiting()]
    assert kinds.count(drafting.DANGER) == 1
    assert kinds.count(drafting.ANSWER) >= 1
    moments = block.looks(lambda db: group_words.moments(db, line_of(GROUP), block.now))
    assert len(moments) == 3
