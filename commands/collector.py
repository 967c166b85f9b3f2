"""Keeps Python's collector away from the rules (回收器): they stay, and walking them takes long.

Loading a folder makes some hundred thousand objects; a full collection that meets them holds up
every loop of the process, a callback of WeCom as well. Called by ``commands.rule_desk``.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_for_good() -> Iterator[None]:
    """What is made inside is never walked over; what nothing holds any more still goes at once.

    Only rings of objects that stand at the end stay for ever: a few, once for each reload.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
