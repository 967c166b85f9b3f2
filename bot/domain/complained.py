"""Whom a complaint is about (被投诉的人): people with a role, by name or by the word for the role.

Never reaching that person or his team is better done once too often: whoever is meant is barred,
with everybody of the same unit. Words come from rights.yaml. Called when a ticket is opened.
"""

from bot.domain.rights import STAFF_COMPLAINT
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Role

_ABOVE = frozenset({Role.INSPECTOR, Role.SUPERVISOR})


def barred(category: str, text: str, grid: str, rules: Rules) -> tuple[str, ...]:
    """Userids for whom the ticket does not exist; empty when it is no complaint about anybody."""
    words = rules.rights.complaint_words
    if category != STAFF_COMPLAINT and not any(word in text for word in words):
        return ()
    meant = [*_named(text, rules), *_of_role(text, grid, rules)]
    found = dict.fromkeys(person.id for person in meant)
    units = {(person.unit, person.department) for person in meant}
    for person in rules.people:
        if (person.unit, person.department) in units and person.role not in _ABOVE:
            found[person.id] = None
    return tuple(found)


def _named(text: str, rules: Rules) -> list[Person]:
    """Everybody whose full name is said."""
    return [person for person in rules.people if person.name in text]


def _of_role(text: str, grid: str, rules: Rules) -> list[Person]:
    """Everybody of a role that is said, in this grid; in the station where no grid is known."""
    roles = {role for role, words in rules.rights.role_words.items() if _said(words, text)}
    there = [person for person in rules.people if person.role in roles]
    return [p for p in there if not grid or not p.grids or grid in p.grids]


def _said(words: tuple[str, ...], text: str) -> bool:
    return any(word in text for word in words)
