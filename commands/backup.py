"""``backup`` (备份): a whole copy each night, read back before it counts as good.

A process of its own, so that the bot is never held up; systemd starts it at night. How it went
stands in ``state.json``, which ``doctor`` and the running bot look at. Keys are not in it: who has
both can read everything.
"""

import argparse
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.faults import StartupFault
from config.settings import Settings, load_settings
from storage import backup as databases
from storage import backup_files as files
from storage.backup_files import BackupBroken, Manifest, State


def backup(words: list[str]) -> int:
    """Make one and read it back; 0 when it is good, 1 when it is not. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py backup", description="备份（不用停机）")
    parser.add_argument("out", nargs="?", type=Path, help="备份目录（默认 JINGGE_BACKUP_DIR）")
    parser.add_argument("--site", type=Path, help="规则目录")
    parser.add_argument("--keep", type=int, help="留几天的（默认 JINGGE_BACKUP_KEEP_DAYS）")
    given = parser.parse_args(words)
    settings = load_settings(**({"site": given.site} if given.site else {}))
    out = given.out or settings.backup_dir
    if out == Path():
        raise StartupFault("备份到哪里没有写：请写 backup 目录，或者设置 JINGGE_BACKUP_DIR。")
    keep = settings.backup_keep_days if given.keep is None else given.keep
    try:
        whole, count = made(settings, out, datetime.now(UTC), keep)
    except (BackupBroken, OSError) as fault:
        sys.stderr.write(f"备份没有做成：{_noted(out, fault)}\n")
        return 1
    rows = sum(files.manifest(whole).rows.values())
    sys.stdout.write(f"备份好了：{whole}（{rows} 行，已读回核对），清掉过期的 {count} 份。\n")
    sys.stdout.write("密钥 keys.json 不在里面，请另放一处（docs/operator.md 第 3 节）。\n")
    return 0


def _noted(out: Path, fault: Exception) -> str:
    """The fault in words, which also stands in ``state.json`` where there is such a folder."""
    why = str(fault) if isinstance(fault, BackupBroken) else f"写不进去（{type(fault).__name__}）"
    if out.is_dir():
        last = files.state(out)
        files.note(out, State(last.good_at, last.folder, why))
    return why


def made(settings: Settings, out: Path, now: datetime, keep_days: int) -> tuple[Path, int]:
    """The folder of a new backup that was read back, and how many old ones went.

    Raises: BackupBroken, OSError; then the folder is not there and the old ones stay.
    """
    begun = files.begin(out, now)
    name, rows = databases.dump(settings.database, begun)
    files.pack_site(settings.site, begun / files.SITE)
    for one in begun.iterdir():
        one.chmod(0o600)
    before = files.folders(out)
    known = files.manifest(before[-1]).media if before else {}
    about = Manifest(
        made_at=now,
        database=name,
        revision=_revision(settings, begun / name),
        rows=rows,
        sums={one.name: files.sum_of(one) for one in sorted(begun.iterdir())},
        media=files.copy_media(settings.data_dir / files.MEDIA, out, known),
    )
    about.saved(begun)
    whole = files.end(begun)
    files.note(out, State(now, whole.name))
    return whole, files.prune(out, now - timedelta(days=keep_days))


def _revision(settings: Settings, dumped: Path) -> str:
    is_file = dumped.name == databases.SQLITE_FILE
    return databases.revision(dumped if is_file else settings.database)
