"""What waits for a human's mouth (待代发), over all groups: whose turn, since when, till when.

The words stand there for who may say them in that group, with a button that copies them; 已发出
and 不发了 are the same events as on the card and the sidebar page. Who only looks after the whole
station sees that something waits, where, and who was asked.
"""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.domain import drafting, rights
from bot.turn import Turn
from config.rights_rules import Page, Scope
from handlers import draft_acts, loop
from handlers.dashboard import reach
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Look, Shell
from handlers.drafts import DROP, ONE, SENT
from storage import drafts, tickets
from storage.drafts import Draft, DraftCard

MOST = 100
_ACTS = {"sent": SENT + ONE, "drop": DROP + ONE}
_KINDS = {
    drafting.ANSWER: "答话",
    drafting.DANGER: "险情提示",
    drafting.SORRY: "说声抱歉",
    drafting.FOLLOW_UP: "后续",
    drafting.NOTICE: "群公告",
    drafting.WELCOME: "欢迎",
    drafting.PREVENTION: "防范提醒",
    drafting.SEARCH: "寻人",
}
_DONE_WITHIN_S = 4.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """One sentence that waits; ``text`` and the buttons are for who may say it there."""

    id: int
    group: str
    chat: str
    kind: str
    danger: bool
    text: str
    may_say: bool
    number: str
    asked: list[str]
    said_at: datetime
    handed_at: datetime | None
    expires_at: datetime
    is_soon: bool


@dataclass(frozen=True, slots=True)
class Board:
    """All that is on the page; ``left_out`` is how many more there are."""

    mine: list[Waiting]
    others: list[Waiting]
    left_out: int


class DraftsPage:
    """Two routes over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/drafts", self._shell.page(Page.DRAFTS, self.page))
        app.router.add_post("/drafts", self._shell.form(Page.DRAFTS, self.press))

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """What waits now."""
        found = await self._shell.look(seat, board)
        return self._shell.render(request, seat, "drafts.html", it=found)

    async def press(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """已发出 or 不发了, as from a card. Raises: 404, where he may not speak as well."""
        form = await request.post()
        act, said = _ACTS.get(str(form.get("act", ""))), str(form.get("id", ""))
        number = int(said) if said.isdecimal() and len(said) < 17 else 0
        draft = await self._shell.look(seat, lambda look: drafts.get(look.turn.db, number))
        engine = self._shell.engine
        now, rules = engine.clock.now(), engine.current_rules()
        may = draft and drafting.may_speak(rules, seat.person.id, draft.chat, now)
        if act is None or draft is None or not may:
            raise web.HTTPNotFound(text="没有这一句，可能刚有人发过了。请刷新看看。")
        event = draft_acts.press_of(draft, act, seat.person.id, now)
        await engine.listener.hear(event)
        await engine.listener.answer(event.key, _DONE_WITHIN_S)
        return web.Response(status=303, headers={"Location": "/drafts"})


def board(look: Look) -> Board:
    """What waits, danger first; one's own groups, then the others for who sees the station."""
    turn, person = look.turn, look.seat.person
    waiting = drafts.all_open(turn.db)
    may = {
        chat: drafting.may_speak(turn.rules, person.id, chat, turn.now)
        for chat in {draft.chat for draft in waiting}
    }
    wide = any(one.scope is Scope.STATION for one in reach.of(person, turn.rules))
    seen = [draft for draft in waiting if may[draft.chat] or wide]
    rows = [_waiting(look, draft, may_say=may[draft.chat]) for draft in seen[:MOST]]
    return Board(
        mine=[one for one in rows if one.may_say],
        others=[one for one in rows if not one.may_say],
        left_out=max(0, len(seen) - MOST),
    )


def _waiting(look: Look, draft: Draft, *, may_say: bool) -> Waiting:
    turn = look.turn
    group = turn.rules.chat(draft.chat)
    begun = draft.handed_at or draft.made_at
    left = draft.expires_at - turn.now
    return Waiting(
        id=draft.id,
        group=group.name if group else "没登记的群",
        chat=draft.chat,
        kind=_KINDS.get(draft.kind, "答话"),
        danger=draft.danger,
        text=draft.text if may_say else "",
        may_say=may_say,
        number=_number(look, draft),
        asked=[loop.name_of(turn, one.user) for one in _cards(turn, draft)],
        said_at=draft.said_at,
        handed_at=draft.handed_at,
        expires_at=draft.expires_at,
        is_soon=left < (draft.expires_at - begun) / 4,
    )


def _cards(turn: Turn, draft: Draft) -> list[DraftCard]:
    """The cards that show it, one for each person."""
    if draft.danger:
        found = drafts.cards_of(turn.db, draft.line, draft.id)
    else:
        found = [one for one in drafts.cards_of(turn.db, draft.line) if one.draft_id >= draft.id]
    return list({one.user: one for one in found}.values())


def _number(look: Look, draft: Draft) -> str:
    """The ticket it speaks of, where that exists for who looks."""
    if not draft.ticket_id or draft.kind == drafting.NOTICE:
        return ""
    ticket = tickets.get(look.turn.db, draft.ticket_id)
    seen = rights.may_see(look.seat.person, loop.matter_of(ticket), look.turn.rules)
    return ticket.number if seen else ""
