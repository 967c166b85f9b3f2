"""Checks of this machine (本机): settings, rule files, database, Redis.

What keeps ``run`` from starting is marked ``stops``; nothing is created or changed here.
"""

import asyncio
import io

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import DatabaseError, OperationalError

from bot.domain import outbound
from commands.doctor.findings import Finding, Patient, skipped, to_do, well
from commands.doctor.patient import Memory
from config.check import check_command
from config.faults import StartupFault
from config.load import load_rules
from config.settings import Settings, require_doors
from storage import migrate
from storage.database import Database, sqlite_path
from storage.key_file import load_or_create_keys
from storage.sealed import Seal

_REDIS_S = 3.0


async def settings_present(patient: Patient) -> list[Finding]:
    """Everything ``run`` asks for is there and has the right shape."""
    try:
        require_doors(patient.settings)
    except StartupFault as fault:
        return [to_do(sentence, stops=True) for sentence in fault.sentences]
    doors = ["自建应用"]
    doors += ["长连接机器人"] if patient.settings.has_socket else []
    doors += ["回调机器人"] if patient.settings.has_robot else []
    return [well(f"设置齐全：{'、'.join(doors)}。")]


async def station_data(patient: Patient) -> list[Finding]:
    """The rule files by ``check``; later checks get the rules."""
    out = io.StringIO()
    site = patient.settings.site
    code = await asyncio.to_thread(
        check_command,
        site,
        out,
        lambda rules, text: outbound.for_group(text, outbound.published(rules)),
    )
    lines = [line for line in out.getvalue().splitlines() if line.strip()]
    if code:
        return [to_do(line, stops=not line.startswith(" ")) for line in lines]
    patient.rules = await asyncio.to_thread(load_rules, site)
    hints = sum(line.startswith("提醒：") for line in lines)
    more = f"另有 {hints} 条提醒，运行 check 看。" if hints else ""
    return [well(f"{lines[0]}{more}")]


async def database(patient: Patient) -> list[Finding]:
    """Reachable, with a schema that this program knows; opened for reading alone."""
    patient.blind = True
    try:
        found = [await asyncio.to_thread(_opened, patient)]
    except StartupFault as fault:
        return [to_do(sentence, stops=True) for sentence in fault.sentences]
    except OperationalError:
        return [to_do(_UNREACHED, stops=True)]
    except DatabaseError:
        return [to_do("数据库文件打不开：文件坏了请从备份恢复。", stops=True)]
    patient.blind = False
    return found


_UNREACHED = (
    "数据库连不上：请看 DATABASE_URL 里的主机、端口、用户和密码，以及 PostgreSQL 是否在运行；"
    "用 SQLite 的，看数据目录的权限和磁盘。"
)


def _opened(patient: Patient) -> Finding:
    found = Database(patient.settings.database)
    if found.is_sqlite and not sqlite_path(found.url).exists():
        found.close()
        return skipped("还没有数据库：第一次 run 会自己建立。")
    try:
        revision = migrate.looked_at(found)
        seal = _seal(patient.settings)
    except (StartupFault, DatabaseError):
        found.close()
        raise
    patient.memory = Memory(found, seal)
    return well(f"数据库读得到，表结构 {revision}。")


def _seal(settings: Settings) -> Seal:
    if settings.seal_keys.get_secret_value():
        return Seal.from_env_form(
            settings.seal_keys.get_secret_value(),
            settings.seal_current,
            settings.hmac_key.get_secret_value(),
        )
    return load_or_create_keys(settings.data_dir / "keys.json", must_exist=True)


async def redis(patient: Patient) -> list[Finding]:
    """Answers a ping, where it is configured; without it one process does everything itself."""
    if not patient.settings.redis_url:
        return [skipped("没有配置 Redis：只跑一个进程时不需要。")]
    try:
        client = Redis.from_url(patient.settings.redis_url, socket_timeout=_REDIS_S)
    except ValueError:
        return [to_do("REDIS_URL 写得不对：应为 redis://用户:密码@主机:端口/库号。", stops=True)]
    try:
        async with asyncio.timeout(_REDIS_S):
            await client.ping()
    except (RedisError, OSError):
        return [
            to_do(
                "Redis 连不上：请看 REDIS_URL 的主机、端口和密码，以及 Redis 是否在运行。"
                "没有它程序也能跑，只是慢一些。"
            )
        ]
    finally:
        await client.aclose()
    return [well("Redis 有回答。")]
