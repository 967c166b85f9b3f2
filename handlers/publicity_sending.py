"""Approved lines are said (发宣传): by the robot, or as a draft for who may speak in the group.

Each group has its timer; at its moment the rule is asked once more. What may be over soon, a danger
nearby or a full day of words, is tried again until the evening; the rest is left unsaid and told to
who approved it. Called by ``overdue``, ``routine`` and ``publicity_acts``.
"""

from datetime import datetime, timedelta

from bot.domain import drafting, publicity
from bot.domain.publicity import PASSING, Why
from bot.events import Due
from bot.lines import line_of
from bot.turn import Turn
from handlers import draft_acts
from handlers.publicity import standings, topic_name
from storage import customer_groups, drafts, timers
from storage import publicity as stored
from storage.publicity import Line, Post
from storage.timers import Timer

TIMER = "publicity_send"
_AGAIN = timedelta(minutes=30)


def plan(turn: Turn, posts: list[Post], at: datetime) -> None:
    """Their groups hear the line at ``at``; the writer is held no longer for two thousand."""
    stored.replan(turn.db, [post.id for post in posts], at)
    timers.set_timers(turn.db, [_timer(post, at) for post in posts])


def _timer(post: Post, at: datetime) -> Timer:
    return Timer(
        key=f"publicity:{post.id}:{at:%Y%m%d%H%M%S}",
        line=line_of(post.chat),
        kind=TIMER,
        due_at=at,
        data={"post": post.id},
    )


def due(turn: Turn, event: Due) -> None:
    """The moment of one group: say it, try again later, or leave it."""
    post = stored.post(turn.db, int(event.data["post"]))
    line = stored.get(turn.db, post.proposal) if post else None
    if post is None or line is None or line.state != stored.APPROVED:
        return
    if post.state != stored.WAITING:
        return
    standing = standings(turn, [post.chat], without=post.id)[post.chat]
    why = publicity.refusal(standing, post.variant, turn.now, turn.rules.publicity)
    why = why or _say(turn, line, post)
    if why is not None:
        _not_now(turn, line, post, why)


def _say(turn: Turn, line: Line, post: Post) -> Why | None:
    """None when it is said or handed to a human; FULL when the group has heard enough today."""
    ends = publicity.ends_at(turn.now, turn.rules.publicity)
    is_draft = turn.is_mute(post.chat)
    if is_draft:
        kind = drafting.PUBLICITY
        key = turn.draft(post.chat, line.text, kind=kind, may_wait=False, until=ends)
    else:
        key = turn.say_group(post.chat, line.text, may_wait=False)
    if not key:
        return Why.FULL
    known = customer_groups.get(turn.db, post.chat)
    people = known.residents if known else 0
    state = stored.DRAFT if is_draft else stored.SAID
    stored.ended(turn.db, post.id, state, turn.now, out_key=key, residents=people)
    return None


def _not_now(turn: Turn, line: Line, post: Post, why: Why) -> None:
    later = turn.now + _AGAIN
    if why in PASSING and later < publicity.ends_at(turn.now, turn.rules.publicity):
        plan(turn, [post], later)
        return
    stored.ended(turn.db, post.id, stored.WITHHELD, turn.now, why=why)
    group = turn.rules.chat(post.chat)
    name = topic_name(turn.rules, line.topic)
    values = {"group": group.name if group else "一个群", "name": name, "why": why.label}
    turn.tell(line.decided_by, turn.text("publicity_withheld", **values))


def rounds(turn: Turn) -> None:
    """Days that ended, drafts that ended, drafts beside a danger that came since."""
    stored.lapse(turn.db, str(publicity.day_of(turn.now)), turn.now)
    stored.settle(turn.db)
    waiting = {one.chat for one in drafts.all_open(turn.db) if one.kind == drafting.PUBLICITY}
    for chat, standing in standings(turn, waiting).items():
        if standing.danger_at is not None or standing.is_out:
            call_back(turn, chat)


def call_back(turn: Turn, chat: str) -> None:
    """A line that still waits for a human there is not said any more."""
    line = line_of(chat)
    meant = [one for one in drafts.open_in(turn.db, line) if one.kind == drafting.PUBLICITY]
    draft_acts.needless(turn, line, meant)
    stored.settle(turn.db)
