"""One person, several doors (绑定): she proves herself that two accounts are hers.

In one private conversation she says 绑定 and gets a code; she says the code in the private
conversation of another door, and from then on both accounts are one person, until 解绑. Nobody
can do it for her and nobody is shown who is who. A code that was said in a group is worth nothing
any more. Called by ``report`` for what is said in private and by ``handle`` for groups.
"""

import secrets
from datetime import timedelta

from bot.domain import binding_words
from bot.domain.binding_words import DIGITS, Wanted
from bot.events import OVERHEARD, Heard
from bot.turn import Turn
from config.vocabulary import Danger
from handlers.intake import Hearing, words_of
from storage import bindings, people

CODE_LIFE = timedelta(minutes=10)
MOST_TRIES, TRIES_LIFE = 5, timedelta(hours=1)


def said(turn: Turn, hearing: Hearing) -> bool:
    """True when it was said in private and was about binding."""
    found = binding_words.said_in(hearing.said)
    if found is None or hearing.is_group or hearing.reading.danger is not Danger.NONE:
        return False
    if hearing.person is not None:
        return found.wanted is not Wanted.TIE and _answered(turn, "bind_staff")
    if found.wanted is Wanted.TIE:
        return _tied(turn, hearing, found.code)
    if hearing.event.door == OVERHEARD:
        return False  # she speaks to a human there, and nobody could tell her a code
    if found.wanted is Wanted.CODE:
        return _asked(turn, hearing)
    bindings.burn(turn.db, hearing.person_key)
    was_bound = bindings.unbind(turn.db, hearing.person_key)
    return _answered(turn, "bind_undone" if was_bound else "bind_none")


def _answered(turn: Turn, key: str) -> bool:
    turn.answer(turn.text(key))
    return True


def _asked(turn: Turn, hearing: Hearing) -> bool:
    """A code for this account, told here and nowhere else; an earlier one is worth nothing."""
    until, code = turn.now + CODE_LIFE, _fresh()
    while not bindings.give_code(turn.db, hearing.person_key, code, until, turn.now):
        code = _fresh()
    turn.answer(turn.text("bind_code", code=code))
    return True


def _fresh() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def _tied(turn: Turn, hearing: Hearing, code: str) -> bool:
    """Two accounts become one person; a wrong code counts, unless a number was asked for."""
    line, key = hearing.event.line, hearing.person_key
    is_shut = bindings.tries(turn.db, line, turn.now - TRIES_LIFE) >= MOST_TRIES
    asker = "" if is_shut else bindings.asker_of(turn.db, code, turn.now)
    if not asker:
        return _not_tied(turn, hearing, is_shut=is_shut)
    if asker in bindings.keys_of(turn.db, key):
        return _answered(turn, "bind_same")
    bindings.burn(turn.db, asker)
    bindings.bind(turn.db, asker, key, secrets.token_hex(16), turn.now)
    turn.tell(people.user_of(turn.db, asker), turn.text("bind_done"))
    return _answered(turn, "bind_done")


def _not_tied(turn: Turn, hearing: Hearing, *, is_shut: bool) -> bool:
    if any(ask.kind == "relay" for ask in people.open_asks(turn.db, hearing.person_key, turn.now)):
        return False
    if is_shut:
        return _answered(turn, "bind_shut")
    bindings.tried(turn.db, hearing.event.line, turn.now)
    return _answered(turn, "bind_wrong")


def in_public(turn: Turn, event: Heard) -> bool:
    """True when somebody began or ended a binding in a group: nothing is bound, a hint is told.

    A code that others could read is burnt, and whoever waits for it is told.
    """
    if ":" in event.chat or turn.rules.person(event.by) is not None:
        return False
    found = binding_words.said_in(words_of(turn, event))
    if found is None or turn.reading is None or turn.reading.danger is not Danger.NONE:
        return False
    asker = bindings.asker_of(turn.db, found.code, turn.now) if found.code else ""
    overheard = event.door == OVERHEARD
    if overheard and not asker:
        return False
    users = [] if overheard else [event.by]
    if asker:
        bindings.burn(turn.db, asker)
        users.append(people.user_of(turn.db, asker))
    words = turn.text("bind_code_seen" if asker else "bind_in_private")
    for user in dict.fromkeys(users):
        turn.tell(user, words)
    group = turn.rules.chat(event.chat)
    if not overheard and not (group is not None and group.shadow):
        turn.answer(turn.text("short_ack"), quiet_quote=True)
    return True
