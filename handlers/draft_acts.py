"""What becomes of a draft (代发的结果): pressed, typed, heard by the archive, overdue.

A human says that it is sent, by card, page or word; the archive proves it when a member of staff
says nearly the same in that group. Who answered by hand meanwhile needs no draft any more; a
danger counts as answered only by words with an emergency number. Called by ``handle``.
"""

from datetime import datetime, timedelta

from bot.domain import clocks, drafting
from bot.events import OVERHEARD, ButtonKey, Clicked, Due, Heard
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act
from handlers import drafts
from handlers.drafts import BEGIN, DROP, EXPIRE, NEXT, ONE, REMIND, SENT
from storage import drafts as stored
from storage import outbox, tickets
from storage.drafts import Draft

TIMERS = (BEGIN, REMIND, NEXT, EXPIRE)
PAGE = "page"
_ACTS = (SENT, DROP, SENT + ONE, DROP + ONE)
_WORDS = {"已发出": SENT, "已发": SENT, "发了": SENT, "不发了": DROP, "不用了": DROP}
# What words of one's own do not answer.
_STAY = (
    *(drafting.NOTICE, drafting.WELCOME),
    *(drafting.PREVENTION, drafting.SEARCH, drafting.PUBLICITY),
)
_PROVABLE = timedelta(hours=24)


def press_of(draft: Draft, act: str, user: str, now: datetime) -> Clicked:
    """The event of a button on a page, the same as from a card."""
    return Clicked(
        key=f"page:draft:{draft.id}:{act}:{user}",
        at=now,
        chat=f"app:{user}",
        by=user,
        door=PAGE,
        task_id="",
        button=ButtonKey(act, str(draft.id), int(draft.danger), draft.line).pack(),
    )


def pressed(turn: Turn, event: Clicked, key: ButtonKey) -> bool:
    """True when it was a button of a draft, on a card or on the sidebar page.

    Raises: Refused when the card is not this person's.
    """
    if key.act not in _ACTS:
        return False
    person = turn.rules.person(event.by)
    if person is None or not key.number.isdecimal():
        raise Refused("card_unknown")
    if event.door != PAGE:
        _from_card(turn, event)
    act = key.act.removesuffix(ONE)
    only = key.act.endswith(ONE) or key.version > 0
    _carry_out(turn, person, act, key.line, int(key.number), only=only)
    return True


def _from_card(turn: Turn, event: Clicked) -> None:
    """The press brings a right to change the card. Raises: Refused for somebody else's card."""
    known = stored.card(turn.db, event.task_id)
    if known is None or known.user != event.by:
        raise Refused("card_unknown")
    if event.reply and event.reply.kind == "code":
        outbox.keep_code(turn.db, event.task_id, event.reply.token, event.reply.until)


def said(turn: Turn, event: Heard, person: Person, words: str) -> bool:
    """True when 已发出 or 不发了 was typed in private and means this person's newest card."""
    act = _WORDS.get(words.strip(" 。.!！"), "")
    cards = stored.cards_of_user(turn.db, person.id) if act and ":" in event.chat else []
    if not cards:
        return False
    draft = stored.get(turn.db, cards[0].draft_id)
    if draft is None:
        return False
    answer = _carry_out(turn, person, act, draft.line, draft.id, only=draft.danger)
    turn.answer(answer)
    return True


def _carry_out(turn: Turn, person: Person, act: str, line: str, upto: int, *, only: bool) -> str:
    """Mark what is meant; returns what the person is told when he typed it."""
    waiting = stored.open_in(turn.db, line)
    if only:
        meant = [draft for draft in waiting if draft.id == upto]
    else:
        meant = [draft for draft in waiting if draft.id <= upto and not draft.danger]
    if not meant:
        _tidy(turn, line, turn.text("draft_gone"))
        return turn.text("draft_gone")
    if act == DROP and meant[0].danger:
        return _cannot(turn, person, meant[0])
    state = stored.SENT if act == SENT else stored.DROPPED
    stored.end(turn.db, [draft.id for draft in meant], state, turn.now, person.id)
    for draft in meant:
        _note(turn, draft, person, "群里已代回" if act == SENT else "群里这句不发了")
    words = turn.text("draft_sent_ok" if act == SENT else "draft_dropped_ok")
    _ended(turn, meant, words, by=person)
    return words


def _cannot(turn: Turn, person: Person, draft: Draft) -> str:
    """One person's no does not end a danger: his card closes, the next one is rung by the clock."""
    for known in stored.cards_of(turn.db, draft.line, draft.id):
        if known.user == person.id:
            drafts.close_card(turn, known, turn.text("draft_passed_on"))
    _note(turn, draft, person, "险情提示本人发不了，接着找下一位")
    return turn.text("draft_passed_on")


def _note(turn: Turn, draft: Draft, person: Person, words: str) -> None:
    if draft.ticket_id:
        turn.note(tickets.get(turn.db, draft.ticket_id), Act.TELL, by=person.id, reason=words)


