"""Why a line was not measured (没有量成的原因), in one row, from what was said on stderr.

A program that ends by a fault says it last and at the margin, below a traceback that is indented;
so does each process that it had started, a little earlier. The last few of such lines are the
reason. Called by ``bench.table``, and by lines whose processes write into a file.
"""

import subprocess
import sys
from collections import deque
from collections.abc import Iterable

_KEPT, _TOLD, _LONGEST = 400, 3, 400
_HEADS = ("Traceback", "During handling", "The above exception")
_OF_GROUPS = " |+-"
"""What Python draws before the lines of an exception group."""


def passed_on(running: subprocess.Popen[str]) -> list[str]:
    """Its last lines on stderr, all of which are handed on to our own as they come."""
    assert running.stderr is not None  # a pipe  # noqa: S101
    kept: deque[str] = deque(maxlen=_KEPT)
    for line in running.stderr:
        sys.stderr.write(line)
        kept.append(line)
    return list(kept)


def short(said: Iterable[str]) -> str:
    """The last lines that give a reason, as one cell of a Markdown row."""
    told = [found for line in said if (found := _reason(line))]
    return " ← ".join(reversed(told[-_TOLD:])).replace("|", "/")[:_LONGEST] or "it said nothing"


def _reason(line: str) -> str:
    """The line when it stands at the margin and is no head of a traceback; else empty."""
    bare = line.rstrip()
    if bare.startswith((" ", "\t")) and not bare.lstrip().startswith("|"):
        return ""
    bare = bare.lstrip(_OF_GROUPS)
    return "" if bare.startswith(_HEADS) or bare.startswith('File "') else bare
