"""A disk that takes 2 ms longer to say that it has kept something (慢盘).

A library of a dozen lines, built with the machine's C compiler and put before the program's own
``fsync`` and ``fdatasync`` by LD_PRELOAD: SQLite and PostgreSQL alike wait in it. Where there is no
compiler the lines that need it are left out.
"""

import shutil
import subprocess
from pathlib import Path

MORE_MS = 2
_SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
static int kept(const char *name, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    usleep(MORE_MS * 1000);
    return real(file);
}
int fsync(int file) { return kept("fsync", file); }
int fdatasync(int file) { return kept("fdatasync", file); }
"""


def library(folder: Path) -> str | None:
    """Its path in ``folder``, readable by everybody; None where nothing can build it."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    source, made = folder / "slow.c", folder / "slow.so"
    source.write_text(_SOURCE)
    command = [compiler, "-shared", "-fPIC", f"-DMORE_MS={MORE_MS}", "-o", str(made), str(source)]
    subprocess.run([*command, "-ldl"], check=True)  # noqa: S603  the system's own compiler
    folder.chmod(0o755)
    made.chmod(0o755)
    return str(made)
