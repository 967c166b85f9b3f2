"""People whom we meet in a conversation of their own (会话): where they may be told something.

A WeChat customer is no member of the corp: she is remembered by the conversation she opened, and
the poster she scanned says in which grid she stands. Called by ``report`` and
``desk``.
"""

from bot.events import OVERHEARD, Heard, Joined
from bot.turn import Turn
from config.vocabulary import ChatKind
from handlers import scanning
from storage import people

_HEARS = "hear_all"
_CAN = {
    ChatKind.SINGLE: f"hear_all,{people.PUSH},cards",
    ChatKind.KF: f"hear_all,{people.PUSH},menu,window:48h,budget:5",
}


def spoke(turn: Turn, event: Heard | Joined, person_key: str) -> None:
    """Remember whose conversation this is and what may be done in it."""
    kind = ChatKind.KF if event.chat.startswith("kf:") else ChatKind.SINGLE
    can = _CAN[kind] if event.door != OVERHEARD else _HEARS
    people.spoke_in(
        turn.db,
        event.line,
        kind,
        event.door,
        event.chat,
        turn.now,
        owner=person_key,
        can=can,
    )


def entered(turn: Turn, event: Joined, person_key: str) -> None:
    """Somebody opened the conversation; the poster she came from tells her grid."""
    spoke(turn, event, person_key)
    scanning.entered(turn, event)
    grid = turn.rules.grid(event.scene.split(".")[0]) if event.scene else None
    if grid is not None:
        people.lives_in(turn.db, person_key, grid.id)
