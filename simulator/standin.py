"""``python -m simulator.standin OUT.so``: compiles the stand-in for WeCom's archive library.

The real one cannot be had from a registry. A C compiler is needed for this alone; a demo without
the archive needs none. Exit code 2 with a sentence when there is none.
"""

import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).with_name("archive_standin.c")
NAME = "libWeWorkFinanceSdk_C.so"
_FLAGS = ("-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-O1")


def compiler() -> str | None:
    """The C compiler of this machine, if it has one."""
    return shutil.which("gcc") or shutil.which("cc")


def build(target: Path) -> Path:
    """The library at ``target``. Raises: FileNotFoundError, without a compiler."""
    found = compiler()
    if found is None:
        raise FileNotFoundError("gcc")
    subprocess.run([found, *_FLAGS, "-o", str(target), str(SOURCE)], check=True)  # noqa: S603
    return target


def main() -> int:
    """Compile it; 0, or 2 when that cannot be."""
    if len(sys.argv) != 2 or compiler() is None:
        sys.stderr.write("用法：python -m simulator.standin 输出文件.so（需要 gcc）\n")
        return 2
    sys.stdout.write(f"{build(Path(sys.argv[1]))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
