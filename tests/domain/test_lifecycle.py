"""The closed loop as a table: every question gets an answer, every ticket can end."""

from collections.abc import Iterator
from itertools import product

import pytest

from bot.domain import lifecycle
from bot.domain.lifecycle import REPORTER, STANDING, SYSTEM, TABLE, Actor
from config.faults import Refused
from config.vocabulary import Act, Role, Stage

ACTORS: tuple[Actor, ...] = (*Role, SYSTEM, REPORTER)
ENDS = {Stage.ARCHIVED}


def _answer(stage: Stage, act: Act, who: Actor) -> Stage | str:
    try:
        return lifecycle.advance(stage, act, who)
    except Refused as why:
        return why.text_key


def _ways(stage: Stage) -> dict[Act, set[Stage]]:
    """Where each act leads from ``stage``; back means wherever a ticket may have come from."""
    came = {a for (a, _), step in TABLE.items() if step.to is stage} - set(STANDING)
    return {
        act: {step.to} if step.to else came
        for (origin, act), step in TABLE.items()
        if origin is stage
    }


def _reachable(start: Stage) -> set[Stage]:
    seen, open_ends = {start}, [start]
    while open_ends:
        stage = open_ends.pop()
        found = set().union(*_ways(stage).values()) - seen
        seen |= found
        open_ends += found
    return seen


def _leads() -> Iterator[tuple[Stage, Act, Stage]]:
    for stage in Stage:
        for act, found in _ways(stage).items():
            yield from ((stage, act, to) for to in found)


def test_every_stage_act_and_role_gets_a_stage_or_a_kind_refusal() -> None:
    for stage, act, who in product(Stage, Act, ACTORS):
        answer = _answer(stage, act, who)

        step = TABLE.get((stage, act))
        if step is None:
            assert answer == "stage_refused"
        elif who not in step.who:
            assert answer == "role_refused"
        else:
            assert answer is (step.to or Stage.ACCEPTED)
        assert lifecycle.may(stage, act, who) is isinstance(answer, Stage)


def test_from_every_reachable_stage_a_ticket_can_end() -> None:
    for stage in _reachable(Stage.NEW):
        assert _reachable(stage) & ENDS, f"nobody gets out of {stage}"


def test_nothing_leads_out_of_an_end() -> None:
    for stage, act, to in _leads():
        assert stage not in ENDS or to is stage, f"{act} leads out of {stage}"


def test_every_row_has_somebody_who_may_do_it() -> None:
    assert all(step.who for step in TABLE.values())


def test_every_reachable_stage_moves_on_without_the_reporter() -> None:
    for stage in _reachable(Stage.NEW) - ENDS:
        ways = [
            act
            for act, found in _ways(stage).items()
            if TABLE[stage, act].who - {REPORTER} and found != {stage}
        ]
        assert ways, f"{stage} waits for the reporter for ever"


@pytest.mark.parametrize("act", [Act.DIVERT, Act.HAND_OUT])
def test_at_intake_only_officer_grid_leader_room_and_bot_divert(act: Act) -> None:
    allowed = {who for who in ACTORS if lifecycle.may(Stage.NEW, act, who)}

    desk = {Role.COMMAND_ROOM, Role.LEADER, Role.OFFICER, Role.GRID_LEADER}
    assert allowed == {SYSTEM, *desk}


def test_resident_and_contact_never_act_on_a_ticket() -> None:
    for stage, act, who in product(Stage, Act, (Role.RESIDENT, Role.CONTACT, Role.AUDITOR)):
        assert not lifecycle.may(stage, act, who)


