"""The rules (规则): the files, what waits for a second person, and each change with its effect.

What is decided here is an order as in a chat; a change itself comes from ``rule_forms``. The rules
of the page are those of the folder on this machine's disk.
"""

import asyncio
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.domain.own_sentences import Standing, standing
from bot.domain.trials import Trial, trial_of
from bot.domain.trying import Sort
from bot.engine.worker import grid_names
from config import rule_files
from config.load import FILES
from config.rights_rules import Page
from config.rules import Rules
from config.text_rules import SAMPLES
from config.vocabulary import Role
from config.word_edit import FILES as WORD_FILES
from handlers import loop, rule_changes
from handlers.dashboard.entry import Seat
from handlers.dashboard.rule_forms import RuleForms
from handlers.dashboard.shell import Look, Shell
from storage import changes
from storage.changes import Change, State

_PAGE, _MOST_LINES, _MOST_TEXTS = 20, 400, 12
ABOUT: Mapping[str, str] = {
    "station.yaml": "本所的名字和电话",
    "grids.yaml": "网格、小区、地标",
    "roster.yaml": "人、值班、请假",
    "chats.yaml": "企业微信群",
    "times.yaml": "时限、催办、夜里规矩",
    "divert.yaml": "非警务分流清单",
    "crisis.yaml": "险情怎么说、谁能去",
    "categories.yaml": "类别和词",
    "danger.yaml": "险情的词",
    "reading.yaml": "语气、词组",
    "dialects.yaml": "方言和错别字",
    "own_words.yaml": "本所自己的词",
    "texts.yaml": "机器人说的每一句话",
    "rights.yaml": "谁看得到、动得了什么",
    "closing.yaml": "缺了什么不能办结",
    "alike.yaml": "几个人说的是不是一件事",
    "repeats.yaml": "一地多起、一类多发、一人多次",
    "mediation.yaml": "谁来调解、红黄蓝、回访",
    "checklists.yaml": "检查和走访的清单",
    "services.yaml": "上门办证、租客登记、资料",
    "faq.yaml": "群众常问的",
    "retention.yaml": "留多久、什么时候删",
    "partners.yaml": "别的系统",
    "everyday.yaml": "复盘、民意、失物、寻人",
    "publicity.yaml": "宣传日历：哪天在哪些群说哪一句",
    "joint.yaml": "和街道一起做的事",
    "sentences.yaml": "本所自己的测试句",
    "demo.yaml": "演示里的居民",
}
SORTS: Mapping[Sort, str] = {
    Sort.DANGER_LOST: "险情读不出来了，或降了一级",
    Sort.DANGER_GAINED: "新读成险情，或升了一级",
    Sort.CLOSED: "原来立单，改后不立",
    Sort.OPENED: "原来不立，改后立单",
    Sort.OTHER: "换了类别",
}


@dataclass(frozen=True, slots=True)
class File:
    """One rule file, as the list shows it."""

    name: str
    about: str
    is_words: bool
    last: Change | None
    last_by: str


