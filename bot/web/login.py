"""Who sits before a page (登录): WeCom's login for members, and signed cookies of our own.

A session is a signed sentence "this account until then"; nothing is stored, so that it holds over
restarts and processes. The ``state`` that goes to WeCom's login and back lies in a cookie of this
browser: an answer that somebody else began is refused. Called by the pages.
Source: https://developer.work.weixin.qq.com/document/path/91022 and 91023, read 2026-11.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from aiohttp import web

from bot.wecom.channel import Now
from bot.wecom.client import Api

SESSION, STATE = "jingge_session", "jingge_state"
LIFE = timedelta(hours=8)
_STATE_LIFE = timedelta(minutes=10)
_MARK = "session"
OAUTH_BASE = "https://open.weixin.qq.com"


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
            path="/sidebar",
        )


class Sessions:
    """Signs and reads sessions; ``key`` is secret and the same in all processes."""

    def __init__(self, key: bytes, now: Now) -> None:
        self._key = hmac.digest(key, b"sessions of the pages", "sha256")
        self._now = now

    def issue(self, user: str, life: timedelta = LIFE) -> str:
        """A session for ``user``."""
        until = int((self._now() + life).timestamp())
        return self.signed(f"{_MARK}|{user}|{until}|{secrets.token_hex(8)}")

    def user(self, session: str) -> str:
        """Whose session it is; empty when it is none of ours or too old."""
        parts = self.opened(session).split("|")
        if len(parts) != 4 or parts[0] != _MARK or int(parts[2]) <= self._now().timestamp():
            return ""
        return parts[1]

    def form_key(self, session: str) -> str:
        """What a form of this session must bring along, so that no other site can press it."""
        return self._mac(f"form|{session}")

    def fits(self, session: str, form_key: str) -> bool:
        """True when that form key belongs to that session."""
        return hmac.compare_digest(self.form_key(session).encode(), form_key.encode())

    def signed(self, words: str) -> str:
        """``words`` with our signature, fit for a cookie."""
        packed = base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")
        return f"{packed}.{self._mac(packed)}"

    def opened(self, value: str) -> str:
        """What ``signed`` had signed; empty when the signature is not ours."""
        packed, _, mac = value.partition(".")
        if not hmac.compare_digest(self._mac(packed).encode(), mac.encode()):
            return ""
        return base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()

    def _mac(self, words: str) -> str:
        return hmac.new(self._key, words.encode(), hashlib.sha256).hexdigest()


class OAuth:
    """WeCom's login inside its client: there with a state, back with a code."""

    def __init__(self, corpid: str, agentid: int, public_url: str, base: str = OAUTH_BASE) -> None:
        self._corpid = corpid
        self._agentid = agentid
        self._back = f"{public_url.rstrip('/')}/sidebar/login"
        self._base = base.rstrip("/")

    def url(self, state: str) -> str:
        """Where the browser is sent."""
        return (
            f"{self._base}/connect/oauth2/authorize?appid={self._corpid}"
            f"&redirect_uri={quote(self._back, safe='')}&response_type=code&scope=snsapi_base"
            f"&state={state}&agentid={self._agentid}#wechat_redirect"
        )

    @staticmethod
    async def member(api: Api, code: str) -> str:
        """The account that came back with ``code``; empty for somebody outside the corp.

        Raises: Refusal (used or unknown code) and what ``Api.ask`` raises.
        """
        answer = await api.ask("auth/getuserinfo", {"code": code})
        return str(answer.get("userid") or "")


def begin(sessions: Sessions, cookies: Cookies, oauth: OAuth, back: str) -> web.Response:
    """Off to WeCom's login; ``back`` is the page that was asked for."""
    state = secrets.token_hex(16)
    answer = web.Response(status=302, headers={"Location": oauth.url(state)})
    cookies.put(answer, STATE, sessions.signed(f"{state}|{back}"), _STATE_LIFE)
    return answer


def returned(sessions: Sessions, request: web.Request) -> str:
    """The page to go back to. Raises: HTTPForbidden when this browser did not begin the login."""
    state, _, back = sessions.opened(request.cookies.get(STATE, "")).partition("|")
    given = request.query.get("state", "")
    if not state or not hmac.compare_digest(state.encode(), given.encode()):
        raise web.HTTPForbidden(text="登录没有对上，请从聊天工具栏或卡片重新打开这个页面。")
    return back if back.startswith("/sidebar") else "/sidebar"
