"""What of a ticket somebody reads (字段): place, words, result, story, as far as his rights go.

``rights.may_read`` decides, here and nowhere else; a field that no row of rights.yaml gives him is
left out, and of the place he reads the building. Called by whatever shows a ticket to staff: cards,
lists, papers, the sentences of clocks and ladder (tests/handlers/test_fields.py looks for who does
not). A reader is a person, or the account of one; an account that the roster does not know reads
least.
"""

from bot import shortening
from bot.domain import clocks, outbound, rights
from bot.turn import Turn
from config.people_rules import Person
from config.rights_rules import Part
from config.rules import Rules
from config.vocabulary import Act
from handlers import closing, loop
from storage import journal
from storage.tickets import Ticket

_MOST_LINES = 12
# The reason of these rows is the inner result, or a fact that goes with it.
_INNER = frozenset({Act.RESOLVE, Act.RECHECK, Act.REWORK, Act.UNMASK})
_FACTS = tuple(f"{label}：" for label in closing.LABELS.values())
# The reason of these rows is what the reporter said.
_SAID = frozenset({Act.OPEN, Act.SUPPLEMENT, Act.REPLY, Act.MERGE, Act.REOPEN, Act.APPEAL})


Reader = Person | str


def may(turn: Turn, ticket: Ticket, reader: Reader, part: Part) -> bool:
    """True when he may read that part of it."""
    person = turn.rules.person(reader) if isinstance(reader, str) else reader
    return person is not None and rights.may_read(person, part, loop.matter_of(ticket), turn.rules)


def place(turn: Turn, ticket: Ticket, reader: Reader) -> str:
    """Where, as far as he may know; without unit, floor and room for who does not go there."""
    return loop.place_words(turn, ticket, full=may(turn, ticket, reader, Part.PLACE))


def words(turn: Turn, ticket: Ticket, reader: Reader, most: int = 24) -> str:
    """What was said, masked and short; empty for who may not read it."""
    return said(turn, ticket, reader, ticket.masked, most)


def said(turn: Turn, ticket: Ticket, reader: Reader, masked: str, most: int = 60) -> str:
    """What somebody said of it, as ``words``: the new words alone, or those of a finding."""
    if not may(turn, ticket, reader, Part.SUMMARY):
        return ""
    return shortening.short(_placed(turn, ticket, reader, shortening.one_line(masked)), most)


def quoted(turn: Turn, ticket: Ticket, reader: Reader, most: int = 24) -> str:
    """``words`` for the middle of a sentence: never empty."""
    return words(turn, ticket, reader, most) or turn.text("not_shown")


def result(turn: Turn, ticket: Ticket, reader: Reader, most: int = 60) -> str:
    """What the one who worked it wrote; empty for who may not read it."""
    if not may(turn, ticket, reader, Part.RESULT):
        return ""
    return shortening.short(_placed(turn, ticket, reader, ticket.result_internal), most)


def story(turn: Turn, ticket: Ticket, person: Person) -> list[str]:
    """The newest rows of its journal, one line each; none for who may not read them."""
    if not may(turn, ticket, person, Part.STORY):
        return []
    rows = journal.of_ticket(turn.db, ticket.id)[-_MOST_LINES:]
    return [_line(turn, ticket, person, row) for row in rows]


def _line(turn: Turn, ticket: Ticket, person: Person, row: journal.Entry) -> str:
    return turn.text(
        "ticket_detail_line",
        at=clocks.moment_words(row.at, turn.now),
        actor=_actor(turn, row.actor),
        act=Act(row.act).label,
        reason=shortening.short(reason(turn, ticket, person, row), 30),
    ).strip()


def reason(turn: Turn, ticket: Ticket, person: Person, row: journal.Entry) -> str:
    """Why one step was done, as far as he may read it."""
    inner = row.act in _INNER or row.reason.startswith(_FACTS)
    if inner and not may(turn, ticket, person, Part.RESULT):
        return ""
    if row.act in _SAID and not may(turn, ticket, person, Part.SUMMARY):
        return ""
    return _placed(turn, ticket, person, row.reason)


def _placed(turn: Turn, ticket: Ticket, reader: Reader, text: str) -> str:
    """``text``, without the room numbers in it for who may not read the place."""
    if may(turn, ticket, reader, Part.PLACE):
        return text
    return outside(turn.rules, text)


def outside(rules: Rules, text: str) -> str:
    """``text`` as somebody reads it of whom nothing is known: no room, nobody's number."""
    known = outbound.published(rules)
    return shortening.around_kept(text, lambda part: outbound.for_staff(part, known))


def _actor(turn: Turn, actor: str) -> str:
    found = {"system": "警格", "reporter": "反映人"}.get(actor)
    return found or loop.name_of(turn, actor)
