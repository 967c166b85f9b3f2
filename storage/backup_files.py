"""Backups on disk (备份目录): one folder each, its manifest with sums, and how the last one went.

``jingge-20260304-023000/`` holds the database, the site folder and ``manifest.json``; pictures lie
beside them in ``media/``, each once, since they never change. A folder gets its name when it is
whole; what was begun and not ended goes with the next backup. Keys are never here. Called by
``storage.backup``, the commands and the watch of the engine.
"""

import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

MANIFEST, STATE, SITE, MEDIA = "manifest.json", "state.json", "site.tar.gz", "media"
_PREFIX, _BEGUN = "jingge-", ".begun"
_BLOCK = 1 << 20


class BackupBroken(Exception):
    """A backup that cannot be trusted; the message is a Chinese sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: rows by table, SHA-256 by file and by picture."""

    made_at: datetime
    database: str
    revision: str
    rows: Mapping[str, int]
    sums: Mapping[str, str]
    media: Mapping[str, str] = field(default_factory=dict)

    def saved(self, folder: Path) -> None:
        """Write it into the folder."""
        text = json.dumps(asdict(self) | {"made_at": self.made_at.isoformat()}, indent=1)
        (folder / MANIFEST).write_text(text, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class State:
    """How it stands: when a backup was last good, and why the last try was not."""

    good_at: datetime | None = None
    folder: str = ""
    fault: str = ""


def manifest(folder: Path) -> Manifest:
    """The manifest of a backup. Raises: BackupBroken."""
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        about = Manifest(**{**found, "made_at": datetime.fromisoformat(found["made_at"])})
        names = [about.database, *about.sums, *about.media]
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise BackupBroken(f"{folder} 里没有读得懂的 {MANIFEST}，这不是一份完整的备份。") from fault
    if not all(map(_is_plain, names)):
        raise BackupBroken(f"{folder} 的 {MANIFEST} 里有指到别处去的文件名，不是这里做的备份。")
    return about


def state(out: Path) -> State:
    """How the last backup went; empty when there was none."""
    try:
        found = json.loads((out / STATE).read_text(encoding="utf-8"))
        good = found.get("good_at")
        at = datetime.fromisoformat(good) if good else None
        return State(at, str(found["folder"]), str(found["fault"]))
    except (OSError, ValueError, KeyError, AttributeError):
        return State()


def note(out: Path, now: State) -> None:
    """Write down how it went; the file is replaced as a whole."""
    good = now.good_at.isoformat() if now.good_at else None
    draft = out / f".{STATE}"
    draft.write_text(json.dumps(asdict(now) | {"good_at": good}, ensure_ascii=False), "utf-8")
    draft.replace(out / STATE)


def folders(out: Path) -> list[Path]:
    """All whole backups, oldest first."""
    return sorted(one for one in out.glob(f"{_PREFIX}*") if (one / MANIFEST).is_file())


def begin(out: Path, now: datetime) -> Path:
    """An empty folder for a new backup, which only its owner may enter."""
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in out.glob(f"{_PREFIX}*{_BEGUN}"):
        shutil.rmtree(left)
    made = out / f"{_PREFIX}{now:%Y%m%d-%H%M%S}{_BEGUN}"
    made.mkdir(mode=0o700)
    return made


def end(begun: Path) -> Path:
    """The folder under its name, now that it is whole."""
    whole = begun.with_name(begun.name.removesuffix(_BEGUN))
    begun.replace(whole)
    return whole


def sum_of(file: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def pack_site(site: Path, target: Path) -> None:
    """The rule files as one archive."""
    with tarfile.open(target, "w:gz") as archive:
        archive.add(site, arcname="site")


def unpack_site(source: Path, target: Path) -> None:
    """The rule files into ``target``, which must not hold anything."""
    with tarfile.open(source) as archive:
        archive.extractall(target.parent / f".{target.name}.new", filter="data")
    fresh = target.parent / f".{target.name}.new"
    if target.exists():
        target.rmdir()
    (fresh / "site").replace(target)
    fresh.rmdir()


def copy_media(source: Path, out: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Pictures that are not there yet are copied; the sum of each one that the source has."""
    shared = out / MEDIA
    shared.mkdir(mode=0o700, exist_ok=True)
    found: dict[str, str] = {}
    for picture in sorted(source.glob("*.sealed")):
        kept = shared / picture.name
        if picture.name not in known or not kept.is_file():
            draft = shared / f".{picture.name}"
            try:
                shutil.copyfile(picture, draft)
            except FileNotFoundError:  # deleted in time while we looked
                continue
            draft.replace(kept)
        found[picture.name] = known.get(picture.name) or sum_of(kept)
    return found


def prune(out: Path, keep_from: datetime) -> int:
    """How many old backups went; never the newest, and pictures that no backup names go too."""
    whole = folders(out)
    old = [one for one in whole[:-1] if manifest(one).made_at < keep_from]
    for one in old:
        shutil.rmtree(one)
    named = {name for one in folders(out) for name in manifest(one).media}
    for picture in (out / MEDIA).glob("*.sealed"):
        if picture.name not in named:
            picture.unlink()
    return len(old)


def wrong(folder: Path, about: Manifest) -> list[str]:
    """Names of files whose sum is another than was written; empty when all is well."""
    files = ((folder / name, digest) for name, digest in about.sums.items())
    media = ((folder.parent / MEDIA / name, digest) for name, digest in about.media.items())
    return list(_differing((*files, *media)))


def _is_plain(name: object) -> bool:
    """True for the name of a file that lies beside the manifest and nowhere else."""
    return isinstance(name, str) and bool(name.strip(".")) and not set(name) & set("/\\\0")


def _differing(files: Iterable[tuple[Path, str]]) -> Iterable[str]:
    for file, digest in files:
        if not file.is_file() or sum_of(file) != digest:
            yield file.name
