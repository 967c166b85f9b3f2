"""交接班 as a card: where the roster changes shifts, who begins gets the counts and a button 接班.

To one person in private, never a group, and counts alone: what they count is told once he has
taken over, as when he says 接班 (``handing_over``). The hours are the roster's: shifts with hours,
and patterns in which people take turns. Called by ``routine`` and ``desk``.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from bot.domain import clocks
from bot.events import ButtonKey, Clicked, Scheduled
from bot.lines import line_of
from bot.messages import Button, Card
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person, Roster
from config.rights_rules import Page
from config.rules import Rules
from config.vocabulary import Role
from config.workdays import is_workday
from handlers import handing_over, handover, loop, opening
from handlers.handover import Content
from storage import handovers, outbox

JOB, TAKE = "shift:", "take_shift"
_GOOD_FOR = timedelta(hours=6)
_MOMENT = "%Y%m%d%H%M"
_MOST_NAMES = 4


def jobs(rules: Rules) -> dict[str, str]:
    """A cron job for each hour at which somebody takes over; none where nobody takes turns."""
    hours = {at for role in _roles(rules) for at in _hours(rules.roster, role)}
    return {f"{JOB}{at:%H%M}": f"{at.minute} {at.hour} * * *" for at in sorted(hours)}


def _roles(rules: Rules) -> list[Role]:
    return [role for role in Role if rules.rights.opens(role, Page.HANDOVER)]


def _hours(roster: Roster, role: Role) -> Iterator[time]:
    """When shifts of that role change; those that work by day all together hand nothing over."""
    yield from (one.hours.from_ for one in roster.shifts if one.role is role and one.hours)
    yield from (one.turn_at for one in roster.patterns if one.role is role and one.is_everywhere)


def told(turn: Turn, event: Scheduled) -> None:
    """The hour has come: a card to who begins, unless the shift is his already."""
    for role in _roles(turn.rules):
        if not any(f"{at:%H%M}" == event.job.removeprefix(JOB) for at in _begins(turn, role)):
            continue
        first = next(iter(turn.rules.duty(role, turn.now, None, opening.away_now(turn))), None)
        last = next(iter(handovers.newest(turn.db, role, 1)), None)
        if first is not None and (last is None or last.user != first.id):
            before = loop.name_of(turn, last.user) if last else ""
            turn.show_plain_card(first.id, _card(turn, role, first, before))


def _begins(turn: Turn, role: Role) -> Iterator[time]:
    """The hours of that role at which somebody begins today."""
    local = turn.now.astimezone(clocks.ZONE)
    roster = turn.rules.roster
    for shift in roster.shifts:
        if shift.role is role and shift.hours and shift.covers(turn.now):
            yield shift.hours.from_
    for pattern in roster.patterns:
        day = pattern.day_of(local)
        there = pattern.on_duty(day, is_workday(day, turn.rules.times.work))
        if pattern.role is role and pattern.is_everywhere and there:
            yield pattern.turn_at


def _card(turn: Turn, role: Role, person: Person, before: str) -> Card:
    stamp = turn.now.astimezone(clocks.ZONE).strftime(_MOMENT)
    key = ButtonKey(TAKE, stamp, 0, turn.event.line).pack()
    found = handover.content(turn, person)
    return Card(
        task_id=f"shift-{stamp}-{role}-{line_of(person.id)}",
        title=turn.text("shift_title"),
        desc=turn.text("shift_before", name=before) if before else turn.text("shift_first"),
        text=turn.text("shift_how"),
        fields=_fields(turn, found),
        buttons=(Button(text="接班", key=key, style=1),),
        source=turn.text("card_source"),
        url="/handover",
    )


def _fields(turn: Turn, found: Content) -> tuple[tuple[str, str], ...]:
    names = "、".join(one.name for one in found.away[:_MOST_NAMES])
    more = "等" if len(found.away) > _MOST_NAMES else ""
    count = len(found.away)
    return (
        ("险情", turn.text("shift_count", count=found.danger.count)),
        ("没签收", turn.text("shift_count", count=found.unsigned.count)),
        ("快到时", turn.text("shift_count", count=found.promised.count)),
        ("待代发", turn.text("shift_lines", count=found.drafts_count)),
        ("等人定", turn.text("shift_count", count=len(found.wishes))),
        (
            "不在岗",
            turn.text("shift_away", count=count, names=f"{names}{more}") if count else "没有",
        ),
    )


def pressed(turn: Turn, event: Clicked, key: ButtonKey) -> bool:
    """True when it was 接班 on such a card; the same as saying it. Raises: Refused."""
    if key.act != TAKE:
        return False
    shown, person = outbox.card(turn.db, event.task_id), turn.rules.person(event.by)
    if shown is None or shown.user != event.by or person is None:
        raise Refused("card_unknown")
    if turn.now - _moment(key.number) > _GOOD_FOR:
        raise Refused("shift_over")
    turn.tell(person.id, handing_over.taken(turn, person, ""))
    _turn_card(turn, event)
    return True


def _turn_card(turn: Turn, event: Clicked) -> None:
    """What was pressed is done: the button goes, so that nobody takes over twice by accident."""
    if event.reply is None or event.reply.kind != "code":
        return
    outbox.keep_code(turn.db, event.task_id, event.reply.token, event.reply.until)
    fresh = outbox.card(turn.db, event.task_id)
    if fresh is not None:
        at = clocks.moment_words(turn.now, turn.now)
        title = turn.text("shift_done", at=at)
        turn.change_card(fresh, Card(task_id=event.task_id, title=title, url="/handover"))


def _moment(stamp: str) -> datetime:
    """Raises: Refused for what is no stamp of ours."""
    try:
        return datetime.strptime(stamp, _MOMENT).replace(tzinfo=clocks.ZONE)
    except ValueError as fault:
        raise Refused("card_unknown") from fault
