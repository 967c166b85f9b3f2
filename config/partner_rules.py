"""Model of partners.yaml (外部系统): who may report over HTTP, and who is told of changes.

A client (物业报警、12345、智慧社区) speaks Open311 under ``/open311/v2``; a hook is an address
that gets a signed message at each change. Keys and secrets never stand here: a client's key is
kept as a keyed hash in the data folder, a hook's secret follows from the machine's own HMAC key.
A site without the file has no open doors.
"""

from ipaddress import ip_address, ip_network
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from config.shapes import Code, Name, Shape

MOST_CLIENTS = 50
# Version 6 addresses that carry one of version 4 inside, which may be anybody's.
_TUNNELS = tuple(map(ip_network, ("::ffff:0:0/96", "64:ff9b::/96", "2002::/16", "2001::/32")))


def _http_address(value: str) -> str:
    """The address, when it is one that a program may call. Raises: ValueError."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(
            "地址要以 https:// 开头（内网可用 http://，主机要先列入 JINGGE_HOOK_HOSTS）"
        )
    if parts.username or parts.password or parts.fragment:
        raise ValueError("地址里不能带账号、密码和 #")
    return value


class Client(Shape):
    """One system that may report; ``sees`` is what it may look up afterwards.

    ``own``: its own reports. ``all``: besides, every ticket that is not protected, without a word
    of what anybody said. ``grids``: where its reports belong when the address names no estate.
    """

    id: Code
    name: Name
    grids: tuple[Code, ...] = ()
    per_minute: int = Field(default=60, ge=1, le=6000)
    per_day: int = Field(default=5000, ge=1, le=1_000_000)
    sees: Literal["own", "all"] = "own"


class Hook(Shape):
    """An address that hears of changes; with ``client`` only of that client's reports."""

    id: Code
    url: Annotated[str, Field(max_length=500), AfterValidator(_http_address)]
    client: Code | None = None
    tries: int = Field(default=30, ge=1, le=1000)
    round: int = Field(default=1, ge=1, le=1000)

    @property
    def host(self) -> str:
        """Host name in lower case, without port."""
        return (urlsplit(self.url).hostname or "").lower()

    @property
    def lane(self) -> str:
        """The name of its lane: one for each hook, so that a dead one holds nobody up."""
        return f"hookout:{self.id}"


class Partners(Shape):
    """partners.yaml."""

    clients: tuple[Client, ...] = Field(max_length=MOST_CLIENTS)
    hooks: tuple[Hook, ...] = Field(default=(), max_length=MOST_CLIENTS)

    @model_validator(mode="after")
    def _each_once(self) -> "Partners":
        """Refuse an id that two clients or two hooks share."""
        for named in (self.clients, self.hooks):
            ids = [one.id for one in named]
            if twice := next((one for one in ids if ids.count(one) > 1), None):
                raise ValueError(f"编号“{twice}”写了两次")
        return self

    def client(self, client_id: str) -> Client | None:
        """The client of that id."""
        return next((one for one in self.clients if one.id == client_id), None)

    def hook(self, hook_id: str) -> Hook | None:
        """The hook of that id."""
        return next((one for one in self.hooks if one.id == hook_id), None)


def is_public_address(text: str) -> bool:
    """True when that IP address lies in the open internet, not inside a house or a machine."""
    try:
        address = ip_address(text.split("%", 1)[0])
    except ValueError:
        return False
    if any(address in net for net in _TUNNELS if net.version == address.version):
        return False
    return address.is_global and not address.is_multicast
