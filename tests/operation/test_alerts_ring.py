"""Prometheus' own promtool reads the alert rules, and each rings for what it is there for alone.

Every alert has indicators by the minute: first as at a station that fares well, where nothing may
ring, then as in its trouble, where exactly it must.
"""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.operation.test_alerts import ALERTS, ROOT
from tests.servers.needs import find_promtool, missing

FILE = ROOT / "deploy" / "prometheus-alerts.yml"
FINE: dict[str, str] = {
    'up{job="jingge"}': "1x120",
    "jingge_danger_unsigned_seconds": "290x120",
    "jingge_inbox_oldest_seconds": "110x120",
    'jingge_lane_oldest_seconds{lane="app"}': "290x120",
    "jingge_socket_online": "1x120",
    'jingge_sends_refused_total{lane="app"}': "0+0.1x120",
    "jingge_dead_events": "2x120",
    'jingge_lane_parked{lane="app"}': "3x120",
    'jingge_commit_seconds_bucket{le="0.5"}': "0+60x120",
    'jingge_commit_seconds_bucket{le="5.0"}': "0+60x120",
    'jingge_commit_seconds_bucket{le="+Inf"}': "0+60x120",
    "jingge_writer_queue": "20x120",
    "jingge_writer_busy_seconds": "0x120",
    'jingge_callback_ack_seconds_bucket{le="0.5"}': "0+60x120",
    'jingge_callback_ack_seconds_bucket{le="5.0"}': "0+60x120",
    'jingge_callback_ack_seconds_bucket{le="+Inf"}': "0+60x120",
    'jingge_turn_seconds_bucket{le="1.0",outcome="done"}': "0+60x120",
    'jingge_turn_seconds_bucket{le="30.0",outcome="done"}': "0+60x120",
    'jingge_turn_seconds_bucket{le="+Inf",outcome="done"}': "0+60x120",
    "jingge_loop_stall_seconds": "0.1x120",
    "jingge_leases_held": "12x120",
    "jingge_archive_age_seconds": "30x120",
    "jingge_kf_age_seconds": "30x120",
    "jingge_backup_age_seconds": "3600+60x120",
    "jingge_disk_free_ratio": "0.4x120",
}
# What is different in the trouble of each alert.
TROUBLE: dict[str, dict[str, str]] = {
    "机器人失联": {'up{job="jingge"}': "0x120"},
    "险情没人签收": {"jingge_danger_unsigned_seconds": "0+60x120"},
    "消息处理慢": {"jingge_inbox_oldest_seconds": "130x120"},
    "话发不出去": {'jingge_lane_oldest_seconds{lane="app"}': "310x120"},
    "长连接断了": {"jingge_socket_online": "0x120"},
    "企业微信退回": {'jingge_sends_refused_total{lane="app"}': "0+1x120"},
    "有事件搁下了": {"jingge_dead_events": "0x30 1x90"},
    "有话放弃了": {'jingge_lane_parked{lane="app"}': "0x30 1x90"},
    "写库慢": {'jingge_commit_seconds_bucket{le="0.5"}': "0+1x120"},
    "回调答得慢": {'jingge_callback_ack_seconds_bucket{le="0.5"}': "0+1x120"},
    "办一件事慢": {'jingge_turn_seconds_bucket{le="1.0",outcome="done"}': "0+1x120"},
    "主循环停顿": {"jingge_loop_stall_seconds": "3x120"},
    "没有进程管事": {"jingge_leases_held": "0x120"},
    "存档或客服没在读": {"jingge_kf_age_seconds": "700x120"},
    "Redis不在": {"jingge_redis_online": "0x120"},
    "备份太旧": {"jingge_backup_age_seconds": "107000+60x120"},
    "盘快满了": {"jingge_disk_free_ratio": "0.05x120"},
}
AT = "60m"
_LABELS = re.compile(r'(\w+)="([^"]*)"')


def _promtool(*words: str | Path) -> str:
    program = find_promtool()
    if program is None:
        missing("promtool", "prometheus")
    ran = subprocess.run([program, *words], capture_output=True, text=True, check=False, cwd=ROOT)
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


def _rung(alert: dict[str, Any]) -> dict[str, Any]:
    """The alert as Prometheus hands it on: with the labels of what it was told by."""
    labels: dict[str, str] = dict(alert["labels"])
    if "sum" not in alert["expr"]:
        (series, *_) = TROUBLE[alert["alert"]]
        labels |= dict(_LABELS.findall(series))
    lane = labels.get("lane", "")
    notes = alert["annotations"]
    return {
        "exp_labels": labels,
        "exp_annotations": {k: v.replace("{{ $labels.lane }}", lane) for k, v in notes.items()},
    }


def _case(trouble: dict[str, str], ringing: str) -> dict[str, Any]:
    return {
        "interval": "1m",
        "input_series": [{"series": k, "values": v} for k, v in {**FINE, **trouble}.items()],
        "alert_rule_test": [
            {
                "eval_time": AT,
                "alertname": one["alert"],
                "exp_alerts": [_rung(one)] if one["alert"] == ringing else [],
            }
            for one in ALERTS
        ],
    }


def _tried(folder: Path, trouble: dict[str, str], ringing: str) -> str:
    """What promtool has against it."""
    file = folder / "tried.yml"
    tests = {"rule_files": [str(FILE)], "tests": [_case(trouble, ringing)]}
    file.write_text(yaml.safe_dump(tests, allow_unicode=True), "utf-8")
    return _promtool("test", "rules", file)


def test_prometheus_reads_the_rules() -> None:
    assert _promtool("check", "rules", FILE) == ""


def test_nothing_rings_at_a_station_that_fares_well(tmp_path: Path) -> None:
    assert _tried(tmp_path, {}, "") == ""


@pytest.mark.parametrize("name", [one["alert"] for one in ALERTS])
def test_each_rings_in_its_own_trouble_alone(name: str, tmp_path: Path) -> None:
    assert _tried(tmp_path, TROUBLE[name], name) == ""
