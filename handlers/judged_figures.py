"""How often the readers were right where they were not sure (待判的准头): counts, never by whom.

Only messages that a person judged: the robot had opened nothing, so "not a report" means that it
was right. Kept as tallies, since the messages themselves go after days. Called by ``judging``, its
page and 周研判.
"""

from bot.domain.proportions import Proportion
from bot.turn import Turn
from storage import joint, joint_counts
from storage.hard_ones import HardOne
from storage.joint import Kind
from storage.spans import Span


def keep(turn: Turn, one: HardOne, *, is_report: bool, category: str) -> None:
    """One more that was judged; ``category`` is the one named, empty where the guess was taken."""
    kinds = [Kind.HARD_YES if is_report else Kind.HARD_NO]
    if is_report and one.guess and category in ("", one.guess):
        kinds.append(Kind.HARD_KIND)
    for kind in kinds:
        joint.count(turn.db, f"{turn.event.key}:{kind}:{one.id}", kind, one.grid, turn.now)


def words(turn: Turn, span: Span) -> tuple[str, ...]:
    """One line, with its base; nothing where nothing was judged."""
    no, yes, kind = (
        sum(count for count, _ in joint_counts.tallies(turn.db, one, span).values())
        for one in (Kind.HARD_NO, Kind.HARD_YES, Kind.HARD_KIND)
    )
    if not no + yes:
        return ()
    share = Proportion(no, no + yes).words
    said = turn.text("judged_figures", count=no + yes, share=share, times=yes)
    guessed = turn.text("judged_kind", share=Proportion(kind, yes).words) if yes else ""
    return (said + guessed,)
