"""The closed loop (闭环) as one table: (stage, act) → stage, and which roles may.

交办 → 核查 → 处置 → 反馈 → 评价 → 问效. Nothing else decides where a ticket may go: handlers ask
``advance``, cards ask ``open_acts``. A later transition is one more row here, never a new
mechanism. ``SYSTEM`` is the bot itself: timers, lists and the resident's own words.
"""

from dataclasses import dataclass

from config.faults import Refused
from config.vocabulary import Act, Role, Stage

SYSTEM = "system"
REPORTER = "reporter"
Actor = Role | str

_POLICE = frozenset({Role.OFFICER, Role.AUXILIARY, Role.NARCOTICS, Role.INSPECTOR, Role.LEADER})
_ROOM = frozenset({Role.COMMAND_ROOM, Role.LEADER})
_GRID = frozenset(
    {Role.GRID_WORKER, Role.GRID_LEADER, Role.MICRO_WORKER, Role.ASSISTANT, Role.MEDIATOR}
)
_DEPARTMENT = frozenset({Role.DEPARTMENT, Role.DEPARTMENT_LEAD})
_DOERS = _POLICE | _ROOM | _GRID | _DEPARTMENT
# Whoever decides what somebody else has asked for (挂起、延期、作废、返工).
DECIDERS = frozenset(
    {Role.LEADER, Role.COMMAND_ROOM, Role.SUPERVISOR, Role.DEPARTMENT_LEAD, Role.INSPECTOR}
)
# Whoever asks others to hurry (催办), each within his rows of the rights.
_URGERS: frozenset[Actor] = DECIDERS | {Role.GRID_LEADER}
_STAFF: frozenset[Actor] = frozenset(role for role in Role if role.is_staff) - {
    Role.ADMIN,
    Role.AUDITOR,
}
_BOT: frozenset[Actor] = frozenset({SYSTEM})
_WORK = (Stage.ACCEPTED, Stage.VERIFYING, Stage.HANDLING)
_RUNNING = (Stage.ADMITTED, Stage.ASSIGNED, *_WORK)
_OVER = (Stage.CLOSED, Stage.REVIEW, Stage.REJECTED, Stage.MERGED, Stage.VOID)
# The clock stands still; the way out leads back to where the ticket came from.
STANDING = (Stage.WAITING, Stage.ON_HOLD)
# With a department that is not in WeCom; our minder speaks for it.
_OUTSIDE = (Stage.DIVERTED,)
_OPEN = (*_RUNNING, *STANDING, *_OUTSIDE)


@dataclass(frozen=True, slots=True)
class Step:
    """Where an act leads and who may do it; ``to`` is None where it leads back (恢复原状)."""

    to: Stage | None
    who: frozenset[Actor]


