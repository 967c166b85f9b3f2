"""来源: how many matters came by which way in thirty days, and how many of them came again.

For the room and the leaders; sums without names, a share only with its n, and a line that says
what was counted. Called by ``orders``.
"""

from datetime import timedelta

from bot.domain.origins import LABELS
from bot.domain.proportions import Proportion
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Role
from storage import effects, origins

_SPAN = timedelta(days=30)
_LEAST = 10  # below this a share says nothing (field practice: no % under a base of ten)
_MAY = (Role.COMMAND_ROOM, Role.LEADER, Role.ANALYST)


def asked(turn: Turn, person: Person) -> str:
    """The answer to 来源. Raises: Refused for everybody else."""
    if person.role not in _MAY:
        raise Refused("role_refused", who=turn.rules.station.room_name)
    since = turn.now - _SPAN
    lines = [_line(turn, one) for one in origins.sums(turn.db, since)]
    held, checked = effects.held(turn.db, 30, since)
    head = turn.text("origins_head", days=_SPAN.days)
    effect = turn.text("origins_effect", share=_share(held, checked))
    return "\n".join([head, *(lines or [turn.text("origins_none")]), effect])


def _line(turn: Turn, one: origins.Sum) -> str:
    return turn.text(
        "origins_line",
        what=LABELS.get(one.origin, LABELS["filed"]),
        count=one.opened,
        done=_share(one.closed, one.opened),
        satisfied=_share(one.satisfied, one.rated),
        share=_share(one.repeats, one.opened),
    )


def _share(hits: int, n: int) -> str:
    return Proportion(hits, n).words if n >= _LEAST else f"{hits}/{n}"
