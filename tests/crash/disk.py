"""The disk of a bot after a power cut (断电后的盘), rebuilt from a log of its writes and syncs.

``oplog.c`` notes each write, truncation and sync of the database's files. At any moment of that
log the disk surely holds what was synced; of the rest a real disk may hold nothing, all, or some
sectors of some writes. ``states`` makes such disks. Names of files are taken for ordered, as ext4
and xfs keep them. Called by the power cut test.
"""

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

WRITE, TRUNCATE, SYNC, UNLINK = 1, 2, 3, 4
SECTOR = 512
MODES = ("none", "all", "torn")
_HEAD = struct.Struct("<qiiqq")
_SUFFIX = {1: "", 2: "-wal", 3: "-journal"}


@dataclass(frozen=True)
class Op:
    """One operation that succeeded, and when (monotonic seconds)."""

    at: float
    op: int
    file: int
    offset: int
    length: int
    data: bytes


@dataclass
class _File:
    """What is surely on the disk, and what was written since the last sync."""

    synced: bytearray = field(default_factory=bytearray)
    loose: list[Op] = field(default_factory=list)
    is_there: bool = False

    def does(self, one: Op) -> None:
        if one.op == UNLINK:
            self.synced, self.loose, self.is_there = bytearray(), [], False
            return
        self.is_there = True
        if one.op != SYNC:
            self.loose.append(one)
            return
        for loose in self.loose:
            _apply(self.synced, loose)
        self.loose = []

    def after(self, mode: str, dice: random.Random) -> bytearray:
        """The file as the disk may hold it."""
        found = bytearray(self.synced)
        for one in self.loose:
            if mode == "all" or (mode == "torn" and dice.random() < 1 / 3):
                _apply(found, one)
            elif mode == "torn" and one.op == WRITE and dice.random() < 1 / 2:
                _tear(found, one, dice)
        return found


def read_log(path: Path) -> list[Op]:
    """Every operation, in order; one that was being noted at the end is left out."""
    raw, at, found = path.read_bytes(), 0, []
    while at + _HEAD.size <= len(raw):
        ns, op, file, offset, length = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        size = length if op == WRITE else 0
        data = raw[at : at + size]
        at += size
        if len(data) == size:
            found.append(Op(ns / 1e9, op, file, offset, length, data))
    return found


def states(
    ops: list[Op], cuts: list[int], folder: Path, name: str, dice: random.Random
) -> Iterator[tuple[float, str]]:
    """Put the disk as it may be after ``ops[:cut]`` into ``folder``, cut after cut.

    Gives the moment of the cut (whoever read an answer before it may rely on it) and the mode.
    """
    files: dict[int, _File] = {number: _File() for number in _SUFFIX}
    done = 0
    for cut in sorted(cuts):
        for one in ops[done:cut]:
            files[one.file].does(one)
        done = cut
        mode = dice.choice(MODES)
        for number, suffix in _SUFFIX.items():
            _put(folder / f"{name}{suffix}", files[number], mode, dice)
        (folder / f"{name}-shm").unlink(missing_ok=True)
        yield ops[cut].at, mode


def _put(path: Path, file: _File, mode: str, dice: random.Random) -> None:
    if file.is_there:
        path.write_bytes(file.after(mode, dice))
    else:
        path.unlink(missing_ok=True)


def _apply(content: bytearray, one: Op) -> None:
    if one.op == TRUNCATE:
        del content[one.length :]
        content.extend(bytes(one.length - len(content)))
        return
    _lay(content, one.offset, one.data)


def _tear(content: bytearray, one: Op, dice: random.Random) -> None:
    """Some sectors of the write, in any order."""
    for start in range(0, one.length, SECTOR):
        if dice.random() < 1 / 2:
            _lay(content, one.offset + start, one.data[start : start + SECTOR])


def _lay(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data
