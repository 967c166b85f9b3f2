"""Rows of the page of publicity (宣传页的行): lines, wordings, groups, searches, in words.

Reading only; put together by ``publicity_page``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain import publicity, rights
from bot.domain.publicity import Why
from bot.turn import Turn
from config.people_rules import Chat, Person
from config.publicity_rules import Publicity
from handlers import loop, publicity_acts
from handlers.publicity import day_words, group_names, topic_name
from storage import publicity as stored
from storage import publicity_facts, searches, tickets
from storage.publicity import Line, Post

_NAMED = 3
_LATELY = timedelta(days=62)
LABELS: Mapping[str, str] = {
    stored.PROPOSED: "等人定",
    stored.APPROVED: "定了",
    stored.SKIPPED: "不发",
    stored.LAPSED: "没人定，没发",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line as the page shows it; ``told`` says in words what became of its groups."""

    line: Line
    name: str
    state: str
    day: str
    groups: str
    approver: str
    decided_by: str
    told: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording, and in which groups it was heard last."""

    text: str
    used: str
    free_from: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A topic with its wordings and its days in words."""

    name: str
    days: str
    wordings: tuple[Wording, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One group: what it heard in seven days, when last, who opted it out."""

    name: str
    grid: str
    week: int
    last: datetime | None
    out: str
    may_stop: bool


@dataclass(frozen=True, slots=True)
class Search:
    """A search for somebody missing that runs; only the number is named."""

    number: str
    groups: int
    since: datetime
    until: datetime


# -- lines -----------------------------------------------------------------------------------------


def entries(turn: Turn, lines: list[Line], chats: Collection[str]) -> list[Entry]:
    """Lines for groups that this person answers for."""
    posts: dict[int, list[Post]] = {}
    for post in stored.posts_of(turn.db, [line.id for line in lines]):
        posts.setdefault(post.proposal, []).append(post)
    seen = [line for line in lines if any(p.chat in chats for p in posts.get(line.id, []))]
    return [_entry(turn, line, posts[line.id]) for line in seen]


def _entry(turn: Turn, line: Line, posts: list[Post]) -> Entry:
    names = group_names(turn.rules, [post.chat for post in posts[:_NAMED]])
    more = f"等{len(posts)}个群" if len(posts) > _NAMED else ""
    return Entry(
        line=line,
        name=topic_name(turn.rules, line.topic),
        state=LABELS[line.state],
        day=day_words(date.fromisoformat(line.day)),
        groups=f"{names}{more}",
        approver=loop.name_of(turn, line.approver),
        decided_by=loop.name_of(turn, line.decided_by) if line.decided_by else "",
        told=_told(posts) if line.state == stored.APPROVED else "",
    )


_TOLD: Mapping[str, str] = {
    stored.SAID: "发了",
    stored.SENT: "代发了",
    stored.DRAFT: "等人代发",
    stored.WAITING: "到点发",
    stored.UNSENT: "没人代发",
    stored.WITHHELD: "没发",
    stored.DROPPED: "不发",
}


def _told(posts: list[Post]) -> str:
    counts = [(label, [p for p in posts if p.state == state]) for state, label in _TOLD.items()]
    said = [f"{label}{len(those)}个群{_why(those)}" for label, those in counts if those]
    asked, answered = sum(p.asked for p in posts), sum(p.answered for p in posts)
    return "，".join([*said, *([f"问{asked}句，当场答{answered}句"] if asked else [])])


def _why(posts: list[Post]) -> str:
    reasons = dict.fromkeys(Why(post.why).label for post in posts if post.why)
    return f"（{'、'.join(reasons)}）" if reasons else ""


# -- wordings --------------------------------------------------------------------------------------


def topics(turn: Turn, chats: Collection[str]) -> tuple[Heading, ...]:
    """Every topic with its wordings and where each was heard last."""
    rules = turn.rules.publicity
    ids = [variant.id for topic in rules.topics for variant in topic.variants]
    uses: dict[str, list[tuple[datetime, str]]] = {}
    for one in publicity_facts.last_uses(turn.db, ids, chats):
        uses.setdefault(one.variant, []).append((one.at, one.chat))
    return tuple(
        Heading(
            name=topic.name,
            days=_days(topic.id, rules),
            wordings=tuple(
                _wording(turn, one.text, sorted(uses.get(one.id, []), reverse=True))
                for one in topic.variants
            ),
        )
        for topic in rules.topics
    )


def _wording(turn: Turn, text: str, uses: list[tuple[datetime, str]]) -> Wording:
    told = [
        f"{group_names(turn.rules, [chat])} {day_words(publicity.day_of(at))}"
        for at, chat in uses[:_NAMED]
    ]
    more = f" 等{len(uses)}个群" if len(uses) > _NAMED else ""
    rest = turn.rules.publicity.again_after
    free = publicity.day_of(uses[0][0] + rest) if uses else None
    today = publicity.day_of(turn.now)
    return Wording(text, "、".join(told) + more, day_words(free) if free and free > today else "")


_WEEKDAYS = "一二三四五六日"


def _days(topic_id: str, rules: Publicity) -> str:
    """When a topic comes, in words: 每月第2、4个周二；出了这类事."""
    topic = rules.topic(topic_id)
    if topic is None:
        return ""
    told = [f"每年{month}月{day}日" for month, day in topic.dates]
    if topic.weekdays:
        weeks = f"第{'、'.join(map(str, topic.weeks))}个" if topic.weeks else "每个"
        names = "、".join(f"周{_WEEKDAYS[one - 1]}" for one in topic.weekdays)
        months = f"{'、'.join(map(str, topic.months))}月" if topic.months else "每月"
        told.append(f"{months}{weeks}{names}")
    return "；".join([*told, *(["出了这类事"] if topic.cases else [])])


# -- groups and searches ---------------------------------------------------------------------------


def groups(turn: Turn, person: Person, chats: list[Chat]) -> tuple[Group, ...]:
    """These groups, those that opted out first."""
    outs = stored.outs(turn.db)
    heard, since = _heard(turn), turn.now - timedelta(days=7)
    rows = []
    for chat in chats:
        past = heard.get(chat.id, [])
        grid, out = turn.rules.grid(chat.grid), outs.get(chat.id)
        by = f"{loop.name_of(turn, out.by)} {day_words(publicity.day_of(out.at))}" if out else ""
        rows.append(
            Group(
                name=chat.name,
                grid=grid.name if grid else "",
                week=sum(at > since for at in past),
                last=max(past, default=None),
                out=f"{by} {out.reason}".strip() if out else "",
                may_stop=publicity_acts.may_stop(turn, person, chat),
            )
        )
    return tuple(sorted(rows, key=lambda row: (not row.out, row.grid, row.name)))


def _heard(turn: Turn) -> dict[str, list[datetime]]:
    """When each group heard a line lately."""
    found: dict[str, list[datetime]] = {}
    for post in publicity_facts.heard(turn.db, turn.now - _LATELY, turn.now + timedelta(days=1)):
        if post.said_at is not None:
            found.setdefault(post.chat, []).append(post.said_at)
    return found


def searches_now(turn: Turn, person: Person) -> tuple[Search, ...]:
    """Those whose ticket this person may see."""
    rules = turn.rules.everyday.search
    found = []
    for one in searches.all_running(turn.db):
        ticket = tickets.get(turn.db, one.ticket_id)
        if rules and rights.may_see(person, loop.matter_of(ticket), turn.rules):
            until = one.since + rules.kept
            found.append(Search(ticket.number, one.groups, one.since, until))
    return tuple(found)
