"""Lists kept by name (常用清单): a filter of the list of tickets gets a name of its owner's.

The page hears what came of it. The same name again means the list of today; so many for one person
and no more. Called by ``paging``.
"""

from bot.door_events import Paged
from bot.messages import Text, pack
from bot.turn import Turn
from storage import saved_views
from storage.saved_views import SavedView

MOST, LONGEST = 20, 12
_PAGE = "/tickets?"


def kept(turn: Turn, event: Paged) -> None:
    """Keep the list at this address under that name."""
    turn.passive = pack(Text(text=_kept(turn, event)))


def _kept(turn: Turn, event: Paged) -> str:
    name = " ".join(event.detail.split())
    if not event.address.startswith(_PAGE):
        return turn.text("view_nothing")
    if not 0 < len(name) <= LONGEST:
        return turn.text("view_unnamed", count=LONGEST)
    own = saved_views.of(turn.db, event.by)
    same = [one.id for one in own if one.name == name]
    if len(own) - len(same) >= MOST:
        return turn.text("view_full", count=MOST)
    if same:
        saved_views.drop(turn.db, event.by, *same)
    saved_views.keep(turn.db, event.key, event.by, name, event.address, turn.now)
    return turn.text("view_kept", name=name)


def dropped(turn: Turn, event: Paged) -> None:
    """Drop the one with that number, if it is his."""
    found = [one for one in saved_views.of(turn.db, event.by) if str(one.id) == event.detail]
    turn.passive = pack(Text(text=_dropped(turn, event, found)))


def _dropped(turn: Turn, event: Paged, found: list[SavedView]) -> str:
    for one in found:
        saved_views.drop(turn.db, event.by, one.id)
        return turn.text("view_dropped", name=one.name)
    return turn.text("view_gone")
