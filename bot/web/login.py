"""Who sits before a page (登录): WeCom's login for members, and signed cookies of our own.

A session is a signed sentence "this account until then, under this key"; which keys are still good
stands in ``storage.web``, so that a login can be ended from anywhere. The ``state`` that goes to
WeCom's login and back lies in a cookie of this browser: an answer that somebody else began, or
that comes late, is refused. Each signature says what it was made for, so that nothing that was
signed as one thing is read as another. Called by the pages.
Source: https://developer.work.weixin.qq.com/document/path/91022, 91023 and 98151, read 2026-11.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from aiohttp import web

from bot.web.same import same
from bot.wecom.channel import Now
from bot.wecom.client import Api

SESSION, STATE = "jingge_session", "jingge_state"
BACK = "/login/back"
LIFE = timedelta(hours=8)
_STATE_LIFE = timedelta(minutes=10)
OAUTH_BASE = "https://open.weixin.qq.com"
QR_BASE = "https://login.work.weixin.qq.com"
# What the browser inside WeCom says of itself.
_IN_CLIENT = "wxwork"


@dataclass(frozen=True, slots=True)
class Cookies:
    """How cookies are set: only over https where the pages are."""

    secure: bool

    def put(self, answer: web.StreamResponse, name: str, value: str, life: timedelta) -> None:
        """Set one that scripts cannot read and other sites cannot send along."""
        answer.set_cookie(
            name,
            value,
            max_age=int(life.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=self.secure,
            path="/",
        )


@dataclass(frozen=True, slots=True)
class Session:
    """Whose login it is, until when, and the key under which it stands in the book."""

    user: str
    until: datetime
    key: str
    cookie: str


class Sessions:
    """Signs and reads sessions; ``key`` is secret and the same in all processes."""

    def __init__(self, key: bytes, now: Now) -> None:
        self._key = hmac.digest(key, b"sessions of the pages", "sha256")
        self._now = now

    def issue(self, user: str, life: timedelta = LIFE) -> Session:
        """A session for ``user``; it is good once its key stands in the book."""
        until, key = self._now() + life, secrets.token_hex(8)
        cookie = self.signed(SESSION, f"{user}|{int(until.timestamp())}|{key}")
        return Session(user, until, key, cookie)

    def read(self, cookie: str) -> Session | None:
        """The session of that cookie; None when it is none of ours or too old."""
        parts = self.opened(SESSION, cookie).split("|")
        if len(parts) != 3 or int(parts[1]) <= self._now().timestamp():
            return None
        until = datetime.fromtimestamp(int(parts[1]), self._now().tzinfo)
        return Session(parts[0], until, parts[2], cookie)

    def state(self, state: str, back: str) -> str:
        """The cookie of a login that was begun: its state, and the page to go back to."""
        until = self._now() + _STATE_LIFE
        return self.signed(STATE, f"{state}|{int(until.timestamp())}|{back}")

    def begun(self, cookie: str) -> tuple[str, str]:
        """(state, page to go back to) of that cookie; empty when it is not ours or too old."""
        state, _, rest = self.opened(STATE, cookie).partition("|")
        until, _, back = rest.partition("|")
        is_good = bool(state) and int(until) > self._now().timestamp()
        return (state, back) if is_good else ("", "")

    def form_key(self, cookie: str) -> str:
        """What a form of this session must bring along, so that no other site can press it."""
        return self._mac(f"form|{cookie}")

    def fits(self, cookie: str, form_key: str) -> bool:
        """True when that form key belongs to that session."""
        return same(self.form_key(cookie), form_key)

    def signed(self, purpose: str, words: str) -> str:
        """``words`` with our signature for that purpose, fit for a cookie."""
        packed = base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")
        return f"{packed}.{self._mac(f'{purpose}|{packed}')}"

    def opened(self, purpose: str, value: str) -> str:
        """What was signed for that purpose; empty when the signature is not ours, or another's."""
        packed, _, mac = value.partition(".")
        if not same(self._mac(f"{purpose}|{packed}"), mac):
            return ""
        return base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()

    def _mac(self, words: str) -> str:
        return hmac.new(
            self._key, words.encode("utf-8", "surrogatepass"), hashlib.sha256
        ).hexdigest()


class OAuth:
    """WeCom's login, in its client or by a code to scan: there with a state, back with a code."""

    def __init__(
        self,
        corpid: str,
        agentid: int,
        public_url: str,
        base: str = OAUTH_BASE,
        qr_base: str = QR_BASE,
    ) -> None:
        self._corpid = corpid
        self._agentid = agentid
        self._back = quote(f"{public_url.rstrip('/')}{BACK}", safe="")
        self._base = base.rstrip("/")
        self._qr_base = qr_base.rstrip("/")

    def url(self, state: str, browser: str) -> str:
        """Where the browser is sent: at once inside WeCom, elsewhere to the code to scan."""
        if _IN_CLIENT in browser.lower():
            return (
                f"{self._base}/connect/oauth2/authorize?appid={self._corpid}"
                f"&redirect_uri={self._back}&response_type=code&scope=snsapi_base"
                f"&state={state}&agentid={self._agentid}#wechat_redirect"
            )
        return (
            f"{self._qr_base}/wwlogin/sso/login?login_type=CorpApp&appid={self._corpid}"
            f"&agentid={self._agentid}&redirect_uri={self._back}&state={state}"
        )

    @staticmethod
    async def member(api: Api, code: str) -> str:
        """The account that came back with ``code``; empty for somebody outside the corp.

        Raises: Refusal (used or unknown code) and what ``Api.ask`` raises.
        """
        answer = await api.ask("auth/getuserinfo", {"code": code})
        return str(answer.get("userid") or "")


def begin(
    sessions: Sessions, cookies: Cookies, oauth: OAuth, back: str, browser: str
) -> web.Response:
    """Off to WeCom's login; ``back`` is the page that was asked for."""
    state = secrets.token_hex(16)
    answer = web.Response(status=302, headers={"Location": oauth.url(state, browser)})
    cookies.put(answer, STATE, sessions.state(state, back), _STATE_LIFE)
    return answer


def returned(sessions: Sessions, request: web.Request) -> tuple[str, str]:
    """(state, page to go back to); both empty when this browser did not begin the login."""
    state, back = sessions.begun(request.cookies.get(STATE, ""))
    given = request.query.get("state", "")
    if not state or not same(state, given):
        return "", ""
    return state, own_path(back)


def own_path(path: str) -> str:
    """``path`` when it is a page of ours, else the first one; never another site's."""
    return path if path.startswith("/") and path[1:2] not in ("/", "\\") else "/"