def _table() -> dict[tuple[Stage, Act], Step]:
    rows: dict[tuple[Stage, Act], Step] = {}

    def may(froms: tuple[Stage, ...], act: Act, to: Stage | None, who: frozenset[Actor]) -> None:
        for stage in froms:
            rows[stage, act] = Step(to or stage, who)

    def back(froms: tuple[Stage, ...], act: Act, who: frozenset[Actor]) -> None:
        for stage in froms:
            rows[stage, act] = Step(None, who)

    may((Stage.NEW,), Act.ADMIT, Stage.ADMITTED, _BOT | _ROOM)
    may((Stage.ADMITTED, Stage.REOPENED), Act.ASSIGN, Stage.ASSIGNED, _BOT | _ROOM)
    divertible = (Stage.ADMITTED, Stage.REOPENED, Stage.ASSIGNED, *_WORK, *_OUTSIDE)
    may(divertible, Act.DIVERT, Stage.ASSIGNED, _BOT | _POLICE | _ROOM)
    may(divertible, Act.HAND_OUT, Stage.DIVERTED, _BOT | _POLICE | _ROOM)
    may((Stage.ASSIGNED,), Act.ACCEPT, Stage.ACCEPTED, _DOERS)
    may((Stage.ASSIGNED, Stage.ACCEPTED), Act.VERIFY, Stage.VERIFYING, _DOERS)
    may((Stage.ACCEPTED, Stage.VERIFYING), Act.HANDLE, Stage.HANDLING, _DOERS)
    may((Stage.ASSIGNED, *_WORK, *_OUTSIDE), Act.RESOLVE, Stage.RESOLVED, _DOERS)
    may((Stage.ASSIGNED, *_WORK, *_OUTSIDE), Act.SEND_BACK, Stage.ADMITTED, _DOERS)
    may((*_RUNNING, *_OUTSIDE), Act.TRANSFER, Stage.ASSIGNED, _DOERS | _BOT)
    may(_WORK, Act.ASK, Stage.WAITING, _DOERS)
    back((Stage.WAITING,), Act.REPLY, frozenset({REPORTER, SYSTEM}))
    back(STANDING, Act.RESUME, _DOERS | _BOT)
    may(STANDING, Act.RESOLVE, Stage.RESOLVED, _DOERS)
    may(STANDING, Act.TRANSFER, Stage.ASSIGNED, _DOERS | _BOT)
    may((Stage.WAITING,), Act.ASK, None, _DOERS)
    may((Stage.WAITING,), Act.CLOSE, Stage.CLOSED, _BOT)
    may(_WORK, Act.SUSPEND, Stage.ON_HOLD, DECIDERS)
    may(_WORK, Act.EXTEND, None, DECIDERS)
    may((Stage.NEW, Stage.ADMITTED), Act.REJECT, Stage.REJECTED, _ROOM | _POLICE)
    may((Stage.ASSIGNED, *_WORK), Act.REJECT, Stage.REJECTED, DECIDERS)
    may((Stage.REJECTED, Stage.VOID), Act.APPEAL, Stage.NEW, DECIDERS | {REPORTER})
    may((Stage.RESOLVED,), Act.RECHECK, Stage.RECHECK, _BOT | _DOERS)
    may((Stage.RECHECK,), Act.RECHECK, Stage.EVALUATION, DECIDERS | _POLICE)
    may((Stage.RESOLVED, Stage.RECHECK), Act.REWORK, Stage.HANDLING, DECIDERS | _POLICE)
    may((Stage.RESOLVED, Stage.RECHECK), Act.CLOSE, Stage.CLOSED, _BOT)
    may((Stage.RESOLVED,), Act.FEEDBACK, Stage.EVALUATION, _DOERS | _BOT)
    may((Stage.RESOLVED,), Act.RESOLVE, None, _DOERS)
    may((Stage.EVALUATION,), Act.EVALUATE, None, frozenset({REPORTER}))
    may((Stage.EVALUATION,), Act.CLOSE, Stage.CLOSED, _BOT | _ROOM)
    may((Stage.EVALUATION,), Act.REOPEN, Stage.REOPENED, frozenset({REPORTER}) | _BOT)
    may(
        (Stage.CLOSED, Stage.REVIEW),
        Act.REOPEN,
        Stage.REOPENED,
        _ROOM | _POLICE | _BOT | {REPORTER},
    )
    may((Stage.CLOSED,), Act.REVIEW, Stage.REVIEW, _BOT)
    may((Stage.REVIEW,), Act.REVIEW, Stage.ARCHIVED, _DOERS)
    may(_OVER, Act.ARCHIVE, Stage.ARCHIVED, _BOT)
    may((*_OPEN, Stage.NEW), Act.FALSE_ALARM, Stage.VOID, _POLICE | _ROOM)
    may(_OPEN, Act.VOID, Stage.VOID, _DOERS | DECIDERS | {REPORTER})
    may(_OPEN, Act.MERGE, Stage.MERGED, _DOERS)
    may((Stage.MERGED,), Act.SPLIT, Stage.ASSIGNED, _DOERS)
    may(_OPEN, Act.CONFIRM, None, _POLICE | _ROOM | _BOT)
    may(_OPEN, Act.RAISE, None, _DOERS | _BOT | {REPORTER})
    told = (*_OPEN, Stage.RESOLVED, Stage.RECHECK)
    may(told, Act.RECUSE, None, _STAFF)
    may(told, Act.SUPPLEMENT, None, _DOERS | _BOT | {REPORTER})
    return rows


