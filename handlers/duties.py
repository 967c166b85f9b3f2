"""Busy, away, standing in (忙、请假、顶班): what staff say of themselves in chat.

Routing and ringing ask for it through ``opening.away_now`` and ``opening.stand_ins``.
"""

from datetime import datetime, timedelta

from bot.domain import clocks, commands
from bot.domain.commands import Command, Order
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Role
from handlers import opening
from storage.duties import Duty, end_duties, set_duty


def duty(turn: Turn, person: Person, command: Command) -> str:
    """忙 2小时 · 请假 (today, or 3天) · 顶班 某某: new tasks go to whoever stands in."""
    minutes = commands.minutes_of(command.words)
    if command.what is Order.BUSY:
        until = turn.now + timedelta(minutes=minutes or 120)
        set_duty(turn.db, Duty(person.id, "busy"), turn.now, until)
        name = _instead(turn, person)
        return turn.text("busy_ok", until=clocks.moment_words(until, turn.now), name=name)
    if command.what is Order.LEAVE:
        until = _day_end(turn) + timedelta(minutes=max(0, (minutes or 1440) - 1440))
        set_duty(turn.db, Duty(person.id, "leave"), turn.now, until)
        begins = clocks.moment_words(turn.now, turn.now)
        ends = clocks.moment_words(until, turn.now)
        return turn.text("leave_ok", **{"from": begins}, to=ends, name=_instead(turn, person))
    return _stand_in(turn, person, command.words)


def _stand_in(turn: Turn, person: Person, words: str) -> str:
    """顶班: for the one named until midnight; without a name the person is back himself."""
    end_duties(turn.db, person.id, ("busy", "leave"), turn.now)
    if not words:
        return turn.text("back_ok")
    named = turn.rules.named(words.split()[0])
    if len(named) != 1 or named[0].role.is_police != person.role.is_police:
        raise Refused("needs_person", said=words[:12], number="0012")
    until = _day_end(turn)
    set_duty(turn.db, Duty(person.id, "stand_in", named[0].id), turn.now, until)
    ends = clocks.moment_words(until, turn.now)
    return turn.text("duty_taken_ok", until=ends, name=named[0].name)


def _day_end(turn: Turn) -> datetime:
    local = turn.now.astimezone(clocks.ZONE)
    return local.replace(hour=23, minute=59, second=0, microsecond=0)


def instead_of(turn: Turn, person: Person) -> list[Person]:
    """Who is asked while this person is away, first to be asked first; his leader at last."""
    grid = person.grids[0] if person.grids else None
    away = {*opening.away_now(turn), person.id}
    there = turn.rules.duty(person.role, turn.now, grid, away)
    there = there or turn.rules.duty(Role.AUXILIARY, turn.now, grid, away)
    leader = turn.rules.unit_leader(person)
    return [*there, leader] if leader else there


def _instead(turn: Turn, person: Person) -> str:
    found = instead_of(turn, person)
    return found[0].name if found else turn.rules.station.room_name
