"""Roundup in process (对照：roundup). Runs in the peers' environment.

``python -m bench.desks.roundup_desk FOLDER URL``: a tracker of the classic template is made; then
each line of stdin is a number of tickets to open, answered by the seconds and the CPU that they
took. A ticket is a message and an issue with it, as a clerk's form makes them, and one commit.
Stock settings; mail would be written into a file.
"""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_WORDS = "桂花苑{0}号楼门口的路灯坏了三天了，晚上黑得看不见路，麻烦派人修一下"


def make(folder: Path, url: str) -> Path:
    """A tracker's home."""
    home, tool = folder / "tracker", Path(sys.executable).parent / "roundup-admin"
    options = "tracker_web=http://127.0.0.1/,mail_domain=example.invalid,mail_host=localhost"
    backend = "sqlite"
    if not url.startswith("sqlite"):
        found, backend = urlsplit(url), "postgresql"
        options += (
            f",rdbms_name=roundup,rdbms_host={found.hostname},rdbms_port={found.port}"
            f",rdbms_user={found.username},rdbms_password={found.password}"
        )
    for words in (["install", "classic", backend, options], ["initialise", "bench"]):
        subprocess.run(  # noqa: S603  roundup's own tool
            [str(tool), "-i", str(home), *words], check=True, stdout=subprocess.DEVNULL
        )
    return home


def serve(home: Path) -> None:
    """Open as many as each line says, until stdin ends."""
    from roundup import instance  # type: ignore[import-not-found]

    db = instance.open(str(home), optimize=1).open("admin")
    _say({"url": "", "pid": os.getpid()})
    for number, line in enumerate(sys.stdin):
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        for ticket in range(int(line)):
            _open(db, f"{number}-{ticket}")
        after = resource.getrusage(resource.RUSAGE_SELF)
        cpu_s = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        _say({"seconds": time.perf_counter() - began, "cpu_s": cpu_s})


def _open(db: Any, which: str) -> None:
    said = db.msg.create(content=_WORDS.format(which), author="1")
    db.issue.create(title=f"路灯 {which}", messages=[said], priority="2")
    db.commit()


def _say(found: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ["SENDMAILDEBUG"] = str(Path(sys.argv[1]) / "mail")
    serve(make(Path(sys.argv[1]), sys.argv[2]))
