"""What a running process holds (占用): memory and descriptors, each with what it leads to.

Read from /proc, so that nothing of the process itself takes part. The month (``test_month.py``)
samples it every evening; two evenings beside each other name what grew.
"""

import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_MB = 2**20
_STATES = {"01": "", "06": " waiting", "08": " left by the other side", "0A": " listening"}


@dataclass(frozen=True)
class Held:
    """Megabytes really there, and how many descriptors lead where."""

    mb: float
    files: Counter[str]

    @property
    def descriptors(self) -> int:
        """How many files and connections are open."""
        return self.files.total()


def held_by(pid: int, ports: dict[int, str]) -> Held:
    """What process ``pid`` holds now; ``ports`` names the servers that it speaks to."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    wires, files = _wires(pid, ports), Counter[str]()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed while we read
            files[_named(str(descriptor.readlink()), wires)] += 1
    return Held(pages * os.sysconf("SC_PAGE_SIZE") / _MB, files)


def _named(link: str, wires: dict[str, str]) -> str:
    """``socket:[7]`` by the other end of its wire; a file by its name."""
    kind, _, number = link.partition(":[")
    return wires.get(number.rstrip("]"), kind) if number else Path(link).name


def _wires(pid: int, ports: dict[int, str]) -> dict[str, str]:
    """Inode of each connection of that process's net → where it leads."""
    found: dict[str, str] = {}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            _, near, far, state, *_, inode = line.split()[:10]
            names = [ports[port] for port in (_port(far), _port(near)) if port in ports]
            found[inode] = (names[0] if names else "another") + _STATES.get(state, f" {state}")
    return found


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
