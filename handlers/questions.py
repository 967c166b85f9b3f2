"""Questions (咨询): the site's own answer when it is sure, a human when it is not.

faq.yaml holds what residents ask again and again. An answer is public knowledge, so a group may
hear it, unless the matter is a protected one; the asker's words are never repeated. Every answer
comes with an offer: 转为上报 opens a ticket from the question as it was asked. Called by ``talk``
and ``wishes``.
"""

import re
from datetime import timedelta

from bot import shortening
from bot.domain import deciding, faq
from bot.domain.clocks import ZONE
from bot.domain.faq import Found
from bot.domain.reading import Reading, read
from bot.events import Heard, unpack
from bot.turn import Turn
from config.vocabulary import Kind
from handlers import answering, asking, opening, publicity_reach
from storage import inbox, people
from storage.people import Ask
from storage.tickets import Ticket, Voice

KIND = "faq"
_LIFE = timedelta(hours=24)
_SHOWN = 200
_MOST_TITLES = 20
_COUNTER = "P17"
_REPORT_IT = re.compile(r"(?:(?:请|帮我|给我)*(?:转为?|转成|改为)上报|上报)[。！!~～\s]*")


def asked(turn: Turn, event: Heard, reading: Reading, person_key: str) -> None:
    """Hand a question that ``is_known`` left to a human, and say so; staff get the phone."""
    if turn.rules.person(event.by) is not None:
        turn.answer(turn.text("question_room"))
    else:
        _to_human(turn, event, reading, _found(turn, event, reading), person_key)


def for_staff(turn: Turn, words: str) -> str:
    """问答 居住证: the site's answer to pass on, or what it can answer; never handed to a human."""
    today = turn.now.astimezone(ZONE).date()
    found = faq.find(words, turn.rules.faq, today, None) if words else Found()
    if found.best is not None:
        return f"{found.best.entry.title}：{found.best.entry.said(turn.rules.station.words)}"
    titles = "、".join(entry.title for entry in turn.rules.faq.held(today)[:_MOST_TITLES])
    return turn.text("faq_titles", names=titles or "无")


def is_known(turn: Turn, event: Heard, reading: Reading) -> bool:
    """True when faq.yaml surely answers it; then the answer is given."""
    found = _asked_for(turn, event, reading)
    if found.is_sure:
        _give(turn, event, reading, found)
    return found.is_sure


def knows(turn: Turn, event: Heard, reading: Reading) -> bool:
    """True when faq.yaml surely answers it; nothing is said."""
    return _asked_for(turn, event, reading).is_sure


def _asked_for(turn: Turn, event: Heard, reading: Reading) -> Found:
    """What was not read as a question must at least be asked (``asking`` of faq.yaml)."""
    is_asked = any(word in event.text for word in turn.rules.faq.asking)
    if reading.kind is not Kind.QUESTION and not is_asked:
        return Found()
    return _found(turn, event, reading)


def _found(turn: Turn, event: Heard, reading: Reading) -> Found:
    today = turn.now.astimezone(ZONE).date()
    words = _without_names(turn, event.text)
    return faq.find(words, turn.rules.faq, today, reading.category)


def _without_names(turn: Turn, text: str) -> str:
    for name in turn.rules.station.robot_names:
        text = text.replace(f"@{name}", " ")
    return text.strip()


def _give(turn: Turn, event: Heard, reading: Reading, found: Found) -> None:
    assert found.best is not None  # is_sure says so  # noqa: S101
    entry = found.best.entry
    answer = entry.said(turn.rules.answer_words(_grid_of(turn, event)))
    if turn.rules.person(event.by) is None:
        answer = f"{answer}\n{turn.text('faq_offer')}"
        offer(turn, event)
    codes = {*entry.categories, reading.category}
    publicity_reach.question(turn, event.chat, is_answered=True)
    hidden = reading.protected or any(_is_protected(turn, code) for code in codes)
    _say(turn, event, answer, hidden=hidden)


def _grid_of(turn: Turn, event: Heard) -> str:
    """The grid of the group, else where she lives."""
    grid = turn.rules.grid_of(event.chat)
    return grid.id if grid else people.grid_of(turn.db, turn.person_key(event.by))


def _is_protected(turn: Turn, code: str | None) -> bool:
    return any(c.code == code and c.protected for c in turn.rules.reading.categories)


