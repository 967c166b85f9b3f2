"""``check`` and ``read``: for clerks; they load config and ``bot.domain`` only."""

import argparse
import sys
from datetime import datetime
from functools import partial
from pathlib import Path

from bot.domain import outbound
from bot.domain.explain import explain
from bot.domain.own_sentences import Standing, standing
from bot.domain.reading import GridNames
from bot.read_command import ZONE, read_lines
from config.check import check_command
from config.load import load_rules
from config.rules import Rules

_SITE = Path("config/site")


def check(words: list[str]) -> int:
    """Exit code 0 with a summary, 2 with every fault of the site folder."""
    parser = argparse.ArgumentParser(prog="run_bot.py check", description="检查规则目录")
    parser.add_argument("--site", type=Path, default=_SITE)
    site = parser.parse_args(words).site
    return check_command(site, sys.stdout, _group_filter, reader=wrong_sentences)


def read(words: list[str]) -> int:
    """Read JSON lines on stdin, answer each on stdout; or explain one sentence."""
    parser = argparse.ArgumentParser(prog="run_bot.py read", description="读一行答一行")
    parser.add_argument("--site", type=Path, default=_SITE)
    parser.add_argument("--explain", metavar="一句话", help="说说这句话为什么这样读")
    parser.add_argument("--chat", default="", help="在哪个群说的（群编号），用来认小区和地标")
    given = parser.parse_args(words)
    rules = load_rules(given.site)
    if given.explain is not None:
        names = _names(rules, given.chat)
        lines = explain(given.explain, datetime.now(ZONE), names, rules.reading)
        sys.stdout.write("\n".join(lines) + "\n")
        return 0
    return read_lines(sys.stdin, sys.stdout, rules.reading, lambda chat: _names(rules, chat))


def wrong_sentences(rules: Rules) -> list[str]:
    """For each of the station's own sentences what is wrong with it; "" where nothing is."""
    return [
        "" if one.is_right else f"“{one.text}”应读成“{one.wanted}”，现在读成“{one.found}”"
        for one in own_sentences(rules)
    ]


def own_sentences(rules: Rules) -> list[Standing]:
    """How the station's own sentences are read now."""
    now = datetime.now(ZONE)
    return standing(rules.sentences.sentences, rules.reading, now, partial(_names, rules))


def _group_filter(rules: Rules, text: str) -> str:
    return outbound.for_group(text, outbound.published(rules))


def _names(rules: Rules, chat: str) -> GridNames | None:
    grid = rules.grid_of(chat)
    if grid is None:
        return None
    estates = tuple((estate.name, estate.aliases) for estate in grid.estates)
    return GridNames(community=grid.community, estates=estates, landmarks=grid.landmarks)
