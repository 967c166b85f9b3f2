"""The archive's callback (存档通知): WeCom rings when something is new, and says no more.

The event ``msgaudit_notify`` comes at most every 15 seconds, may be lost, and carries no content;
the loop polls anyway. It knocks at an address of its own when the console gives the archive one
(``/wecom/archive``), else at the app's; ``App.hooks`` takes it there.
Source: https://developer.work.weixin.qq.com/document/path/95039.
"""

from collections.abc import Callable, Mapping

from bot.wecom.channel import Now
from bot.wecom.crypto import Envelope, Stamp, encrypted_of_xml, read_xml
from bot.wecom.gate import Gate

NOTIFY = "msgaudit_notify"


class ArchiveBell:
    """A callback door that only rings."""

    def __init__(
        self,
        envelope: Envelope,
        wake: Callable[[], None],
        now: Now,
        machine: Now | None = None,
    ) -> None:
        self._gate = Gate(envelope, now, machine)
        self._wake = wake

    def verify(self, query: Mapping[str, str]) -> bytes:
        """The echo for the address check. Raises: BadSignature, BadBody."""
        return self._gate.verify(query)

    async def receive(self, query: Mapping[str, str], body: bytes) -> bytes:
        """An empty response; a ring, when it was one. Raises: BadSignature, BadBody."""
        letter = read_xml(self._gate.open(Stamp.of(query), encrypted_of_xml(body)))
        if str(letter.get("Event", "")).lower() == NOTIFY:
            self._wake()
        return b""
