"""The alert rules name only indicators that there are, and each leads to a page of the runbook."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.engine.measures import _OF_PROCESS, Measures
from storage.machine_board import Lane
from storage.pulse import Pulse
from tests.storage.rows import NOW

ROOT = Path(__file__).parents[2]
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus-alerts.yml").read_text("utf-8"))
ALERTS: list[dict[str, Any]] = [rule for group in RULES["groups"] for rule in group["rules"]]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text("utf-8")
PARTS = ("**什么意思**", "**先看**", "**做什么**", "**告诉谁**")
_DURATION = re.compile(r"^\d+[smhd]$")


def _indicators() -> set[str]:
    """Every name that a scrape may hold."""
    seen = Pulse(
        at=NOW, waiting=1, oldest=NOW, dead=1, lanes=(Lane("socket", 1, NOW),), calls=1,
        first_call=NOW, held=frozenset({"p0"}), links=1,
    )  # fmt: skip
    measures = Measures()
    measures.refused("socket")
    body, _ = measures.written(seen, dict.fromkeys(_OF_PROCESS, 1.0), "")
    families = list(text_string_to_metric_families(body.decode()))
    return {sample.name for family in families for sample in family.samples} | {"up"}


def _named(expr: str) -> set[str]:
    return set(re.findall(r"\b(?:jingge_\w+|up)\b", re.sub(r'"[^"]*"', "", expr)))


@pytest.mark.parametrize("alert", [pytest.param(one, id=one["alert"]) for one in ALERTS])
def test_an_alert_is_whole(alert: dict[str, Any]) -> None:
    assert set(alert) <= {"alert", "expr", "for", "labels", "annotations"}
    assert _DURATION.match(alert.get("for", "1m"))
    assert alert["labels"]["severity"] in ("critical", "warning")
    assert alert["expr"].count("(") == alert["expr"].count(")")
    assert _named(alert["expr"])
    assert _named(alert["expr"]) <= _indicators()


@pytest.mark.parametrize("alert", [pytest.param(one, id=one["alert"]) for one in ALERTS])
def test_an_alert_leads_to_its_page(alert: dict[str, Any]) -> None:
    file, _, anchor = alert["annotations"]["runbook_url"].partition("#")

    assert (ROOT / file).is_file()
    assert anchor == alert["alert"]
    page = RUNBOOK.partition(f"\n## {anchor}\n")[2].partition("\n## ")[0]
    assert [part for part in PARTS if part not in page] == []


def test_every_page_of_the_runbook_has_an_alert_or_a_notice() -> None:
    pages = set(re.findall(r"^## (.+)$", RUNBOOK, re.M))

    assert {one["alert"] for one in ALERTS} <= pages
    assert len({one["alert"] for one in ALERTS}) == len(ALERTS)
