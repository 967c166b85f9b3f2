"""Libraries preloaded into a bot (垫片): what it writes to the disk is noted, its clock jumps."""

import subprocess
from pathlib import Path

from tests.servers.needs import find_compiler, missing

_FLAGS = ("-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror")


def built(name: str, folder: Path) -> Path:
    """The library ``name`` compiled into ``folder``; skips the test without a compiler."""
    compiler = find_compiler()
    if compiler is None:
        missing("a C compiler", "gcc")
    made = folder / f"{name}.so"
    source = Path(__file__).with_name(f"{name}.c")
    subprocess.run([compiler, *_FLAGS, "-o", made, source], check=True)
    made.chmod(0o755)
    folder.chmod(0o755)
    return made
