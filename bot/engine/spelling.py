"""Userids as the roster writes them (账号大小写): WeCom's know no case, some come in lower.

What a door hears of ``LIN_Zhiyuan`` is said by ``lin_zhiyuan``: same rights, same tickets, same
1:1 conversation. Residents and strangers stay as WeCom names them. Called by the listener.
"""

from dataclasses import replace

from bot.events import Clicked, Event, Heard, Joined, Ordered
from config.rules import Rules


def as_in_roster(event: Event, rules: Rules) -> Event:
    """``event`` with its person, and her own 1:1 chat, spelled as the roster spells them."""
    if not isinstance(event, Heard | Clicked | Joined | Ordered) or not event.by:
        return event
    if rules.person(event.by) is not None:
        return event
    folded = event.by.casefold()
    known = next((one.id for one in rules.people if one.id.casefold() == folded), None)
    if known is None:
        return event
    prefix, colon, whose = event.chat.partition(":")
    own = bool(colon) and whose == event.by
    return replace(event, by=known, chat=f"{prefix}:{known}" if own else event.chat)
