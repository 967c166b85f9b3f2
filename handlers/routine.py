"""Cron hours (定时例行): what happens by the clock and not by a ticket.

Old words are forgotten every night, as times.yaml says; the daily sample goes out at its hour; the
reports have their hours in ``digests``.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.events import Scheduled
from bot.turn import Turn
from config.rules import Rules
from handlers import (
    agenda,
    analysing,
    archiving,
    burden,
    chain_notice,
    coverage,
    digests,
    divert_orders,
    drills,
    effects,
    group_report,
    interim,
    judging,
    keeping_nightly,
    ladder,
    letter_rounds,
    mass,
    pace,
    publicity,
    publicity_cases,
    publicity_sending,
    repeats,
    rounds,
    sampling,
    shift_cards,
    staffing,
    teams,
)
from storage import drafts, filed, forms, hard_ones, keeping, kf, praises, samples

_FORGET_AT = "30 3 * * *"
_STREET_AT = "0 9 * * 1"
_TIED_KEPT = timedelta(days=30)
_PRAISES_KEPT = timedelta(days=365)
_FIGURES_KEPT = timedelta(days=90)
_WINDOW = timedelta(hours=48)  # so long WeCom counts what is said to a customer


def jobs(rules: Rules) -> dict[str, str]:
    """The cron jobs of this site, each with its five-field expression."""
    found = {"forget": _FORGET_AT, "roster": staffing.CHECK_AT, "street_list": _STREET_AT}
    found |= {coverage.JOB: coverage.AT, ladder.MONTHLY: ladder.BULLETIN_AT, pace.JOB: pace.AT}
    found[archiving.JOB] = archiving.AT
    found |= {judging.JOB: judging.AT, chain_notice.JOB: chain_notice.AT}
    found |= {**digests.JOBS, **letter_rounds.jobs(rules)}
    plan = rules.times.sample
    if plan is not None:
        found["sample"] = f"{plan.at.minute} {plan.at.hour} * * *"
    found[repeats.JOB] = f"{rules.repeats.at.minute} {rules.repeats.at.hour} * * *"
    found[burden.JOB] = rules.times.burden.hour
    found |= publicity.jobs(rules) | shift_cards.jobs(rules)
    found[group_report.JOB] = rules.times.customer_groups.hour
    if rules.checklists.of_kind("visit"):
        found[agenda.JOB] = agenda.AT
    if rules.joint.has_days:
        found[rounds.JOB] = rounds.at(rules)
    if any(group.hook or group.appchat for group in rules.chats.chats):
        found["team_table"] = teams.TABLE_AT
    return found


def scheduled(turn: Turn, event: Scheduled) -> None:
    """Do the job of this hour. Raises: LookupError for a job nobody knows."""
    for beginning, tell in _NAMED_BY_ROW.items():
        if event.job.startswith(beginning):
            tell(turn, event)
            return
    for do in _DOES[event.job]:
        do(turn)


def _forget(turn: Turn) -> None:
    """What has been kept as long as times.yaml says goes; limits follow the calendar."""
    interim.recount_all(turn)
    drills.forget(turn)
    kept = turn.rules.times.talk_kept
    before, tied_before = turn.now - kept, turn.now - max(kept, _TIED_KEPT)
    talk = keeping.forget(turn.db, before, tied_before)
    forms.forget(turn.db, turn.now)
    hard_ones.forget(turn.db, before)
    filed.forget_words(turn.db, before, tied_before)
    kf.forget(turn.db, turn.now - max(kept, _WINDOW))
    samples.drop_undrawn(turn.db, turn.now - _FIGURES_KEPT)
    drafts.forget(turn.db, turn.now - _FIGURES_KEPT)
    praises.forget(turn.db, turn.now - _PRAISES_KEPT)
    keeping_nightly.nightly(turn, talk)


def ahead(event: Scheduled) -> Callable[[Turn], object] | None:
    """What the job reads for long, by ``Turn.known``; None where it reads little."""
    return _READS.get(event.job)


_READS: Mapping[str, Callable[[Turn], object]] = {
    **dict.fromkeys(digests.SENT, digests.read),
    repeats.JOB: repeats.read,
}
# Jobs that are there once for each row of something: their name says which.
_NAMED_BY_ROW: Mapping[str, Callable[[Turn, Scheduled], None]] = {
    mass.JOB: mass.told,
    shift_cards.JOB: shift_cards.told,
}
_DOES: Mapping[str, tuple[Callable[[Turn], None], ...]] = {
    "forget": (_forget,),
    "street_list": (divert_orders.weekly,),
    "sample": (sampling.daily,),
    "roster": (staffing.check, teams.gather),
    "team_table": (teams.table,),
    agenda.JOB: (agenda.remind,),
    archiving.JOB: (archiving.nightly,),
    burden.JOB: (burden.weekly,),
    chain_notice.JOB: (chain_notice.weekly,),
    coverage.JOB: (coverage.look,),
    **dict.fromkeys(digests.SENT, (digests.by_clock,)),
    digests.DAY: (digests.daily,),
    digests.EVENING: (digests.evening,),
    group_report.JOB: (group_report.weekly,),
    judging.JOB: (judging.hourly,),
    ladder.MONTHLY: (ladder.monthly,),
    letter_rounds.JOB: (letter_rounds.daily,),
    pace.JOB: (pace.weekly,),
    publicity.EVENING: (publicity.evening,),
    publicity.ROUNDS: (publicity_sending.rounds, publicity_cases.rounds),
    rounds.JOB: (rounds.daily,),
    repeats.JOB: (effects.nightly, repeats.daily, analysing.nightly),
}
