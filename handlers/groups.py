"""Customer groups (客户群): what happens when one is made, changes hands, grows or ends.

A letter only notes that WeCom has to be asked (``bot.engine.group_watch``); what was seen then is
kept here, and staff hear what they have to do. Who joins gets one welcome an hour as a draft for a
human; who leaves is nobody's business. Called by ``handle`` and ``overdue``.
"""

from bot.domain import drafting
from bot.door_events import GroupChange, Regrouped
from bot.events import Due, Heard
from bot.turn import Turn
from config.people_rules import Chat, Person
from config.vocabulary import ChatKind, Role
from handlers import drafts, group_wizard, loop, opening
from storage import customer_groups as stored
from storage import drafts as stored_drafts
from storage.customer_groups import CustomerGroup

NEWS = "group_news"
TIMERS = (NEWS, group_wizard.WELCOME, group_wizard.ASK, group_wizard.PASS_ON)


def regrouped(turn: Turn, event: Regrouped) -> None:
    """Note what a letter tells, or keep what was seen."""
    group = stored.known(turn.db, event.chat, event.line, turn.now)
    match event.change:
        case GroupChange.SEEN:
            _seen(turn, event, group)
        case GroupChange.DISMISSED:
            _dismissed(turn, group)
        case GroupChange.FOREIGN:
            stored.change(turn.db, group.chat, state=stored.FOREIGN, look_at=None)
        case _:
            _told(turn, event, group)


def _told(turn: Turn, event: Regrouped, group: CustomerGroup) -> None:
    """WeCom has to be asked; residents who came are counted for the welcome."""
    if group.state in (stored.IGNORED, stored.FOREIGN):
        return
    stored.change(
        turn.db,
        group.chat,
        look_at=turn.now,
        tries=0,
        change=event.change,
        wanted=event.version or group.wanted,
    )
    if event.joined:
        stored.change(turn.db, group.chat, joined=group.joined + event.joined)
        if not group.joined:
            group_wizard.welcome_later(turn, group)


# -- how it stands --------------------------------------------------------------------------------


def _seen(turn: Turn, event: Regrouped, group: CustomerGroup) -> None:
    """Keep how it stands; what changed is told to who answers for it."""
    stored.change(
        turn.db,
        group.chat,
        seen_at=event.at,
        name=event.name,
        owner=event.owner,
        owner_left=event.owner_left,
        staff=event.staff,
        members=event.members,
        residents=event.residents,
        version=event.version,
    )
    stored.new_edition(turn.db, turn.event.key)
    if group.is_over:
        stored.change(turn.db, group.chat, state=stored.NEW, closed_at=None)
    now = stored.known(turn.db, group.chat, group.line, turn.now)
    if now.state == stored.NEW and not _has_grid(turn, now.chat):
        group_wizard.ask(turn, now)
    elif group.seen_at is not None:
        _owner_news(turn, group, now)


def _has_grid(turn: Turn, chat: str) -> bool:
    return turn.rules.grid_of(chat) is not None


def _owner_news(turn: Turn, before: CustomerGroup, now: CustomerGroup) -> None:
    """The owner left or is another one: who answers for the group hears of it by day."""
    if now.owner_left and not before.owner_left:
        _tell_by_day(turn, now, "group_owner_left")
    elif now.owner != before.owner:
        known = turn.rules.person(now.owner) is not None
        _tell_by_day(turn, now, "group_owner_changed" if known else "group_owner_stranger")


def _tell_by_day(turn: Turn, group: CustomerGroup, key: str) -> None:
    at = loop.by_day(turn, turn.now)
    if at > turn.now:
        group_wizard.remember(turn, group, NEWS, at, key=key)
    else:
        _tell(turn, group, key)


def _tell(turn: Turn, group: CustomerGroup, key: str) -> None:
    owner = turn.rules.person(group.owner)
    name = owner.name if owner else turn.text("group_somebody")
    text = turn.text(key, group=group_wizard.name_of(turn, group), name=name)
    for person in answerable(turn, group):
        turn.tell(person.id, text)


def answerable(turn: Turn, group: CustomerGroup) -> list[Person]:
    """Who answers for the group: its officer, else the grid's; for a group of nobody the room."""
    away = opening.away_now(turn)
    chat = turn.rules.chat(group.chat)
    user = (chat.officer if chat else "") or group.officer
    there = turn.rules.stand_in(user, turn.now, away) if user else None
    if there is None and chat is not None and chat.grid:
        there = next(iter(turn.rules.duty(Role.OFFICER, turn.now, chat.grid, away)), None)
    return [there] if there else group_wizard.room(turn)[:1]


def _dismissed(turn: Turn, group: CustomerGroup) -> None:
    """Nothing can be said there any more: what waits falls away."""
    if group.is_over:
        return
    was_ours = group.state not in (stored.IGNORED, stored.NEW)
    stored.change(
        turn.db, group.chat, state=stored.CLOSED, closed_at=turn.now, look_at=None, joined=0
    )
    stored.new_edition(turn.db, turn.event.key)
    words = turn.text("group_closed_card", group=group_wizard.name_of(turn, group))
    _drop_drafts(turn, group, words)
    group_wizard.close(turn, group, words)
    group_wizard.show_next(turn, group.asked_user)
    if was_ours or _has_grid(turn, group.chat):
        _tell_by_day(turn, group, "group_closed")


def _drop_drafts(turn: Turn, group: CustomerGroup, words: str) -> None:
    waiting = stored_drafts.open_in(turn.db, group.line)
    stored_drafts.end(turn.db, [d.id for d in waiting], stored_drafts.DROPPED, turn.now)
    for draft in waiting:
        if draft.danger:
            drafts.close_cards(turn, draft, words)
    for known in stored_drafts.cards_of(turn.db, group.line):
        drafts.close_card(turn, known, words)


# -- who joins ------------------------------------------------------------------------------------


def _welcome(turn: Turn, group: CustomerGroup) -> None:
    """Welcome, rules and notice for whoever came: one draft."""
    chat = turn.rules.chat(group.chat)
    if not group.joined or group.is_over or chat is None or not _is_public(chat):
        return
    stored.change(turn.db, group.chat, joined=0)
    words = (turn.text(key) for key in ("group_welcome", "group_rules", "group_notice"))
    turn.draft(group.chat, "".join(words), kind=drafting.WELCOME)


def _is_public(chat: Chat) -> bool:
    return chat.kind is ChatKind.CUSTOMER_GROUP and chat.grid is not None and not chat.shadow


# -- who is heard ---------------------------------------------------------------------------------


def heard(turn: Turn, event: Heard) -> None:
    """Remember when residents and when staff were last heard in a customer group, not what."""
    chat = turn.rules.chat(event.chat)
    if chat is None or chat.kind is not ChatKind.CUSTOMER_GROUP:
        return
    by_staff = turn.rules.person(event.by) is not None
    if not stored.heard(turn.db, event.chat, event.at, by_staff=by_staff):
        stored.known(turn.db, event.chat, event.line, turn.now)
        stored.heard(turn.db, event.chat, event.at, by_staff=by_staff)


# -- clocks ---------------------------------------------------------------------------------------


def due(turn: Turn, event: Due) -> None:
    """A welcome, news for the morning, or a question that nobody answered."""
    group = stored.of_id(turn.db, int(event.data["group"]))
    if group is None or (group.is_over and event.kind != NEWS):
        return
    if event.kind == group_wizard.WELCOME:
        _welcome(turn, group)
    elif event.kind == NEWS:
        _tell(turn, group, str(event.data["key"]))
    else:
        group_wizard.due(turn, event.kind, group)
