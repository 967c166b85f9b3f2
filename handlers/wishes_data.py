"""我的数据 and its withdrawal (删掉我的信息): what is stored, what law keeps, what may go now.

Ended, unprotected matters lose her account, words and door at once; what is still worked, grave or
under legal hold stays its time, and the answer says so in words that hold for everybody, so that
they betray nothing. Called by ``wishes``.
"""

from bot.domain import lifecycle
from bot.domain.commands import Wish
from bot.turn import Turn
from config.vocabulary import Act, ClosingCode
from handlers import cards, loop
from storage import forms, mediations, retention, tickets
from storage.tickets import Ticket

_YEAR = 365


def answer(turn: Turn, wish: Wish, mine: list[Ticket], person_key: str) -> str:
    """What she hears; ``mine`` are the matters that may be shown to this account."""
    if wish is Wish.UNREGISTER:
        return _unregistered(turn, mine)
    if wish is Wish.ERASE:
        return _asked(turn, person_key)
    return _erased(turn, person_key) if wish is Wish.ERASE_NOW else _shown(turn, mine)


def _shown(turn: Turn, mine: list[Ticket]) -> str:
    """What is stored of her, and how she takes it back."""
    kept, ids = turn.rules.retention, [t.id for t in mine]
    return turn.text(
        "my_data",
        count=len(mine),
        numbers="、".join(t.number for t in mine[:10]) or "无",
        registered=len(forms.kept_with(turn.db, ids)),
        mediated=sum(1 for one in ids if mediations.of_ticket(turn.db, one)),
        talk_days=turn.rules.times.talk_kept.days,
        reporter_days=kept.reporter.days,
        closed_years=round(kept.closed.days / _YEAR),
        grave_years=round(kept.grave.days / _YEAR),
    )


def _asked(turn: Turn, person_key: str) -> str:
    """What would go; nothing goes yet."""
    return turn.text("erase_asked", count=len(retention.of_person(turn.db, person_key)))


def _erased(turn: Turn, person_key: str) -> str:
    """Her name goes from what has ended, and what opened no ticket goes as a whole."""
    ids = retention.of_person(turn.db, person_key)
    gone = retention.anonymise(turn.db, ids, turn.now)
    gone += retention.forget_words_of(turn.db, person_key)
    retention.record(turn.db, "wish", gone, turn.now)
    for one in ids:
        turn.note(tickets.get(turn.db, one), Act.NOTE, by="reporter", reason="反映人要求抹去信息")
    return turn.text("erased", count=len(ids))


def _unregistered(turn: Turn, mine: list[Ticket]) -> str:
    """What she registered with her consent goes at once, and with it the matter itself."""
    gone = forms.forget_of(turn.db, [t.id for t in mine], turn.now)
    for ticket in (t for t in mine if t.id in gone):
        _taken_back(turn, ticket)
    return turn.text("unregistered" if gone else "unregistered_none", count=len(gone))


def _taken_back(turn: Turn, ticket: Ticket) -> None:
    reason = "反映人撤回登记，内容已删"
    if not lifecycle.may(ticket.stage, Act.VOID, lifecycle.REPORTER):
        turn.note(ticket, Act.NOTE, by="reporter", reason=reason)
        return
    saved = loop.step(
        turn,
        ticket,
        Act.VOID,
        lifecycle.REPORTER,
        by="reporter",
        reason=reason,
        closing_code=ClosingCode.WITHDRAWN,
        closed_at=turn.now,
    )
    turn.clear_timers(saved)
    cards.refresh(turn, saved, greyed="反映人已撤回")
    if saved.owner:
        turn.tell(saved.owner, turn.text("withdrawn_staff", number=saved.number), ticket=saved.id)