def _ended(turn: Turn, meant: list[Draft], words: str, by: Person | None) -> None:
    """Cards tell how it ended; the others who were called in a danger hear who did it."""
    for draft in meant:
        if not draft.danger:
            continue
        called = {known.user for known in stored.cards_of(turn.db, draft.line, draft.id)}
        drafts.close_cards(turn, draft, words)
        group = drafts.group_name(turn, draft.chat)
        for user in sorted(called - {by.id if by else ""}):
            name = by.name if by else turn.rules.station.room_name
            turn.tell(user, turn.text("draft_danger_sent", group=group, name=name), danger=True)
    _tidy(turn, meant[0].line, words)


def needless(turn: Turn, line: str, meant: list[Draft]) -> None:
    """What these drafts would say is no longer so; nobody need say them."""
    if meant:
        stored.end(turn.db, [draft.id for draft in meant], stored.DROPPED, turn.now)
        _tidy(turn, line, turn.text("draft_needless"))


def _tidy(turn: Turn, line: str, words: str) -> None:
    """Ordinary cards of the group show what is left, or how it ended."""
    waiting = drafts.ordinary(turn, line)
    for known in stored.cards_of(turn.db, line):
        shows = [draft for draft in waiting if draft.id <= known.draft_id]
        if shows:
            drafts.refresh(turn, known, waiting)
        else:
            drafts.close_card(turn, known, words)


# -- the archive ----------------------------------------------------------------------------------


def overheard(turn: Turn, event: Heard) -> bool:
    """True when the archive heard staff say a draft: it is proved, and is no report of its own.

    Other words of staff in that group let the waiting answers fall away.
    """
    person = turn.rules.person(event.by)
    if event.door != OVERHEARD or person is None or ":" in event.chat:
        return False
    since = turn.now - _PROVABLE
    unproved = [d for d in stored.unproved_in(turn.db, event.line, since) if d.said_at <= event.at]
    found = _proved_by(event.text, unproved)
    for draft in found:
        stored.prove(turn.db, draft.id, event.at, person.id)
    if found:
        was_open = [draft for draft in found if draft.state == stored.OPEN]
        for draft in was_open:
            _note(turn, draft, person, "群里已代回（存档已听到）")
        if was_open:
            _ended(turn, was_open, turn.text("draft_sent_ok"), by=person)
        return True
    _answered_by_hand(turn, event, person, [d for d in unproved if d.state == stored.OPEN])
    return False


def _proved_by(said_words: str, unproved: list[Draft]) -> list[Draft]:
    """Every draft that stands whole in the words, else the one that is most alike."""
    whole = [d for d in unproved if drafting.likeness(said_words, d.text) == 1.0]
    near = [d for d in unproved if drafting.is_said(said_words, d.text)]
    best = max(near, key=lambda d: drafting.likeness(said_words, d.text), default=None)
    return whole or ([best] if best else [])


def _answered_by_hand(turn: Turn, event: Heard, person: Person, waiting: list[Draft]) -> None:
    meant = [draft for draft in waiting if _needs_no(draft, event.text)]
    stored.end(turn.db, [draft.id for draft in meant], stored.ANSWERED, event.at, person.id)
    if meant:
        _ended(turn, meant, turn.text("draft_answered"), by=person)


def _needs_no(draft: Draft, said_words: str) -> bool:
    if draft.kind in _STAY:
        return False
    if draft.danger:
        return drafting.warns_alike(said_words, draft.text)
    return drafting.is_answer(said_words)


# -- clocks ---------------------------------------------------------------------------------------


def due(turn: Turn, event: Due) -> None:
    """Its day has come, a reminder, a danger's next person, or the end of what was never said."""
    draft = stored.get(turn.db, int(event.data["draft"]))
    if draft is not None and event.kind == BEGIN and stored.begin(turn.db, draft.id):
        turn.drafted.append(draft.key)
        return
    if draft is None or draft.state != stored.OPEN:
        return
    match event.kind:
        case drafts.NEXT:
            drafts.ring_next(turn, draft, int(event.data["step"]))
        case drafts.REMIND:
            _remind(turn, draft)
        case _:
            stored.end(turn.db, [draft.id], stored.EXPIRED, turn.now)
            _over(turn, draft)


def _over(turn: Turn, draft: Draft) -> None:
    words = turn.text("draft_expired")
    if draft.danger:
        drafts.close_cards(turn, draft, words)
        if draft.ticket_id:
            ticket = tickets.get(turn.db, draft.ticket_id)
            turn.note(ticket, Act.TELL, reason="险情提示一直没人发到群里")
    _tidy(turn, draft.line, words)


def _remind(turn: Turn, draft: Draft) -> None:
    """Once for everything that waits in that group until now."""
    settled = turn.now - turn.rules.times.drafts.remind / 2
    found = stored.to_remind(turn.db, draft.line, settled, turn.now)
    if not found:
        return
    group = drafts.group_name(turn, draft.chat)
    age = clocks.span_words(turn.now - found[0].said_at)
    if len(found) == 1:
        text = turn.text("draft_for_human", group=group, age=age, draft=found[0].text)
    else:
        text = turn.text("draft_remind", group=group, count=len(found), age=age)
    turn.tell(drafts.speakers(turn, draft.chat)[0].id, text)
