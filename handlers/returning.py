"""How soon and how often a ticket may be sent back (退回的限): else somebody above decides.

A return in time goes its way (``handing``). What comes later than times.yaml's ``returns`` allows,
or a second time, waits for the command room or a leader: until then it stays where it is and its
clock runs; who is told no keeps it (首接负责). The second return of a department goes to the room
by itself (``diverting``), and what is outside WeCom has no such clock.
"""

from datetime import datetime

from bot.domain import lifecycle
from bot.domain import pauses as limits
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Role, Stage
from handlers import approving, diverting, handing, opening
from storage import journal, pauses
from storage.approvals import Approval
from storage.tickets import Ticket

_ROOM = (Role.COMMAND_ROOM, Role.LEADER)
# The acts by which a ticket comes to somebody.
_CAME = (
    Act.ASSIGN,
    Act.TRANSFER,
    Act.DIVERT,
    Act.BIG_LOOP,
    Act.BIG_LOOP_OUT,
    Act.SMALL_LOOP,
    Act.SPLIT,
)
_UNITS = {"m": "分钟", "h": "小时", "d": "天", "wd": "个工作日"}


def send_back(turn: Turn, ticket: Ticket, person: Person, words: str) -> str:
    """退回 0012 原因: the answer; late or again, it is asked for. Raises: Refused."""
    if not words.strip():
        raise Refused("needs_reason", act=Act.SEND_BACK.label, number=ticket.number)
    lifecycle.advance(ticket.stage, Act.SEND_BACK, person.role)
    diverting.must_have_another(turn, ticket, person)
    why = _why_asked(turn, ticket, person)
    if why:
        return _asked(turn, ticket, person, words, why)
    return handing.send_back(turn, ticket, person, words)


def _why_asked(turn: Turn, ticket: Ticket, person: Person) -> str:
    """The text that says why somebody else decides; empty where he may."""
    if person.role in _ROOM or ticket.stage is Stage.DIVERTED:
        return ""
    if not ticket.department and ticket.return_count >= turn.rules.times.returns.most:
        return "return_again"
    until = _until(turn, ticket)
    return "return_late" if until is not None and until < turn.now else ""


def _until(turn: Turn, ticket: Ticket) -> datetime | None:
    """Until when who has it may send it back; None while its clock stands still."""
    times = turn.rules.times
    story = journal.of_ticket(turn.db, ticket.id)
    came = [entry.at for entry in story if entry.act in _CAME]
    if not came:
        return None
    span = times.spread(times.returns.span(ticket.urgency), ticket.urgency)
    return limits.due_at(came[-1], span, times.work, pauses.of_ticket(turn.db, ticket.id))


def _asked(turn: Turn, ticket: Ticket, person: Person, words: str, why: str) -> str:
    decider = _decider(turn, ticket, person)
    # A department's lead would otherwise grant what his own people ask for.
    own = [p.id for p in turn.rules.people if p.department and p.department == ticket.department]
    data = {"not_by": own, "owner": ticket.owner}
    approving.ask(turn, ticket, Act.SEND_BACK, person, words, data, decider)
    span = turn.rules.times.returns.span(ticket.urgency)
    limit = f"{span.count}{_UNITS[span.unit]}"
    return turn.text(why, number=ticket.number, name=decider.name, limit=limit)


def _decider(turn: Turn, ticket: Ticket, person: Person) -> Person:
    """The room's desk if it may see the ticket, else as for every other wish. Raises: Refused."""
    there = turn.rules.duty(Role.COMMAND_ROOM, turn.now, None, opening.away_now(turn))
    able = (p for p in there if p.id != person.id and approving.may_decide(turn, ticket, p))
    return next(able, None) or approving.who_decides(turn, ticket, None, (person.id,))


def _granted(turn: Turn, ticket: Ticket, decider: Person, wish: Approval) -> str:
    """Raises: Refused when it has gone to somebody else meanwhile."""
    asker = turn.rules.person(wish.asked_by)
    if asker is None or ticket.owner != wish.data["owner"]:
        raise Refused("approval_over")
    return handing.send_back(turn, ticket, asker, f"{wish.reason}（{decider.name}同意）")


approving.when_granted(Act.SEND_BACK, _granted)
