"""Lives that begin by fork (分身): so a soak test can end two hundred of them within minutes.

Loading the program is most of a start. This process loads it once, with the rules and the
dictionary, opens nothing, and forks a bot for each line on its stdin; what a kill takes from the
bot, and what a new one must find again, is the same. ``python -m tests.crash.warm`` is started by
``tests.crash.lives`` alone.
"""

import gc
import json
import os
import signal
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.reading import read
from commands import house, run, web_door
from config.load import load_rules
from storage import coordination_redis

_LOADED = (house, web_door, coordination_redis)
_SITE = Path("config/site")


def main() -> None:
    """Fork a bot for each line ``{"words", "env", "out"}``; say its pid."""
    rules = load_rules(_SITE)
    read(rules.station.name, datetime.now(UTC), None, rules.reading)
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not kept
    _say("warm")
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _live(asked["words"], asked["env"], asked["out"])
        _say(pid)


def _live(words: list[str], env: dict[str, str], out: str) -> None:
    """Be the demo's bot until the end."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(out, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        for theirs, ours in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(theirs, ours)
        os.environ.clear()
        os.environ.update(env)
        code = run.demo_bot(words)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
