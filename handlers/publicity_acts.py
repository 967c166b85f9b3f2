"""Who decides on publicity, and how (宣传 同意 12 · 改 12 … · 跳过 12 · 停 群名 · 恢复 群名).

By word, by card or from the page, which says the same words. An approver's own words pass the same
judgement as those of publicity.yaml and the outbound filter. Called by ``order_rows`` and ``desk``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from bot.domain import clocks, outbound, publicity, publicity_words, rights
from bot.domain.publicity_words import Wanted, Wish
from bot.events import ButtonKey, Clicked
from bot.messages import Card
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Chat, Person
from config.publicity_check import faults_of
from config.vocabulary import Role
from handlers import loop, publicity_sending
from handlers.publicity import APPROVE, SKIP, approves_all, day_words, groups_of, topic_name
from storage import outbox
from storage import publicity as stored
from storage.publicity import Line, Out, Post

_EVERYWHERE = (Role.COMMAND_ROOM, Role.LEADER)
_MOST_TOLD, _LONGEST_TOLD = 12, 60
_LONGEST_REASON = 60


def ordered(turn: Turn, person: Person, words: str) -> str:
    """The answer to 宣传 and what stands behind it. Raises: Refused."""
    if not turn.rules.publicity.topics:
        raise Refused("publicity_off")
    if not _has_office(person, (*_EVERYWHERE, Role.OFFICER)) and not _owns_any(turn, person):
        raise Refused("role_refused", who=turn.rules.station.room_name)
    wanted = publicity_words.parse(words)
    return _DOES[wanted.wish](turn, person, wanted)


def _has_office(person: Person, roles: Iterable[Role]) -> bool:
    return any(office.role in roles for office in rights.offices(person))


def _owns_any(turn: Turn, person: Person) -> bool:
    return any(chat.owner == person.id for chat in groups_of(turn.rules))


def pressed(turn: Turn, event: Clicked, key: ButtonKey) -> bool:
    """True when it was a button of a line; who pressed hears what became of it."""
    if key.act not in (APPROVE, SKIP):
        return False
    person = turn.rules.person(event.by)
    if person is None or not key.number.isdecimal():
        raise Refused("card_unknown")
    wish = Wish.APPROVE if key.act == APPROVE else Wish.SKIP
    said = _DOES[wish](turn, person, Wanted(wish, (int(key.number),)))
    _close_card(turn, event)
    turn.tell(person.id, said)
    return True


def _close_card(turn: Turn, event: Clicked) -> None:
    shown = outbox.card(turn.db, event.task_id)
    if shown is None or event.reply is None or event.reply.kind != "code":
        return
    outbox.keep_code(turn.db, event.task_id, event.reply.token, event.reply.until)
    fresh = outbox.card(turn.db, event.task_id)
    if fresh is not None:
        title = turn.text("publicity_card_over", name="宣传")
        turn.change_card(fresh, Card(task_id=event.task_id, title=title[:26]))


# -- one line --------------------------------------------------------------------------------------


def _meant(turn: Turn, person: Person, wanted: Wanted) -> list[Line]:
    """The lines that are meant; the only one that waits for this person where none is named.

    Raises: Refused.
    """
    if not wanted.ids:
        waiting = stored.proposed(turn.db, person.id)
        if len(waiting) != 1:
            raise Refused("publicity_which" if waiting else "publicity_none")
        return waiting
    found = [(number, stored.get(turn.db, number)) for number in wanted.ids]
    gone = next((number for number, line in found if line is None), None)
    if gone is not None:
        raise Refused("publicity_gone", code=gone)
    lines = [line for _, line in found if line is not None]
    for line in lines:
        if not _may_decide(turn, person, line):
            raise Refused("publicity_not_yours", name=loop.name_of(turn, line.approver))
    return lines


def _may_decide(turn: Turn, person: Person, line: Line) -> bool:
    if person.id == line.approver or _has_office(person, _EVERYWHERE):
        return True
    chats = [turn.rules.chat(post.chat) for post in stored.posts_of(turn.db, [line.id])]
    return approves_all(turn, person.id, chats)


def _approve(turn: Turn, person: Person, wanted: Wanted) -> str:
    lines = _meant(turn, person, wanted)
    return "\n".join(approved(turn, person, line) for line in lines)


def _change(turn: Turn, person: Person, wanted: Wanted) -> str:
    """Approved with other words. Raises: Refused for words that no group may hear."""
    (line,) = _meant(turn, person, wanted)[:1]
    words = _as_sentence(" ".join(wanted.words.split()))
    if why := next(_wrong(turn, words), None):
        raise Refused("publicity_words", why=why)
    return approved(turn, person, line, words)


def _as_sentence(words: str) -> str:
    """With its full stop, which is cut off at the end of an order."""
    return f"{words}。" if words and words[-1] not in "。！？!?~～…”" else words


def _wrong(turn: Turn, words: str) -> Iterator[str]:
    """What is wrong with the words of an approver, in Chinese."""
    phones = outbound.published(turn.rules)
    if len(words) < 8:
        yield "太短，至少说完整一句"
    yield from faults_of(words, phones, [one.name for one in turn.rules.roster.people])
    if (heard := outbound.for_group(words, phones)) != words:
        yield f"有不能公开的，群里只会听到“{heard}”"


def approved(turn: Turn, person: Person, line: Line, words: str = "") -> str:
    """Each of its groups will hear it, with other words where some are given. Raises: Refused."""
    posts = [p for p in stored.posts_of(turn.db, [line.id]) if p.state == stored.WAITING]
    at = max(turn.now, posts[0].due_at) if posts else turn.now
    over = publicity.ends_at(posts[0].due_at, turn.rules.publicity) if posts else turn.now
    may = line.state == stored.PROPOSED or (words and line.state == stored.APPROVED)
    if not may or at >= over:
        raise Refused("publicity_gone", code=line.id)
    stored.decide(turn.db, line.id, stored.APPROVED, person.id, turn.now, words)
    publicity_sending.plan(turn, posts, at)
    time, said = clocks.moment_words(at, turn.now), words or line.text
    return turn.text("publicity_ok", code=line.id, time=time, count=len(posts), words=f"“{said}”")


def _skip(turn: Turn, person: Person, wanted: Wanted) -> str:
    return "\n".join(_skipped(turn, person, line) for line in _meant(turn, person, wanted))


def _skipped(turn: Turn, person: Person, line: Line) -> str:
    """Also one that was approved, as long as a group has not heard it."""
    posts = stored.posts_of(turn.db, [line.id])
    open_ones = [post for post in posts if post.state in (stored.WAITING, stored.DRAFT)]
    if line.state not in (stored.PROPOSED, stored.APPROVED) or not open_ones:
        raise Refused("publicity_gone", code=line.id)
    stored.drop(turn.db, [line.id])
    _drafts_back(turn, open_ones)
    stored.decide(turn.db, line.id, stored.SKIPPED, person.id, turn.now)
    return turn.text("publicity_skipped_ok", code=line.id)


def _drafts_back(turn: Turn, posts: list[Post]) -> None:
    for post in posts:
        if post.state == stored.DRAFT:
            publicity_sending.call_back(turn, post.chat)


# -- groups ----------------------------------------------------------------------------------------


def _named(turn: Turn, person: Person, words: str) -> tuple[Chat, str]:
    """The group at the beginning of the words, and what follows. Raises: Refused."""
    own = [chat for chat in groups_of(turn.rules) if may_stop(turn, person, chat)]
    found = max(
        (c for c in own if words.startswith(c.name)), key=lambda c: len(c.name), default=None
    )
    if found is None:
        raise Refused("publicity_group_unknown", said=words[:20])
    return found, words.removeprefix(found.name).strip(" ，,：:。")


def may_stop(turn: Turn, person: Person, chat: Chat) -> bool:
    """True for the group's owner, its officer, the command room and the leader."""
    grid = turn.rules.grid(chat.grid)
    own = {chat.owner, chat.officer, grid.officer if grid else None}
    return person.id in own or _has_office(person, _EVERYWHERE)