def _say(turn: Turn, event: Heard, words: str, *, hidden: bool) -> None:
    """Answer where it was asked; of a protected matter a group hears 收到 only."""
    if hidden and ":" not in event.chat:
        turn.answer(turn.text("short_ack"), quiet_quote=True)
        turn.tell(event.by, words)
    else:
        turn.answer(words)


def offer(turn: Turn, event: Heard) -> None:
    """Remember that 转为上报 may come from this person."""
    people.ask(
        turn.db,
        Ask(
            key=f"{event.key}:{KIND}",
            kind=KIND,
            person_key=turn.person_key(event.by),
            ticket_id=0,
            asked_at=turn.now,
            until=turn.now + _LIFE,
            data={"event": event.key},
        ),
    )


def _to_human(turn: Turn, event: Heard, reading: Reading, found: Found, person_key: str) -> None:
    person = answering.whom(turn, reading, _grid_of(turn, event), event.by)
    if person is None:
        turn.answer(turn.text("question_room"))
        return
    near = found.margin_words or turn.text("question_nothing_near")
    summary = " ".join(reading.masked.split())
    for name in turn.rules.station.robot_names:
        summary = summary.replace(f"@{name}", "").strip()
    question = answering.Open(person_key, event.key, shortening.short(summary, _SHOWN), near)
    answering.hand_over(turn, person, question)
    publicity_reach.question(turn, event.chat, is_answered=False)
    offer(turn, event)
    counter = turn.text("question_counter") if reading.category == _COUNTER else ""
    if ":" in event.chat or reading.protected:
        words = turn.text("question_human_private", unit=person.unit)
    else:
        words = turn.text("question_human_group")
    _say(turn, event, f"{counter}\n{words}".strip(), hidden=reading.protected)


def turned_into_report(turn: Turn, event: Heard, person_key: str, said: str) -> bool:
    """True when the words were 转为上报; the question she asked last becomes a ticket."""
    if not _REPORT_IT.fullmatch(said.strip()):
        return False
    asks = people.open_asks(turn.db, person_key, turn.now)
    ask = next((a for a in asks if a.kind == KIND), None)
    question = _heard_then(turn, str(ask.data["event"])) if ask else None
    if ask is None or question is None:
        turn.answer(turn.text("offer_gone"))
        return True
    people.answered(turn.db, ask.id, turn.now)
    _open(turn, event, question, person_key)
    return True


def _heard_then(turn: Turn, key: str) -> Heard | None:
    """The message as it came; None when it is forgotten already."""
    payload = inbox.payload_of(turn.db, key)
    found = unpack(payload) if payload else None
    return found if isinstance(found, Heard) else None


def _open(turn: Turn, event: Heard, question: Heard, person_key: str) -> None:
    grid = turn.rules.grid_of(question.chat)
    grid_id = grid.id if grid else people.grid_of(turn.db, person_key)
    words = _without_names(turn, question.text)
    view = opening.grid_view(turn.rules.grid(grid_id))
    reading = read(words, question.at, view, turn.rules.reading, addressed=True)
    seed = opening.seed_of(
        turn,
        reading,
        line=event.line,
        grid=grid_id,
        chat=question.chat if ":" not in question.chat else "",
        text=question.text,
        voice=Voice(user=event.by, chat=event.chat, said_at=turn.now.isoformat()),
        carrier="",
        origin="group" if ":" not in question.chat else "private",
        by="reporter",
    )
    ticket, route = opening.open_ticket(turn, seed)
    key = opening.show_to_staff(turn, ticket, route)
    _tell_asker(turn, event, ticket, key)
    is_group = ":" not in event.chat
    if deciding.lacks_place(ticket.category, reading.place, bool(ticket.place_key)):
        asking.place_if_missing(turn, event, reading, ticket, is_group, key)


def _tell_asker(turn: Turn, event: Heard, ticket: Ticket, key: str) -> None:
    is_group = ":" not in event.chat
    if ticket.protected:
        _say(turn, event, turn.text("accepted_protected", number=ticket.number), hidden=True)
        return
    words = opening.accepted_words(turn, ticket, group=is_group)
    turn.answer(words, after=key, otherwise=opening.pending_words(turn, ticket))
