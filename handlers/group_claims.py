"""What staff type about customer groups (认领口令): 认领, 不认领, 客户群.

``认领 第一网格`` means the one group that waits for this person; ``认领 桂花苑业主群 第一网格
林知远`` names all. It does the same as the wizard's card. Told in private only, called by
``report``.
"""

import re
from dataclasses import replace

from bot.domain import grouping
from bot.events import Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Grid, Person
from config.vocabulary import Role
from handlers import group_report, group_wizard
from storage import customer_groups as stored
from storage.customer_groups import CustomerGroup

_MAY = (Role.COMMAND_ROOM, Role.LEADER, Role.OFFICER)
_CLAIM = re.compile(r"(不)?认领(?:客户群|群)?(?:[\s:：]+(.*))?", re.DOTALL)
_LIST = re.compile(r"(?:客户群|群清单|居民群清单)[。！!]*")
_PARTS = re.compile(r"[\s,，、:：]+")


def ordered(turn: Turn, event: Heard, person: Person, said: str) -> bool:
    """True when it was an order about customer groups. Raises: Refused."""
    said = said.strip()
    claim = _CLAIM.fullmatch(said)
    if ":" not in event.chat or (claim is None and not _LIST.fullmatch(said)):
        return False
    if person.role not in _MAY:
        raise Refused("role_refused", who=turn.rules.station.room_name)
    if claim is None or not claim[2]:
        turn.answer(group_report.listing(turn, person))
    elif claim[1]:
        group, rest = _meant(turn, person, _PARTS.split(claim[2].strip()))
        if rest:
            raise Refused("group_unknown", said=rest[0][:20])
        turn.answer(group_wizard.ignore(turn, group, person))
    else:
        turn.answer(_claimed(turn, person, _PARTS.split(claim[2].strip())))
    return True


def _claimed(turn: Turn, person: Person, words: list[str]) -> str:
    """Bind what the words name. Raises: Refused."""
    grid, rest = _grid_in(turn, person, words)
    officer, rest = _officer_in(turn, grid, rest)
    group, rest = _meant(turn, person, rest)
    if rest:
        raise Refused("group_unknown", said=rest[0][:20])
    if grouping.file_grid(turn.rules.chat(group.chat)):
        raise Refused("group_in_file", group=group_wizard.name_of(turn, group))
    return group_wizard.bind(turn, replace(group, grid=grid.id, officer=officer.id), person)


def _grid_in(turn: Turn, person: Person, words: list[str]) -> tuple[Grid, list[str]]:
    """The grid, said last but for an officer's name; an officer's own ones only."""
    for word in reversed(words):
        grid = grouping.grid_called(turn.rules, word)
        if grid is None:
            continue
        if person.role is Role.OFFICER and grid.id not in person.grids:
            raise Refused("role_refused", who=turn.rules.station.room_name)
        return grid, [one for one in words if one is not word]
    names = "、".join(grid.name for grid in turn.rules.grids.grids)
    raise Refused("group_grid_unknown", said=words[-1][:20], what=names[:200])


def _officer_in(turn: Turn, grid: Grid, words: list[str]) -> tuple[Person, list[str]]:
    officers = grouping.officers_of(turn.rules, grid)
    for word in words:
        named = [person for person in officers if person.name == word]
        if named:
            return named[0], [one for one in words if one is not word]
    if not officers:
        raise Refused("group_grid_unknown", said=grid.name, what=grid.post)
    return officers[0], words


def _meant(turn: Turn, person: Person, words: list[str]) -> tuple[CustomerGroup, list[str]]:
    """The group that is named, else the one that waits for this person. Raises: Refused."""
    groups = stored.living(turn.db)
    for word in words:
        named = [one for one in groups if word in (one.name, one.chat, f"#{one.id}")]
        if len(named) == 1:
            return named[0], [one for one in words if one is not word]
    waiting = [one for one in stored.asked(turn.db) if turn.rules.grid_of(one.chat) is None]
    mine = [one for one in waiting if one.asked_user == person.id] or waiting
    if words or len(mine) != 1:
        raise _unclear(turn, words, mine)
    return mine[0], words


def _unclear(turn: Turn, words: list[str], waiting: list[CustomerGroup]) -> Refused:
    names = "、".join(f"{group_wizard.name_of(turn, one)}（#{one.id}）" for one in waiting[:10])
    if words:
        return Refused("group_unknown", said=words[0][:20])
    return Refused("group_which", said=names) if waiting else Refused("group_none")
