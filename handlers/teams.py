"""What a team's own group hears (工作群): words that call by @, through the group's webhook.

Never a public group, never anything protected: a danger and whom it calls, who has it, and every
working morning a table of what each unit has in hand. Chasing stays private. Where a site has no
webhook nothing is said.
"""

from datetime import datetime, time

from bot.domain import clocks
from bot.turn import Turn
from config.people_rules import Chat, Person
from config.vocabulary import Danger, GroupSpeech, Role
from config.workdays import is_workday
from handlers import loop, opening
from storage import workload
from storage.tickets import Ticket

_BOARD = (
    *(Role.COMMAND_ROOM, Role.LEADER, Role.OFFICER, Role.AUXILIARY),
    *(Role.GRID_LEADER, Role.GRID_WORKER, Role.MEDIATOR),
)
TABLE_AT = "40 8 * * *"


def rung(turn: Turn, ticket: Ticket, people: list[Person]) -> None:
    """A danger is rung for the first time: the team hears where, and who is called."""
    if not people or not _may_hear(turn, ticket):
        return
    text = turn.text(
        "team_danger",
        number=ticket.number,
        category=loop.matter_name(turn, ticket),
        place=loop.place_words(turn, ticket, full=False),
        name=people[0].name,
    )
    turn.tell_team(ticket.grid, text, tuple(p.id for p in people), danger=True)


def taken(turn: Turn, ticket: Ticket, person: Person) -> None:
    """Somebody signed."""
    if _may_hear(turn, ticket):
        text = turn.text("team_taken", number=ticket.number, name=person.name)
        turn.tell_team(ticket.grid, text, danger=True)


def false_alarm(turn: Turn, ticket: Ticket) -> None:
    """It was none."""
    if _may_hear(turn, ticket):
        text = turn.text("team_false_alarm", number=ticket.number)
        turn.tell_team(ticket.grid, text, danger=True)


def _may_hear(turn: Turn, ticket: Ticket) -> bool:
    found = turn.rules.danger_class(ticket.danger_class)
    if ticket.protected or ticket.danger is not Danger.CONFIRMED:
        return False
    if found is None:
        return True
    open_to_all = found.group_speech is not GroupSpeech.NONE and not found.protected
    return open_to_all and found.rings_chain


def gather(turn: Turn) -> None:
    """The groups that the app makes itself hold who belongs to them today."""
    for group in turn.rules.chats.chats:
        if group.appchat:
            data = {"name": group.name, "users": _team(turn, group)}
            turn.errand("appchat", group.id, "team", None, data)


def _team(turn: Turn, group: Chat) -> list[str]:
    """A grid's own people; without a grid police, command room and grid staff, first the room."""
    away = set(opening.away_now(turn))
    found = turn.rules.grid(group.grid) if group.grid else None
    if found is not None:
        return [user for user in found.team if user not in away]
    first = [p for p in turn.rules.people if p.role in _BOARD[:2]]
    rest = [p for p in turn.rules.people if p.role in _BOARD[2:]]
    return [person.id for person in (*first, *rest) if person.id not in away]


def table(turn: Turn) -> None:
    """The table of the morning, for every team with work in hand; none on free days."""
    if not is_workday(turn.now.astimezone(clocks.ZONE).date(), turn.rules.times.work):
        return
    for group in turn.teams():
        loads = workload.by_unit(turn.db, turn.now, _evening(turn.now), group.grid or "")
        if loads:
            head = tuple(turn.text("team_table_columns").split("｜"))
            rows = [(one.unit, str(one.open), str(one.today), str(one.late)) for one in loads]
            text = turn.text("team_table_head", count=sum(one.open for one in loads))
            turn.post(group, text, table=(head, *rows))


def _evening(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(clocks.ZONE).date(), time.max, clocks.ZONE)
