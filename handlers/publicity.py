"""Publicity (宣传): what is proposed for tomorrow, to whom, and how each group stands.

In the evening the lines of tomorrow's calendar go as cards to who approves them; what nobody
approves is never said. Which group may hear which wording is ``domain.publicity``'s. Called by
``routine``; ``publicity_acts`` decides, ``publicity_sending`` says, ``publicity_cases`` proposes
after a case.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain import drafting, publicity
from bot.domain.publicity import Past, Standing
from bot.events import ButtonKey
from bot.lines import line_of
from bot.messages import Button, Card
from bot.turn import Turn
from config.people_rules import Chat
from config.publicity_rules import OFFICER, Topic, Variant
from config.rules import Rules
from config.vocabulary import Role
from handlers import opening
from storage import publicity as stored
from storage import publicity_facts
from storage.publicity import Line

EVENING, ROUNDS = "publicity_evening", "publicity_rounds"
ROUNDS_AT = "7 9,13,17,20 * * *"
APPROVE, SKIP = "publicity_ok", "publicity_skip"
_MOST_LINES = 8  # of one approver and evening
_WEEK = timedelta(days=8)
_LONGEST_DESC, _LONGEST_TITLE = 30, 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One wording for some groups at one moment; ``key`` says what it is, whoever proposes it."""

    key: str
    at: datetime
    topic: Topic
    variant: Variant
    words: str
    chats: tuple[str, ...]
    cause: str
    approver: str


def jobs(rules: Rules) -> dict[str, str]:
    """The hours of publicity; none for a site without lines."""
    if not rules.publicity.topics:
        return {}
    at = rules.publicity.evening
    return {EVENING: f"{at.minute} {at.hour} * * *", ROUNDS: ROUNDS_AT}


def evening(turn: Turn) -> None:
    """Tomorrow's lines go to who approves them."""
    rules = turn.rules.publicity
    day = publicity.day_of(turn.now) + timedelta(days=1)
    topics = publicity.topics_on(day, rules)
    if not topics:
        return
    at = publicity.planned_at(day, rules)
    for approver, groups in _by_approver(turn, groups_of(turn.rules)).items():
        for plan in _plans(turn, topics, groups, at, approver)[:_MOST_LINES]:
            propose(turn, plan)


def groups_of(rules: Rules) -> list[Chat]:
    """Groups of residents that a line may be for; none that is only listened to."""
    return [one for one in rules.chats.chats if one.public and one.grid and not one.shadow]


def _by_approver(turn: Turn, groups: Iterable[Chat]) -> dict[str, list[Chat]]:
    found: dict[str, list[Chat]] = {}
    away = opening.away_now(turn)
    for chat in groups:
        found.setdefault(_approver(turn, chat, away), []).append(chat)
    found.pop("", None)
    return found


def approver_of(turn: Turn, chat: Chat) -> str:
    """Who decides on lines for that group: its officer or his stand-in, else the command room."""
    return _approver(turn, chat, opening.away_now(turn))


def approves_all(turn: Turn, person: str, chats: Iterable[Chat | None]) -> bool:
    """True when every one of these groups is his to decide on."""
    away = opening.away_now(turn)
    return all(one is not None and _approver(turn, one, away) == person for one in chats)


def _approver(turn: Turn, chat: Chat, away: Collection[str]) -> str:
    named = turn.rules.publicity.approver
    grid = turn.rules.grid(chat.grid)
    own = chat.officer or (grid.officer if grid else "")
    there = turn.rules.stand_in(own if named == OFFICER else named, turn.now, away)
    room = turn.rules.duty(Role.COMMAND_ROOM, turn.now, None, away)
    chosen = there or next(iter(room), None)
    return chosen.id if chosen else ""


def _plans(
    turn: Turn, topics: list[Topic], groups: list[Chat], at: datetime, approver: str
) -> list[Plan]:
    """The first topic of the day that each group may hear, with as few wordings as can be."""
    rules, day = turn.rules.publicity, publicity.day_of(at)
    left = standings(turn, [one.id for one in groups])
    grids = {one.id: one.grid or "" for one in groups}
    found: list[Plan] = []
    for topic in topics:
        meant = {c: one for c, one in left.items() if topic.is_for(grids[c], c)}
        for variant, chats in publicity.spread(topic, meant, at, rules):
            found.append(
                Plan(
                    key=f"day:{day}:{approver}:{variant.id}",
                    at=at,
                    topic=topic,
                    variant=variant,
                    words=variant.text,
                    chats=tuple(chats),
                    cause=stored.CALENDAR,
                    approver=approver,
                )
            )
            left = {c: one for c, one in left.items() if c not in chats}
    return found


