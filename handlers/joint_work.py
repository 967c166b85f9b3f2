"""What is done together, typed in: 巡防报告, 劝阻饮酒, 关爱发现, 五联.

A patrol says what it saw, a line each; every line is a ticket, and what stays of the patrol itself
is that it reported, in which grid, on which day: no track, no person. What is found on a care day
is protected from its first moment. Danger in the words goes the road of danger. Called by
``order_rows``.
"""

import re
from dataclasses import replace

from bot.domain import origins, rights
from bot.domain.clocks import ZONE
from bot.domain.commands import Command, Order
from bot.domain.reading import read
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.joint_rules import Care, Patrol
from config.people_rules import Person
from config.vocabulary import Act, Danger, Urgency
from handlers import danger, joint_figures, loop, opening, registering, rounds, ticket_finding
from storage import joint, joint_counts
from storage.joint import Kind
from storage.tickets import Ticket

_FINE = frozenset({"正常", "一切正常", "没事", "没有发现", "没发现", "平安", "一切平安", "无"})
_NUMBERED = re.compile(r"^\s*\d{1,2}\s*[、.．:：)）]\s*")
_TRAIL = " \t。.!！,，;；"
_MOST_LINES = 12
_GRAVE = ("制止", "拦下", "拦住", "夺下", "控制住")
_ABOUT = {"minors": "P19", "elders": "N08"}


# -- 3+1 巡防 --------------------------------------------------------------------------


def patrolled(turn: Turn, event: Heard, person: Person, words: str, grid: str) -> str:
    """巡防报告 …: each line a ticket, the patrol itself one more in its grid; who went is not kept.

    Raises: Refused without words.
    """
    found = [_NUMBERED.sub("", part).strip(_TRAIL) for part in re.split(r"[\n;；]", words)]
    found = [part for part in found if part][:_MOST_LINES]
    if not found:
        raise Refused("needs_words")
    patrol = _patrol_of(turn, person)
    where = grid or (patrol.grid if patrol else "")
    name = patrol.name if patrol else "巡防"
    joint.count(turn.db, f"{turn.event.key}:patrol", Kind.PATROL, where, turn.now)
    seen = [part for part in found if part not in _FINE]
    if not seen:
        return turn.text("patrol_fine_ok", name=name)
    lines = [_registered(turn, event, person, f"巡防 {part}", where) for part in seen]
    return turn.text("patrol_found_ok", name=name, count=len(lines), lines="\n".join(lines))


def _patrol_of(turn: Turn, person: Person) -> Patrol | None:
    """The patrol this person walks with, that of today first."""
    today = turn.now.astimezone(ZONE).date()
    his = [one for one in turn.rules.joint.patrols if person.id in one.everybody]
    his.sort(key=lambda one: one not in rounds.patrols_on(turn, today))
    return next(iter(his), None)


def _registered(turn: Turn, event: Heard, person: Person, words: str, grid: str) -> str:
    command = Command(Order.REGISTER, (), words)
    return registering.registered(turn, event, person, command, grid)


# -- 劝阻不文明饮酒 -------------------------------------------------------------------------


def dissuaded(turn: Turn, event: Heard, person: Person, command: Command, grid: str) -> str:
    """劝阻饮酒 地点 or 劝阻饮酒 0012: one more in the grid; without both the month so far."""
    if not command.words and not command.numbers:
        return drinking(turn)
    ticket = ticket_finding.visible(turn, person, command.numbers[0]) if command.numbers else None
    if command.numbers and ticket is None:
        raise Refused("not_found", number=command.numbers[0])
    where = ticket.grid if ticket else grid
    if not where:
        raise Refused("needs_words")
    grave = any(word in command.words for word in _GRAVE)
    key = f"drink:{ticket.id}" if ticket else f"{turn.event.key}:drink"
    number = ticket.id if ticket else 0
    joint.count(turn.db, key, Kind.DRINK, where, turn.now, ticket_id=number, grave=grave)
    month = joint_figures.month(turn.now)
    times, bad = joint_counts.tallies(turn.db, Kind.DRINK, month.span).get(where, (0, 0))
    said = turn.text("drink_ok", month=month.name, count=times, times=bad)
    view = opening.grid_view(turn.rules.grid(where))
    reading = read(command.words, event.at, view, turn.rules.reading)
    if reading.danger is Danger.NONE:
        return said
    return f"{said}\n{_registered(turn, event, person, command.words, where)}"


