"""A copy of the rules in force (生效规则的底稿), so that a hand edit on the disk can be compared.

The site folder may be edited by hand at any time; what the program works by is what it loaded.
Each version is kept whole in the data folder under its own name, the last one and the one before;
several processes of a machine may keep the same. Called by ``commands.rule_desk`` in a thread.
"""

import os
import shutil
from pathlib import Path

from config.load import FILES, version_of
from config.model_file import MODEL, REPORT

_LAST = "last"


class Copies:
    """The folder of the copies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def last(self) -> str:
        """The version that was in force last on this machine; empty when none is known."""
        try:
            return (self._folder / _LAST).read_text("ascii").strip()
        except OSError:
            return ""

    def of(self, version: str) -> Path | None:
        """The folder of that version, where it is kept."""
        found = self._folder / version
        return found if version and found.is_dir() else None

    def keep(self, site: Path, version: str) -> bool:
        """True when ``site`` is that version and is kept as the last one. Raises: OSError."""
        before = self.last()
        if self.of(version) is None and not self._copied(site, version):
            return False
        self._name(version)
        for other in self._folder.iterdir():
            if other.is_dir() and other.name not in (version, before):
                shutil.rmtree(other, ignore_errors=True)
        return True

    def _copied(self, site: Path, version: str) -> bool:
        draft = self._folder / f".{version}.{os.getpid()}"
        draft.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in (*FILES, MODEL, REPORT):
            if (site / name).exists():
                shutil.copyfile(site / name, draft / name)
        is_it = version_of(draft) == version
        if is_it and self.of(version) is None:
            draft.rename(self._folder / version)
        shutil.rmtree(draft, ignore_errors=True)
        return is_it

    def _name(self, version: str) -> None:
        draft = self._folder / f".{_LAST}.{os.getpid()}"
        draft.write_text(version, "ascii")
        draft.replace(self._folder / _LAST)
