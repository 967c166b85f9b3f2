"""Mass send for publicity (群发): ordered in chat, confirmed by the members who own the groups.

``群发 桂花苑业主群：内容`` asks each owner once; nothing is sent before that person taps 发送 in
WeCom. ``群发进度``, ``群发催``, ``群发撤`` mean the newest. A group takes one a day at most, as
WeCom gives it as many a month as the month has days. Called by ``report`` and ``routine``.
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from bot.domain import outbound, searching
from bot.domain.clocks import ZONE
from bot.events import Heard, Scheduled
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Chat, Person
from config.vocabulary import ChatKind, Role
from handlers import publicity
from storage import mass as stored
from storage.mass import MassSend

JOB = "mass:"
_ORDER = re.compile(r"群发\s*(\S[^：:]*)[：:]\s*(\S.*)", re.DOTALL)
_WISH = re.compile(r"群发\s*(进度|催|撤)[。！!]*")
_MAY = (Role.COMMAND_ROOM, Role.LEADER, Role.OFFICER)
_ALL = ("全部", "所有群", "全部群")
_SENT, _QUOTA = 1, 3
_DAY = timedelta(days=1)
_MOST_REMINDERS = 3


def ordered(turn: Turn, event: Heard, person: Person, said: str) -> bool:
    """True when it was an order about mass sends, told in private. Raises: Refused."""
    wish, order = _WISH.fullmatch(said.strip()), _ORDER.fullmatch(said.strip())
    if ":" not in event.chat or (wish is None and order is None):
        return False
    if person.role not in _MAY:
        raise Refused("role_refused", who=turn.rules.station.room_name)
    search = turn.rules.everyday.search
    if order is not None and search is not None and searching.is_search(order[2], search):
        raise Refused("search_two")
    if order is not None:
        _ask(turn, person, _groups(turn, person, order[1]), order[2].strip())
    elif wish is not None:
        turn.answer(_about_newest(turn, person, wish[1]))
    return True


def _groups(turn: Turn, person: Person, named: str) -> list[Chat]:
    """The groups that are meant; an officer's own grids only. Raises: Refused."""
    every = [c for c in turn.rules.chats.chats if c.kind is ChatKind.CUSTOMER_GROUP]
    if person.role is Role.OFFICER:
        every = [c for c in every if c.grid in person.grids]
    if named.strip() in _ALL:
        names = [c.name for c in every]
    else:
        names = [name for name in re.split(r"[、，,\s]+", named) if name]
    known = {c.name: c for c in every}
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise Refused("mass_unknown", said="、".join(unknown) or named[:20])
    return [known[name] for name in dict.fromkeys(names)]


def _ask(turn: Turn, person: Person, groups: list[Chat], words: str) -> None:
    """One asking for each member who owns some of the groups."""
    text = outbound.for_group(words, outbound.published(turn.rules))
    free = [c for c in groups if _is_free(turn, c.id)]
    if not free:
        raise Refused("mass_full", said="、".join(c.name for c in groups)[:60])
    by_sender: dict[str, list[Chat]] = {}
    for chat in free:
        grid = turn.rules.grid(chat.grid)
        sender = chat.owner or (grid.officer if grid else person.id)
        by_sender.setdefault(sender, []).append(chat)
    for sender, chats in by_sender.items():
        wish = f"ask:{sender}:{','.join(c.id for c in chats)}"
        key = turn.mass_send(wish, text)
        stored.add(
            turn.db,
            MassSend(
                key=key,
                out_key=key,
                asked_by=person.id,
                sender=sender,
                chats=tuple(c.id for c in chats),
                asked_at=turn.now,
            ),
        )
        names = "、".join(c.name for c in chats)
        turn.tell(sender, turn.text("mass_confirm", group=names[:60], draft=text[:200]))
    names = "、".join(_name(turn, sender) for sender in by_sender)
    turn.answer(turn.text("mass_asked", count=len(free), name=names))


def _is_free(turn: Turn, chat: str) -> bool:
    """WeCom takes one a day; lines of publicity count with it, and a group may want none."""
    lately = stored.count_of(turn.db, chat, turn.now - _DAY)
    return not lately and not publicity.is_full(turn, chat)


def _about_newest(turn: Turn, person: Person, wish: str) -> str:
    """进度 tells, 催 reminds through WeCom, 撤 calls off. Raises: Refused when there is none."""
    found = next(iter(stored.running(turn.db, person.id)), None)
    if found is None:
        raise Refused("mass_none")
    if wish == "进度":
        return _state(turn, found)
    if not found.msgid:
        raise Refused("mass_not_yet")
    if wish == "撤":
        stored.cancelled(turn.db, found.id)
        turn.mass_send(f"cancel:{found.msgid}")
        return turn.text("mass_cancelled")
    if found.reminded >= _MOST_REMINDERS:
        raise Refused("mass_reminded")
    stored.reminded(turn.db, found.id)
    turn.mass_send(f"remind:{found.msgid}")
    return turn.text("mass_remind_ok", name=_name(turn, found.sender))


def told(turn: Turn, event: Scheduled) -> None:
    """WeCom was asked and something is new: who ordered it hears how far it is."""
    found = stored.get(turn.db, int(event.job.removeprefix(JOB)))
    if found is not None:
        turn.tell(found.asked_by, _state(turn, found))


def _state(turn: Turn, found: MassSend) -> str:
    sent = sum(outcome == _SENT for outcome in found.results.values())
    full = [chat for chat, outcome in found.results.items() if outcome == _QUOTA]
    at = f"{found.asked_at.astimezone(ZONE):%m-%d %H:%M}"
    name = _name(turn, found.sender)
    text = turn.text("mass_state", at=at, name=name, count=len(found.chats), times=sent)
    if full:
        text += turn.text("mass_quota", group=_names(turn, full))
    if found.refused:
        text += turn.text("mass_refused", group=_names(turn, found.refused), name=name)
    return text


def _names(turn: Turn, chats: Iterable[str]) -> str:
    return "、".join(chat.name for c in chats if (chat := turn.rules.chat(c)))[:60]


def _name(turn: Turn, user: str) -> str:
    person = turn.rules.person(user)
    return person.name if person else user