def drinking(turn: Turn, words: str = "") -> str:
    """How often, by grid; nobody is named."""
    month = joint_figures.month(turn.now, words)
    found = joint_counts.tallies(turn.db, Kind.DRINK, month.span)
    lines = [
        turn.text("drink_line", grid=grid.name, count=found[grid.id][0], times=found[grid.id][1])
        for grid in turn.rules.grids.grids
        if grid.id in found
    ]
    shown = "\n".join(lines) or turn.text("nothing_counted")
    return turn.text("drink_month", month=month.name, lines=shown)


# -- 关爱 ------------------------------------------------------------------------------


def care_found(turn: Turn, event: Heard, person: Person, words: str, grid: str) -> str:
    """关爱发现 …: a protected ticket, of a minor for the officer, of an old person for 民政.

    In a group nothing of it is repeated. Raises: Refused without words, or when it is not clear
    of what kind it is.
    """
    if not words:
        raise Refused("needs_words")
    care, said = _care_of(turn, person, words)
    where = grid or (care.grid if care else "")
    reading = read(said, event.at, opening.grid_view(turn.rules.grid(where)), turn.rules.reading)
    category = _ABOUT[care.about] if care else ""
    if reading.danger is not Danger.NONE or reading.category in _ABOUT.values():
        category = reading.category or category
    if not category:
        names = "、".join(dict.fromkeys(one.name for one in turn.rules.joint.care))
        raise Refused("care_which", names=names or "独居老人")
    seed = opening.seed_of(
        turn,
        reading,
        line=event.line,
        grid=where,
        chat="",
        text=said,
        voice=None,
        carrier=person.id,
        origin=origins.CARE,
        by=person.id,
    )
    urgency = min(seed.urgency, Urgency.U3)
    seed = replace(seed, category=category, protected=True, urgency=urgency)
    ticket, route = opening.open_ticket(turn, seed)
    if loop.is_danger(ticket):
        danger.alarm(turn, ticket)
    else:
        opening.show_to_staff(turn, ticket, route)
    answer = turn.text("care_found_ok", number=ticket.number, unit=ticket.unit)
    if ":" in event.chat:
        return answer
    turn.tell(person.id, answer)
    return turn.text("short_ack")


def _care_of(turn: Turn, person: Person, words: str) -> tuple[Care | None, str]:
    """The care day that is meant: the named one, today's, the only one of his grids."""
    every = turn.rules.joint.care
    for one in every:
        if one.name in words:
            return one, words.replace(one.name, "", 1).strip(_TRAIL + ":：")
    today = rounds.care_on(turn, turn.now.astimezone(ZONE).date())
    for near in (today, every):
        local = [one for one in near if one.grid in person.grids]
        if local and len({one.about for one in local}) == 1:
            return local[0], words
    return None, words


# -- 五联 ------------------------------------------------------------------------------


def tagged(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """五联 0012 隐患联排: what it is counted under from now on; without a name what it is now.

    Raises: Refused for who does not work it, and for a name that is none of the five.
    """
    rules = turn.rules.joint
    names = "、".join(tag.name for tag in rules.tags)
    if not rules.tags:
        raise Refused("tags_off")
    if not words.strip():
        now = joint.tag_of(turn.db, ticket.id) or rules.tag_of(ticket.category)
        name = next((tag.name for tag in rules.tags if tag.id == now), names)
        return turn.text("tag_shown", number=ticket.number, name=name, names=names)
    key = rights.may_act(person, Act.SUPPLEMENT, loop.matter_of(ticket), turn.rules)
    if key:
        raise Refused(key, number=ticket.number, owner_unit=ticket.unit)
    tag = rules.tag_named(words.strip())
    if tag is None:
        raise Refused("tag_unknown", names=names)
    joint.tag(turn.db, ticket.id, tag.id, person.id, turn.now)
    turn.note(ticket, Act.NOTE, by=person.id, reason=f"五联：{tag.name}")
    return turn.text("tag_set", number=ticket.number, name=tag.name)
