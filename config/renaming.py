"""Rules with other userids (改账号): until the clerk has written the new one into the files.

WeCom lets an administrator change a userid; the person is the same. Every place that names a
member of staff gets the new id, nothing else changes. Called by the roof.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from config.duty_rules import Stay
from config.people_rules import Leave, Person
from config.rules import Rules

_USERS = frozenset(
    {
        *("officer", "auxiliary", "leader", "workers", "mediator", "people", "contacts"),
        *("duty", "substitute", "reader", "owner", "speakers", "groups", "otherwise"),
    }
)
_PARTS = ("roster", "grids", "chats", "divert", "times", "mediation")


def renamed(rules: Rules, names: Mapping[str, str]) -> Rules:
    """The same rules, where whoever ``names`` has under an old userid carries the new one."""
    known = {person.id for person in rules.people}
    wanted = {old: new for old, new in names.items() if old in known and new not in known}
    if not wanted:
        return rules
    changed = {part: _inside(getattr(rules, part), wanted) for part in _PARTS}
    return replace(rules, **changed)


def _inside(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, BaseModel):
        update = {}
        for field in type(value).model_fields:
            held = getattr(value, field)
            is_user = field in _USERS or (
                field == "id" and isinstance(value, Person | Leave | Stay)
            )
            update[field] = _users(held, names) if is_user else _inside(held, names)
        return value.model_copy(update=update)
    if isinstance(value, tuple):
        return tuple(_inside(one, names) for one in value)
    return value


def _users(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, tuple):
        return tuple(_users(one, names) for one in value)
    if isinstance(value, dict):
        return {key: _users(one, names) for key, one in value.items()}
    return _inside(value, names)
