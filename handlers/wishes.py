"""What residents may ask of the bot itself (我的数据、撤回、催一下), and one safe question.

Withdrawing never closes a danger or a protected ticket: the phone may be in the wrong hands, so
the answer says nothing of what goes on. What is done already is not undone by it: it is noted.
"""

from datetime import timedelta

from bot.domain import lifecycle
from bot.domain.commands import Wish, wish_of
from bot.domain.lifecycle import REPORTER
from bot.events import Heard
from bot.turn import Turn
from config.vocabulary import Act, ClosingCode, Danger, Stage
from handlers import cards, hers, loop, questions, refusing, talk, voices, wishes_data
from storage import people, tickets
from storage.people import Ask
from storage.tickets import Ticket

CAN_TYPE = "can_type"
_SINCE, _LATELY = timedelta(days=365), timedelta(days=30)
_MOST_LINES = 8
_CAN_TYPE_LIFE = timedelta(hours=12)


def granted(turn: Turn, event: Heard, person_key: str, said: str) -> bool:
    """True when the words were a wish of this kind, or the answer 1 / 2 to the safe question."""
    if ":" in event.chat and _can_type(turn, person_key, said):
        return True
    if voices.is_bare(event) and turn.reading is not None:
        voices.to_an_ear(turn, event, turn.reading, person_key)
        return True
    if questions.turned_into_report(turn, event, person_key, said):
        return True
    if refusing.appealed(turn, event, person_key, said):
        return True
    found = wish_of(said)
    if found is None:
        return False
    wish, numbers = found
    if wish is Wish.PROGRESS:
        return _progress(turn, event, person_key)
    reported = tickets.of_reporter(turn.db, person_key, turn.now - _SINCE)
    mine = [t for t in reported if hers.may_be_shown(turn, t, person_key)]
    match wish:
        case Wish.WITHDRAW:
            _withdraw(turn, event, mine, numbers)
        case Wish.CHASE:
            _chase(turn, event, mine, numbers)
        case Wish.LOOK:
            _look(turn, event, mine, numbers)
        case _:
            _private(turn, event, wishes_data.answer(turn, wish, mine, person_key))
    return True


def ask_can_type(turn: Turn, ticket: Ticket, user: str) -> None:
    """Remember that 1 (can type) or 2 (cannot) may come from this person."""
    people.ask(
        turn.db,
        Ask(
            key=f"{turn.event.key}:{CAN_TYPE}",
            kind=CAN_TYPE,
            person_key=turn.person_key(user),
            ticket_id=ticket.id,
            asked_at=turn.now,
            until=turn.now + _CAN_TYPE_LIFE,
        ),
    )


def _can_type(turn: Turn, person_key: str, said: str) -> bool:
    asks = people.open_asks(turn.db, person_key, turn.now)
    ask = next((a for a in asks if a.kind == CAN_TYPE), None)
    if ask is None or said.strip() not in ("1", "2"):
        return False
    people.answered(turn.db, ask.id, turn.now)
    ticket = tickets.get(turn.db, ask.ticket_id)
    can = said.strip() == "1"
    turn.note(ticket, Act.REPLY, by="reporter", reason="方便打字" if can else "不方便打字")
    if ticket.owner:
        key = "can_type_staff" if can else "cannot_type_staff"
        turn.tell(ticket.owner, turn.text(key, number=ticket.number), danger=True, ticket=ticket.id)
    turn.answer(turn.text("can_type_asked" if can else "short_ack"), danger=True)
    return True


def _private(turn: Turn, event: Heard, words: str) -> None:
    """Say it in private; a mention in a group gets its finished word there."""
    if ":" in event.chat:
        turn.answer(words)
    else:
        turn.answer(turn.text("status_group"), quiet_quote=True)
        turn.tell(event.by, words)


