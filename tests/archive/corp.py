"""A corp whose talk is archived (存档的单位): says things that the stand-in library hands out.

Rows are sealed by the simulator's own writer (RSA for real). What is said here comes out of the
real ctypes adapter, or not at all.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.archive_rows import ArchiveRows

CORP, SECRET = "wwxihe00demo", "archive-secret-of-a-made-up-corp"


@dataclass
class Corp(ArchiveRows):
    """``folder`` is what the stand-in reads, ``keys`` where the bot finds the private keys."""

    account: str = f"{CORP} {SECRET}"

    def says(
        self,
        by: str,
        content: str | dict[str, Any],
        *,
        at: datetime,
        room: str = "wrKEHU0001",
        to: tuple[str, ...] = ("lin_zhiyuan",),
        kind: str = "text",
        **more: Any,
    ) -> str:
        """One message of ``by``; returns its msgid."""
        part = {"content": content} if isinstance(content, str) else content
        msgid = str(more.pop("msgid", f"m{self.seq + 1}_external"))
        body = {
            "msgid": msgid,
            "action": "recall" if kind == "revoke" else "send",
            "from": by,
            "tolist": list(to),
            "roomid": room,
            "msgtime": round(at.timestamp() * 1000),
            "msgtype": kind,
            kind: part,
        }
        self.archives({**body, **more}, msgid)
        return msgid

    def keeps_file(self, file_id: str, data: bytes, piece: int = 0) -> None:
        """A file that can be fetched, ``piece`` bytes at a time."""
        (self.folder / "media" / file_id).write_bytes(data)
        if piece:
            (self.folder / "piece").write_text(str(piece))

    def stumbles(self, name: str, what: int | str) -> None:
        """The next call goes wrong in this way."""
        self.stumble(name, what)

    def forgets_before(self, seq: int) -> None:
        """Rows up to ``seq`` are older than five days: WeCom hands them out no more."""
        rows = (self.folder / "rows").read_text().splitlines(keepends=True)
        left = [row for row in rows if int(row.split()[0]) > seq]
        (self.folder / "rows").write_text("".join(left))

    def calls(self, what: str) -> list[str]:
        """What the library was asked, oldest first."""
        file = self.folder / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.startswith(what)]
