"""``restore`` (恢复): a backup back into an empty place, counted again; whether keys fit.

Sums are compared before anything is written, rows afterwards; what is there already is never
touched. ``--try`` does it all in a folder that is thrown away. Called by ``run_bot.py``.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from config.faults import StartupFault
from config.settings import load_settings
from storage import backup as databases
from storage import backup_files as files
from storage.backup_files import BackupBroken, Manifest
from storage.database import Database, normal_url
from storage.key_file import load_or_create_keys
from storage.sealed import SealBroken
from storage.session import Db
from storage.tickets import newest

_OPENED = 20


def main(words: list[str]) -> int:
    """Back into an empty place; ``--try`` into one that is thrown away. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py restore", description="从备份恢复")
    parser.add_argument("source", type=Path, help="备份目录，或其中一份；写备份目录就用最新的一份")
    parser.add_argument(
        "--try", action="store_true", dest="trial", help="演练：恢复到临时目录，看完就删"
    )
    parser.add_argument("--data", type=Path, help="数据目录（默认 JINGGE_DATA_DIR）")
    parser.add_argument("--into", type=Path, dest="site", help="规则恢复到哪个空目录")
    parser.add_argument("--database", help="恢复到哪个空的 PostgreSQL 库（默认 DATABASE_URL）")
    given = parser.parse_args(words)
    settings = load_settings()
    try:
        if given.trial and not given.database:
            with tempfile.TemporaryDirectory(prefix="jingge-restore-") as folder:
                place = Path(folder)
                lines = restored(_chosen(given.source), place / "data", place / "site", "")
        else:
            data = given.data or settings.data_dir
            url = given.database or (settings.database_url if given.data is None else "")
            lines = restored(_chosen(given.source), data, given.site, url)
    except BackupBroken as fault:
        raise StartupFault(str(fault)) from fault
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


def _chosen(source: Path) -> Path:
    """The backup itself, or the newest in the folder. Raises: BackupBroken."""
    if (source / files.MANIFEST).is_file():
        return source
    found = files.folders(source)
    if not found:
        raise BackupBroken(f"{source} 里没有备份。")
    return found[-1]


def restored(source: Path, data: Path, site: Path | None, url: str) -> list[str]:
    """What was done, in sentences; everything is looked at before anything is written.

    Raises: BackupBroken, when a sum or a count is another, or the place is not empty.
    """
    about = files.manifest(source)
    if about.database == databases.POSTGRES_FILE and not url:
        raise BackupBroken("这是 PostgreSQL 的备份：请先 createdb 一个空库，再加 --database 写它。")
    broken = files.wrong(source, about)
    if broken:
        raise BackupBroken(f"备份坏了，和做的时候不一样：{'、'.join(broken[:5])}。请换另一份。")
    if site is not None and site.exists() and any(site.iterdir()):
        raise BackupBroken(f"{site} 里已经有文件了。恢复只写进空的地方。")
    target = url or f"sqlite:///{data / 'jingge.db'}"
    rows = databases.restore(source / about.database, target)
    if rows != dict(about.rows):
        odd = sorted(
            name for name in {*rows, *about.rows} if rows.get(name) != about.rows.get(name)
        )
        raise BackupBroken(f"恢复以后行数对不上：{'、'.join(odd)}。请换另一份。")
    _put_back(source, about, data, site)
    made_at = about.made_at.astimezone().strftime("%Y-%m-%d %H:%M")
    count = f"{len(rows)} 张表 {sum(rows.values())} 行"
    lines = [f"恢复好了：{source.name}（{made_at} 做的），{count}，都对得上。"]
    lines += [f"图片 {len(about.media)} 张，都对得上。"] if about.media else []
    return [*lines, _keys(data, target)]


def _put_back(source: Path, about: Manifest, data: Path, site: Path | None) -> None:
    pictures = data / files.MEDIA
    if about.media:
        pictures.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in about.media:
        (pictures / name).write_bytes((source.parent / files.MEDIA / name).read_bytes())
    if site is not None:
        site.parent.mkdir(parents=True, exist_ok=True)
        files.unpack_site(source / files.SITE, site)


def _keys(data: Path, url: str) -> str:
    """Whether the keys at hand open what was restored."""
    path = data / "keys.json"
    if not path.is_file():
        return f"还差密钥：把另放一处的 keys.json 放到 {path}，再启动。没有它，原话和电话打不开。"
    database = Database(normal_url(url))
    try:
        seal = load_or_create_keys(path, must_exist=True)
        database.read_now(lambda conn: newest(Db(conn, seal), _OPENED))
    except SealBroken as fault:
        raise BackupBroken(f"{path} 打不开这份备份：请换成当时的 keys.json。") from fault
    finally:
        database.close()
    return "密钥对得上，最近的工单打得开。"
