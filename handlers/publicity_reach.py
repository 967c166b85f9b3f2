"""What came of publicity (宣传触达): groups, people in them, questions of the day after.

Nobody is asked whether he read anything, and nothing says who did. People are those whom WeCom
counts in customer groups, each group once; of other groups nobody knows how many there are. Called
by the reports, the page and by ``questions``.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.turn import Turn
from config.vocabulary import ChatKind
from storage import publicity as stored
from storage import publicity_facts
from storage.session import Db
from storage.spans import Span

UNDER_IT = timedelta(hours=24)
_TOLD = (stored.SAID, stored.SENT)


@dataclass(frozen=True, slots=True)
class Reach:
    """``said`` times in ``groups`` groups; ``people`` in those whose number is known.

    ``waiting`` drafts are with a human still, ``unsent`` nobody said; ``asked`` questions came
    within a day, ``answered`` of them at once.
    """

    said: int = 0
    groups: int = 0
    people: int = 0
    counted: int = 0
    waiting: int = 0
    unsent: int = 0
    asked: int = 0
    answered: int = 0


def of(db: Db, span: Span) -> Reach:
    """The figures of that time."""
    posts = publicity_facts.heard(db, span.since, span.until)
    told = [one for one in posts if one.state in _TOLD]
    residents = {one.chat: one.residents for one in told}
    return Reach(
        said=len(told),
        groups=len(residents),
        people=sum(residents.values()),
        counted=sum(number > 0 for number in residents.values()),
        waiting=sum(one.state == stored.DRAFT for one in posts),
        unsent=sum(one.state == stored.UNSENT for one in posts),
        asked=sum(one.asked for one in posts),
        answered=sum(one.answered for one in posts),
    )


def words(turn: Turn, span: Span) -> tuple[str, ...]:
    """The line of a report; none where there was no publicity."""
    found = of(turn.db, span)
    if found == Reach():
        return ()
    text = turn.text(
        "publicity_figures",
        times=found.said,
        count=found.groups,
        people=found.people,
        left=found.unsent,
        asked=found.asked,
        answered=found.answered,
    )
    return (text,)


def question(turn: Turn, chat: str, *, is_answered: bool) -> bool:
    """True when it came within a day of a line in that group; it counts there, nobody with it."""
    if ":" in chat:
        return False
    since = turn.now - UNDER_IT
    return publicity_facts.questioned(turn.db, chat, since, is_answered=is_answered)


def is_fresh(turn: Turn, chat: str) -> bool:
    """True when a line was heard in that group of residents within a day."""
    group = turn.rules.chat(chat)
    outside = group is not None and group.kind is ChatKind.CUSTOMER_GROUP
    return outside and _heard_lately(turn, chat)


def _heard_lately(turn: Turn, chat: str) -> bool:
    stored.settle(turn.db, chat)
    return publicity_facts.newest(turn.db, chat, turn.now - UNDER_IT) is not None
