"""The rules in force with the registry of customer groups laid over them (群登记).

The worker looks at the registry's edition whenever it looks for work, in the same read: a group
that staff gave to a grid counts from the next event on, in every process.
"""

from bot.domain.grouping import Registered, bare, over
from config.rules import Rules
from storage import customer_groups
from storage.customer_groups import CustomerGroup
from storage.session import Db


class GroupRules:
    """Keeps what the registry says; ``over`` costs nothing while nothing changes."""

    def __init__(self) -> None:
        self._edition = ""
        self._registered: tuple[Registered, ...] = ()
        self._made: tuple[Rules, tuple[Registered, ...], Rules] | None = None

    def refresh(self, db: Db) -> None:
        """Read the registry when it has a new edition."""
        edition = customer_groups.edition(db)
        if edition != self._edition:
            self._registered = registered(db)
            self._edition = edition

    def over(self, rules: Rules) -> Rules:
        """``rules`` with the registry's groups."""
        if not self._registered:
            return bare(rules)
        made = self._made
        if made is None or made[0] is not rules or made[1] is not self._registered:
            made = (rules, self._registered, over(rules, self._registered))
            self._made = made
        return made[2]


def registered(db: Db) -> tuple[Registered, ...]:
    """What the registry says now."""
    return tuple(as_registered(group) for group in customer_groups.bound(db))


def as_registered(group: CustomerGroup) -> Registered:
    """One row as the rules see it: a grid only after it was confirmed."""
    is_bound = group.state == customer_groups.BOUND
    return Registered(
        chat=group.chat,
        name=group.name,
        owner="" if group.owner_left else group.owner,
        staff=group.staff,
        grid=group.grid if is_bound else "",
        officer=group.officer if is_bound else "",
    )
