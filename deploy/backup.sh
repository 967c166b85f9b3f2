#!/bin/sh
# 备份 SQLite 数据库（机器人可以照常运行）。用法：deploy/backup.sh 数据目录 备份目录
# 密钥 keys.json 不在其中：它要另放一处，见 docs/operator.md。
set -eu
data=${1:?用法：deploy/backup.sh 数据目录 备份目录}
target=${2:?用法：deploy/backup.sh 数据目录 备份目录}
umask 077
mkdir -p "$target"
file="$target/jingge-$(date +%Y%m%d-%H%M%S).db"
"$(dirname "$0")/../.venv/bin/python" - "$data/jingge.db" "$file" <<'PY'
import pathlib
import sqlite3
import sys

source, target = map(pathlib.Path, sys.argv[1:])
if not source.is_file():
    sys.exit(f"没有这个数据库：{source}")
old = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
new = sqlite3.connect(target)
old.backup(new)
found = new.execute("PRAGMA integrity_check").fetchone()[0]
new.close()
if found != "ok":
    target.unlink()
    sys.exit(f"备份检查不通过：{found}")
PY
if [ -d "$data/media" ]; then   # 图片已加密，名字不透露是谁
    mkdir -p "$target/media"
    find "$data/media" -name '*.sealed' -exec cp -pn {} "$target/media/" \;
fi
echo "$file"