def _stop(turn: Turn, person: Person, wanted: Wanted) -> str:
    chat, reason = _named(turn, person, wanted.words)
    phones = outbound.published(turn.rules)
    kept = outbound.for_group(reason, phones)[:_LONGEST_REASON]
    stored.stop(turn.db, Out(chat.id, turn.now, person.id, kept))
    publicity_sending.call_back(turn, chat.id)
    return turn.text("publicity_out_ok", group=chat.name)


def _resume(turn: Turn, person: Person, wanted: Wanted) -> str:
    chat, _ = _named(turn, person, wanted.words)
    stored.resume(turn.db, chat.id, turn.now)
    return turn.text("publicity_in_ok", group=chat.name)


# -- the list --------------------------------------------------------------------------------------


def waiting(turn: Turn, person: Person) -> list[Line]:
    """What this person may decide on, his own first."""
    lines = stored.proposed(turn.db, "" if _has_office(person, _EVERYWHERE) else person.id)
    return sorted(lines, key=lambda line: (line.approver != person.id, line.day, line.id))


def _list(turn: Turn, person: Person, _wanted: Wanted) -> str:
    lines = waiting(turn, person)
    if not lines:
        return f"{turn.text('publicity_none')}\n{turn.text('publicity_how')}"
    told = [_told(turn, line) for line in lines[:_MOST_TOLD]]
    head = turn.text("publicity_head", count=len(lines))
    return "\n".join((head, *told, turn.text("publicity_how")))


def _told(turn: Turn, line: Line) -> str:
    count = len(stored.posts_of(turn.db, [line.id]))
    day = day_words(date.fromisoformat(line.day))
    name, words = topic_name(turn.rules, line.topic), line.text[:_LONGEST_TOLD]
    return turn.text("publicity_line", code=line.id, day=day, name=name, count=count, words=words)


def _how(turn: Turn, _person: Person, _wanted: Wanted) -> str:
    return turn.text("publicity_how")


_DOES: Mapping[Wish, Callable[[Turn, Person, Wanted], str]] = {
    Wish.LIST: _list,
    Wish.APPROVE: _approve,
    Wish.CHANGE: _change,
    Wish.SKIP: _skip,
    Wish.STOP: _stop,
    Wish.RESUME: _resume,
    Wish.UNKNOWN: _how,
}
