"""Which grid a group belongs to (认领向导): asked in chat, answered by buttons or one sentence.

One card at a time in one person's hand: the officer of the group's owner, else the command room.
First the grid, then the officer where there are several, then 对. The answer goes into the
registry, which ``bot.domain.grouping`` lays over chats.yaml; the file always wins. Called by
``groups``; the sentences are ``group_claims``'.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import grouping
from bot.engine.group_rules import as_registered
from bot.events import ButtonKey, Clicked
from bot.lines import line_of
from bot.messages import Button, Card
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Grid, Person
from config.vocabulary import Role
from handlers import drafts, loop, opening
from storage import customer_groups as stored
from storage import outbox, timers
from storage.customer_groups import CustomerGroup
from storage.timers import Timer

GRID, OFFICER, YES, AGAIN, NOT_OURS = "cg_grid", "cg_officer", "cg_yes", "cg_again", "cg_no"
_ACTS = (GRID, OFFICER, YES, AGAIN, NOT_OURS)
ASK, PASS_ON, WELCOME = "group_ask", "group_pass_on", "group_welcome"
_MOST = 4
_WAIT = timedelta(hours=24)


# -- asking ---------------------------------------------------------------------------------------


def ask(turn: Turn, group: CustomerGroup) -> None:
    """Ask who can know it, by day, one group after the other."""
    at = loop.by_day(turn, turn.now)
    if at > turn.now:
        remember(turn, group, ASK, at)
        return
    person = _whom(turn, group)
    stored.change(turn.db, group.chat, asked_user=person.id)
    if not any(one.asked_user == person.id and one.asked_card for one in stored.asked(turn.db)):
        _show(turn, group, person)


def _whom(turn: Turn, group: CustomerGroup) -> Person:
    """The officer of the owner's first grid, or the owner who is one; else the room."""
    owner, away = turn.rules.person(group.owner), opening.away_now(turn)
    if owner is not None and owner.role is Role.OFFICER:
        there = turn.rules.stand_in(owner.id, turn.now, away)
        if there is not None:
            return there
    grid = owner.grids[0] if owner is not None and owner.grids else None
    officers = turn.rules.duty(Role.OFFICER, turn.now, grid, away) if grid else []
    return (officers or room(turn))[0]


def room(turn: Turn) -> list[Person]:
    """The command room on duty; never empty."""
    there = turn.rules.duty(Role.COMMAND_ROOM, turn.now, None, opening.away_now(turn))
    return there or list(turn.rules.people_with(Role.COMMAND_ROOM)) or list(turn.rules.people[:1])


def _show(turn: Turn, group: CustomerGroup, person: Person) -> None:
    """A new card in that person's hand."""
    task_id = f"group-{group.id}-{line_of(person.id + turn.event.key)[:8]}"
    now = {"state": stored.ASKED, "asked_user": person.id, "asked_card": task_id}
    stored.change(turn.db, group.chat, **now, asked_at=turn.now)
    turn.show_plain_card(person.id, _card(turn, group, person, task_id))
    remember(turn, group, PASS_ON, loop.by_day(turn, turn.now + _WAIT))


def show_next(turn: Turn, user: str) -> None:
    """The next group that waits for this person."""
    person = turn.rules.person(user)
    waiting = [
        one
        for one in stored.asked(turn.db)
        if one.asked_user == user and turn.rules.grid_of(one.chat) is None
    ]
    if person is not None and waiting and not any(one.asked_card for one in waiting):
        _show(turn, waiting[0], person)


def due(turn: Turn, kind: str, group: CustomerGroup) -> None:
    """Morning has come, or nobody has answered for a day: then the room is asked."""
    if turn.rules.grid_of(group.chat) is not None:
        return
    if kind == ASK and group.state == stored.NEW:
        ask(turn, group)
    elif kind == PASS_ON and group.state == stored.ASKED:
        others = [person for person in room(turn) if person.id != group.asked_user]
        asked_room = turn.rules.person(group.asked_user)
        if others and (asked_room is None or asked_room.role is not Role.COMMAND_ROOM):
            close(turn, group, turn.text("group_passed_on", group=name_of(turn, group)))
            _show(turn, group, others[0])
            show_next(turn, group.asked_user)


# -- the card -------------------------------------------------------------------------------------


def _card(turn: Turn, group: CustomerGroup, person: Person, task_id: str) -> Card:
    """What is still to be said: the grid, the officer, or 对."""
    grid = turn.rules.grid(group.grid)
    officer = turn.rules.person(group.officer)
    if grid is None:
        desc, named = turn.text("group_ask_grid"), _grid_buttons(turn, group, person)
    elif officer is None:
        desc, named = turn.text("group_ask_officer", grid=grid.name), _officer_buttons(turn, grid)
    else:
        desc = turn.text("group_ask_yes", grid=grid.name, name=officer.name)
        named = [(YES, "", "对", 1), (AGAIN, "", "重选", 3)]
    name = name_of(turn, group)
    return Card(
        task_id=task_id,
        title=turn.text("group_ask_title", group=name),
        desc=desc,
        text=turn.text("group_ask_text", group=name, count=group.residents, times=group.members),
        buttons=tuple(_button(group, *one) for one in named),
        source=turn.text("card_source"),
    )


def _grid_buttons(
    turn: Turn, group: CustomerGroup, person: Person
) -> list[tuple[str, str, str, int]]:
    grids = grouping.grids_for(turn.rules, group.name, person)[:_MOST]
    return [(GRID, g.id, _short(g.name), 1) for g in grids] + [(NOT_OURS, "", "不归我们管", 3)]


