"""``posters``: one poster per building, whose code tells us where it hangs (扫码海报).

The code opens 微信客服; the place it carries comes back when somebody enters, so that nobody has to
type in which estate she lives. The link is asked of WeCom once, or given with ``--link``. With
``--staff`` the code opens the page ``/sidebar/spot`` instead, for who is on the roster.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bot import way_out
from bot.engine.clock import Clock
from bot.wecom import kf_api
from bot.wecom.client import Api
from bot.wecom.errors import Refusal, WeComFault
from bot.wecom.places import AppConfig
from commands import poster_sheet
from commands.poster_sheet import Sheet
from config.faults import StartupFault
from config.load import load_rules
from config.people_rules import Estate, Grid
from config.rules import Rules
from config.settings import Settings, load_settings
from storage.coordination import InProcess

SCENE = "poster"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a poster hangs: what the code carries, and how people call it."""

    param: str
    name: str


def main(words: list[str]) -> int:
    """Exit code 0 when all posters are written. Raises: StartupFault."""
    given = _arguments(words)
    settings = load_settings(**({"site": given.site} if given.site else {}))
    rules = load_rules(settings.site)
    spots = [spot for grid in _grids(rules, given.grid) for spot in spots_of(grid)]
    link = _staff_link(settings) if given.staff else given.link
    link = link or asyncio.run(_asked(settings, given.account))
    make = staff_sheet_of if given.staff else sheet_of
    font = poster_sheet.font_file(given.font)
    try:
        given.out.mkdir(parents=True, exist_ok=True)
        for spot in spots:
            page = poster_sheet.draw(make(rules, spot, link), font)
            poster_sheet.save(page, given.out / spot.param.replace("/", "_"))
    except OSError as fault:
        raise StartupFault(f"海报写不进 {given.out}：{fault.strerror or fault}。") from fault
    sys.stdout.write(f"画好了 {len(spots)} 张海报（PNG 和 PDF）：{given.out}\n")
    return 0


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run_bot.py posters", description="画每栋楼的扫码海报")
    parser.add_argument("--out", type=Path, default=Path("posters"), help="写到哪个文件夹")
    parser.add_argument("--site", type=Path, help="规则目录（默认 config/site）")
    parser.add_argument("--grid", default="", help="只画这个网格（编号）")
    parser.add_argument("--account", default="", help="客服账号（默认设置里的第一个）")
    parser.add_argument("--link", default="", help="客服链接；不给就向企业微信要一个")
    parser.add_argument("--staff", action="store_true", help="画工作人员用企业微信扫的码")
    parser.add_argument("--font", type=Path, help="中文字体文件")
    return parser.parse_args(words)


def _grids(rules: Rules, wanted: str) -> tuple[Grid, ...]:
    if not wanted:
        return rules.grids.grids
    grid = rules.grid(wanted)
    if grid is None:
        raise StartupFault(f"没有网格 {wanted}，请核对 grids.yaml 里的编号。")
    return (grid,)


def spots_of(grid: Grid) -> Iterator[Spot]:
    """Every building of a grid; an estate whose buildings are not listed has one poster."""
    for estate in grid.estates:
        numbers = list(_buildings(estate))
        if not numbers:
            yield Spot(f"{grid.id}.{estate.name}", estate.name)
        for number in numbers:
            yield Spot(f"{grid.id}.{estate.name}.{number}", f"{estate.name}{number}号楼")


def _buildings(estate: Estate) -> Iterator[int]:
    for part in filter(None, estate.buildings.split(",")):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def sheet_of(rules: Rules, spot: Spot, link: str) -> Sheet:
    """What stands on the poster of that place. Raises: StartupFault when its name is too long."""
    try:
        coded = kf_api.link_for(link, spot.param)
    except Refusal as fault:
        raise StartupFault(
            f"“{spot.name}”太长，二维码的参数放不下，请在 grids.yaml 里改短。"
        ) from fault
    return Sheet(
        station=rules.station.name,
        title=rules.text("poster_title"),
        place=spot.name,
        how=rules.text("poster_how", place=spot.name),
        danger=rules.text("poster_danger"),
        link=coded,
    )


def staff_sheet_of(rules: Rules, spot: Spot, link: str) -> Sheet:
    """The sheet for staff: its code opens the page where the place is filled in."""
    return Sheet(
        station=rules.station.name,
        title=rules.text("spot_title"),
        place=spot.name,
        how=rules.text("spot_how", place=spot.name),
        danger=rules.text("spot_danger"),
        link=f"{link}?at={quote(spot.param)}",
    )


def _staff_link(settings: Settings) -> str:
    """The page of this station. Raises: StartupFault where the site has no address of its own."""
    if settings.public_url == Settings.model_fields["public_url"].default:
        raise StartupFault(
            "没有设置 JINGGE_PUBLIC_URL（本站的网址），工作人员扫了码不知道打开哪里。"
        )
    return f"{settings.public_url.rstrip('/')}/sidebar/spot"


async def _asked(settings: Settings, account: str) -> str:
    """A link of the account, from WeCom. Raises: StartupFault."""
    account = account or settings.kf_accounts.split(",")[0]
    if not account or not settings.corp_id:
        raise StartupFault(
            "没有设置微信客服账号（JINGGE_KF_ACCOUNTS），也没有给 --link，不知道二维码该指向哪里。"
        )
    config = AppConfig(
        corpid=settings.corp_id,
        agentid=settings.app_agentid,
        secret=settings.app_secret.get_secret_value(),
        api_base=settings.api_base,
        timeout_s=settings.http_timeout_s,
    )
    clock = Clock(None)
    async with way_out.open_session(settings) as session:
        try:
            api = Api(config, session, InProcess(clock.now), clock.now)
            return await kf_api.contact_link(api, account, SCENE)
        except WeComFault as fault:
            raise StartupFault(
                f"企业微信没有给客服链接（{fault.errcode} {fault.detail}）。"
                "请核对应用是否加进了“微信客服→可调用接口的应用”，或用 --link 直接给链接。"
            ) from fault
