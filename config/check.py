"""The ``check`` command: every fault of a site folder at once, or what stands in it.

A clerk runs it after each change. Loads config only; the caller may hand in the outbound filter
of ``bot.domain``, so that every sentence is also tried against what may leave the house.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from config.contradictions import Found, contradictions
from config.duty_check import duty_faults, holiday_hints, room_faults
from config.faq_check import faq_hints
from config.faq_rules import FaqEntry
from config.fault_lines import Fault
from config.load import READING_FILES, inspect
from config.people_rules import ZONE
from config.publicity_check import publicity_hints
from config.rules import Rules
from config.text_keys import GROUP
from config.text_rules import SAMPLES
from config.yaml_lines import Document, parse

Reader = Callable[[Rules], list[str]]
"""What is wrong with each of a station's own sentences, in their order; "" where nothing is."""
Filter = Callable[[Rules, str], str]
"""What a public group would hear of a sentence; the same text when nothing is held back."""


def check_command(
    site: Path,
    out: TextIO,
    group_filter: Filter | None = None,
    today: date | None = None,
    reader: Reader | None = None,
) -> int:
    """Exit code: 0 with a summary, 2 with all faults written to ``out`` in Chinese.

    ``today`` is the day on which answers of faq.yaml may be out of date and from which the roster
    must have somebody on duty; the real one if None.
    """
    day = today or datetime.now(ZONE).date()
    rules, faults = inspect(site)
    found = Found((), ())
    if rules:
        found = contradictions(_reading_files(site))
        held = _held_back(site, rules, group_filter) if group_filter else ()
        duty = duty_faults(_document(site, "grids.yaml"), rules, day)
        room = room_faults(_document(site, "roster.yaml"), rules, day)
        faults = sorted({*held, *found.faults, *duty, *room})
    if rules is None or faults:
        out.write("".join(f"{fault.sentence}\n" for fault in faults))
        out.write(f"\n共 {len(faults)} 处要改。改完再运行一次 check。\n")
        return 2
    out.write(summary(rules))
    holidays = holiday_hints(_document(site, "times.yaml"), rules, day)
    hints = (*_faq_hints(site, rules, group_filter, day), *found.hints, *holidays)
    hints = (*hints, *_publicity_hints(site, rules, day))
    hints = (*hints, *_sentence_hints(site, rules, reader))
    out.write("".join(f"提醒：{hint.sentence}\n" for hint in hints))
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


def _document(site: Path, name: str) -> Document:
    return parse(name, (site / name).read_bytes())


def _reading_files(site: Path) -> dict[str, Document]:
    """The files of the reader and the site's own words, as far as they are there."""
    names = (*READING_FILES, "own_words.yaml")
    return {
        name: parse(name, (site / name).read_bytes()) for name in names if (site / name).exists()
    }


def _faq_hints(
    site: Path, rules: Rules, group_filter: Filter | None, today: date
) -> Iterator[Fault]:
    """What of faq.yaml a clerk should look at; none of it keeps the program from starting."""
    if not rules.faq.entries:
        return

    def heard(entry: FaqEntry) -> str:
        said = entry.said(rules.answer_words())
        cut = group_filter(rules, said) if group_filter else said
        return "" if cut == said else cut

    document = parse("faq.yaml", (site / "faq.yaml").read_bytes())
    yield from faq_hints(document, rules.faq, today, heard)


def _publicity_hints(site: Path, rules: Rules, today: date) -> Iterator[Fault]:
    """Topics of publicity.yaml whose wordings will not last."""
    if rules.publicity.topics:
        yield from publicity_hints(_document(site, "publicity.yaml"), rules.publicity, today)


def _sentence_hints(site: Path, rules: Rules, reader: Reader | None) -> Iterator[Fault]:
    """The station's own sentences that are read otherwise than they should be."""
    if reader is None or not rules.sentences.sentences:
        return
    document = _document(site, "sentences.yaml")
    for number, what in enumerate(reader(rules)):
        if what:
            yield document.fault(("sentences", number, "say"), what, "改规则，或改这一句该读成什么")


def _held_back(site: Path, rules: Rules, group_filter: Filter) -> Iterator[Fault]:
    """Group sentences that the outbound filter would alter."""
    document = parse("texts.yaml", (site / "texts.yaml").read_bytes())
    for key in rules.texts.sentences:
        if key in GROUP or (key.startswith("danger_") and key.endswith("_group")):
            said = rules.text(key, **SAMPLES)
            heard = group_filter(rules, said)
            if heard != said:
                yield document.fault((key,), f"有不能公开的内容，群里只会听到“{heard}”")