def standings(turn: Turn, chats: Collection[str], without: int = 0) -> dict[str, Standing]:
    """How each of these groups stands; ``without`` is the post that is asked for."""
    rules, now = turn.rules.publicity, turn.now
    since = now - rules.again_after - timedelta(days=1)
    past = publicity_facts.history(turn.db, chats, since, without)
    past += publicity_facts.by_staff(turn.db, chats, now - _WEEK, drafting.PREVENTION)
    lines: dict[str, list[Past]] = {}
    for one in past:
        lines.setdefault(one.chat, []).append(Past(one.at, one.variant))
    outs, dangers = stored.outs(turn.db), _dangers(turn)
    found = {}
    for chat in chats:
        group = turn.rules.chat(chat)
        grid = (group.grid if group else "") or ""
        near = [at for where in (chat, f"grid:{grid}") if (at := dangers.get(where))]
        is_out = group is None or chat in outs
        found[chat] = Standing(tuple(lines.get(chat, ())), is_out, max(near, default=None))
    return found


def _dangers(turn: Turn) -> dict[str, datetime]:
    """The newest open danger to life by group and by grid."""
    since = turn.now - turn.rules.publicity.danger_quiet
    found: dict[str, datetime] = {}
    for chat, grid, kind, at in publicity_facts.dangers(turn.db, since):
        known = turn.rules.danger_class(kind)
        if known is not None and not known.life:
            continue
        for where in (chat, f"grid:{grid}" if grid else ""):
            if where:
                found[where] = max(at, found.get(where, at))
    return found


def is_full(turn: Turn, chat: str) -> bool:
    """True when that group has heard enough today or this week, or wants none (for 群发)."""
    standing = standings(turn, [chat])[chat]
    count = publicity.too_many(standing.lines, turn.now, turn.rules.publicity)
    return standing.is_out or count is not None


# -- proposing -------------------------------------------------------------------------------------


def propose(turn: Turn, plan: Plan) -> bool:
    """True when it was not proposed before; a card goes to who approves it."""
    line = Line(
        key=plan.key,
        day=str(publicity.day_of(plan.at)),
        topic=plan.topic.id,
        variant=plan.variant.id,
        cause=plan.cause,
        text=plan.words,
        approver=plan.approver,
        proposed_at=turn.now,
    )
    number = stored.propose(turn.db, line, plan.chats, plan.at)
    if number is not None:
        turn.show_plain_card(plan.approver, card(turn, plan, number))
    return number is not None


def card(turn: Turn, plan: Plan, number: int) -> Card:
    """The line with 同意 and 跳过; other words are typed."""
    turn.cards_made += 1
    name, day = plan.topic.name, day_words(publicity.day_of(plan.at))
    is_case = plan.cause == stored.CASE
    title = (
        turn.text("publicity_case_title", name=name)
        if is_case
        else turn.text("publicity_title", name=name, day=day)
    )
    groups = group_names(turn.rules, plan.chats)
    count = len(plan.chats)
    return Card(
        task_id=f"publicity-{number}-{line_of(turn.event.key)[:8]}-{turn.cards_made}",
        title=title[:_LONGEST_TITLE],
        desc=turn.text("publicity_desc", code=number, count=count, group=groups)[:_LONGEST_DESC],
        quote=plan.words,
        text=turn.text("publicity_change_how", code=number),
        buttons=(_button(APPROVE, "同意", number, plan, 1), _button(SKIP, "跳过", number, plan, 3)),
        source=turn.text("card_source"),
        url="/publicity",
    )


def _button(act: str, label: str, number: int, plan: Plan, style: int) -> Button:
    key = ButtonKey(act, str(number), 0, line_of(f"app:{plan.approver}"))
    return Button(text=label, key=key.pack(), style=style)


def group_names(rules: Rules, chats: Iterable[str]) -> str:
    """The groups as staff know them."""
    return "、".join(chat.name for one in chats if (chat := rules.chat(one)))


def topic_name(rules: Rules, topic: str) -> str:
    """The topic's name; one that stands in the file no more is called 宣传."""
    found = rules.publicity.topic(topic)
    return found.name if found else "宣传"


def day_words(day: date) -> str:
    """3月10日."""
    return f"{day.month}月{day.day}日"