def _officer_buttons(turn: Turn, grid: Grid) -> list[tuple[str, str, str, int]]:
    people = grouping.officers_of(turn.rules, grid)[:_MOST]
    return [(OFFICER, p.id, p.name, 1) for p in people] + [(AGAIN, "", "重选", 3)]


def _short(name: str) -> str:
    """A grid's name in ten characters: its end tells it from its neighbours."""
    return name if len(name) <= 10 else f"…{name[-9:]}"


def _button(group: CustomerGroup, act: str, value: str, label: str, style: int) -> Button:
    key = ButtonKey(act, f"{group.id}.{value}", 0, group.line)
    return Button(text=label, key=key.pack(), style=style)


def name_of(turn: Turn, group: CustomerGroup) -> str:
    """The group as staff know it."""
    chat = turn.rules.chat(group.chat)
    return group.name[:20] or (chat.name if chat else turn.text("group_unnamed"))


# -- pressing -------------------------------------------------------------------------------------


def pressed(turn: Turn, event: Clicked, key: ButtonKey) -> bool:
    """True when it was a button of the wizard. Raises: Refused when the card is another's."""
    if key.act not in _ACTS:
        return False
    number, _, value = key.number.partition(".")
    group = stored.of_id(turn.db, int(number)) if number.isdecimal() else None
    person = turn.rules.person(event.by)
    mine = group is not None and (group.asked_card, group.asked_user) == (event.task_id, event.by)
    if person is None or group is None or not mine:
        raise Refused("card_unknown")
    if event.reply and event.reply.kind == "code":
        outbox.keep_code(turn.db, event.task_id, event.reply.token, event.reply.until)
    if key.act == NOT_OURS:
        ignore(turn, group, person)
    elif key.act == YES and turn.rules.grid(group.grid):
        bind(turn, group, person)
    else:
        _chosen(turn, group, person, key.act, value)
    return True


def _chosen(turn: Turn, group: CustomerGroup, person: Person, act: str, value: str) -> None:
    """Grid or officer named; the card asks for the rest."""
    grid, officer = group.grid, group.officer
    if act == GRID and (found := turn.rules.grid(value)):
        grid, officer = value, ""
        officers = grouping.officers_of(turn.rules, found)
        officer = officers[0].id if len(officers) == 1 else ""
    elif act == OFFICER and turn.rules.person(value):
        officer = value
    else:
        grid, officer = "", ""
    stored.change(turn.db, group.chat, grid=grid, officer=officer)
    asked = replace(group, grid=grid, officer=officer)
    shown = outbox.card(turn.db, group.asked_card)
    if shown is not None and shown.code:
        turn.change_card(shown, _card(turn, asked, person, group.asked_card))
    else:
        _show(turn, asked, person)


def bind(turn: Turn, group: CustomerGroup, person: Person) -> str:
    """Group, grid and officer belong together from now on; what the person is told."""
    grid, officer = turn.rules.grid(group.grid), turn.rules.person(group.officer)
    assert grid is not None  # the callers looked  # noqa: S101
    stored.change(
        turn.db,
        group.chat,
        state=stored.BOUND,
        grid=group.grid,
        officer=group.officer,
        bound_by=person.id,
        bound_at=turn.now,
    )
    stored.new_edition(turn.db, turn.event.key)
    fresh = stored.known(turn.db, group.chat, group.line, turn.now)
    turn.rules = grouping.with_one(turn.rules, as_registered(fresh))
    name = name_of(turn, group)
    values = {"group": name, "grid": grid.name, "name": officer.name if officer else grid.post}
    words = turn.text("group_bound", **values)
    close(turn, group, words)
    if officer is not None and officer.id != person.id:
        turn.tell(officer.id, turn.text("group_yours", group=name, grid=grid.name))
    drafts.first_sight(turn, group.chat)
    if group.joined:
        welcome_later(turn, group)
    show_next(turn, group.asked_user)
    return words


def ignore(turn: Turn, group: CustomerGroup, person: Person) -> str:
    """The group is not ours: nobody is asked again, nothing of it is read."""
    stored.change(
        turn.db, group.chat, state=stored.IGNORED, bound_by=person.id, bound_at=turn.now, joined=0
    )
    stored.new_edition(turn.db, turn.event.key)
    words = turn.text("group_ignored", group=name_of(turn, group))
    close(turn, group, words)
    show_next(turn, group.asked_user)
    return words


def welcome_later(turn: Turn, group: CustomerGroup) -> None:
    """One welcome for all who come within the hour, and none by night."""
    after = turn.rules.times.customer_groups.welcome_after
    remember(turn, group, WELCOME, loop.by_day(turn, turn.now + after))


def close(turn: Turn, group: CustomerGroup, words: str) -> None:
    """The wizard's card shows how it ended and has no buttons any more."""
    if not group.asked_card:
        return
    stored.change(turn.db, group.chat, asked_card="")
    shown = outbox.card(turn.db, group.asked_card)
    if shown is not None:
        name = name_of(turn, group)
        turn.change_card(shown, Card(task_id=group.asked_card, title=name, text=words))


def remember(turn: Turn, group: CustomerGroup, kind: str, at: datetime, **data: str) -> None:
    """A timer of the group."""
    timers.set_timer(
        turn.db,
        Timer(
            key=f"{turn.event.key}:{kind}:{group.id}",
            line=group.line,
            kind=kind,
            due_at=at,
            data={"group": group.id, **data},
        ),
    )
