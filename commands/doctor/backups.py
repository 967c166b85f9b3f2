"""Check of the backups (备份): how old the last good one is, and why the last try was not."""

import asyncio
from pathlib import Path

from commands.backup_watch import fault_of
from commands.doctor.findings import Finding, Patient, to_do, to_know, well
from storage import backup_files

_NOWHERE = (
    "没有配置备份：请设置 JINGGE_BACKUP_DIR（最好是另一块盘），装上 deploy/jingge-backup.timer，"
    "见 docs/operator.md 第 3 节。"
)


async def last_backup(patient: Patient) -> list[Finding]:
    """When it was made; whether it is young enough."""
    out = patient.settings.backup_dir
    if out == Path():
        return [to_know(_NOWHERE)]
    state = await asyncio.to_thread(backup_files.state, out)
    now = patient.now()
    if why := fault_of(state, now):
        return [to_do(f"备份没有做好：{why}。请运行 run_bot.py backup 看是什么毛病。")]
    hours = int((now - state.good_at).total_seconds() // 3600) if state.good_at else 0
    return [well(f"最近一次备份做好了：{state.folder}，{hours} 小时以前。")]
