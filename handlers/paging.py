"""What people do on the pages themselves (网页上): log in and out, see personal data, keep lists.

Everything else on a page is words or buttons as in a chat. Called by ``handle``.
"""

from bot.door_events import Deed, Paged
from bot.turn import Turn
from handlers import saved_views
from storage import tickets, web
from storage.web import Login


def paged(turn: Turn, event: Paged) -> None:
    """Write it into the book."""
    match event.deed:
        case Deed.IN:
            until = event.until or event.at
            web.begin(turn.db, Login(event.session, event.by, event.detail, event.at, until))
        case Deed.OUT | Deed.ALL_OUT:
            web.end(turn.db, event.by, turn.now, event.session)
        case Deed.LOOK:
            found = tickets.by_number(turn.db, event.ticket) if event.ticket else None
            about = found.id if found else 0
            web.note_view(turn.db, event.key, event.by, event.detail, about, event.at)
        case Deed.KEEP:
            saved_views.kept(turn, event)
        case Deed.DROP:
            saved_views.dropped(turn, event)
