"""Model of times.yaml: allowances, the chasing ladder, quiet hours, the loop's waiting times.

Data and look-ups; ``bot.domain.clocks`` works out when something is due.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Self, cast

from pydantic import Field, model_validator

from config.clock_rules import (
    CallBackTimes,
    CategoryTimes,
    CustomerGroupTimes,
    DailySample,
    DrillTimes,
    HardTimes,
    JointTimes,
    OutageLimit,
    PaperKind,
    ReturnTimes,
)
from config.people_rules import ZONE
from config.shapes import Duration, Hours, Shape, Span, WrittenSpan
from config.sparing_rules import Burden, GroupWords
from config.vocabulary import Act, Role, Stage, Urgency
from config.watch_rules import Watch

LONGEST_TALK_KEPT = timedelta(days=30)
LONGEST_DANGER_WAIT = timedelta(seconds=60)
LEAST_DANGER_LIFE = timedelta(minutes=30)
_LEAST_DRAFT = timedelta(minutes=1)
# Which allowance runs while a ticket stands in a stage. Stages not named have no allowance.
_ALLOWANCE_OF_STAGE = {
    Stage.NEW: "accept",
    Stage.ADMITTED: "accept",
    Stage.ASSIGNED: "accept",
    Stage.REOPENED: "accept",
    Stage.ACCEPTED: "verify",
    Stage.VERIFYING: "handle",
    Stage.HANDLING: "finish",
}
_NAMES = ("accept", "verify", "handle", "finish", "promise", "hard")


@dataclass(frozen=True, slots=True)
class Allowance:
    """How long a step may take; working time only, unless ``round_the_clock``."""

    span: timedelta
    round_the_clock: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """A clock stood still from ``begins`` to ``ends``; it still does where ``ends`` is None."""

    begins: datetime
    ends: datetime | None = None


class Grade(Shape):
    """The allowances of one urgency; each runs from the moment its stage is entered.

    ``accept`` until somebody signs, ``verify`` until he is there, ``handle`` until work begins,
    ``finish`` until a result stands; ``promise`` is what the reporter is told (``{due}``).
    """

    round_the_clock: bool = False
    accept: Span
    verify: Span
    handle: Span
    finish: Span
    promise: Span

    @model_validator(mode="after")
    def _no_working_days_by_night(self) -> Self:
        spans = (self.accept, self.verify, self.handle, self.finish, self.promise)
        if self.round_the_clock and any(span.unit == "wd" for span in spans):
            raise ValueError("昼夜计时（round_the_clock: true）的档不能用工作日 wd，请用 h 或 d")
        return self


class WorkCalendar(Shape):
    """Working weekdays and hours; public holidays come from chinesecalendar unless switched off."""

    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(min_length=1)
    hours: Hours
    public_holidays: bool = True
    extra_holidays: tuple[date, ...] = ()
    extra_workdays: tuple[date, ...] = ()

    @model_validator(mode="after")
    def _within_a_day(self) -> Self:
        if self.hours.from_ >= self.hours.to:
            raise ValueError("上班时间（hours）要在同一天里，从早到晚写")
        return self


class ChaseStep(Shape):
    """One rung: at ``share`` of the allowance, ``after`` its end, or ``open_for`` so long.

    ``urgencies``: only for these, else for all; ``paper``: the step that waits for an answer.
    ``copies``: the roles that hear of a supervision besides (抄送).
    """

    act: Act
    share: Annotated[float, Field(gt=0, le=1)] | None = None
    after: Span | None = None
    open_for: Duration | None = None
    urgencies: tuple[Urgency, ...] = ()
    paper: PaperKind | None = None
    copies: tuple[Role, ...] = ()
    to: Annotated[str, Field(pattern="^(owner|unit_leader|leader|sponsor|command_room|inspector)$")]
    text: str

    @model_validator(mode="after")
    def _one_moment(self) -> Self:
        if [self.share, self.after, self.open_for].count(None) != 2:
            what = "share（用掉几成）、after（过时限多久）和 open_for（开单多久）"
            raise ValueError(f"{what}写一个，只写一个")
        return self

    def is_for(self, urgency: Urgency) -> bool:
        """True when this rung is for tickets of that urgency."""
        return not self.urgencies or urgency in self.urgencies


class ChainStep(Shape):
    """Who is rung next when nobody has signed a danger, counted from its beginning."""

    role: Role
    after: Duration


class DangerTimes(Shape):
    """Clocks of a danger (险情); they run day and night."""

    suspected_timeout: Duration
    group_line_every: Duration
    private_deadline: Duration
    repeat_every: Duration
    chain: tuple[ChainStep, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        spans = [step.after for step in self.chain]
        if spans != sorted(spans) or spans[0] != timedelta(0):
            raise ValueError("叫人顺序（chain）从 0s 开始，一位比一位晚")
        return self


class DraftTimes(Shape):
    """Clocks of what a human is asked to say in a group (代发): how long each kind is worth it.

    ``remind``: after which silence an ordinary draft is asked for again; ``next_person``: how long
    one person may leave a danger unsent. A danger never waits longer nor lives shorter than here.
    """

    answer: Duration = timedelta(hours=6)
    danger: Duration = LEAST_DANGER_LIFE
    sorry: Duration = timedelta(hours=2)
    follow_up: Duration = timedelta(hours=2)
    notice: Duration = timedelta(days=7)
    welcome: Duration = timedelta(hours=12)
    prevention: Duration = timedelta(hours=24)
    search: Duration = timedelta(hours=6)
    publicity: Duration = timedelta(hours=10)
    remind: Duration = timedelta(minutes=10)
    next_person: Duration = LONGEST_DANGER_WAIT

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        names = [n for n in type(self).model_fields if n not in ("danger", "next_person")]
        short = [name for name in names if getattr(self, name) < _LEAST_DRAFT]
        if short:
            raise ValueError(f"代发（drafts）的 {'、'.join(short)} 太短，人来不及点，至少 1m")
        return self

    @model_validator(mode="after")
    def _danger_is_never_weakened(self) -> Self:
        if not timedelta(seconds=10) <= self.next_person <= LONGEST_DANGER_WAIT:
            raise ValueError("险情的话没人发，找下一位（next_person）最多等 60 秒，写 10s 到 60s")
        if self.danger < LEAST_DANGER_LIFE:
            raise ValueError("险情的话（danger）至少留 30 分钟，写 30m 或更长")
        return self

    def life(self, kind: str) -> timedelta:
        """How long a draft of that kind (``bot.domain.drafting``) is still worth saying."""
        return cast(timedelta, getattr(self, kind))


class Times(Shape):
    """times.yaml."""

    work: WorkCalendar
    quiet_hours: Hours
    night_urgencies: tuple[Urgency, ...]
    grades: dict[Urgency, Grade]
    chase: tuple[ChaseStep, ...] = Field(min_length=1)
    supervise_chases: int = Field(ge=1, le=20)
    supervise_reopens: int = Field(ge=1, le=20)
    supervise_answer: Duration
    extensions: int = Field(default=1, ge=0, le=5)
    danger: DangerTimes
    ask_window: Duration
    supplement_window: Duration
    outage: OutageLimit = timedelta(minutes=3)
    waiting_limit: Duration
    rating_silence: Duration
    rating_reminder: Duration
    reopen_grace: Duration
    max_reopens: int = Field(ge=0, le=20)
    review_after: tuple[Duration, ...] = Field(min_length=1)
    archive_after: Duration
    known_incident_window: Duration
    talk_kept: Duration = timedelta(days=7)
    drafts: DraftTimes = Field(default_factory=DraftTimes)
    sample: DailySample | None = None
    customer_groups: CustomerGroupTimes = CustomerGroupTimes()
    by_category: tuple[CategoryTimes, ...] = ()
    hard: HardTimes = HardTimes()
    drill: DrillTimes = DrillTimes()
    joint: JointTimes = JointTimes()
    returns: ReturnTimes = ReturnTimes()
    call_back: CallBackTimes = CallBackTimes()
    group_words: GroupWords = GroupWords()
    burden: Burden = Burden()
    watch: Watch = Watch()

    @model_validator(mode="after")
    def _talk_is_kept_shortly(self) -> Self:
        if not timedelta(0) <= self.talk_kept <= LONGEST_TALK_KEPT:
            raise ValueError("没立单的话（talk_kept）最多留 30 天，写 0d 到 30d；0d 是一点不留")
        return self

    @model_validator(mode="after")
    def _who_is_asked_sleeps(self) -> Self:
        hours = (self.burden.report_at, self.call_back.at, self.call_back.until)
        day = date(2026, 3, 4)
        if any(self.quiet_hours.covers(datetime.combine(day, one, ZONE)) for one in hours):
            raise ValueError("负担提醒（burden）和回访（call_back）要在白天，夜里不打扰")
        return self

    @model_validator(mode="after")
    def _all_grades(self) -> Self:
        missing = [urgency.value for urgency in Urgency if urgency not in self.grades]
        if missing:
            raise ValueError(f"grades 里缺 {'、'.join(missing)} 这几档")
        return self

    @model_validator(mode="after")
    def _category_days_fit_their_clock(self) -> Self:
        for own in self.by_category:
            for urgency in own.urgencies:
                spans = (own.span(name) for name in _NAMES)
                by_day = any(span is not None and span.unit == "wd" for span in spans)
                if by_day and self.grades[urgency].round_the_clock:
                    what = f"{own.category} 的 {urgency} 是昼夜计时，不能用工作日 wd"
                    raise ValueError(f"{what}，请用 h 或 d，或在 urgencies 里去掉 {urgency}")
        return self

    def allowance(
        self, stage: Stage, urgency: Urgency, category: str = "", *, hard: bool = False
    ) -> Allowance | None:
        """How long a ticket may stay in ``stage``; None where no clock runs.

        A working day counts the hours of ``work.hours``; ``d`` is always calendar time.
        """
        name = _ALLOWANCE_OF_STAGE.get(stage)
        return self._allowance(urgency, name, category, hard=hard) if name else None

    def promise(self, urgency: Urgency, category: str = "") -> Allowance:
        """How long until the reporter hears of it, counted from opening (the text's ``{due}``)."""
        return self._allowance(urgency, "promise", category)

    def spread(self, span: WrittenSpan, urgency: Urgency) -> Allowance:
        """``span`` with this urgency's clock: a chase step's ``after``, a department's ``sla``."""
        by_day = span.unit == "d" or (span.unit != "wd" and self.grades[urgency].round_the_clock)
        return Allowance(span.length(self.work.hours.length), by_day)

    def is_night(self, at: datetime) -> bool:
        """True inside the quiet hours of the site's zone."""
        return self.quiet_hours.covers(at.astimezone(ZONE))

    def _allowance(
        self, urgency: Urgency, name: str, category: str = "", *, hard: bool = False
    ) -> Allowance:
        span: WrittenSpan = getattr(self.grades[urgency], name)
        rows = [one for one in self.by_category if _is_for(one, category, urgency)]
        span = next((found for one in rows if (found := one.span(name)) is not None), span)
        if hard and name == "finish" and urgency is not Urgency.U1:
            own = (one.hard for one in rows if one.hard is not None)
            span = next(own, self.hard.finish)
        return self.spread(span, urgency)


def _is_for(own: CategoryTimes, category: str, urgency: Urgency) -> bool:
    return own.category == category and urgency in own.urgencies
