"""The life of a made-up matter (一件事的一生): its steps in time, by the closed loop's own table.

Every step that moves asks ``bot.domain.lifecycle``, so a life that the program could not have led
does not come out; what would happen after ``now`` has not happened, which is how open tickets
arise. Pure and seeded: the same number gives the same life. Called by ``bench.station.matters``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bot.domain import lifecycle, running
from config.vocabulary import Act, ClosingCode, Role, Stage

SYSTEM, REPORTER, DOER, ROOM, LEADER = "system", "reporter", "doer", "room", "leader"
_ARCHIVE_AFTER = timedelta(days=30)
_ASKED_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the journal; ``who`` is a part in the play, not a person yet."""

    at: datetime
    act: Act
    who: str
    before: Stage | None
    after: Stage


@dataclass(slots=True)
class Life:
    """What has happened to a matter until now, and the columns that follow from it."""

    opened_at: datetime
    now: datetime
    stage: Stage
    stage_at: datetime
    clock_at: datetime
    steps: list[Step] = field(default_factory=list)
    prior: str = ""
    closed_at: datetime | None = None
    code: str = ""
    rating: int | None = None
    rated: list[tuple[datetime, datetime | None, int | None]] = field(default_factory=list)
    pauses: list[tuple[datetime, datetime | None, str]] = field(default_factory=list)
    reopened: int = 0
    returned: int = 0
    urged: int = 0
    goes_on: bool = True

    @property
    def last(self) -> datetime:
        """When something happened last."""
        return self.steps[-1].at

    def did(self, act: Act) -> datetime | None:
        """When that was done first."""
        return next((step.at for step in self.steps if step.act is act), None)

    def go(self, after: timedelta, act: Act, who: str, *roles: lifecycle.Actor) -> bool:
        """True when the step was taken; False when it lies ahead, and the life stands there."""
        at = self.last + after
        if not self.goes_on or at > self.now:
            self.goes_on = False
            return False
        to = lifecycle.advance(self.stage, act, roles[0], self.prior)
        self.steps.append(Step(at, act, who, self.stage, to))
        if to is not self.stage:
            self._moved(at, act, to)
        return True

    def stay(self, after: timedelta, act: Act, who: str) -> bool:
        """A row of the journal that moves nothing."""
        at = self.last + after
        if not self.goes_on or at > self.now:
            return False
        self.steps.append(Step(at, act, who, self.stage, self.stage))
        return True

    def _moved(self, at: datetime, act: Act, to: Stage) -> None:
        """Clock and memory of the step, as ``handlers.loop`` keeps them."""
        before, began = self.stage, self.clock_at
        stood, stands = before in lifecycle.STANDING, to in lifecycle.STANDING
        if stood:
            begun, _, kind = self.pauses[-1]
            self.pauses[-1] = (begun, at, kind)
        self.stage, self.stage_at = to, at
        if stands:
            self.pauses.append((at, None, "reporter" if act is Act.ASK else "third_party"))
            self.prior = running.step_of(before, self.prior)
            return
        step = running.runs_on(before, self.prior, act, to)
        goes_on = step is not None or (stood and to == self.prior)
        self.clock_at = began if goes_on else at
        carried = step if step and step is not to else ""
        self.prior = before.value if to is Stage.ARCHIVED else str(carried)


@dataclass(frozen=True, slots=True)
class Luck:
    """What chance has in store for one matter."""

    rng: Random
    is_danger: bool
    is_diverted: bool
    is_four: bool

    def minutes(self, middle: float) -> timedelta:
        """A span around ``middle`` minutes, some much longer."""
        return timedelta(minutes=self.rng.lognormvariate(0, 0.8) * middle)

    def share(self, part: float) -> bool:
        """True so often."""
        return self.rng.random() < part


def lived(opened_at: datetime, now: datetime, luck: Luck) -> Life:
    """The life so far of a matter that was opened then."""
    stage = Stage.DRAFT if luck.is_four else Stage.NEW
    life = Life(opened_at, now, stage, opened_at, opened_at)
    life.steps.append(Step(opened_at, Act.OPEN, SYSTEM, None, stage))
    if _intake(life, luck):
        _work(life, luck)
        _after(life, luck)
    _put_away(life)
    return life


def _intake(life: Life, luck: Luck) -> bool:
    """True when it was taken on and is in somebody's hands."""
    soon = timedelta(milliseconds=40)
    if luck.is_four:
        declined = luck.share(0.06)
        act = Act.DECLINE if declined else Act.APPROVE
        if not life.go(luck.minutes(60), act, LEADER, _role("grid_leader")) or declined:
            return False
    if luck.share(0.03):
        life.go(luck.minutes(30), Act.REJECT, ROOM, _role("command_room"))
        return False
    if not life.go(soon, Act.ADMIT, SYSTEM, lifecycle.SYSTEM):
        return False
    given = Act.DIVERT if luck.is_diverted else Act.ASSIGN
    life.go(soon, given, SYSTEM, lifecycle.SYSTEM)
    return _is_real(life, luck)


def _is_real(life: Life, luck: Luck) -> bool:
    if luck.share(0.02):
        life.go(luck.minutes(40), Act.FALSE_ALARM, ROOM, _role("command_room"))
        return False
    return life.goes_on


def _role(name: str) -> lifecycle.Actor:
    return Role(name)


_OFFICER = _role("officer")


