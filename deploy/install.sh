#!/bin/sh
# 警格的离线安装：sh install.sh 目录 （例如 /opt/jingge）。不联网；缺什么会说，什么都不用删。
# 由 make bundle 放进离线包；说明见 docs/deploy.md 第 6 节。
set -eu

here=$(cd "$(dirname "$0")" && pwd)
say() { printf '%s\n' "$*"; }
stop() { printf '装不了：%s\n' "$*" >&2; exit 2; }

[ $# -eq 1 ] || { say "用法：sh install.sh 目录（例如 /opt/jingge）"; exit 2; }
target=$1
[ -d "$here/wheels" ] && [ -f "$here/SHA256SUMS" ] || stop "要在解开的离线包里运行（$here 里没有 wheels）。"
if [ -e "$target" ] && [ -n "$(ls -A "$target" 2>/dev/null)" ]; then
  stop "$target 里已经有东西了。升级请先把它挪开：mv $target $target.旧"
fi
[ "$(uname -s)" = Linux ] || stop "只能装在 Linux 上。"
command -v sha256sum >/dev/null || stop "没有 sha256sum，请先装 coreutils。"
if ldd --version 2>&1 | grep -qi musl; then
  stop "这台机器的 C 库是 musl（Alpine），离线包是给 glibc 的。"
fi
libc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d' ' -f2)
case $libc in
  2.[0-9] | 2.1[0-9] | 2.2[0-7]) stop "这台机器的 glibc 是 $libc，太旧，要 2.28 或更新的。" ;;
esac

say "核对每个文件……"
(cd "$here" && sha256sum --check --quiet --strict SHA256SUMS) ||
  stop "有文件和做的时候不一样，请重新拷一份。"

python=; bare=; seen=
for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
  command -v "$candidate" >/dev/null 2>&1 || continue
  seen="$seen $("$candidate" --version 2>&1 | cut -d' ' -f2)"
  "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
  if "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then python=$candidate; break; fi
  bare=$candidate
done
if [ -z "$python" ] && [ -n "$bare" ]; then
  stop "$bare 缺少 venv。Debian、Ubuntu：从光盘或内网源装 python3-venv。"
elif [ -z "$python" ]; then
  stop "要 Python 3.11 或更新的，这台机器上有：${seen:- 没有 Python}。装好后再运行，或用 PYTHON=/路径/python3 指明。"
fi

tag=$("$python" -c 'import platform, sys; print("cp%d%d" % sys.version_info[:2], platform.machine())')
grep -qx "$tag" "$here/TARGETS" ||
  stop "离线包里没有给这台机器（$tag）的软件包，只有：$(tr '\n' ';' < "$here/TARGETS")。"

say "装到 $target（$tag）……"
mkdir -p "$target"
cp -R "$here/program/." "$target/"
"$python" -m venv "$target/.venv"
PIP_CONFIG_FILE=/dev/null PIP_NO_INDEX=1 "$target/.venv/bin/python" -m pip install \
  --quiet --disable-pip-version-check --no-index --no-deps --require-hashes \
  --find-links "$here/wheels" -r "$here/requirements.txt" ||
  stop "软件包没有装上，上面是 pip 的话。$target 可以删掉重来。"

say "试一试……"
(cd "$target" && .venv/bin/python run_bot.py check --site config/site) ||
  stop "装上了，但样例规则检查不过，请把上面的话告诉给您包的人。"
say "装好了：$target。下一步看 $target/docs/deploy.md。"
