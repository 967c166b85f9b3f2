"""A copy of the sample site that a test may spoil, and the faults that the loader then finds."""

from dataclasses import dataclass
from pathlib import Path

from config.fault_lines import Fault
from config.load import inspect

SAMPLE = Path(__file__).parents[2] / "config" / "site"


@dataclass(frozen=True)
class Site:
    """A site folder of a test's own."""

    path: Path

    def spoil(self, file: str, typed: str, instead: str) -> int:
        """Replace the one place where ``typed`` stands; returns its line, counted from 1."""
        text = self.read(file)
        assert text.count(typed) == 1, f"{typed!r} stands {text.count(typed)} times in {file}"
        (self.path / file).write_text(text.replace(typed, instead), encoding="utf-8")
        return text[: text.index(typed)].count("\n") + 1

    def append(self, file: str, line: str) -> int:
        """Add a line at the end; returns its number."""
        text = self.read(file)
        (self.path / file).write_text(f"{text}{line}\n", encoding="utf-8")
        return text.count("\n") + 1

    def read(self, file: str) -> str:
        return (self.path / file).read_text(encoding="utf-8")

    def faults(self) -> list[Fault]:
        return inspect(self.path)[1]

    def only_fault(self) -> Fault:
        """The one fault there is."""
        faults = self.faults()
        assert len(faults) == 1, [fault.sentence for fault in faults]
        return faults[0]

    def fault_at(self, file: str, key: str) -> Fault:
        """The one fault there is at this key of this file."""
        found = [fault for fault in self.faults() if (fault.file, fault.key) == (file, key)]
        assert len(found) == 1, [fault.sentence for fault in self.faults()]
        return found[0]

    def line(self, file: str, number: int) -> str:
        """A line as it stands there, counted from 1, without its indentation."""
        return self.read(file).splitlines()[number - 1].strip()
