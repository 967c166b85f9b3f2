"""What WeCom knows of 微信客服: accounts, WeChat customers, sessions, and the log that is synced.

Everything a customer or a servicer does is a row of the log; the bot reads it by cursor. Sessions
count what was sent since the customer's last words. Endpoints are in `kf_api.py`, what people do in
`kf_control.py`.
"""

import itertools
import os
from dataclasses import dataclass, field

from simulator.world import Chat, Json, KfAccount

NEW, BOT, POOL, HUMAN, ENDED = range(5)
OURS = (NEW, BOT)
_EPOCH = itertools.count(1)


@dataclass
class Session:
    """One customer at one account."""

    account: str
    customer: str
    heard_s: float | None = None
    sent: int = 0
    state: int = NEW
    servicer: str = ""
    welcomed_s: float | None = None


@dataclass
class Code:
    """A right to answer one event once."""

    account: str
    customer: str
    until_s: float
    used: bool = False


@dataclass
class KfDesk:
    """All accounts of one run; ``epoch`` makes cursors of an earlier run invalid."""

    accounts: dict[str, KfAccount]
    log: list[Json] = field(default_factory=list)
    sessions: dict[tuple[str, str], Session] = field(default_factory=dict)
    tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    sent: dict[str, Json] = field(default_factory=dict)
    links: dict[str, tuple[str, str]] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)
    bare_reads: list[float] = field(default_factory=list)
    empty_pages: int = 0
    fail_next: int | None = None
    epoch: int = field(default_factory=lambda: next(_EPOCH))

    def session(self, account: str, customer: str) -> Session:
        """That customer's session, new when she was never here."""
        return self.sessions.setdefault((account, customer), Session(account, customer))

    def new_token(self, account: str, until_s: float) -> str:
        """A token for ``kf/sync_msg``, as a callback brings it."""
        token = f"ENC{os.urandom(16).hex()}"
        self.tokens[token] = (account, until_s)
        return token

    def new_code(self, code: Code) -> str:
        """A fresh code for ``kf/send_msg_on_event``."""
        name = f"CODE{os.urandom(12).hex()}"
        self.codes[name] = code
        return name

    def add(self, account: str, now_s: float, origin: int, msgtype: str, **more: object) -> Json:
        """One more row of the log."""
        row: Json = {
            "msgid": f"kf{os.urandom(14).hex()}",
            "open_kfid": account,
            "send_time": int(now_s),
            "origin": origin,
            "msgtype": msgtype,
            **more,
        }
        self.log.append(row)
        return row

    def customer_named(self, customer: str) -> bool:
        """Whether any account has that customer."""
        return any(customer in account.customers for account in self.accounts.values())


def chat_of(account: KfAccount, customer: str) -> Chat:
    """The conversation as the control API shows it."""
    name = f"{account.name} · {account.customers.get(customer, customer)}"
    return Chat(f"kf:{account.id}:{customer}", name, "kf", None, (customer,))
