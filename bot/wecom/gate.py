"""The gate of a callback door (验签): who knocks, when, and whether it was answered before.

Both callback doors stand behind it. It opens the envelope, keeps stale stamps out and remembers
the last knocks that were answered, so that a replay does nothing. The durable guard is
the event's unique key in the inbox; this one only saves the work.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta

from bot.wecom.channel import Now
from bot.wecom.crypto import BadBody, BadSignature, Envelope, Stamp

WINDOW = timedelta(minutes=10)
_REMEMBERED = 4096


class Gate:
    """Checks of one callback address; ``now`` is business time, ``machine`` the machine's clock.

    Where that clock was set, business time follows slowly; a stamp may be fresh by either.
    """

    def __init__(self, envelope: Envelope, now: Now, machine: Now | None = None) -> None:
        self.envelope = envelope
        self._clocks = (now, machine or now)
        self._answered: OrderedDict[tuple[str, str], None] = OrderedDict()

    def verify(self, query: Mapping[str, str]) -> bytes:
        """Plain echo that proves to WeCom that this address is ours.

        Raises: BadSignature, BadBody.
        """
        if not query.get("echostr"):
            raise BadBody("no echostr")
        return self.open(Stamp.of(query), query["echostr"]).encode()

    def open(self, stamp: Stamp, encrypted: str) -> str:
        """The text inside, when signature and time are right. Raises: BadSignature, BadBody."""
        text = self.envelope.open(stamp, encrypted)
        if not re.fullmatch(r"[0-9]{1,12}", stamp.timestamp):
            raise BadSignature("no timestamp")
        said = int(stamp.timestamp)
        if all(abs(now().timestamp() - said) > WINDOW.total_seconds() for now in self._clocks):
            raise BadSignature("stamp outside the window of ten minutes")
        return text

    def knows(self, stamp: Stamp) -> bool:
        """Whether this very knock was answered before."""
        return (stamp.signature, stamp.nonce) in self._answered

    def remember(self, stamp: Stamp) -> None:
        """Count this knock as answered; the oldest of 4096 is forgotten."""
        self._answered[stamp.signature, stamp.nonce] = None
        if len(self._answered) > _REMEMBERED:
            self._answered.popitem(last=False)
