"""More about a ticket that is open (补充): the same sender goes on, others tell the same.

Words that say 没事了 never close or lower a danger or protected ticket; a human who has spoken with
the person does. Any word may raise one.
"""

from dataclasses import replace

from bot.domain import deciding, follow_ups, posters
from bot.domain.deciding import Move
from bot.domain.reading import Reading
from bot.events import Heard, media_names
from bot.turn import Turn
from config.vocabulary import Act, Danger
from handlers import cards, colours, danger, letters_out, loop, shown, tiers
from storage import bindings, people, tickets
from storage.tickets import Ticket, Voice


def added(
    turn: Turn,
    event: Heard,
    reading: Reading,
    ticket: Ticket,
    move: Move,
    voice: Voice | None,
    place_key: str,
) -> None:
    """Attach the message to ``ticket``, tell the owner, answer the sender shortly."""
    if move is Move.RAISE:
        _raise(turn, event, reading, ticket, voice)
        return
    saved = _attach(turn, event, reading, ticket, voice, place_key)
    colours.rescored(turn, saved)
    saved = tiers.pressed_by(turn, saved, reading.urgency, _by(turn, event))
    _answer_asked_place(turn, event, saved)
    _tell_owner(turn, event, saved, reading)
    letters_out.pictures_to(turn, saved, kept_words(event))
    words = _known_words(turn, event, saved) if move is Move.VOICE else ""
    turn.answer(words or _ack(turn, event, reading, saved), quiet_quote=saved.protected)


def _raise(turn: Turn, event: Heard, reading: Reading, ticket: Ticket, voice: Voice | None) -> None:
    is_staff = turn.rules.person(event.by) is not None
    danger.first_words(turn, event, reading.danger_class or "other", is_staff=is_staff)
    raised = danger.raised(turn, ticket, reading, _by(turn, event))
    colours.rescored(turn, raised, reading.masked)
    voices = with_voice(turn, raised, voice)
    if voices != raised.voices:
        tickets.save(turn.db, replace(raised, voices=voices))


def _by(turn: Turn, event: Heard) -> str:
    """Staff by account, a resident never by hers."""
    return event.by if turn.rules.person(event.by) is not None else "reporter"


def with_voice(turn: Turn, ticket: Ticket, voice: Voice | None) -> tuple[Voice, ...]:
    """The voices with this one; a person counts once, whatever account she speaks by."""
    if voice is None:
        return ticket.voices
    known = {bindings.name_of(turn.db, turn.person_key(v.user)) for v in ticket.voices}
    is_known = bindings.name_of(turn.db, turn.person_key(voice.user)) in known
    return ticket.voices if is_known else (*ticket.voices, voice)


_KINDS = {"image": "图片", "voice": "语音", "video": "视频", "file": "文件", "location": "位置"}


def kinds(event: Heard) -> str:
    """What came with the message, by its kind: 语音, 图片、视频; empty when nothing came."""
    found = (_KINDS.get(medium.kind, "附件") for medium in event.media)
    return "、".join(dict.fromkeys(found))


def kept_words(event: Heard) -> str:
    """The names under which what came with the message is kept; empty when nothing came."""
    kept: dict[str, list[str]] = {}
    for medium, name in zip(event.media, media_names(event), strict=True):
        is_place = medium.kind == "location"
        words = (medium.url.removeprefix("geo:") or "没有坐标") if is_place else name
        kept.setdefault(_KINDS.get(medium.kind, "附件"), []).append(words)
    return "".join(f"[{label} {'、'.join(names)}]" for label, names in kept.items())


def words_kept(event: Heard, reading: Reading) -> str:
    """What stands on the ticket of an added message: masked words and names of pictures."""
    return f"{reading.masked[:200]} {kept_words(event)}".strip()


def _placed(
    turn: Turn, reading: Reading, ticket: Ticket, place_key: str
) -> tuple[dict[str, str], str]:
    """The place with what is new, and its key; what was said before stands unless corrected."""
    said = posters.said_in(reading.place)
    known = posters.kept(ticket.place, said)
    known_key = ticket.place_key if known == ticket.place else ""
    if not follow_ups.corrects(reading.text_stripped, turn.rules.alike):
        return {**said, **known}, known_key or place_key
    place = {**known, **said}
    return place, deciding.place_key(ticket.grid, posters.as_place(place)) or known_key


def _attach(
    turn: Turn, event: Heard, reading: Reading, ticket: Ticket, voice: Voice | None, place_key: str
) -> Ticket:
    place, place_key = _placed(turn, reading, ticket, place_key)
    words = words_kept(event, reading)
    return loop.change(
        turn,
        ticket,
        Act.SUPPLEMENT,
        by=_by(turn, event),
        reason=words,
        place=place,
        place_key=place_key,
        voices=with_voice(turn, ticket, voice),
        masked=f"{ticket.masked}\n{words}"[:2000],
        original=f"{ticket.original}\n{event.text}"[:20_000],
    )


def _answer_asked_place(turn: Turn, event: Heard, ticket: Ticket) -> None:
    """A place that we had asked for is here now."""
    if not ticket.place_key:
        return
    for ask in people.asks_of_ticket(turn.db, ticket.id):
        if ask.kind == "place":
            people.answered(turn.db, ask.id, turn.now)
            turn.clear_timers(ticket, "place_ask")


def _tell_owner(turn: Turn, event: Heard, ticket: Ticket, reading: Reading) -> None:
    """The one who works it hears what was added; nobody else is bothered."""
    if not ticket.owner:
        return
    text = turn.text(
        "new_ticket_again_staff",
        number=ticket.number,
        category=loop.category_name(turn, ticket.category),
        place=shown.place(turn, ticket, ticket.owner),
        summary=_told(turn, event, ticket, reading),
    )
    urgent = ticket.danger is not Danger.NONE
    turn.tell(ticket.owner, text, danger=urgent, ticket=ticket.id)
    cards.refresh(turn, ticket)


def _told(turn: Turn, event: Heard, ticket: Ticket, reading: Reading) -> str:
    """Her words as far as the owner may read them, else what kind of thing she sent."""
    if reading.masked.strip():
        words = shown.said(turn, ticket, ticket.owner, reading.masked)
        return words or turn.text("not_shown")
    return f"发来{kinds(event) or '一条没有文字的消息'}"


def _known_words(turn: Turn, event: Heard, ticket: Ticket) -> str:
    """Somebody told it before: her word counts too; empty where less must be said."""
    grid = turn.rules.grid(ticket.grid)
    if ":" not in event.chat or ticket.protected or loop.is_danger(ticket) or grid is None:
        return ""
    return turn.text(
        "known_incident",
        area=grid.estates[0].name if len(grid.estates) == 1 else grid.community,
        category=loop.category_name(turn, ticket.category),
        unit=ticket.unit,
    )


_HIDDEN = frozenset({"domestic", "sexual", "minor_harmed"})


def _says_nothing(reading: Reading, ticket: Ticket, *, group: bool) -> bool:
    """True where the answer must not show that anything goes on: somebody else may read it."""
    if ticket.protected:
        return group or reading.is_over or ticket.danger_class in _HIDDEN
    return ticket.danger is Danger.CONFIRMED and reading.is_over


def _ack(turn: Turn, event: Heard, reading: Reading, ticket: Ticket) -> str:
    group = ":" not in event.chat
    if _says_nothing(reading, ticket, group=group):
        return turn.text("short_ack")
    if reading.is_over and not group:
        return turn.text("still_open_private", number=ticket.number)
    return turn.text("supplement_ack_group" if group else "supplement_ack_private")
