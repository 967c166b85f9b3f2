"""What only doors can tell (门里得知): no person spoke to the bot, no clock rang.

A message that came back, words taken back, a fault, a report filed by another system, an order of
政民沟通, how a phone call ended, a group with residents that changed. ``bot.events`` names them
all together; doors make them.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.lines import line_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounced:
    """WeCom had taken words of ours and says now that they did not arrive; ``why`` in short."""

    key: str
    at: datetime
    chat: str
    msgid: str
    why: str = ""

    @property
    def line(self) -> str:
        """Order key of the conversation."""
        return line_of(self.chat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """Somebody took back what was said in event ``of`` (撤回)."""

    key: str
    at: datetime
    chat: str
    by: str
    door: str
    of: str

    @property
    def line(self) -> str:
        """Order key of the conversation: it comes after what it takes back."""
        return line_of(self.chat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarmed:
    """A door found something that the operator must know; ``text`` names the sentence."""

    key: str
    at: datetime
    door: str
    text: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """Alarms of one door share a line."""
        return line_of(f"alarm:{self.door}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Another system filed a report, or added to one: no conversation, nobody to answer.

    ``request`` is the report's public id, ``adds`` tells that this is a further word on it.
    ``category`` is the sender's choice, empty when the reader is to find it. ``notes`` go on the
    ticket's story; ``contact`` is kept sealed with the original words and shown nowhere else.
    """

    key: str
    at: datetime
    client: str
    request: str
    text: str
    address: str = ""
    category: str = ""
    notes: tuple[str, ...] = ()
    contact: str = ""
    adds: bool = False

    @property
    def line(self) -> str:
        """Order key: what is added to a report comes after it."""
        return line_of(f"filed:{self.request}")

    @property
    def words(self) -> str:
        """What is read: where, then what."""
        if not self.address or self.address in self.text:
            return self.text
        return f"{self.address}，{self.text}"

    @property
    def original(self) -> str:
        """All that came, for the sealed original."""
        return f"{self.words}\n{self.contact}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """A door learned what nobody said: how a call ended, that a member left, what was renamed.

    ``what`` names it: ``call`` · ``staff`` · ``roster``; ``data`` is plain JSON. A fault that
    only the administrator can mend is ``Alarmed``.
    """

    key: str
    at: datetime
    line: str
    what: str
    ticket: int = 0
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSeen:
    """An order of 政民沟通 as it stood at a poll; ``kind`` is ``resident`` or ``patrol``.

    Nobody speaks to the bot in it, so it is no ``Heard``: its words are never a command, and there
    is nobody to answer. ``data`` is what ``bot.wecom.orders_wire`` makes of it.
    """

    key: str
    at: datetime
    kind: str
    order: str
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def line(self) -> str:
        """Order key: states of one order are handled one after the other."""
        return line_of(f"order:{self.kind}:{self.order}")

    @property
    def words(self) -> str:
        """What is read."""
        return str(self.data.get("text", ""))


class GroupChange(StrEnum):
    """What happened to a group with residents; ``SEEN`` brings how it stands now."""

    CREATED = "created"
    JOINED = "joined"
    LEFT = "left"
    OWNER = "owner"
    NAME = "name"
    NOTICE = "notice"
    DISMISSED = "dismissed"
    FOREIGN = "foreign"
    SEEN = "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """A group with residents was made, changed or dismissed (群变动): told, or seen as it stands.

    Told: ``joined`` residents came, ``version`` is the member version after it.
    Seen: ``name``, ``owner``, colleagues (``staff``) and numbers; residents are nobody by name.
    """

    key: str
    at: datetime
    chat: str
    change: GroupChange
    joined: int = 0
    version: str = ""
    name: str = ""
    owner: str = ""
    owner_left: bool = False
    staff: tuple[str, ...] = ()
    members: int = 0
    residents: int = 0

    @property
    def line(self) -> str:
        """Order key of the conversation."""
        return line_of(self.chat)


class Deed(StrEnum):
    """What somebody did on a page that concerns the page alone."""

    IN = "in"  # 登录
    OUT = "out"  # 退出这台设备
    ALL_OUT = "all_out"  # 所有设备退出
    LOOK = "look"  # 看了个人信息
    KEEP = "keep"  # 存成常用
    DROP = "drop"  # 删掉一个常用


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """Somebody logged in or out, saw personal data, or kept a list by a name of his own.

    ``session`` is the key of the login, ``detail`` the device of a login, what was seen, or the
    name of a list (the number of one to drop); ``address`` is where that list stands.
    """

    key: str
    at: datetime
    by: str
    deed: Deed
    session: str = ""
    detail: str = ""
    ticket: str = ""
    until: datetime | None = None
    address: str = ""

    @property
    def line(self) -> str:
        """Order key: what one person does on pages stays in order."""
        return line_of(f"page:{self.by}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Somebody wrote on a page how a file of the rules should become: the whole ``text`` of it.

    ``base`` is the hash of the file that was before his eyes, ``before`` its text.
    """

    key: str
    at: datetime
    by: str
    file: str
    base: str
    before: str
    text: str
    why: str

    @property
    def line(self) -> str:
        """Order key: what one person does on pages stays in order."""
        return line_of(f"page:{self.by}")
