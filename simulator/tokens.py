"""Access tokens of the app: one living token at a time, bans for repeated wrong secrets.

Lives run on simulated time. Called by the app's HTTP door for every call.
"""

import hmac
import os
from dataclasses import dataclass

from simulator.clock import SimClock
from simulator.limits import RULES
from simulator.world import App

_CONTACTS = "-contacts"


@dataclass
class ResponseCode:
    """Allows one update of one app card, within 72 simulated hours."""

    task_id: str
    at_s: float
    used: bool = False


class TokenOffice:
    """Gives tokens and judges them."""

    def __init__(self, app: App, clock: SimClock) -> None:
        self._app = app
        self._clock = clock
        self._token = ""
        self._until_s = 0.0
        self._old: set[str] = set()
        self.revoked: set[str] = set()
        self._wrong: int = 0
        self._banned_until_s = 0.0

    def judge_secret(self, corpid: str, secret: str) -> str | None:
        """The rule that this request breaks, or None."""
        now_s = self._clock.seconds()
        if now_s < self._banned_until_s:
            return "secret_ban"
        if not secret:
            return "secret_missing"
        if corpid != self._app.corpid:
            return "corpid_wrong"
        known = (self._app.secret, self._app.contacts_secret or self._app.secret)
        if any(hmac.compare_digest(secret.encode(), one.encode()) for one in known):
            self._wrong = 0
            return None
        self._wrong += 1
        if self._wrong >= RULES["secret_ban"].number:
            self._banned_until_s = now_s + RULES["secret_ban_s"].number
            self._wrong = 0
        return "secret_wrong"

    def token(self) -> tuple[str, int]:
        """The living token and its remaining seconds; a new one only after the old has ended."""
        now_s = self._clock.seconds()
        if now_s >= self._until_s:
            if self._token:
                self._old.add(self._token)
            self._token = os.urandom(32).hex()
            self._until_s = now_s + RULES["token_life_s"].number
        return self._token, int(self._until_s - now_s)

    def contacts_token(self) -> tuple[str, int]:
        """The same for the secret of 通讯录同步."""
        token, left_s = self.token()
        return f"{token}{_CONTACTS}", left_s

    @staticmethod
    def is_contacts(token: str) -> bool:
        """Whether that token was given for the secret of 通讯录同步."""
        return token.endswith(_CONTACTS)

    def revoke(self) -> None:
        """End the living token early (the platform may do so at any time)."""
        if self._token:
            self.revoked.add(self._token)
        self._until_s = 0.0
        self._token = ""

    def judge(self, token: str) -> str | None:
        """The rule that a call with ``token`` breaks, or None."""
        if not token:
            return "token_missing"
        token = token.removesuffix(_CONTACTS)
        if token in self._old:
            return "token_expired"
        if token != self._token:
            return "token_invalid"
        return "token_expired" if self._clock.seconds() >= self._until_s else None
