"""One thing for several tickets (一起办): what is said for those that were ticked.

The same orders as in a chat: most take several numbers in one sentence (签收 0012 0013), 并入 takes
two at a time. What is done with each, and who may, says the handler of the order; one refusal does
not undo the others. Called by ``handlers.dashboard.ticket_list``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import lifecycle, rights
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Act, Stage

MOST = 20
PEOPLE, WORDS = "people", "words"


@dataclass(frozen=True, slots=True)
class Joint:
    """A button for several: the order's word, and what has to be chosen or written besides."""

    word: str
    label: str
    needs: str = ""


MERGE, CHASE = "并入", "催办"
TABLE = (
    Joint("签收", "签收"),
    Joint("没有反复", "没有反复"),
    Joint(CHASE, "催办"),
    Joint("转", "转给", PEOPLE),
    Joint("批注", "批注", WORDS),
    Joint(MERGE, "并成最早的一件"),
)
_BY_WORD = {one.word: one for one in TABLE}


def orders(word: str, numbers: Sequence[str], person: str, words: str) -> list[str]:
    """The sentences to say; none when something is missing or there is no such button."""
    joint = _BY_WORD.get(word)
    chosen = list(dict.fromkeys(numbers))[:MOST]
    if joint is None or not chosen:
        return []
    if joint.word == MERGE:
        first, *others = sorted(chosen)
        return [f"{number} {MERGE} {first}" for number in others]
    more = {PEOPLE: person, WORDS: words}.get(joint.needs, "").strip()
    if joint.needs and not more:
        return []
    return [" ".join(part for part in (word, *chosen, more) if part)]


def offered(person: Person) -> list[Joint]:
    """The buttons for this person: 催办 only for who may say it of any ticket."""
    roles = (one.role for one in rights.offices(person))
    may = any(lifecycle.may(Stage.ASSIGNED, Act.CHASE, role) for role in roles)
    return [one for one in TABLE if may or one.word != CHASE]


def people(rules: Rules) -> list[str]:
    """Whom several may be handed to, by name."""
    return list(dict.fromkeys(one.name for one in rules.people if one.role.is_staff))
