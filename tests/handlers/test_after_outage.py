"""After an outage: no group is surprised, each reporter hears, the command room gets one list."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import events
from bot.domain.clocks import moment_words
from bot.engine.clock import due_event
from bot.events import OVERHEARD, Heard
from bot.turn import Turn
from config.vocabulary import Danger, Stage
from handlers import loop
from storage import inbox, timers
from storage.database import table_of
from storage.outbox import PENDING
from storage.tables import OutgoingRow
from tests.handlers.block import Block, texts_to
from tests.handlers.office import GROUP

OFFICER, ROOM, RESIDENT, OTHER = "lin_zhiyuan", "qiu_ruolan", "wang_ayi", "chen_shu"
LAMP, KNIFE, FIRE = "3号楼门口的路灯不亮", "救命，3号楼有人拿刀砍人了", "3号楼5楼着火了，好大的烟"
MAYBE = "东门口有人喝多了在闹事"
TEN, AWHILE = timedelta(minutes=10), timedelta(minutes=4)
SORRY = "抱歉，刚才系统中断"


class Late(Block):
    """The sample station, whose robot stands in 桂花苑; it hears things late."""

    def late(
        self, user: str, text: str, ago: timedelta = TEN, chat: str = GROUP, door: str = "socket"
    ) -> list[tuple[str, Any]]:
        """What is said when ``user`` said that so long ago."""
        self.heard += 1
        at = self.now - ago
        key = f"{door}:late{self.heard}"
        return self.handle(Heard(key=key, at=at, chat=chat, by=user, door=door, text=text))

    def said(self) -> list[tuple[str, dict[str, Any]]]:
        """As the block; what waits for later or was taken back is not said."""
        c = table_of(OutgoingRow).c
        waits = self.looks(lambda db: set(db.conn.execute(
            select(c.id).where(PENDING, c.due_at > self.now)).scalars()))  # fmt: skip
        gone = self.looks(lambda db: set(db.conn.execute(
            select(c.id).where(c.state == "dropped")).scalars()))  # fmt: skip
        self._read |= waits | gone
        fresh = super().said()
        self._read -= waits
        self.looks(lambda db: db.conn.execute(
            update(OutgoingRow).where(c.id.in_(waits)).values(state="pending")))  # fmt: skip
        return fresh

    def later(self, minutes: float) -> list[tuple[str, Any]]:
        """As the block; a clock that fell due before now comes late."""
        until = self.now + timedelta(minutes=minutes)
        said: list[tuple[str, Any]] = []
        while timer := self.looks(lambda db: next(iter(timers.due(db, until, 1)), None)):
            self.now = max(self.now, timer.due_at)
            self.looks(lambda db, t=timer: timers.posted(db, [t.id], self.now))
            said += self.handle(due_event(timer))
        self.now = until
        return said


@pytest.fixture
def station(block: Block, sample_rules: Any) -> Late:
    return Late(block.database, sample_rules)


@pytest.fixture
def mute(block: Block) -> Late:
    """桂花苑 as a group with residents, in which no program may speak."""
    return Late(block.database, block.rules)


def in_group(said: list[tuple[str, Any]]) -> list[str]:
    return [words for chat, words in said if ":" not in chat]


def test_the_group_hears_nothing_and_the_reporter_all(station: Late) -> None:
    said = station.late(RESIDENT, LAMP)

    (ticket,) = station.tickets()
    assert in_group(said) == []
    own = texts_to(said, RESIDENT)
    when = moment_words(station.now - TEN, station.now)
    assert own.startswith(f"{SORRY}，您{when}说的我现在才看到。还有危险请马上打110。\n")
    assert ticket.serial in own
    assert own.count(SORRY) == 1
    assert "电话" in own, "the words for private ears, not those for a group"


def test_two_answers_of_one_turn_begin_with_one_apology(station: Late) -> None:
    at, chat = station.now - TEN, f"bot:{RESIDENT}"
    event = Heard(key="k", at=at, chat=chat, by=RESIDENT, door="socket", text=LAMP)

    def answers(db: Any) -> None:
        turn = Turn(db, station.rules, event, station.now)
        turn.answer("第一件记下了")
        turn.answer("第二件记下了")

    station.looks(answers)

    said = [(chat, message["text"]) for chat, message in station.said()]
    assert [SORRY in words for _, words in said] == [True, False]


@pytest.mark.parametrize(("ago", "expected"), [(TEN, 0), (timedelta(0), 1)])
def test_nothing_in_a_late_turn_speaks_in_a_group(
    mute: Late, sample_rules: Any, ago: timedelta, expected: int
) -> None:
    event = Heard(key="k", at=mute.now - ago, chat=GROUP, by=RESIDENT, door="socket", text=LAMP)

    def speaks(db: Any) -> list[str]:
        spoken = Turn(db, sample_rules, event, mute.now).say_group(GROUP, "险情", danger=True)
        drafted = Turn(db, mute.rules, event, mute.now).draft(GROUP, "险情", danger=True)
        return [spoken, drafted]

    assert [bool(key) for key in mute.looks(speaks)] == [bool(expected)] * 2


def test_what_is_three_minutes_old_is_no_outage(station: Late) -> None:
    said = station.late(RESIDENT, LAMP, timedelta(minutes=3))

    assert [SORRY in words for words in in_group(said)] == [False]


def test_a_shout_for_help_rings_at_once_and_its_numbers_go_to_who_shouted(station: Late) -> None:
    said = station.late(RESIDENT, KNIFE)

    (ticket,) = station.tickets()
    assert ticket.danger is Danger.CONFIRMED
    assert in_group(said) == []
    own = texts_to(said, RESIDENT)
    assert own.startswith(SORRY)
    assert "110" in own.split("\n", 1)[1]
    assert "马上到" not in own
    assert "请先打电话核实" in texts_to(said, OFFICER)
    assert "card: 险情 · " in texts_to(said, OFFICER)


def test_who_could_not_be_reached_is_not_left_without_a_number(station: Late) -> None:
    """Neither a private way nor a human within seconds: the line that is never silenced."""
    station.late(RESIDENT, FIRE)
    station.looks(_forget_receipts)

    said = station.later(0.2)

    assert ["110" in words for words in in_group(said)] == [True]


def test_who_was_reached_hears_it_alone(station: Late) -> None:
    station.late(RESIDENT, FIRE)

    assert in_group(station.later(0.5)) == []


def _forget_receipts(db: Any) -> None:
    db.conn.execute(update(OutgoingRow).values(state="parked"))


def test_one_list_danger_first_instead_of_cards(station: Late) -> None:
    station.late(RESIDENT, LAMP)
    station.late(OTHER, "8号楼的楼道漏水")
    shout = station.late("xu_xiaolei", MAYBE)

    said = station.later(0.5)

    lamp, leak, gas = station.tickets()
    assert gas.danger is not Danger.NONE
    assert texts_to(shout, ROOM) == ""
    lists = [words for chat, words in said if chat.endswith(f":{ROOM}")]
    (told,) = [words for words in lists if "停机期间" in words]
    head, first, *rest = told.split("\n")
    assert "停机期间3条" in head
    assert gas.serial in first
    assert "请先打电话核实" in first
    assert [lamp.serial in rest[0], leak.serial in rest[1]] == [True, True]


def test_nobody_tapped_and_the_suspicion_becomes_a_danger_as_ever(station: Late) -> None:
    station.late(RESIDENT, MAYBE)
    assert station.tickets()[0].danger is Danger.SUSPECTED

    station.later(1.1)

    assert station.tickets()[0].danger is Danger.CONFIRMED


def test_the_list_waits_for_what_is_still_being_handled(station: Late) -> None:
    station.late(RESIDENT, LAMP)
    _arrives(station, "aibot:waits")

    early = station.later(0.5)
    late = station.later(1)

    assert "停机期间" not in texts_to(early, ROOM)
    assert "停机期间1条" in texts_to(late, ROOM), "but not for ever"


def _arrives(station: Late, key: str) -> None:
    """An old event that nobody has handled yet."""
    event = Heard(
        key=key, at=station.now - TEN, chat=GROUP, by=OTHER, door="socket", text="8号楼漏水"
    )
    arrival = inbox.Arrival(
        key=key, line=event.line, partition=0, kind="heard",
        payload=events.pack(event), event_at=event.at,
    )  # fmt: skip
    station.looks(lambda db: inbox.accept(db, arrival, station.now))


def test_orders_of_colleagues_are_done_and_answered_in_private(station: Late) -> None:
    station.says(RESIDENT, LAMP)
    number = station.tickets()[0].serial
    owner = station.tickets()[0].owner

    said = station.late(owner, f"签收 {number}")

    assert station.tickets()[0].stage == Stage.ACCEPTED
    assert in_group(said) == []
    assert SORRY not in texts_to(said, owner)
    assert "停机期间" not in texts_to(station.later(0.5), ROOM)


def test_a_click_is_done_whenever_it_comes(station: Late) -> None:
    station.says(RESIDENT, LAMP)
    ticket = station.tickets()[0]
    card = station.card_of(ticket.owner, "市政设施")
    station.now += TEN

    station.presses(ticket.owner, card, "签收")

    assert station.tickets()[0].stage == Stage.ACCEPTED


def test_it_is_over_does_not_take_a_late_danger_back(station: Late) -> None:
    station.late(RESIDENT, KNIFE)
    station.late(RESIDENT, "没事了，走了", TEN - timedelta(minutes=1))

    (ticket,) = station.tickets()
    assert ticket.danger is Danger.CONFIRMED
    assert ticket.is_open


def test_what_only_the_archive_heard_leaves_no_draft_and_bothers_nobody(mute: Late) -> None:
    said = mute.late("wmRESIDENT01", LAMP, chat=GROUP, door=OVERHEARD)

    assert len(mute.tickets()) == 1
    assert mute.waiting() == []
    assert texts_to(said, "wmRESIDENT01") == ""
    assert "停机期间1条" in texts_to(mute.later(0.5), ROOM)


def test_a_shout_that_only_the_archive_heard_still_looks_for_a_way(mute: Late) -> None:
    said = mute.late("wmRESIDENT01", KNIFE, chat=GROUP, door=OVERHEARD)

    assert "110" in texts_to(said, "wmRESIDENT01")
    assert "请先打电话核实" in texts_to(said, OFFICER)
    assert mute.waiting() == []
    mute.looks(_forget_receipts)
    mute.later(0.3)
    assert [draft.danger for draft in mute.waiting()] == [True]


def test_reminders_that_rang_into_the_void_are_one_message(station: Late) -> None:
    for building in (3, 4, 5):
        station.says(RESIDENT, f"{building}号楼门口的路灯不亮")
        station.now += timedelta(minutes=2)
    owner = station.tickets()[0].owner
    waiting = [t for t in station.tickets() if t.owner == owner]
    ladder = [station.looks(_ladder_of(t.id))[0] for t in waiting]
    station.now = max(timer.due_at for timer in ladder) + AWHILE

    said = station.later(0.3)

    told = [words for chat, words in said if chat.endswith(f":{owner}")]
    assert len(told) == 1
    assert told[0].startswith("系统中断期间有3条提醒到点")
    assert all(t.serial in told[0] for t in waiting)


def test_a_single_reminder_leaves_as_it_is(station: Late) -> None:
    station.says(RESIDENT, LAMP)
    (ticket,) = station.tickets()
    (first, *_) = station.looks(_ladder_of(ticket.id))
    station.now = first.due_at + AWHILE

    told = [words for chat, words in station.later(0.3) if ticket.owner in chat]

    assert [ticket.serial in words for words in told] == [True]


def test_a_danger_whose_clock_stood_still_rings_on(station: Late) -> None:
    station.says(RESIDENT, KNIFE)
    station.now += TEN

    said = station.later(0.01)

    assert "已等10分钟没人签收" in texts_to(said, ROOM)


def _ladder_of(ticket: int) -> Any:
    return lambda db: timers.waiting(db, ticket, loop.LADDER)


def test_a_clock_that_is_fast_silences_no_group(station: Late) -> None:
    fast = timedelta(minutes=5)
    for number in range(3):
        station.late(OTHER, f"今天天气不错{number}", ago=fast)
    assert SORRY in str(station.late(RESIDENT, FIRE, ago=fast))  # it cannot know it yet

    station.now += timedelta(minutes=15)
    said = station.late(RESIDENT, KNIFE, ago=fast)
    assert [words for chat, words in said if chat == GROUP and "110" in words]
    assert SORRY not in str(said)

    station.now += timedelta(minutes=15)
    said = station.late(OTHER, "9号楼门口的路灯不亮", ago=fast + TEN)
    assert [words for chat, words in said if chat == GROUP] == []
    assert SORRY in str(said)