def _work(life: Life, luck: Luck) -> None:
    """From the signature to the result, with returns and pauses on the way."""
    if luck.share(0.12):
        life.stay(luck.minutes(25), Act.WARN, SYSTEM)
    if luck.share(0.04) and life.stay(luck.minutes(90), Act.CHASE, SYSTEM):
        life.urged += 1
    if luck.is_diverted and luck.share(0.08):
        _sent_back(life, luck)
    life.go(luck.minutes(4 if luck.is_danger else 35), Act.ACCEPT, DOER, _OFFICER)
    if luck.share(0.7):
        life.go(luck.minutes(10 if luck.is_danger else 90), Act.VERIFY, DOER, _OFFICER)
    if luck.share(0.3) and life.stage in (Stage.ACCEPTED, Stage.VERIFYING):
        life.go(luck.minutes(60), Act.HANDLE, DOER, _OFFICER)
    _pause(life, luck)
    life.go(luck.minutes(60 if luck.is_danger else 2000), Act.RESOLVE, DOER, _OFFICER)


def _sent_back(life: Life, luck: Luck) -> None:
    if life.go(luck.minutes(300), Act.SEND_BACK, DOER, _OFFICER):
        life.returned += 1
        life.go(luck.minutes(1), Act.DIVERT, SYSTEM, lifecycle.SYSTEM)


def _pause(life: Life, luck: Luck) -> None:
    if luck.share(0.04) and life.go(luck.minutes(30), Act.ASK, DOER, _OFFICER):
        life.go(luck.minutes(400), Act.REPLY, REPORTER, lifecycle.REPORTER)
    elif luck.share(0.02) and life.go(luck.minutes(300), Act.SUSPEND, ROOM, _role("command_room")):
        life.go(luck.minutes(8000), Act.RESUME, DOER, _OFFICER)


def _after(life: Life, luck: Luck) -> None:
    """Feedback, judgement, sometimes once more, closing, sometimes a look at what it was worth."""
    for again in (luck.share(0.03), False):
        if not life.go(luck.minutes(20), Act.FEEDBACK, DOER, _OFFICER):
            return
        _judged(life, luck, low=again)
        if not again:
            break
        _once_more(life, luck)
    if life.go(_ASKED_FOR, Act.CLOSE, SYSTEM, lifecycle.SYSTEM):
        life.closed_at = life.stage_at
        life.code = _code(luck)
        _looked_at(life, luck)


def _judged(life: Life, luck: Luck, *, low: bool) -> None:
    asked = life.last
    rates = low or luck.share(0.45)
    if rates and life.go(luck.minutes(200), Act.EVALUATE, REPORTER, lifecycle.REPORTER):
        life.rating = luck.rng.choice((1, 2)) if low else luck.rng.choice((3, 4, 4, 5, 5, 5, 5))
        life.rated.append((asked, life.last, life.rating))
    else:
        life.rated.append((asked, None, None))


def _once_more(life: Life, luck: Luck) -> None:
    if life.go(luck.minutes(5), Act.REOPEN, SYSTEM, lifecycle.SYSTEM):
        life.reopened += 1
        life.rating = None
        life.go(luck.minutes(1), Act.ASSIGN, SYSTEM, lifecycle.SYSTEM)
        life.go(luck.minutes(60), Act.ACCEPT, DOER, _OFFICER)
        life.go(luck.minutes(600), Act.RESOLVE, DOER, _OFFICER)


def _code(luck: Luck) -> str:
    solved = [ClosingCode.SOLVED] * 12 + [ClosingCode.EXPLAINED] * 3
    more = [ClosingCode.UNFOUNDED, ClosingCode.UNREACHABLE, ClosingCode.PARTLY]
    return luck.rng.choice([*solved, *more, ClosingCode.HANDED_OVER]).value


def _looked_at(life: Life, luck: Luck) -> None:
    if luck.share(0.05) and life.go(timedelta(days=7), Act.REVIEW, SYSTEM, lifecycle.SYSTEM):
        life.go(luck.minutes(1500), Act.REVIEW, DOER, _OFFICER)


def _put_away(life: Life) -> None:
    """What ended long ago is archived, in the night."""
    old = life.stage_at <= life.now - _ARCHIVE_AFTER - timedelta(days=2)
    if old and lifecycle.may(life.stage, Act.ARCHIVE, lifecycle.SYSTEM):
        life.goes_on = True
        at = life.stage_at + _ARCHIVE_AFTER + timedelta(hours=24)
        night = at.replace(hour=20, minute=10, second=0, microsecond=0)  # 04:10 in Shanghai
        life.go(night - life.last, Act.ARCHIVE, SYSTEM, lifecycle.SYSTEM)


def moments(rng: Random, begin: datetime, end: datetime, count: int) -> Iterator[datetime]:
    """``count`` moments in order: more by day than by night, more on Fridays."""
    weights = [1, 1, 1, 1, 1, 1, 2, 4, 7, 8, 8, 7, 6, 6, 7, 7, 7, 7, 8, 9, 9, 7, 4, 2]
    days = (end - begin).days
    found = []
    for _ in range(count):
        day = begin + timedelta(days=rng.randrange(days))
        hour = (rng.choices(range(24), weights)[0] - 8) % 24  # from Shanghai to UTC
        second = rng.randrange(3_600_000)
        found.append(day.replace(hour=hour, minute=0, second=0, microsecond=0)
                     + timedelta(milliseconds=second))  # fmt: skip
    yield from sorted(found)
