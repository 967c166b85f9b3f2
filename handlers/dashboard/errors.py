"""What went wrong, as a page (出错的页): in the same frame, in a sentence, with what to do now.

A browser gets the page, the interface of tickets JSON, everybody else (WeCom, other systems) what
they always got. The database that is away for a moment is told apart from what is not there. A bug
of ours is caught here as well, so that nobody reads a bare line: logged once with its traceback
under a short number, and the page says that number and nothing of the fault.
Plugged by ``commands.dashboard`` round all routes.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.exc import OperationalError

from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Shell

log = logging.getLogger(__name__)
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_API = "/api"
_AWAY, _BUG = 503, 500
# Status: what happened, where nothing nearer was said; what to do now.
_WORDS = {
    400: ("没看懂要办什么", "请回到上一页，补上再点一次。"),
    401: ("还没有登录，或者登录过期了", "请重新打开这一页，按提示登录。"),
    403: ("这一页没有开给您", "要看请找管理员。"),
    404: ("没有这一页", "请看看网址或编号对不对。别人发来的链接，也可能是没有开给您的事。"),
    405: ("这样打不开", "请回到上一页，从按钮点。"),
    413: ("写的内容太大了", "请分几次写；图片请在企业微信里发。"),
    429: ("点得太快了", "请等一分钟再试。"),
    500: (
        "程序出错了，不是您的问题",
        "刚才要办的事可能没有办成，请回到上一页看看，没办成就再点一次；还不行请告诉管理员。",
    ),
    502: ("企业微信没有答复", "请过一会儿再试。"),
    503: ("这会儿读不到数据", "数据库没有答复，请等一分钟再试；消息照收，一条不丢。"),
}


class ErrorPages:
    """One middleware over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Stand round all routes."""
        app.middlewares.append(self.around)

    @web.middleware
    async def around(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """The answer, or what went wrong in the form that the asker understands."""
        try:
            return await handler(request)
        except web.HTTPException as fault:
            if fault.status < 400 or not _is_ours(request):
                raise
            answer = await self._told(request, fault.status, fault.text or "")
            if "Retry-After" in fault.headers:
                answer.headers["Retry-After"] = fault.headers["Retry-After"]
            return answer
        except OperationalError as fault:
            if not _is_ours(request):
                raise
            log.warning("a page cannot read the database: %s", type(fault.orig).__name__)
            return await self._told(request, _AWAY, "")
        except Exception:  # a bug of ours: the person learns its number, the log has the rest
            if not _is_ours(request) or _has_begun(request):
                raise
            number = f"E{secrets.token_hex(3)}"
            log.exception("bug in a page id=%s %s %s", number, request.method, _route(request))
            return await self._told(request, _BUG, "", number)

    async def _told(
        self, request: web.Request, status: int, said: str, number: str = ""
    ) -> web.StreamResponse:
        what, todo = _WORDS.get(status, _WORDS[_BUG] if status >= _BUG else _WORDS[400])
        own = said if _is_sentence(said) else ""
        if request.path.startswith(_API):
            about = {"error": status, "sentence": own or f"{what}。{todo}"}
            about |= {"number": number} if number else {}
            return web.json_response(about, status=status)
        seat = await self._seat(request, status)
        answer = self._shell.render(
            request, seat, "error.html", status=status, number=number,
            what=own or what, todo="" if own else todo,
        )  # fmt: skip
        answer.set_status(status)
        return answer

    async def _seat(self, request: web.Request, status: int) -> Seat | None:
        """Who sits there, for the menu; nobody is asked for where the database is away."""
        if status == _AWAY:
            return None
        return await self._shell.entry.seat(request)


def _is_ours(request: web.Request) -> bool:
    """True for a browser that shows pages, and for the interface of tickets."""
    return "text/html" in request.headers.get("Accept", "") or request.path.startswith(_API)


def _is_sentence(said: str) -> bool:
    return any("\u4e00" <= one <= "\u9fff" for one in said)


def _has_begun(request: web.Request) -> bool:
    """True when some of an answer is on its way already, so that no page can follow."""
    return request.writer.output_size > 0


def _route(request: web.Request) -> str:
    """The route as the program names it; the address itself may hold what somebody looked for."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "no route"
