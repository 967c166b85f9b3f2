"""What a human is asked to say in a group (代发): worth it or not, in which form, said or not.

Where no program may speak a named human does, so only what is worth a human's tap becomes a
draft, and nothing of the machine stays in it (no @我, no 自动助手). Whether it was said is judged
by comparing letters: people change a word or two. Called by ``bot.turn`` and ``handlers.drafts``.
"""

import re
from collections.abc import Collection
from datetime import datetime
from difflib import SequenceMatcher

from bot.domain.words import normalise
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Role

ANSWER, DANGER, SORRY, FOLLOW_UP, NOTICE = "answer", "danger", "sorry", "follow_up", "notice"
WELCOME = "welcome"
PREVENTION, SEARCH, PUBLICITY = "prevention", "search", "publicity"
_WORTH = {
    "accepted_group": ANSWER,
    "diverted_group": ANSWER,
    "ask_place_group": ANSWER,
    "known_incident": ANSWER,
    "question_counter": ANSWER,
    "private_detail_group": ANSWER,
    "apology_wrong_ticket_group": SORRY,
    "false_alarm_sorry_group": SORRY,
    "danger_taken_group": FOLLOW_UP,
    "search_group": SEARCH,
    "search_over_group": SEARCH,
    "search_ended_group": SEARCH,
    "": ANSWER,  # an answer of faq.yaml has no key
}
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*\n?|\n")
_CLAUSE = re.compile(r"[^，；,;]+[，；,;]?")
_MACHINE = ("自动助手", "转为上报", "我是程序")
_TO_ME = "@我"
_ALMOST = 0.75
_LEAST = 6
_SHORT_OF = 0.6
_DIGITS = re.compile(r"(?<!\d)(?:110|119|120)(?!\d)")


def kind_of(text_key: str, *, danger: bool) -> str:
    """The kind of draft that a sentence of texts.yaml becomes; empty when it is not worth one."""
    known = _WORTH.get(text_key, "")
    return known or (DANGER if danger and text_key.startswith("danger_") else "")


def as_spoken(text: str) -> str:
    """``text`` as a person says it: without what only a robot would say of itself."""
    kept = (_without_me(s) for s in _SENTENCE.findall(text) if not _names_machine(s))
    return "".join(kept).strip()


def _names_machine(sentence: str) -> bool:
    return any(word in sentence for word in _MACHINE)


def _without_me(sentence: str) -> str:
    if _TO_ME not in sentence:
        return sentence
    end = re.search(r"[。！？!?\n]*$", sentence)
    clauses = [c for c in _CLAUSE.findall(sentence) if _TO_ME not in c]
    if not clauses:
        return ""
    body = "".join(clauses).rstrip("，；,;。！？!?\n")
    return body + (end.group() if end else "")


def likeness(said: str, draft: str) -> float:
    """1.0 when ``said`` holds the whole draft, else how alike the letters of both are."""
    one, other = _letters(said), _letters(draft)
    if not one or not other:
        return 0.0
    if other in one:
        return 1.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def is_said(said: str, draft: str) -> bool:
    """True when somebody said (nearly) this draft, a word or two changed."""
    short = len(_letters(said)) < _SHORT_OF * len(_letters(draft))
    return not short and likeness(said, draft) >= _ALMOST


def warns_alike(said: str, draft: str) -> bool:
    """True when words of one's own warn as the draft does: with one of its emergency numbers."""
    return bool(set(_DIGITS.findall(said)) & set(_DIGITS.findall(draft)))


def is_answer(said: str) -> bool:
    """True when a member of staff said enough in a group to count as an answer by hand."""
    return len(_letters(said)) >= _LEAST


def _letters(text: str) -> str:
    return "".join(c for c in normalise(text).text if c.isalnum())


def speakers(rules: Rules, chat: str, at: datetime, away: Collection[str] = ()) -> list[Person]:
    """Who may speak in that group and is there, first to be asked first; never nobody.

    Owner and ``speakers`` of chats.yaml; else officer and grid workers on duty; else the room.
    """
    named = _named(rules, chat)
    there = [p for user in named if (p := rules.stand_in(user, at, away))]
    there = there or [p for user in named if (p := rules.person(user))]
    grid = rules.grid_of(chat)
    if not named and grid is not None:
        roles = (Role.OFFICER, Role.GRID_WORKER)
        there = [p for role in roles for p in rules.duty(role, at, grid.id, away)]
    there = there or rules.duty(Role.COMMAND_ROOM, at, None, away)
    return list({p.id: p for p in there or rules.people_with(Role.COMMAND_ROOM)}.values())


def may_speak(rules: Rules, user: str, chat: str, at: datetime) -> bool:
    """True when this member of staff sees the drafts of that group."""
    grid = rules.grid_of(chat)
    own = _named(rules, chat) or ([grid.officer, *grid.workers] if grid else [])
    return user in own or user in {p.id for p in speakers(rules, chat, at)}


def _named(rules: Rules, chat: str) -> list[str]:
    group = rules.chat(chat)
    if group is None:
        return []
    return list(dict.fromkeys(user for user in (group.owner, *group.speakers) if user))