def status(turn: Turn, event: Heard, ticket: Ticket, person_key: str) -> None:
    """How far it is, for whoever may be told here."""
    if hers.may_be_shown(turn, ticket, person_key):
        talk.status(turn, event, ticket)
    else:
        _private(turn, event, turn.text("status_none_private"))


def _progress(turn: Turn, event: Heard, person_key: str) -> bool:
    """A line for each of her open matters; one alone is told of as always."""
    found = hers.of_person(turn, person_key, _LATELY)
    mine = [t for t in found if t.is_open and hers.may_be_shown(turn, t, person_key)]
    if len(mine) < 2:
        return False
    lines = (_progress_line(turn, ticket) for ticket in mine[:_MOST_LINES])
    head = turn.text("progress_head", count=len(mine))
    _private(turn, event, "\n".join([head, *lines]))
    return True


def _progress_line(turn: Turn, ticket: Ticket) -> str:
    is_running = ticket.is_open and ticket.stage is not Stage.EVALUATION
    return turn.text(
        "progress_line" if is_running else "ended_line",
        number=ticket.number,
        summary=turn.text("progress_hidden") if ticket.protected else loop.summary(ticket, 16),
        stage_plain=turn.text(f"plain_{ticket.stage}"),
        unit=ticket.unit,
        due=loop.promise_words(turn, ticket),
    )


def _look(turn: Turn, event: Heard, mine: list[Ticket], numbers: tuple[str, ...]) -> None:
    """查 0012: how far hers is; nobody is urged, and of other people's matters nothing is said."""
    found = _named(mine, numbers) if numbers else [t for t in mine if t.is_open]
    if not found:
        is_group = ":" not in event.chat
        turn.answer(turn.text("status_none_group" if is_group else "status_none_private"))
        return
    _private(turn, event, "\n".join(_progress_line(turn, one) for one in found[:_MOST_LINES]))


def _named(mine: list[Ticket], numbers: tuple[str, ...]) -> list[Ticket]:
    """Those of hers that the numbers name (all without a number); of a serial the newest."""
    found = {n: next((t for t in mine if n in (t.number, t.serial)), None) for n in numbers}
    return [t for t in found.values() if t is not None] if numbers else mine


def _chase(turn: Turn, event: Heard, mine: list[Ticket], numbers: tuple[str, ...]) -> None:
    open_ones = [t for t in _named(mine, numbers) if t.is_open]
    if open_ones:
        talk.status(turn, event, open_ones[0])
    else:
        _private(turn, event, turn.text("status_none_private"))


def _withdraw(turn: Turn, event: Heard, mine: list[Ticket], numbers: tuple[str, ...]) -> None:
    open_ones = [t for t in mine if t.is_open]
    named = [t for t in open_ones if not numbers or t.number in numbers or t.serial in numbers]
    if len(named) != 1:
        _private(turn, event, turn.text("status_none_private"))
        return
    ticket = named[0]
    if ticket.protected or ticket.danger is not Danger.NONE:
        turn.note(ticket, Act.SUPPLEMENT, by="reporter", reason="反映人想撤回")
        _private(turn, event, turn.text("short_ack"))
        return
    if not lifecycle.may(ticket.stage, Act.VOID, REPORTER):
        turn.note(ticket, Act.SUPPLEMENT, by="reporter", reason="办完以后反映人想撤回")
        _private(turn, event, turn.text("withdraw_done", number=ticket.number))
        return
    saved = loop.step(
        turn,
        ticket,
        Act.VOID,
        REPORTER,
        by="reporter",
        reason="反映人撤回",
        closing_code=ClosingCode.WITHDRAWN,
        closed_at=turn.now,
    )
    turn.clear_timers(saved)
    cards.refresh(turn, saved, greyed="反映人已撤回")
    if saved.owner:
        turn.tell(saved.owner, turn.text("withdrawn_staff", number=saved.number), ticket=saved.id)
    _private(turn, event, turn.text("withdrawn_private", number=saved.number))
