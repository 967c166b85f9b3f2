"""A server as a child process: starts it, waits until it answers, stops or kills it.

Tests of recovery need to kill a server and start it again on the same data and port; that is why
this is a class and not three lines in a fixture. Called by ``postgres`` and ``redis`` beside it.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from commands import demo_processes

START_WITHIN_S = 120.0
STOP_WITHIN_S = 10.0
POLL_S = 0.02


def free_port() -> int:
    """A loopback port that nobody listens on now; somebody else may still take it."""
    return demo_processes.free_port(0)


def unprivileged_user(name: str) -> str | None:
    """``name`` if we are root and such a user exists, else None: run as oneself."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name).pw_name
    return None


def private_folder(kind: str, user: str | None) -> Path:
    """A new folder, mode 0700, owned by ``user``; short, since unix sockets allow 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix=f"jingge-{kind}-"))
    if user is not None:
        shutil.chown(folder, user)
    return folder


@dataclass
class ServerProcess:
    """One server process in its folder; ``answers`` says whether it serves requests.

    Raises: RuntimeError with the end of its log if it does not answer within 30 s of ``start``.
    """

    command: list[str]
    folder: Path
    user: str | None
    answers: Callable[[], bool]
    working_folder: Path | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def log(self) -> Path:
        """Where the server's own output goes."""
        return self.folder / "server.log"

    def start(self) -> None:
        """Start the server and return once it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.working_folder or self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self.user,
                group=self.user,
                extra_groups=None if self.user is None else [],
                start_new_session=True,
            )
        deadline = time.monotonic() + START_WITHIN_S
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                tail = self.log.read_text(errors="replace")[-2000:]
                self.kill()
                raise RuntimeError(f"{self.command[0]} did not start: {tail}")
            time.sleep(POLL_S)

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """End the server in good order; kills it if that takes longer than 10 s."""
        if self._process is None:
            return
        self._process.send_signal(with_signal)
        try:
            self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """Kill -9, as a crash would; ``start`` brings it back on the same data and port."""
        if self._process is None:
            return
        # PostgreSQL's children lead sessions of their own and would hold its shared memory.
        for pid in [self._process.pid, *_children(self._process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(STOP_WITHIN_S)
        self._process = None

    def remove(self) -> None:
        """Kill the server and delete its folder; the data was made for this run only."""
        self.kill()
        shutil.rmtree(self.folder)


def _children(pid: int) -> list[int]:
    """Processes started by ``pid``; none where the system has no /proc."""
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
