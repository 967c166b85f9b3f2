"""The archive as the bot needs it (会话内容存档): pages of sealed rows, and the files in them.

``ArchiveSource`` is the seam: adapter A (``archive_sdk``) talks to Tencent's C library, tests
and a later adapter may do otherwise. A row comes doubly sealed: its random key under the corp's own
RSA key (``archive_keys``), its words under that random key, which only the library can open.
``bot.engine.archive`` pulls the pages; ``archive_rows`` says what stands in an opened row.
Source: https://developer.work.weixin.qq.com/document/path/91774.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.wecom.errors import Refusal, WeComFault, fault_of

PAGE = 1000
"""Most rows that one call may ask for."""


class Unreadable(Exception):
    """One row does not open or makes no sense; ``why`` is one word for the record."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRow:
    """A row as it came; nothing of it can be read without the private key of ``version``."""

    seq: int
    msgid: str
    version: int
    key: str
    body: str

    def pack(self) -> str:
        """JSON text, for a row that is set aside."""
        return json.dumps([self.seq, self.msgid, self.version, self.key, self.body])

    @classmethod
    def unpack(cls, text: str) -> "SealedRow":
        """The row that ``pack`` wrote."""
        seq, msgid, version, key, body = json.loads(text)
        return cls(seq=seq, msgid=msgid, version=version, key=key, body=body)


class ArchiveSource(Protocol):
    """Where the rows come from; every call may take seconds and never holds up the loop."""

    async def page(self, after: int, most: int) -> list[SealedRow]:
        """At most ``most`` rows with a seq above ``after``, oldest first.

        Raises: WeComFault.
        """

    async def opened(self, locked: Sequence[tuple[str, str]]) -> list[str | Unreadable]:
        """The words of each (random key, body), or why that one does not open."""

    async def media(self, file_id: str, limit_bytes: int) -> bytes:
        """The whole file, fetched piece by piece. Raises: WeComFault."""

    def close(self) -> None:
        """Let go of the library."""


def rows_of(text: str) -> list[SealedRow]:
    """The rows in a page's JSON text, oldest first; an item without a seq is left out.

    Raises: the WeComFault of its errcode; Refusal when it is no page at all.
    """
    try:
        page = json.loads(text)
    except ValueError as fault:
        raise Refusal("the archive answered something that is not JSON") from fault
    if not isinstance(page, dict):
        raise Refusal("the archive answered something that is no page")
    errcode = page.get("errcode", 0)
    if errcode:
        raise _fault(errcode, page.get("errmsg"))
    items = page.get("chatdata")
    rows = [_row(item) for item in items or [] if isinstance(item, dict)]
    return sorted((row for row in rows if row is not None), key=lambda row: row.seq)


def _fault(errcode: Any, errmsg: Any) -> WeComFault:
    return fault_of(int(errcode) if str(errcode).lstrip("-").isdigit() else -1, str(errmsg or ""))


def _row(item: dict[str, Any]) -> SealedRow | None:
    seq, version = item.get("seq"), item.get("publickey_ver")
    if not isinstance(seq, int) or isinstance(seq, bool):
        return None
    return SealedRow(
        seq=seq,
        msgid=str(item.get("msgid") or f"seq{seq}"),
        version=version if isinstance(version, int) else 0,
        key=str(item.get("encrypt_random_key") or ""),
        body=str(item.get("encrypt_chat_msg") or ""),
    )
