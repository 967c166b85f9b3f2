"""The ``check`` command: every fault of a site folder at once, or what stands in it.

A clerk runs it after each change. Loads config only; the caller may hand in the outbound filter
of ``bot.domain``, so that every sentence is also tried against what may leave the house.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from config.fault_lines import Fault
from config.load import inspect
from config.rules import Rules
from config.text_keys import GROUP
from config.text_rules import SAMPLES
from config.yaml_lines import parse

Filter = Callable[[Rules, str], str]
"""What a public group would hear of a sentence; the same text when nothing is held back."""


def check_command(site: Path, out: TextIO, group_filter: Filter | None = None) -> int:
    """Exit code: 0 with a summary, 2 with all faults written to ``out`` in Chinese."""
    rules, faults = inspect(site)
    if rules and group_filter:
        faults = list(_held_back(site, rules, group_filter))
    if rules is None or faults:
        out.write("".join(f"{fault.sentence}\n" for fault in faults))
        out.write(f"\n共 {len(faults)} 处要改。改完再运行一次 check。\n")
        return 2
    out.write(summary(rules))
    return 0


def summary(rules: Rules) -> str:
    """A few lines that let a clerk see that the right folder was read."""
    reading = rules.reading
    lines = sum(1 for _ in reading.lines())
    return (
        f"{rules.station.name}的规则没有问题，版本 {rules.version}。\n"
        f"  网格 {len(rules.grids.grids)} 个，人员 {len(rules.people)} 人，"
        f"群 {len(rules.chats.chats)} 个，部门 {len(rules.divert.departments)} 个，"
        f"分流清单 {len(rules.divert.list)} 条（{rules.divert.version}）\n"
        f"  类别 {len(reading.categories)} 个，词和规则 {lines} 条，"
        f"险情 {len(rules.crisis.classes)} 类，话 {len(rules.texts.sentences)} 句\n"
    )


def _held_back(site: Path, rules: Rules, group_filter: Filter) -> Iterator[Fault]:
    """Group sentences that the outbound filter would alter."""
    document = parse("texts.yaml", (site / "texts.yaml").read_bytes())
    for key in rules.texts.sentences:
        if key in GROUP or (key.startswith("danger_") and key.endswith("_group")):
            said = rules.text(key, **SAMPLES)
            heard = group_filter(rules, said)
            if heard != said:
                yield document.fault((key,), f"有不能公开的内容，群里只会听到“{heard}”")
