"""Pictures and files of a ticket (图片): shown on its page to who may read what they show.

A picture tells words and place at once, so it is for who reads summary, place and story of that
ticket; each one that is opened stands in the book. A picture goes out as what it really is, in a
size that a page needs; everything else (voice, video, papers) is only handed over to be saved, so
nothing that came from outside is ever run by a browser. Plugged by ``commands.dashboard``.
"""

import asyncio
import io
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from PIL import Image, UnidentifiedImageError

from bot.domain import rights
from bot.turn import Turn
from config.people_rules import Person
from config.rights_rules import Page, Part
from handlers import loop, shown
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Look, Shell
from handlers.dashboard.takeaway import attachment
from storage import journal, tickets
from storage.sealed import SealBroken
from storage.tickets import Ticket

Read = Callable[[str], Awaitable[bytes]]
PICTURE = "图片"
_SHOWS = (Part.SUMMARY, Part.PLACE, Part.STORY)
_KEPT = re.compile(r"\[(图片|语音|视频|文件|附件) ([0-9a-f、]+)\]")
_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
_ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'"
_SMALL, _MOST = (320, 240), 30


@dataclass(frozen=True, slots=True)
class Medium:
    """One thing that came with a ticket: what it is called, under which name it is kept."""

    kind: str
    name: str

    @property
    def is_picture(self) -> bool:
        """True when a page may show it."""
        return self.kind == PICTURE


def of_ticket(turn: Turn, ticket: Ticket, person: Person) -> list[Medium]:
    """What came with it, oldest first; nothing for who may not read all that it may show."""
    if not all(shown.may(turn, ticket, person, part) for part in _SHOWS):
        return []
    found: dict[str, Medium] = {}
    for row in journal.of_ticket(turn.db, ticket.id):
        for kind, names in _KEPT.findall(row.reason):
            found |= {name: Medium(kind, name) for name in names.split("、") if len(name) == 24}
    return list(found.values())[:_MOST]


class TicketMedia:
    """One route over one shell; ``read`` opens what is kept."""

    def __init__(self, shell: Shell, read: Read) -> None:
        self._shell = shell
        self._read = read

    def plug(self, app: web.Application) -> None:
        """Add the route."""
        number = r"{number:[A-Za-z]{1,6}\d{6}-\d{4,6}[A-Za-z]}"
        path = f"/tickets/{number}/media/{{name:[0-9a-f]{{24}}}}"
        app.router.add_get(path, self._shell.page(Page.TICKETS, self.one))

    async def one(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """One of them; ``size=small`` for the page. Raises: 404, whatever the reason."""
        number, name = request.match_info["number"].upper(), request.match_info["name"]
        medium = await self._shell.look(seat, lambda look: _asked(look, number, name))
        try:
            data = await self._read(name) if medium else None
        except (FileNotFoundError, SealBroken):
            data = None
        if medium is None or data is None:
            raise web.HTTPNotFound(text="没有这张图片，可能到期删了，或者还没取回来。")
        small = request.query.get("size") == "small"
        await self._shell.looked(seat, medium.kind, number)
        answer = await asyncio.to_thread(_answer, medium, data, small=small)
        answer.headers["Content-Security-Policy"] = _ALONE
        return answer


def _asked(look: Look, number: str, name: str) -> Medium | None:
    turn, person = look.turn, look.seat.person
    ticket = tickets.by_number(turn.db, number)
    if ticket is None or not rights.may_see(person, loop.matter_of(ticket), turn.rules):
        return None
    return next((one for one in of_ticket(turn, ticket, person) if one.name == name), None)


def _answer(medium: Medium, data: bytes, *, small: bool) -> web.Response:
    if not medium.is_picture:
        return attachment(data, "application/octet-stream", f"{medium.kind}-{medium.name[:8]}")
    try:
        with Image.open(io.BytesIO(data), formats=tuple(_TYPES)) as picture:
            if small:
                return web.Response(body=_reduced(picture), content_type="image/jpeg")
            return web.Response(body=data, content_type=_TYPES[picture.format or "JPEG"])
    except (UnidentifiedImageError, OSError, KeyError, ValueError):
        return attachment(data, "application/octet-stream", f"{medium.kind}-{medium.name[:8]}")


def _reduced(picture: Image.Image) -> bytes:
    picture.thumbnail(_SMALL)
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
