"""Words that WeCom took and did not deliver (没送到): they go another way.

An answer of errcode 0 is no delivery; the event that takes it back comes later. Called by
``handlers.handle``.
"""

import json
from datetime import timedelta

from bot.door_events import Bounced
from bot.events import Scheduled
from bot.messages import Weight
from bot.turn import Turn
from config.faults import Later
from handlers import desk
from storage import kf

_RECEIPT_WAIT = timedelta(seconds=20)


def bounced(turn: Turn, event: Bounced) -> None:
    """It did not arrive: a named human says it; mere progress is left unsaid.

    Raises: Later, while the receipt of that message may still be on its way.
    """
    row = kf.sent_as(turn.db, event.msgid)
    if row is None:
        if turn.now < event.at + _RECEIPT_WAIT:
            raise Later(1.0, "no receipt of the bounced message yet")
        return
    kf.not_delivered(turn.db, row, event.why)
    body = json.loads(row.body)
    if body.get("weight") == Weight.PROGRESS:
        return
    aside = Scheduled(key=f"unsent:{row.key}", at=event.at, job="unsent")
    way = Turn(turn.db, turn.rules, aside, turn.now)
    desk.unsent(way, body["chat"], row.ticket_id, body["message"])
