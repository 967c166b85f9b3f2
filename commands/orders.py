"""``orders import``: holds WeCom's grids, people and categories against this site's YAML.

Prints what differs, in Chinese, and changes nothing; ``--write`` adds members whom the roster knows
to the workers of grids.yaml. New grids and people need more than WeCom knows (officer, estates),
so a clerk writes those.
"""

import argparse
import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot import way_out
from bot.domain.order_compare import Comparison, GridDiff, TheirGrid, compare
from bot.wecom.errors import NotAllowed, WeComFault
from bot.wecom.orders import ReportCategory, ReportGrid
from commands import order_door
from config.faults import StartupFault
from config.grid_edit import write_workers
from config.load import load_rules
from config.rules import Rules
from config.settings import Settings, load_settings
from storage.coordination import InProcess


def main(words: list[str]) -> int:
    """Exit code 0 when nothing differs, 1 when something does. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py orders", description="政民沟通：对照网格")
    parser.add_argument("what", choices=["import"], help="import：从企业微信读网格、人员、分类")
    parser.add_argument("--site", type=Path, help="规则目录（默认 config/site）")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="只看不同，不改文件（默认就是）")
    how.add_argument("--write", action="store_true", help="把缺的网格员补进 grids.yaml")
    given = parser.parse_args(words)
    settings = load_settings(**({"site": given.site} if given.site else {}))
    if not settings.has_orders or not settings.corp_id:
        raise StartupFault(
            "还没有设置 JINGGE_CORP_ID、JINGGE_REPORT_AGENTID 和 JINGGE_REPORT_SECRET，"
            "读不了政民沟通的网格。"
        )
    rules = load_rules(settings.site)
    grids, categories = asyncio.run(_read(settings))
    found = compare(rules, _theirs(grids), [one.name for one in categories])
    sys.stdout.write("".join(f"{line}\n" for line in lines(rules, found)))
    if given.write:
        sys.stdout.write(_written(settings, rules, found))
    return 0 if found.is_same else 1


async def _read(
    settings: Settings,
) -> tuple[tuple[ReportGrid, ...], tuple[ReportCategory, ...]]:
    def now() -> datetime:
        return datetime.now(UTC)

    async with way_out.open_session(settings) as session:
        door = order_door.door(settings, session, InProcess(now), now)
        try:
            return await door.grids(), await door.categories()
        except NotAllowed as fault:
            raise StartupFault(
                f"企业微信不让读政民沟通（错误码 {fault.errcode}）。"
                "请到管理后台的“居民上报”“巡查上报”，把这个自建应用加进“可调用接口的应用”，"
                "再核对 Secret 和可信 IP。"
            ) from fault
        except WeComFault as fault:
            raise StartupFault(
                f"连不上企业微信，或它没有接受（错误码 {fault.errcode}）。请稍后再试。"
            ) from fault


def _theirs(grids: tuple[ReportGrid, ...]) -> list[TheirGrid]:
    parents = {grid.parent for grid in grids}
    return [
        TheirGrid(grid.id, grid.name, grid.admins, grid.members, grid.id in parents)
        for grid in grids
    ]


def lines(rules: Rules, found: Comparison) -> list[str]:
    """What differs, one Chinese sentence each."""
    if found.is_same:
        return ["企业微信和 grids.yaml 一致。"]
    said = [line for pair in found.pairs for line in _pair_lines(rules, pair)]
    said += [
        f"企业微信有网格“{grid.name}”（{grid.id}，{len(grid.admins)} 个管理员、"
        f"{len(grid.members)} 个成员），grids.yaml 没有。"
        for grid in found.only_there
    ]
    said += [
        f"grids.yaml 有网格“{grid.name}”（{grid.id}），企业微信没有。" for grid in found.only_here
    ]
    said += [
        f"企业微信的分类“{name}”在 categories.yaml 里没有同名的，单子按文字归类。"
        for name in found.categories_there
    ]
    return said


def _pair_lines(rules: Rules, pair: GridDiff) -> list[str]:
    where = f"网格“{pair.ours.name}”"
    admins = pair.theirs.admins
    said = [
        f"{where}：{_name(rules, user)} 在企业微信里是{'管理员' if user in admins else '成员'}，"
        "grids.yaml 里没有。"
        for user in pair.missing_here
    ]
    said += [
        f"{where}：{_name(rules, user)} 在 grids.yaml 里，企业微信里没有。"
        for user in pair.missing_there
    ]
    said += [
        f"{where}：企业微信账号 {user} 不在花名册（roster.yaml）里，上报单的草稿发不到。"
        for user in pair.strangers
    ]
    return said


def _name(rules: Rules, user: str) -> str:
    person = rules.person(user)
    return f"{person.name}（{user}）" if person else user


def _written(settings: Settings, rules: Rules, found: Comparison) -> str:
    more = {pair.ours.id: pair.new_workers for pair in found.pairs if pair.new_workers}
    if not more:
        return "没有可以自动补的人，grids.yaml 没有改。\n"
    write_workers(settings.site, more)
    who = "、".join(_name(rules, user) for users in more.values() for user in users)
    return f"grids.yaml 改好了，补进网格员：{who}。其余的请手工改，再运行 check。\n"
