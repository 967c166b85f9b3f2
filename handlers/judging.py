"""待判: what the readers were not sure of is shown to a person, who judges it by one tap.

Only what a resident said in a registered group and what opened nothing; no danger, nothing of
protected matters, never who spoke. By day one card an hour for each group, at most ten a day to
one person; at night it stands on the page alone. 是报事 opens a ticket and keeps the pair to learn
from, as 开单 does. Called by ``report``, ``desk``, ``order_rows`` and ``routine``.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby

from bot import shortening
from bot.domain import clocks, rights
from bot.domain.moves import Move
from bot.events import ButtonKey, Clicked
from bot.messages import Button, Card
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.rights_rules import Page
from config.vocabulary import Danger, Role
from handlers import correcting, judged_figures, loop, opening
from handlers.intake import Hearing
from storage import hard_ones, outbox
from storage.hard_ones import NO, YES, HardOne

JOB, AT = "hard", "5 8-21 * * *"
MOST_A_DAY = 10
_YES_BUTTON, _NO_BUTTON = "hard_yes", "hard_no"
_UNSURE, _LONGEST, _MOST = 0.7, 500, 200  # docs/decisions.md says why 0.7
_LATELY = timedelta(hours=24)
_WORDS = re.compile(r"^\s*(\d{1,9})\s*(不是|是)\s*(.*)$")


def noticed(turn: Turn, hearing: Hearing, move: Move, ticket: int) -> None:
    """Keep it when the readers were not sure that it is no report."""
    reading, group = hearing.reading, turn.rules.chat(hearing.event.chat)
    if ticket or move is not Move.CHAT or reading.chance < _UNSURE or group is None:
        return
    if hearing.person is not None or group.shadow or not turn.rules.times.talk_kept:
        return
    codes = [one.code for one in reading.candidates[:2]]
    if reading.danger is not Danger.NONE or correcting.never_learnt(turn).intersection(codes):
        return
    one = HardOne(
        chat=hearing.event.chat,
        grid=hearing.grid,
        at=turn.now,
        guess=codes[0] if codes else "",
        rules_version=turn.rules.version,
        masked=reading.masked[:_LONGEST],
    )
    hard_ones.keep(turn.db, hearing.event.key, one)


# -- shown ------------------------------------------------------------------------------------


def hourly(turn: Turn) -> None:
    """One card for each group of which something waits; none at night."""
    if turn.rules.times.is_night(turn.now):
        return
    found = hard_ones.unshown(turn.db, turn.now - _LATELY, _MOST)
    for chat, ones in groupby(sorted(found, key=lambda one: (one.chat, one.id)), _chat):
        _show(turn, chat, list(ones))


def _chat(one: HardOne) -> str:
    return one.chat


def _show(turn: Turn, chat: str, ones: list[HardOne]) -> None:
    judge = _judge(turn, ones[0].grid)
    if judge is None:
        return
    card = f"hard-{turn.now:%Y%m%d%H}-{ones[0].id}"
    hard_ones.shown(turn.db, [one.id for one in ones], card, judge.id, turn.now)
    turn.show_plain_card(judge.id, _card(turn, ones, card))


def _judge(turn: Turn, grid: str) -> Person | None:
    """The officer on duty there who may open the page and has room today."""
    local = turn.now.astimezone(clocks.ZONE)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    able = turn.rules.duty(Role.OFFICER, turn.now, grid or None, opening.away_now(turn))
    return next(
        (
            one
            for one in able
            if may_judge(turn, one) and hard_ones.cards_of(turn.db, one.id, midnight) < MOST_A_DAY
        ),
        None,
    )


def _card(turn: Turn, ones: list[HardOne], task_id: str) -> Card:
    one, group = ones[0], turn.rules.chat(ones[0].chat)
    title = turn.text("judge_title", group=group.name if group else "群里", count=len(ones))
    return Card(
        task_id=task_id,
        title=title,
        desc=turn.text("judge_guess", category=loop.category_name(turn, one.guess or "N15")),
        text=shortening.short(shortening.one_line(one.masked), 150),
        buttons=(
            _button(turn, one, _YES_BUTTON, "是报事", 1),
            _button(turn, one, _NO_BUTTON, "不是", 2),
        ),
        source=turn.text("card_source"),
    )


def _button(turn: Turn, one: HardOne, act: str, label: str, style: int) -> Button:
    return Button(
        text=label, key=ButtonKey(act, str(one.id), 0, turn.event.line).pack(), style=style
    )


# -- judged -----------------------------------------------------------------------------------


def may_judge(turn: Turn, person: Person) -> bool:
    """True for who may open the page."""
    return rights.may_open(person, Page.HARD, turn.rules)


def reach(turn: Turn, person: Person) -> tuple[str, ...] | None:
    """The grids whose messages this person judges; None for all."""
    officer = rights.wearing(person, (Role.OFFICER,))
    wide = rights.wearing(person, (Role.COMMAND_ROOM, Role.LEADER, Role.ANALYST))
    return None if wide or officer is None else rights.grids_of(officer, turn.rules)


def pressed(turn: Turn, event: Clicked, key: ButtonKey) -> bool:
    """True when it was 是报事 or 不是; the card turns to the next one."""
    if key.act not in (_YES_BUTTON, _NO_BUTTON):
        return False
    shown, person = outbox.card(turn.db, event.task_id), turn.rules.person(event.by)
    if shown is None or shown.user != event.by or person is None or not key.number.isdecimal():
        raise Refused("card_unknown")
    said = _judged(turn, person, int(key.number), is_report=key.act == _YES_BUTTON, category="")
    _turn_card(turn, event)
    turn.tell(event.by, said)
    return True


def _turn_card(turn: Turn, event: Clicked) -> None:
    if event.reply is None or event.reply.kind != "code":
        return
    outbox.keep_code(turn.db, event.task_id, event.reply.token, event.reply.until)
    fresh, rest = outbox.card(turn.db, event.task_id), hard_ones.of_card(turn.db, event.task_id)
    if fresh is not None:
        done = Card(task_id=event.task_id, title=turn.text("judge_done"))
        turn.change_card(fresh, _card(turn, rest, event.task_id) if rest else done)


def ordered(turn: Turn, person: Person, words: str) -> str:
    """待判 12 是 市政设施, 待判 12 不是: the answer. Raises: Refused."""
    if not may_judge(turn, person):
        raise Refused("judge_refused")
    found = _WORDS.match(words)
    if found is None:
        raise Refused("judge_how")
    return _judged(turn, person, int(found[1]), is_report=found[2] == "是", category=found[3])


def _judged(turn: Turn, person: Person, number: int, *, is_report: bool, category: str) -> str:
    one, grids = hard_ones.get(turn.db, number), reach(turn, person)
    if one is None or one.verdict or not may_judge(turn, person):
        raise Refused("judge_gone", number=number)
    if grids is not None and one.grid not in grids:
        raise Refused("judge_gone", number=number)
    hard_ones.judged(turn.db, number, YES if is_report else NO, person.id, turn.now)
    named = correcting.named_code(turn, category) if is_report else ""
    judged_figures.keep(turn, one, is_report=is_report, category=named)
    if not is_report:
        return turn.text("judge_no_ok", number=number)
    return correcting.opened_by_hand(turn, one.masked, category or one.guess, person, one.grid)


def listed(ones: Iterable[HardOne], turn: Turn) -> list[tuple[str, list[HardOne]]]:
    """By group, in the order in which they came."""
    groups: dict[str, list[HardOne]] = {}
    for one in ones:
        group = turn.rules.chat(one.chat)
        groups.setdefault(group.name if group else "没登记的群", []).append(one)
    return list(groups.items())
