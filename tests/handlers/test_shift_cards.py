"""The shift as a card: to who begins, counts alone, one button that says 接班."""

from datetime import UTC, datetime, timedelta

import handlers
from handlers import shift_cards
from storage import handovers
from tests.handlers.block import Block, texts_to
from tests.handlers.office import MORNING

ROOM, NEXT, OFFICER = "qiu_ruolan", "bai_jingshu", "lin_zhiyuan"
KNIFE = "桂花苑3号楼有人拿刀追人"
JOB = "shift:0830"
SATURDAY = datetime(2026, 3, 7, 0, 30, tzinfo=UTC)  # 08:30 in Shanghai


def at_half_past_eight(block: Block) -> None:
    block.now = MORNING.replace(hour=0, minute=30)


def shifts(block: Block) -> list[tuple[str, str]]:
    rows = block.looks(lambda db: handovers.newest(db, "command_room", 5))
    return [(one.user, one.before) for one in rows]


def cards(block: Block) -> dict[str, dict[str, object]]:
    return {chat: card for chat, card in block.cards if card["title"] == "该您接班了"}


def test_the_hours_are_those_of_the_roster(block: Block) -> None:
    assert handlers.jobs(block.rules)[JOB] == "30 8 * * *"
    roster = block.rules.roster
    alone = roster.model_copy(update={"patterns": (), "shifts": ()})
    assert list(shift_cards._hours(alone, roster.patterns[0].role)) == []


def test_who_begins_gets_the_counts_and_nothing_of_what_they_count(block: Block) -> None:
    at_half_past_eight(block)
    block.overhears("wmRESIDENT01", KNIFE)

    block.hour(JOB)

    (chat, card), *others = cards(block).items()
    assert others == []
    assert chat == f"app:{ROOM}"
    assert ("险情", "1件") in [tuple(pair) for pair in card["fields"]]  # type: ignore[attr-defined]
    assert len(card["fields"]) <= 6  # type: ignore[arg-type]
    assert block.tickets()[0].serial not in str(card)
    assert "桂花苑" not in str(card)


def test_the_button_is_the_order(block: Block) -> None:
    at_half_past_eight(block)
    block.says(NEXT, "接班", chat="")
    block.hour(JOB)

    card = block.card_of(ROOM, "该您接班")
    assert "白景舒" in card["desc"]
    said = block.presses(ROOM, card, "接班")

    assert shifts(block) == [(ROOM, NEXT), (NEXT, "")]
    assert "接了白景舒的班" in texts_to(said, ROOM)
    assert "接了您的班" in texts_to(said, NEXT)
    assert [title for chat, title in said if title.startswith("card:") and "您接了班" in title]


def test_who_has_the_shift_already_is_not_asked(block: Block) -> None:
    at_half_past_eight(block)
    block.says(ROOM, "接班", chat="")

    block.hour(JOB)

    assert cards(block) == {}


def test_a_card_of_yesterday_takes_nothing_over(block: Block) -> None:
    at_half_past_eight(block)
    block.hour(JOB)
    block.now += timedelta(hours=7)

    said = block.presses(ROOM, block.card_of(ROOM, "该您接班"), "接班")

    assert "过时了" in texts_to(said, ROOM)
    assert shifts(block) == []


def test_the_weekends_group_begins_on_a_day_off_alone(block: Block) -> None:
    at_half_past_eight(block)
    block.hour(JOB)
    assert f"app:{OFFICER}" not in cards(block)

    block.now = SATURDAY
    block.hour(JOB)

    assert {f"app:{OFFICER}", f"app:{NEXT}"} <= set(cards(block))
