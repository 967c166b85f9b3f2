"""What comes round by the calendar (巡回): 移动户籍室, 关爱日, 巡防, the first day of a campaign.

Every morning who goes hears of it once, by himself; nobody has to answer, tick or be anywhere.
A care day names a place and a kind of care, never whom. Called by ``routine`` and ``agenda``.
"""

from collections.abc import Iterator
from datetime import date

from bot.domain.clocks import ZONE
from bot.turn import Turn
from config.joint_rules import Care, Patrol
from config.people_rules import Person
from config.rules import Rules
from config.workdays import is_moved_to
from handlers import campaigns, counter, opening

JOB = "rounds"


def at(rules: Rules) -> str:
    """The hour of the job."""
    return f"{rules.joint.at.minute} {rules.joint.at.hour} * * *"


def daily(turn: Turn) -> None:
    """What falls on today, and the counter of tomorrow."""
    today = turn.now.astimezone(ZONE).date()
    counter.remind(turn)
    away = opening.away_now(turn)
    for care in care_on(turn, today):
        for person in carers(turn, care):
            if person.id not in away:
                turn.tell(person.id, _care_words(turn, care))
    for patrol in patrols_on(turn, today):
        for person in walkers(turn, patrol):
            if person.id not in away:
                turn.tell(person.id, _patrol_words(turn, patrol, person))
    campaigns.daily(turn, today)


def care_on(turn: Turn, day: date) -> list[Care]:
    """The care days that fall on ``day``, those of days off before it included."""
    every, work = turn.rules.joint.care, turn.rules.times.work
    return [one for one in every if any(is_moved_to(day, n, work) for n in one.days)]


def carers(turn: Turn, care: Care) -> list[Person]:
    """The grid workers and the officer of the place."""
    grid = turn.rules.grid(care.grid)
    named = (*grid.workers, grid.officer) if grid else ()
    return [person for user in named if (person := turn.rules.person(user))]


def _care_words(turn: Turn, care: Care) -> str:
    grid = turn.rules.grid(care.grid)
    return turn.text(
        "care_today",
        name=care.name,
        grid=grid.name if grid else "",
        place=care.place,
        what=care.look_at,
    )


def patrols_on(turn: Turn, day: date) -> list[Patrol]:
    """Who patrols that evening."""
    return [one for one in turn.rules.joint.patrols if day.isoweekday() in one.days]


def walkers(turn: Turn, patrol: Patrol) -> list[Person]:
    """Everybody of a patrol, the police first."""
    found = (turn.rules.person(user) for user in patrol.everybody)
    return [person for person in found if person]


def span(patrol: Patrol) -> str:
    """19:00–21:00."""
    return f"{patrol.hours.from_:%H:%M}–{patrol.hours.to:%H:%M}"


def _patrol_words(turn: Turn, patrol: Patrol, person: Person) -> str:
    others = "、".join(one.name for one in walkers(turn, patrol) if one.id != person.id)
    day = f"{turn.now.astimezone(ZONE):%-m月%-d日}"  # each evening's words are its own
    return turn.text("patrol_today", name=patrol.name, time=f"{day} {span(patrol)}", names=others)


def lines_of(turn: Turn, person: Person, day: date) -> Iterator[str]:
    """What of this stands in somebody's 今天 or 明天."""
    joint = turn.rules.joint
    for stop in counter.stops_on(turn, day):
        if stop.grid in person.grids and joint.counter is not None:
            hours = f"{stop.hours.from_:%H:%M}–{stop.hours.to:%H:%M}"
            yield turn.text("agenda_round", time=hours, name=joint.counter.name, place=stop.place)
    for care in care_on(turn, day):
        if person.id in [one.id for one in carers(turn, care)]:
            yield turn.text("agenda_round", time="白天", name=care.name, place=care.place)
    for patrol in patrols_on(turn, day):
        if person.id in patrol.everybody:
            grid = turn.rules.grid(patrol.grid)
            place = grid.name if grid else ""
            yield turn.text("agenda_round", time=span(patrol), name=patrol.name, place=place)
