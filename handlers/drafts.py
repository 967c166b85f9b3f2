"""Drafts for a named human (代发): who is shown what is to be said where no program may speak.

Several ordinary drafts of a group stand on one card of one person. A danger draft goes at once to
everybody who may speak there, before all other cards; after a minute without a sent mark the next
person is rung and asked to phone the reporter too. Nobody is promised that somebody comes.
Called at the end of every Turn; the presses and clocks are ``draft_acts``'.
"""

from datetime import datetime

from bot.domain import clocks, drafting
from bot.events import ButtonKey, Due
from bot.lines import line_of
from bot.messages import Button, Card
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import ChatKind, Role
from handlers import calling, loop, opening
from storage import drafts as stored
from storage import group_words, journal, outbox, tickets, timers
from storage.drafts import Draft, DraftCard
from storage.timers import Timer

SENT, DROP, ONE = "draft_sent", "draft_drop", "_one"
REMIND, NEXT, EXPIRE = "draft_remind", "draft_next", "draft_expire"
BEGIN = "draft_begin"
_ROUNDS = 2
_LONGEST = 150
_PAGE = "/sidebar"


def first_sight(turn: Turn, chat: str) -> None:
    """A group with residents met for the first time: its pinned notice becomes a draft."""
    group = turn.rules.chat(chat)
    if group is None or group.kind is not ChatKind.CUSTOMER_GROUP:
        return
    if not stored.ever(turn.db, line_of(chat), drafting.NOTICE):
        turn.draft(chat, turn.text("group_notice"), kind=drafting.NOTICE)


def hand_out(turn: Turn) -> None:
    """Give every draft of this Turn to who may say it; doing so twice is harmless."""
    if not turn.drafted:
        return
    event = turn.event
    ticket_id = event.ticket if isinstance(event, Due) else journal.ticket_of(turn.db, event.key)
    if ticket_id:
        stored.belong_to(turn.db, turn.drafted, ticket_id)
    for draft in stored.later_of(turn.db, turn.drafted):
        _remember(turn, draft, BEGIN, group_words.moment_of(turn.db, draft.key) or turn.now)
    for draft in stored.of_keys(turn.db, turn.drafted):
        if draft.handed_at is not None:
            _call_first(turn, draft)
            continue
        stored.handed(turn.db, draft.id, turn.now)
        if _is_needless(turn, draft):
            stored.end(turn.db, [draft.id], stored.DROPPED, turn.now)
            continue
        _remember(turn, draft, EXPIRE, draft.expires_at)
        if draft.danger:
            _alarm(turn, draft)
        else:
            _show(turn, draft)


def _is_needless(turn: Turn, draft: Draft) -> bool:
    """The same words wait there already, or they speak of a warning that nobody heard."""
    waiting = (o for o in stored.open_in(turn.db, draft.line) if o.id < draft.id)
    if any(o.text == draft.text for o in waiting):
        return True
    if draft.kind not in (drafting.SORRY, drafting.FOLLOW_UP) or not draft.ticket_id:
        return False
    before = [o for o in stored.of_ticket(turn.db, draft.ticket_id) if o.danger]
    if draft.kind == drafting.SORRY:
        unsaid = [o.id for o in before if o.state == stored.OPEN]
        stored.end(turn.db, unsaid, stored.DROPPED, turn.now)
        for o in before:
            close_cards(turn, o, turn.text("draft_needless"))
    return bool(before) and all(o.state not in (stored.SENT, stored.PROVED) for o in before)


def speakers(turn: Turn, chat: str) -> list[Person]:
    """Who may speak there and is there now, first to be asked first."""
    return drafting.speakers(turn.rules, chat, turn.now, opening.away_now(turn))


def group_name(turn: Turn, chat: str) -> str:
    """The group as staff know it."""
    group = turn.rules.chat(chat)
    return group.name if group else turn.text("draft_some_group")


# -- ordinary: one card for all that waits in a group ---------------------------------------------


def _show(turn: Turn, draft: Draft) -> None:
    """On the card that is there, else on a new one, which replaces one that has not left yet."""
    person = speakers(turn, draft.chat)[0]
    waiting = ordinary(turn, draft.line)
    remind_at = turn.now + turn.rules.times.drafts.remind
    _remember(turn, draft, REMIND, loop.by_day(turn, remind_at))
    for known in stored.cards_of(turn.db, draft.line):
        if stored.take_back(turn.db, known.task_id):
            stored.close_card(turn.db, known.task_id, turn.now)
        elif known.user == person.id and refresh(turn, known, waiting):
            return
    task_id = task_id_of(turn, draft.chat, person.id)
    card = build(turn, waiting, task_id)
    key = turn.show_plain_card(person.id, card)
    _keep(turn, DraftCard(task_id, draft.id, person.id), draft.line, key, danger=False)


def ordinary(turn: Turn, line: str) -> list[Draft]:
    """What waits in that group and is no danger."""
    return [draft for draft in stored.open_in(turn.db, line) if not draft.danger]


def refresh(turn: Turn, known: DraftCard, waiting: list[Draft]) -> bool:
    """True when the card could be changed to what waits now."""
    shown = outbox.card(turn.db, known.task_id)
    if shown is None or shown.code_until is None or shown.code_until <= turn.now:
        return False
    turn.change_card(shown, build(turn, waiting, known.task_id))
    stored.card_shows(turn.db, known.task_id, waiting[-1].id)
    return True


