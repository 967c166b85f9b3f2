"""警格 Jingge: one file to start everything. ``run_bot.py COMMAND --help`` tells more.

Each command imports only what it needs: ``check`` and ``read`` never load a database or a socket.
Faults that keep it from starting are Chinese sentences on stderr and exit code 2.
"""

import sys
from collections.abc import Callable

from config.faults import StartupFault

_HELP = """用法：python run_bot.py <命令> [选项]

  demo      看演示：模拟企业微信里的一天（--play --exit 演完即退，--serve 只开服务）
  run       正式运行
  check     检查规则目录（--site DIR）
  doctor    上线体检：逐项检查真的企业微信，告诉您点哪里（--json）
  read      读一行答一行（JSON），看程序怎么理解群众的话
  replay    用新规则重放上周的消息（replay FILE --site DIR）
  tune      从办结的事里调词（--site DIR，--accept FILE）
  migrate   升级数据库（--check 只检查）
  rotate    更换密封密钥后重新加密
  media     打开一张留存的图片（media 名字 文件）
  drafts    代发用时：险情从听到到发进群里用了多久（drafts --days 30）
  groups    客户群清单：归哪个网格、多久没听到话、缺什么
  divert    清单优化：分流清单每一行准不准（divert --days 90）；转办函存成 Word（--letter 0012）
  posters   画每栋楼的扫码海报（微信客服，PNG 和 PDF）
  partner-key  外部系统的接口密钥、回调的签名密钥
  import12345  导入12345导出的表格（import12345 文件 --map 对照表 [--dry-run]）
  orders    政民沟通：对照企业微信的网格（orders import [--write]）
  org       组织表：导出、导入 Excel（org template|export|import 文件 [--write]）
  backup    备份（不用停机）：backup 目录；夜里由 systemd 定时做
  restore   从备份恢复到空的地方（restore 目录，--try 演练）
  verify    核对存证链：台账、查看、删除、规则修改有没有被人动过（--head 校验码）
  export    把全所的数据导成明文文件（export 空目录 --by 账号），给要换系统的站
  opendata  开放数据：一个月的件数，每行不少于5件（opendata --month 2026-10 目录）
  bench     测速（bench pages：二十万件工单，每一页多快）
"""


def main(words: list[str]) -> int:
    """The exit code of the command that ``words`` name."""
    command = _COMMANDS.get(words[0]) if words else None
    if command is None:
        sys.stdout.write(_HELP)
        return 0 if words and words[0] in ("-h", "--help", "help") else 2
    try:
        return command(words[1:])
    except StartupFault as fault:
        sys.stderr.write("".join(f"{sentence}\n" for sentence in fault.sentences))
        return 2


def _check(words: list[str]) -> int:
    from commands.rules import check

    return check(words)


def _read(words: list[str]) -> int:
    from commands.rules import read

    return read(words)


def _run(words: list[str]) -> int:
    from commands.run import main as run

    return run(words)


def _demo(words: list[str]) -> int:
    from commands.demo import main as demo

    return demo(words)


def _demo_bot(words: list[str]) -> int:
    from commands.run import demo_bot

    return demo_bot(words)


def _replay(words: list[str]) -> int:
    from commands.replay import main as replay

    return replay(words)


def _tune(words: list[str]) -> int:
    from commands.tune import main as tune

    return tune(words)


def _migrate(words: list[str]) -> int:
    from commands.schema import migrate

    return migrate(words)


def _doctor(words: list[str]) -> int:
    from commands.doctor import main as doctor

    return doctor(words)


def _media(words: list[str]) -> int:
    from commands.media import main as media

    return media(words)


def _drafts(words: list[str]) -> int:
    from commands.drafts import main as drafts

    return drafts(words)


def _groups(words: list[str]) -> int:
    from commands.groups import main as groups

    return groups(words)


def _divert(words: list[str]) -> int:
    from commands.divert import main as divert

    return divert(words)


def _bench(words: list[str]) -> int:
    from commands.bench import main as bench

    return bench(words)


def _backup(words: list[str]) -> int:
    from commands.backup import backup

    return backup(words)


def _verify(words: list[str]) -> int:
    from commands.verify import main as verify

    return verify(words)


def _export(words: list[str]) -> int:
    from commands.export import main as export

    return export(words)


def _opendata(words: list[str]) -> int:
    from commands.opendata import main as opendata

    return opendata(words)


def _restore(words: list[str]) -> int:
    from commands.restore import main as restore

    return restore(words)


def _posters(words: list[str]) -> int:
    from commands.posters import main as posters

    return posters(words)


def _orders(words: list[str]) -> int:
    from commands.orders import main as orders

    return orders(words)


def _org(words: list[str]) -> int:
    from commands.org import main as org

    return org(words)


def _rotate(words: list[str]) -> int:
    from commands.schema import rotate

    return rotate(words)


def _partner_key(words: list[str]) -> int:
    from commands.partner_key import main as partner_key

    return partner_key(words)


def _import12345(words: list[str]) -> int:
    from commands.import12345 import main as import12345

    return import12345(words)


_COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": _demo,
    "demo-bot": _demo_bot,
    "run": _run,
    "check": _check,
    "read": _read,
    "replay": _replay,
    "tune": _tune,
    "migrate": _migrate,
    "rotate": _rotate,
    "backup": _backup,
    "restore": _restore,
    "verify": _verify,
    "export": _export,
    "opendata": _opendata,
    "bench": _bench,
    "drafts": _drafts,
    "groups": _groups,
    "divert": _divert,
    "doctor": _doctor,
    "media": _media,
    "posters": _posters,
    "partner-key": _partner_key,
    "import12345": _import12345,
    "orders": _orders,
    "org": _org,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
