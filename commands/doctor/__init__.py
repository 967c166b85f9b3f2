"""``doctor`` (体检): looks at a real corp step by step and says in Chinese what to click.

A list of small checks; a door adds its own by one line in ``CHECKS``. Nothing is changed, no
secret is printed. Exit code 0: all well, 1: something to do, 2: the bot cannot start like this.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from bot import way_out
from bot.wecom.errors import WeComFault
from bot.wecom.probe import NoAnswer
from commands.doctor import backups, callbacks, corp, doors, ground, groups, people, robots, words
from commands.doctor.findings import Check, Finding, Mark, Patient, to_do
from config.settings import Settings, load_settings

CHECKS: tuple[Check, ...] = (
    Check("设置", ground.settings_present),
    Check("规则目录", ground.station_data),
    Check("数据库", ground.database),
    Check("Redis", ground.redis),
    Check("备份", backups.last_backup),
    Check("应用密钥", corp.token),
    Check("时钟", corp.clock),
    Check("企业可信IP", corp.trusted_address),
    Check("应用", corp.app_enabled),
    Check("可见范围", corp.visible_range),
    Check("可信域名", doors.trusted_domain),
    Check("应用回调", callbacks.app_address),
    Check("回调机器人", robots.url_robot),
    Check("机器人回调", callbacks.robot_address),
    Check("长连接机器人", robots.long_connection),
    Check("微信客服", doors.customer_service),
    Check("客户群", groups.customer_groups),
    Check("会话内容存档", doors.archive),
    Check("政民沟通", doors.orders),
    Check("还联系不上的人", people.unreachable),
    Check("险情电话", corp.phone_calls),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One finding under the name of its check."""

    name: str
    finding: Finding


def main(words_given: list[str]) -> int:
    """Exit code 0, 1 or 2. Raises: StartupFault when the settings cannot even be read."""
    parser = argparse.ArgumentParser(prog="run_bot.py doctor", description="上线体检")
    parser.add_argument("--site", type=Path, help="规则目录（默认 config/site）")
    parser.add_argument("--json", action="store_true", help="结果写成 JSON")
    given = parser.parse_args(words_given)
    settings = load_settings(**({"site": given.site} if given.site else {}))
    lines = asyncio.run(_examined(settings))
    said = as_json(lines) if given.json else as_text(lines)
    sys.stdout.write(_hushed(settings, said) + "\n")
    return exit_code(lines)


async def _examined(settings: Settings) -> list[Line]:
    async with way_out.open_session(settings) as session:
        patient = Patient(settings, session, lambda: datetime.now(UTC))
        try:
            return await examine(patient)
        finally:
            if patient.memory is not None:
                patient.memory.database.close()


async def examine(patient: Patient, checks: Sequence[Check] = CHECKS) -> list[Line]:
    """What the checks find, one after the other, since later ones use what earlier ones saw."""
    return [Line(check.name, found) for check in checks for found in await _look(check, patient)]


async def _look(check: Check, patient: Patient) -> list[Finding]:
    try:
        return await check.look(patient)
    except WeComFault as fault:
        return [to_do(words.of_fault(fault))]
    except NoAnswer as fault:
        return [to_do(words.of_silence(fault))]


def exit_code(lines: Sequence[Line]) -> int:
    """0 all well, 1 something to do, 2 cannot start."""
    if any(line.finding.stops for line in lines):
        return 2
    return int(any(line.finding.mark is Mark.TO_DO for line in lines))


def as_text(lines: Sequence[Line]) -> str:
    """One line per finding, then what it comes to."""
    rows = [f"{one.finding.mark.sign} {one.name}：{one.finding.sentence}" for one in lines]
    return "\n".join([*rows, "", summary(lines)])


def summary(lines: Sequence[Line]) -> str:
    """What it comes to, and what must be known all the same."""
    marks = [line.finding.mark for line in lines]
    count = marks.count(Mark.TO_DO)
    head = {
        0: "没有要办的事。",
        1: f"有 {count} 件事要办（✗），办完再运行一次 doctor。",
        2: f"现在还启动不了：有 {count} 件事要办（✗），先办设置、规则目录和数据库。",
    }[exit_code(lines)]
    known = [line.finding.sentence for line in lines if line.finding.mark is Mark.TO_KNOW]
    return "\n".join([head, *(f"上线前要知道：{sentence}" for sentence in known)])


def as_json(lines: Sequence[Line]) -> str:
    """The same for programs; ``mark`` is ok, todo, skipped or know."""
    checks = [
        {"check": one.name, "mark": one.finding.mark.value, "sentence": one.finding.sentence}
        | ({"stops": True} if one.finding.stops else {})
        for one in lines
    ]
    whole = {"exit": exit_code(lines), "summary": summary(lines), "checks": checks}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _hushed(settings: Settings, said: str) -> str:
    """``said`` without any secret of the settings, should a sentence ever quote one."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr) and len(value.get_secret_value()) >= 4:
            said = said.replace(value.get_secret_value(), "***")
    return said