def build(turn: Turn, waiting: list[Draft], task_id: str) -> Card:
    """One card with everything that waits in a group, oldest first."""
    first = waiting[0]
    words = [_words(turn, draft) for draft in waiting]
    if len(words) > 1:
        words = [f"{count}. {word}" for count, word in enumerate(words, 1)]
    age = clocks.span_words(turn.now - first.said_at)
    return Card(
        task_id=task_id,
        title=turn.text("draft_title", group=group_name(turn, first.chat)),
        desc=turn.text("draft_desc", count=len(waiting), age=age),
        quote=words[0][:_LONGEST],
        text="\n".join(words[1:])[:_LONGEST],
        buttons=_buttons(waiting[-1]),
        source=turn.text("card_source"),
        url=f"{_PAGE}?chat={first.chat}",
    )


def _words(turn: Turn, draft: Draft) -> str:
    notice = draft.kind == drafting.NOTICE
    return turn.text("draft_notice", draft=draft.text) if notice else draft.text


def _buttons(draft: Draft) -> tuple[Button, ...]:
    """已发出 and 不发了; of a danger 我发不了, for one person's no is not everybody's."""
    no = "我发不了" if draft.danger else "不发了"
    named = ((SENT, "已发出", 1), (DROP, no, 3))
    return tuple(
        Button(text=label, key=key_of(act, draft).pack(), style=style)
        for act, label, style in named
    )


def key_of(act: str, draft: Draft) -> ButtonKey:
    """What a button of a draft carries: the act, the youngest draft it means, the group's line."""
    return ButtonKey(act, str(draft.id), int(draft.danger), draft.line)


# -- danger: everybody at once, then one after the other ------------------------------------------


def _alarm(turn: Turn, draft: Draft) -> None:
    """Everybody who may speak there gets card and words now; the first is rung."""
    for place, person in enumerate(speakers(turn, draft.chat)):
        show_danger(turn, draft, person, ring=place == 0)
    _remember_next(turn, draft, 1)


def _call_first(turn: Turn, draft: Draft) -> None:
    """The words left before there was a ticket; now that there is one, the phone rings too."""
    if draft.danger and draft.ticket_id and draft.state == stored.OPEN:
        first = speakers(turn, draft.chat)[0]
        calling.call(turn, tickets.get(turn.db, draft.ticket_id), first)


def show_danger(
    turn: Turn, draft: Draft, person: Person, *, ring: bool, again: bool = False
) -> None:
    """Card and words for one person; ``again``: a minute has passed and nobody has sent it."""
    group = group_name(turn, draft.chat)
    waited = clocks.span_words(turn.now - draft.made_at)
    task_id = task_id_of(turn, draft.chat, person.id)
    card = Card(
        task_id=task_id,
        title=turn.text("draft_danger_title", group=group),
        desc=turn.text("draft_danger_again" if again else "draft_danger_desc"),
        quote=draft.text,
        text=turn.text("draft_danger_phone"),
        buttons=_buttons(draft),
        source=turn.text("card_source"),
        url=f"{_PAGE}?chat={draft.chat}",
    )
    key = turn.show_plain_card(person.id, card, danger=True, ring=ring)
    _keep(turn, DraftCard(task_id, draft.id, person.id), draft.line, key, danger=True)
    if again:
        words = turn.text("draft_danger_next", group=group, waited=waited, draft=draft.text)
    else:
        words = turn.text("draft_for_human_danger", group=group, draft=draft.text)
    turn.tell(person.id, words, danger=True, ring=ring)
    if ring and draft.ticket_id:
        calling.call(turn, tickets.get(turn.db, draft.ticket_id), person)


def ring_next(turn: Turn, draft: Draft, step: int) -> None:
    """A minute without a sent mark: the next person, at last the command room; two rounds."""
    room = turn.rules.duty(Role.COMMAND_ROOM, turn.now, None, opening.away_now(turn))[:1]
    order = list({p.id: p for p in (*speakers(turn, draft.chat), *room)}.values())
    show_danger(turn, draft, order[step % len(order)], ring=True, again=True)
    if step + 1 < _ROUNDS * len(order) and _next_at(turn) < draft.expires_at:
        _remember_next(turn, draft, step + 1)


def close_cards(turn: Turn, draft: Draft, words: str) -> None:
    """Every card of a danger draft shows how it ended and has no buttons any more."""
    for known in stored.cards_of(turn.db, draft.line, draft.id):
        close_card(turn, known, words)


def close_card(turn: Turn, known: DraftCard, words: str) -> None:
    """One card shows how it ended; an unsent one never leaves."""
    stored.close_card(turn.db, known.task_id, turn.now)
    if stored.take_back(turn.db, known.task_id):
        return
    shown = outbox.card(turn.db, known.task_id)
    if shown is not None:
        turn.change_card(shown, Card(task_id=known.task_id, title=words))


# -- remembering ----------------------------------------------------------------------------------


def task_id_of(turn: Turn, chat: str, user: str) -> str:
    """A card id that was never used: group, person, event and how many came before."""
    turn.cards_made += 1
    return f"draft-{line_of(chat)}-{line_of(user + turn.event.key)[:8]}-{turn.cards_made}"


def _keep(turn: Turn, card: DraftCard, line: str, out_key: str, *, danger: bool) -> None:
    stored.show_card(turn.db, card, line, out_key, turn.now, danger)


def _remember(turn: Turn, draft: Draft, kind: str, at: datetime, step: int = 0) -> None:
    timers.set_timer(
        turn.db,
        Timer(
            key=f"draft:{draft.id}:{kind}:{step}",
            line=draft.line,
            kind=kind,
            due_at=at,
            data={"draft": draft.id, "step": step},
        ),
    )


def _remember_next(turn: Turn, draft: Draft, step: int) -> None:
    _remember(turn, draft, NEXT, _next_at(turn), step)


def _next_at(turn: Turn) -> datetime:
    """When the next person is rung; never later than a minute, times.yaml cannot say otherwise."""
    return turn.now + turn.rules.times.drafts.next_person