@dataclass(frozen=True, slots=True)
class Line:
    """One change, as the list shows it."""

    change: Change
    title: str
    name: str
    state: str
    decided: str
    may_decide: bool
    may_restore: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """All that is on the page."""

    version: str
    files: list[File]
    waiting: list[Line]
    lines: list[Line]
    older: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of texts.yaml before and after, with samples in it."""

    key: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Effect:
    """One change with all that helps to decide on it."""

    line: Line
    trial: Trial
    sentences: list[Sentence]
    needs_leader: bool
    has_leader: bool

    @property
    def by_hand(self) -> list[str]:
        """Files that were edited on the disk besides the one of this change."""
        return [name for name in self.trial.files if name != self.line.change.file]


class RulesPage:
    """Routes over one shell."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def plug(self, app: web.Application) -> None:
        """Add the routes, those of the forms too."""
        app.router.add_get("/rules", self._shell.page(Page.RULES, self.page))
        app.router.add_get("/rules/change", self._shell.page(Page.RULES, self.change))
        app.router.add_get("/rules/sentences", self._shell.page(Page.RULES, self.sentences))
        RuleForms(self._shell).plug(app)

    async def page(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The files, and the changes newest first."""
        before = number_in(request.query.get("before", ""))
        found = await self._shell.look(seat, lambda look: desk(look, before))
        return self._shell.render(request, seat, "rules.html", it=found)

    async def change(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """One change: what it does, who decides. Raises: 404."""
        number = number_in(request.query.get("n", ""))
        found = await self._shell.look(seat, lambda look: effect(look, number))
        if found is None:
            raise web.HTTPNotFound(text="没有这一号改动。")
        if found.trial.shown:
            await self._shell.looked(seat, f"规则改动{number}号的上周影响")
        found_diff = list(found.trial.diff) or await asyncio.to_thread(_diff, found.line.change)
        return self._shell.render(
            request, seat, "rule_change.html",
            it=found, diff=found_diff, sorts=SORTS, weaker=rule_changes.WEAKER,
        )  # fmt: skip

    async def sentences(self, request: web.Request, seat: Seat) -> web.StreamResponse:
        """The station's own sentences, as the rules in force read them."""
        found = await self._shell.look(seat, lambda look: (look.turn.rules, look.turn.now))
        return self._shell.render(
            request, seat, "rule_sentences.html", it=await asyncio.to_thread(_own, *found)
        )


def _own(rules: Rules, now: datetime) -> list[Standing]:
    told = rules.sentences.sentences
    return standing(told, rules.reading, now, lambda chat: grid_names(rules, chat))


def number_in(words: str) -> int:
    """The number of an address; 0 for anything else."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else 0


def desk(look: Look, before: int = 0) -> Desk:
    """What is on the page, for who looks."""
    turn = look.turn
    found = changes.newest(turn.db, _PAGE + 1, before)
    waits = changes.in_state(turn.db, State.NEW, State.WAITING, State.APPROVED)
    return Desk(
        version=turn.rules.version,
        files=[_file(look, name) for name in FILES if name in ABOUT],
        waiting=[_line(look, one) for one in waits if rule_changes.is_shown(one)],
        lines=[_line(look, one) for one in found[:_PAGE]],
        older=found[_PAGE - 1].id if len(found) > _PAGE else 0,
    )


def _file(look: Look, name: str) -> File:
    last = changes.last_of(look.turn.db, name)
    by = loop.name_of(look.turn, last.by) if last else ""
    return File(name, ABOUT[name], name in WORD_FILES, last, by)


def _line(look: Look, change: Change) -> Line:
    turn = look.turn
    last = changes.last_of(turn.db, change.file)
    is_last = last is not None and last.id == change.id and bool(change.before)
    return Line(
        change=change,
        title=rule_changes.named(change),
        name=loop.name_of(turn, change.by),
        state=rule_changes.label(change.state),
        decided=loop.name_of(turn, change.decided_by) if change.decided_by else "",
        may_decide=change.state is State.WAITING and change.by != look.seat.person.id,
        may_restore=is_last,
    )


def effect(look: Look, number: int) -> Effect | None:
    """One change with its trial; None when there is none of that number."""
    change = changes.get(look.turn.db, number)
    if change is None or not rule_changes.is_shown(change):
        return None
    two = (look.seat.person, look.turn.rules.person(change.by))
    trial = trial_of(change.report if change.report.startswith("{") else "")
    return Effect(
        line=_line(look, change),
        trial=trial,
        sentences=sentences(change, look.turn.rules) if change.file == "texts.yaml" else [],
        needs_leader=change.grave,
        has_leader=any(one is not None and one.role is Role.LEADER for one in two),
    )


def _diff(change: Change) -> list[tuple[str, str]]:
    """Lines with their sign, a few around each change; at most ``_MOST_LINES``."""
    was, now = change.before.splitlines(), change.text.splitlines()
    found = list(difflib.unified_diff(was, now, lineterm="", n=2))[2:]
    return [(line[:1], line[1:]) for line in found[:_MOST_LINES]]


def sentences(change: Change, rules: Rules) -> list[Sentence]:
    """The sentences that a change of texts.yaml alters, filled with samples."""
    was, now = rule_files.values_of(change.before), rule_files.values_of(change.text)
    values = {**SAMPLES, **rules.station.words}
    keys = [key for key in now if now[key] != was.get(key)]
    return [
        Sentence(key, rule_files.filled(was.get(key, ""), values),
                 rule_files.filled(now[key], values))
        for key in keys[:_MOST_TEXTS]
    ]  # fmt: skip
