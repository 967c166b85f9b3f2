"""The site's rules with the strangers of a file added (重放的规则), in memory only.

A chat that chats.yaml does not know belongs to the grid its lines name; a sender whom the roster
does not know is a resident, unless her line names a role. What the site's files say always wins.
Called by ``commands.replay``.
"""

from collections.abc import Iterable
from dataclasses import replace

from commands.replay_lines import Line
from config.people_rules import Chat, Person
from config.rules import Rules
from config.vocabulary import ChatKind, Role


def widened(rules: Rules, lines: Iterable[Line]) -> Rules:
    """``rules`` plus an entry for every chat and member of staff that only ``lines`` know.

    Of several grids or roles that one stranger's lines name, the first counts.
    """
    chats: dict[str, Chat] = {}
    people: dict[str, Person] = {}
    for line in lines:
        if rules.chat(line.chat) is None:
            seen = chats.get(line.chat)
            if seen is None or seen.grid is None:
                chats[line.chat] = _chat(rules, line)
        if line.role and line.role.is_staff and rules.person(line.sender) is None:
            people.setdefault(line.sender, _person(rules, line, line.role))
    return replace(
        rules,
        chats=rules.chats.model_copy(update={"chats": (*rules.chats.chats, *chats.values())}),
        roster=rules.roster.model_copy(update={"people": (*rules.people, *people.values())}),
    )


def _chat(rules: Rules, line: Line) -> Chat:
    """A group where everything is heard, or a private chat of that grid.

    Not validated: what a log calls a chat need not look like a WeCom id.
    """
    is_group = ":" not in line.chat
    return Chat.model_construct(
        id=line.chat,
        name=line.chat,
        kind=ChatKind.INTERNAL_GROUP if is_group else ChatKind.SINGLE,
        grid=line.grid if rules.grid(line.grid) else None,
        public=is_group,
        robots=(),
        hears="all",
    )


def _person(rules: Rules, line: Line, role: Role) -> Person:
    """A member of staff, last in the roster; in a grid only where that role has grids at all."""
    group = rules.grid_of(line.chat) or rules.grid(line.grid)
    local = group is not None and any(person.grids for person in rules.people_with(role))
    return Person.model_construct(
        id=line.sender,
        name=line.sender,
        role=role,
        unit=rules.station.name,
        grids=(group.id,) if local and group else (),
        department=None,
        leader=None,
    )