@pytest.mark.parametrize(
    "walk",
    [
        pytest.param(
            [
                (Act.ADMIT, SYSTEM, Stage.ADMITTED),
                (Act.ASSIGN, SYSTEM, Stage.ASSIGNED),
                (Act.ACCEPT, Role.OFFICER, Stage.ACCEPTED),
                (Act.VERIFY, Role.OFFICER, Stage.VERIFYING),
                (Act.HANDLE, Role.OFFICER, Stage.HANDLING),
                (Act.RESOLVE, Role.OFFICER, Stage.RESOLVED),
                (Act.FEEDBACK, Role.OFFICER, Stage.EVALUATION),
                (Act.EVALUATE, REPORTER, Stage.EVALUATION),
                (Act.CLOSE, SYSTEM, Stage.CLOSED),
                (Act.REVIEW, SYSTEM, Stage.REVIEW),
                (Act.REVIEW, Role.GRID_WORKER, Stage.ARCHIVED),
            ],
            id="loop_of_six_steps",
        ),
        pytest.param(
            [
                (Act.ADMIT, SYSTEM, Stage.ADMITTED),
                (Act.DIVERT, SYSTEM, Stage.ASSIGNED),
                (Act.RESOLVE, Role.DEPARTMENT, Stage.RESOLVED),
                (Act.CLOSE, SYSTEM, Stage.CLOSED),
                (Act.REOPEN, REPORTER, Stage.REOPENED),
                (Act.ASSIGN, SYSTEM, Stage.ASSIGNED),
            ],
            id="diverted_and_reopened",
        ),
        pytest.param(
            [
                (Act.DIVERT, Role.GRID_LEADER, Stage.ASSIGNED),
                (Act.SEND_BACK, Role.DEPARTMENT, Stage.ADMITTED),
                (Act.HAND_OUT, SYSTEM, Stage.DIVERTED),
                (Act.RESOLVE, Role.COMMAND_ROOM, Stage.RESOLVED),
            ],
            id="diverted_by_the_list_before_anybody_judged_it",
        ),
        pytest.param(
            [
                (Act.ADMIT, Role.COMMAND_ROOM, Stage.ADMITTED),
                (Act.ASSIGN, Role.LEADER, Stage.ASSIGNED),
                (Act.RAISE, REPORTER, Stage.ASSIGNED),
                (Act.CONFIRM, SYSTEM, Stage.ASSIGNED),
                (Act.FALSE_ALARM, Role.AUXILIARY, Stage.VOID),
            ],
            id="danger_that_was_none",
        ),
        pytest.param(
            [
                (Act.ADMIT, SYSTEM, Stage.ADMITTED),
                (Act.ASSIGN, SYSTEM, Stage.ASSIGNED),
                (Act.ACCEPT, Role.MEDIATOR, Stage.ACCEPTED),
                (Act.ASK, Role.MEDIATOR, Stage.WAITING),
                (Act.REPLY, REPORTER, Stage.ACCEPTED),
                (Act.RESOLVE, Role.MEDIATOR, Stage.RESOLVED),
            ],
            id="asked_back",
        ),
    ],
)
def test_walk_goes_as_the_field_knows_it(walk: list[tuple[Act, Actor, Stage]]) -> None:
    stage = Stage.NEW
    for act, who, expected in walk:
        stage = lifecycle.advance(stage, act, who)

        assert stage is expected


@pytest.mark.parametrize(
    ("stage", "act", "who", "key"),
    [
        pytest.param(Stage.ACCEPTED, Act.ACCEPT, Role.OFFICER, "stage_refused", id="signed_twice"),
        pytest.param(Stage.ASSIGNED, Act.ACCEPT, Role.ADMIN, "role_refused", id="admin_signs"),
        pytest.param(
            Stage.ASSIGNED, Act.FALSE_ALARM, Role.GRID_WORKER, "role_refused", id="worker"
        ),
        pytest.param(Stage.CLOSED, Act.RESOLVE, Role.OFFICER, "stage_refused", id="closed_already"),
        pytest.param(Stage.EVALUATION, Act.EVALUATE, Role.OFFICER, "role_refused", id="own_rating"),
    ],
)
def test_refusal_names_its_sentence_and_its_words(
    stage: Stage, act: Act, who: Role, key: str
) -> None:
    with pytest.raises(Refused) as refused:
        lifecycle.advance(stage, act, who)

    assert refused.value.text_key == key
    assert refused.value.values["act"] == act.label


def test_card_shows_only_what_that_role_may_press_in_the_order_of_the_loop() -> None:
    for stage, who in product(Stage, ACTORS):
        acts = lifecycle.open_acts(stage, who)

        assert all(lifecycle.may(stage, act, who) for act in acts)
        assert len(set(acts)) == len(acts)
    assert lifecycle.open_acts(Stage.ASSIGNED, Role.GRID_WORKER) == (
        Act.ACCEPT,
        Act.VERIFY,
        Act.RESOLVE,
        Act.SEND_BACK,
    )
    assert lifecycle.open_acts(Stage.ARCHIVED, Role.OFFICER) == ()
