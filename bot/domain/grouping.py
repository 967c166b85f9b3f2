"""Which grid a customer group belongs to (群归哪个网格): chats.yaml first, then the registry.

``over`` lays what staff said in chat over the rules, so that everybody asks one function:
``rules.chat`` and ``rules.grid_of``. The file always wins; the registry fills in what it leaves
open. Pure; called by ``bot.engine.group_rules``, ``handlers.groups`` and the command ``groups``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from config.people_rules import Chat, Chats, Grid, Person
from config.rules import Rules
from config.vocabulary import ChatKind, Role

_CHAT_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What the registry says of one group; ``grid`` is empty while nobody has named it."""

    chat: str
    name: str = ""
    owner: str = ""
    staff: tuple[str, ...] = ()
    grid: str = ""
    officer: str = ""


class RegistryChat(Chat):
    """A group as the registry has it: ``original`` is what the file says of it, if anything."""

    original: Chat | None = None


def over(rules: Rules, registered: Sequence[Registered]) -> Rules:
    """The file's rules with the registry's groups; what was laid over before is gone."""
    told = {one.chat: one for one in registered}
    listed = [_filled(chat, told.pop(chat.id, None), rules) for chat in bare(rules).chats.chats]
    more = [chat for one in told.values() if (chat := _chat(one, rules))]
    return replace(rules, chats=Chats.model_construct(chats=(*listed, *more)))


def with_one(rules: Rules, one: Registered) -> Rules:
    """The rules as they will be when the registry says ``one``; everything else stays."""
    file = next((chat for chat in bare(rules).chats.chats if chat.id == one.chat), None)
    fresh = _chat(one, rules) if file is None else _filled(file, one, rules)
    others = tuple(chat for chat in rules.chats.chats if chat.id != one.chat)
    chats = (*others, fresh) if fresh else others
    return replace(rules, chats=Chats.model_construct(chats=chats))


def bare(rules: Rules) -> Rules:
    """The rules as the files say, without the registry."""
    if all(is_from_file(chat) for chat in rules.chats.chats):
        return rules
    originals = (
        chat.original if isinstance(chat, RegistryChat) else chat for chat in rules.chats.chats
    )
    chats = Chats.model_construct(chats=tuple(chat for chat in originals if chat))
    return replace(rules, chats=chats)


def is_from_file(chat: Chat) -> bool:
    """True when all that is known of the group stands in chats.yaml."""
    return not isinstance(chat, RegistryChat)


def file_grid(chat: Chat | None) -> str:
    """The grid that chats.yaml itself gives the group; empty when it leaves it open."""
    named = chat.original if isinstance(chat, RegistryChat) else chat
    return (named.grid or "") if named else ""


def _filled(chat: Chat, told: Registered | None, rules: Rules) -> Chat:
    """The file's group; what it leaves open the registry says."""
    if told is None or chat.kind is not ChatKind.CUSTOMER_GROUP:
        return chat
    more: dict[str, object] = {}
    if chat.grid is None and rules.grid(told.grid):
        more["grid"] = told.grid
    if chat.officer is None and rules.person(told.officer) and told.grid:
        more["officer"] = told.officer
    if chat.owner is None and not chat.speakers:
        more |= _speakers(told, rules)
    if not more:
        return chat
    return RegistryChat.model_construct(**{**dict(chat), **more, "original": chat})


def _chat(told: Registered, rules: Rules) -> Chat | None:
    if rules.grid(told.grid) is None or not _CHAT_ID.fullmatch(told.chat):
        return None
    return RegistryChat.model_validate(
        {
            "id": told.chat,
            "name": told.name[:_LONGEST_NAME] or rules.text("group_unnamed"),
            "kind": ChatKind.CUSTOMER_GROUP,
            "grid": told.grid,
            "public": True,
            "hears": "all",
            "officer": told.officer if rules.person(told.officer) else None,
            **_speakers(told, rules),
        }
    )


def _speakers(told: Registered, rules: Rules) -> dict[str, object]:
    """Colleagues of the roster in the group: the owner first, then the officer, then the rest."""
    owner = told.owner if rules.person(told.owner) else None
    there = [user for user in told.staff if rules.person(user) and user != owner]
    there.sort(key=lambda user: user != told.officer)
    return {"owner": owner, "speakers": tuple(there)} if owner or there else {}


def grids_for(rules: Rules, name: str, person: Person | None = None) -> list[Grid]:
    """Every grid, the likeliest first: named in the group's name, then those of ``person``."""
    own = person.grids if person else ()
    return sorted(rules.grids.grids, key=lambda grid: (-_named_in(grid, name), grid.id not in own))


def _named_in(grid: Grid, name: str) -> int:
    """How long the longest name of the grid is that stands in the group's name."""
    return max((len(word) for word in _names(grid) if word in name), default=0)


def _names(grid: Grid) -> Iterable[str]:
    yield grid.name
    for estate in grid.estates:
        yield estate.name
        yield from estate.aliases


def grid_called(rules: Rules, said: str) -> Grid | None:
    """The one grid that somebody can mean: its code, its name or a part, or an estate in it."""
    said = said.strip()
    for grid in rules.grids.grids:
        if said in (grid.id, *_names(grid)):
            return grid
    short = said.removesuffix("网格")
    found = [grid for grid in rules.grids.grids if len(short) > 1 and short in grid.name]
    return found[0] if len(found) == 1 else None


def officers_of(rules: Rules, grid: Grid) -> list[Person]:
    """Who can be the community officer of a group there, the grid's own officer first."""
    found = list(rules.people_with(Role.OFFICER, grid.id))
    own = rules.person(grid.officer)
    return list({p.id: p for p in ([own] if own else []) + found}.values())