# Whoever may divert by the list before anybody was there (初次分流).
_AT_INTAKE = _BOT | _ROOM | {Role.OFFICER, Role.GRID_LEADER}
# 四级工作机制: what a grid worker reports, its grid leader, the officer's level and road.
_TIERS: dict[tuple[Stage, Act], Step] = {
    (Stage.DRAFT, Act.APPROVE): Step(Stage.NEW, _BOT | _ROOM | {Role.GRID_LEADER}),
    (Stage.DRAFT, Act.DECLINE): Step(Stage.REJECTED, frozenset({Role.GRID_LEADER})),
    (Stage.DRAFT, Act.MERGE): Step(Stage.MERGED, _DOERS),
    (Stage.DRAFT, Act.VOID): Step(Stage.VOID, _DOERS | {REPORTER}),
    (Stage.REJECTED, Act.OVERRULE): Step(Stage.NEW, _ROOM | {Role.OFFICER}),
    (Stage.NEW, Act.JUDGE): Step(Stage.ADMITTED, _BOT | _ROOM | {Role.OFFICER}),
    (Stage.NEW, Act.DIVERT): Step(Stage.ASSIGNED, _AT_INTAKE),
    (Stage.NEW, Act.HAND_OUT): Step(Stage.DIVERTED, _AT_INTAKE),
    (Stage.NEW, Act.MERGE): Step(Stage.MERGED, _DOERS),
    (Stage.NEW, Act.VOID): Step(Stage.VOID, _DOERS | {REPORTER}),
}
# 小闭环 → 大闭环: to the town centre and back with its result.
_LOOPS: dict[tuple[Stage, Act], Step] = {
    **{(one, Act.BIG_LOOP): Step(Stage.ASSIGNED, DECIDERS) for one in (*_RUNNING, *STANDING)},
    # A centre that is not in WeCom, as every department outside: our minder speaks for it.
    **{(one, Act.BIG_LOOP_OUT): Step(Stage.DIVERTED, DECIDERS) for one in (*_RUNNING, *STANDING)},
    (Stage.DIVERTED, Act.SMALL_LOOP): Step(Stage.ASSIGNED, _DOERS),
    **{
        (one, Act.SMALL_LOOP): Step(Stage.ASSIGNED, _DEPARTMENT | _ROOM)
        for one in (Stage.ASSIGNED, *_WORK, *STANDING)
    },
}
# 催办 by a person: it stays where it is.
_URGED: dict[tuple[Stage, Act], Step] = {
    (one, Act.CHASE): Step(one, _URGERS)
    for one in (Stage.NEW, Stage.REOPENED, *_RUNNING, *_OUTSIDE)
}
TABLE = _table() | _TIERS | _LOOPS | _URGED
_SHOWN = (
    Act.CONFIRM, Act.ACCEPT, Act.VERIFY, Act.RESOLVE, Act.FEEDBACK, Act.REVIEW, Act.RECHECK,
    Act.REWORK, Act.SEND_BACK, Act.FALSE_ALARM, Act.APPROVE, Act.DECLINE, Act.OVERRULE,
)  # fmt: skip


def advance(stage: Stage, act: Act, who: Actor, came_from: str = "") -> Stage:
    """The stage after ``act``; ``came_from`` is where a ticket goes back to after standing still.

    Raises: Refused(stage_refused) when the act does not fit the stage, Refused(role_refused)
    when this role may not do it.
    """
    step = TABLE.get((stage, act))
    if step is None:
        raise Refused("stage_refused", stage=stage.label, act=act.label)
    if who not in step.who:
        raise Refused("role_refused", act=act.label)
    return step.to or Stage(came_from or Stage.ACCEPTED)


def may(stage: Stage, act: Act, who: Actor) -> bool:
    """True when ``advance`` would not refuse."""
    step = TABLE.get((stage, act))
    return step is not None and who in step.who


def open_acts(stage: Stage, who: Actor) -> tuple[Act, ...]:
    """The acts that a card shows as buttons to that role, in the order of the loop."""
    return tuple(act for act in _SHOWN if may(stage, act, who))
