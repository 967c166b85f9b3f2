"""The end of the audit chain, told outside the database (存证链): every Monday, to administrators.

A chain that was cut at its end looks whole; against a code that somebody keeps, it does not. So the
code goes to a phone where no hand on the server reaches. Called by the clock.
"""

from bot.turn import Turn
from handlers import alarms
from storage import audit_chain

JOB, AT = "chain_head", "5 9 * * 1"


def weekly(turn: Turn) -> None:
    """Tell how many links there are, and the code of the last one; nothing while there is none."""
    if head := audit_chain.head(turn.db):
        code, count = head[: audit_chain.CODE_DIGITS], audit_chain.length(turn.db)
        alarms.tell(turn, "operator_chain", code, count=count, code=code)
