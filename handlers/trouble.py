"""What only the administrator can mend (故障告知): said once a day for each cause, never more.

A door that is refused would otherwise tell it with every message. What was told stands in the
small facts of the database, so that restarts and several processes tell it once, too.
"""

from bot.events import Learned
from bot.turn import Turn
from config.vocabulary import Role
from handlers import loop
from storage import facts

_TEXTS = {
    "ip": "operator_ip",
    "hook": "operator_hook",
    "inactive_alert": "operator_inactive",
    "low_active_alert": "operator_inactive",
    "close_inactive_agent": "operator_closed",
}


def learned(turn: Turn, event: Learned) -> None:
    """Tell the trouble that a door met; kinds nobody can act on are left to the log."""
    key = _TEXTS.get(str(event.data["kind"]))
    if key is not None:
        detail = str(event.data.get("detail", ""))
        tell(turn, key, f"{event.data['kind']}:{detail}", why=detail)


def tell(turn: Turn, key: str, cause: str, **values: object) -> None:
    """Tell every administrator ``key``, the first time today that ``cause`` shows itself."""
    if facts.once(turn.db, f"trouble:{key}:{cause}"[:200], loop.local_day(turn.now)):
        for person in turn.rules.people_with(Role.ADMIN):
            turn.tell(person.id, turn.text(key, **values))
