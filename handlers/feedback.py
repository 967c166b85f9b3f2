"""Result, judgement, effect (反馈、评价、问效): what happens after the work is done.

The reporter hears the public text, then is asked once, in private. 5 is best. Two or less asks
one confirming question and goes to somebody else. Silence is not satisfaction. Protected and
danger tickets send no rating, chase or visit to a resident.
"""

from datetime import datetime, timedelta

from bot.domain import commands, routing
from bot.domain.lifecycle import REPORTER, SYSTEM, Actor
from bot.events import Heard
from bot.messages import Weight
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, ClosingCode, Danger, Stage
from handlers import (
    again,
    calling_back,
    cards,
    debriefing,
    group_rating,
    hers,
    loop,
    opening,
    order_drafts,
    rechecking,
    recurrences,
    shown,
)
from storage import bindings, hazards, journal, people, ratings, subtasks, tickets
from storage.people import Ask
from storage.tickets import Ticket

LOW = 2
CONFIRM_WAIT = timedelta(hours=24)
_WORK = (Act.ACCEPT, Act.VERIFY, Act.HANDLE, Act.RESOLVE, Act.RECHECK)


def tell_result(turn: Turn, ticket: Ticket, by: str = SYSTEM, who: Actor = SYSTEM) -> Ticket:
    """反馈: the public text goes to whoever reported; then the judgement is asked for.

    What has to be looked at a second time (复核) passes there first.
    """
    turn.clear_timers(ticket, "feedback_due")
    if (looked_at := rechecking.asked(turn, ticket, by, who)) is not None:
        return looked_at
    saved = loop.step(turn, ticket, Act.FEEDBACK, who, by=by, reason=ticket.result_public)
    return told(turn, saved)


def result_due(turn: Turn, ticket: Ticket) -> None:
    """The staff has had its minute to correct the words: they go out, if it still stands so."""
    if ticket.stage is Stage.RESOLVED:
        tell_result(turn, ticket)


def told(turn: Turn, saved: Ticket) -> Ticket:
    """The result said to whoever reported, of a ticket that stands in 评价."""
    cards.refresh(turn, saved, greyed="已告诉群众")
    quiet = saved.protected or saved.danger is Danger.CONFIRMED
    values = {"summary": loop.summary(saved), "public_result": saved.result_public}
    is_offered = order_drafts.offer(turn, saved)
    if is_offered and not saved.voices and order_drafts.is_handler(turn, saved, saved.carrier):
        return _closed(turn, saved, "结果交给工单处理人")
    if saved.carrier and not saved.voices:
        values["number"] = saved.number
        turn.tell(saved.carrier, turn.text("carrier_result", **values), ticket=saved.id)
        return _closed(turn, saved, "无法直接评价")
    if not saved.voices:
        return _closed(turn, saved, "没有反映人")
    if quiet:
        if not saved.protected:
            turn.tell_reporter(saved, "result_told", **values)
        return _closed(turn, saved, "险情或受保护事项不请评价")
    turn.tell_reporter(saved, "result_told", **values)
    if _worked_it_herself(turn, saved):
        return _closed(turn, saved, "反映人自己办的，不请自己评价")
    _ask_rating(turn, saved)
    return saved


def _worked_it_herself(turn: Turn, ticket: Ticket) -> bool:
    """Nobody rates himself: who told it had it in hand, did some of it or led who did."""
    done = journal.who_did(turn.db, ticket.id, _WORK)
    parts = (part.user for part in subtasks.of_ticket(turn.db, ticket.id))
    worked = {ticket.owner, *ticket.past_owners, *done, *parts}
    keys = {turn.person_key(user) for user in worked if turn.rules.person(user)}
    told_by = ticket.voices[0].user
    return told_by in worked or bool(keys & bindings.keys_of(turn.db, turn.person_key(told_by)))


def _ask_rating(turn: Turn, ticket: Ticket) -> None:
    """Only the first who reported is asked: one voice per ticket."""
    voice = ticket.voices[0]
    turn.tell(
        voice.user,
        turn.text("rating_asked"),
        ticket=ticket.id,
        weight=Weight.CLOSING,
        choices=tuple((str(score), turn.text(f"choice_{score}")) for score in range(5, 0, -1)),
    )
    ratings.asked(turn.db, ticket.id, turn.now)
    times = turn.rules.times
    _keep_ask(turn, ticket, "rating", turn.now + times.rating_silence)
    reminder_at = loop.by_day(turn, turn.now + times.rating_reminder)
    turn.set_timer(ticket, "rating_reminder", reminder_at)
    turn.set_timer(ticket, "rating_silence", turn.now + times.rating_silence)


def _keep_ask(turn: Turn, ticket: Ticket, kind: str, until: datetime) -> None:
    people.ask(
        turn.db,
        Ask(
            key=f"{turn.event.key}:{kind}:{ticket.id}",
            kind=kind,
            person_key=ticket.reporter_key,
            ticket_id=ticket.id,
            asked_at=turn.now,
            until=until,
        ),
    )


def answered(turn: Turn, event: Heard, person_key: str, said: str, is_group: bool) -> bool:
    """True when the words judge a result, and only after we asked.

    In the group it must be unmistakable, and the answer is private.
    """
    asks = people.open_asks(turn.db, person_key, turn.now)
    waiting = next((a for a in asks if a.kind in group_rating.KINDS), None)
    if is_group and not group_rating.is_meant(turn, event, asks, said):
        return False
    if commands.says_unsolved(said):
        return _unsolved(turn, person_key, waiting, said)
    if waiting is None:
        return False
    if waiting.kind == "rating_confirm" and commands.says_solved(said):
        _settled(turn, tickets.get(turn.db, waiting.ticket_id), waiting)
        return True
    score = commands.score_of(said)
    if score is None:
        return False
    _rated(turn, tickets.get(turn.db, waiting.ticket_id), waiting, score)
    return True


def _rated(turn: Turn, ticket: Ticket, ask: Ask, score: int) -> None:
    people.answered(turn.db, ask.id, turn.now)
    turn.clear_timers(ticket, "rating_reminder", "rating_silence", "rating_confirm")
    ratings.rated(turn.db, ticket.id, score, turn.now)
    if score <= LOW:
        calling_back.planned(turn, ticket)
    if ticket.stage is not Stage.EVALUATION:
        group_rating.tell(turn, turn.text("rating_too_late"))
        return
    saved = loop.step(
        turn, ticket, Act.EVALUATE, REPORTER, by="reporter", reason=f"{score}分", rating=score
    )
    if score <= LOW:
        until = turn.now + CONFIRM_WAIT
        _keep_ask(turn, saved, "rating_confirm", until)
        turn.set_timer(saved, "rating_confirm", until)
        choices = (
            (commands.UNSOLVED, turn.text("choice_unsolved")),
            (commands.SOLVED, turn.text("choice_solved")),
        )
        group_rating.tell(turn, turn.text("rating_low", score=score), choices)
        return
    group_rating.tell(turn, turn.text("rating_thanks"))
    _ended(turn, saved, f"评价{score}分")


def _settled(turn: Turn, ticket: Ticket, ask: Ask) -> None:
    """A low score, but settled: the score stands, nobody does it again."""
    people.answered(turn.db, ask.id, turn.now)
    turn.clear_timers(ticket, "rating_reminder", "rating_silence", "rating_confirm")
    group_rating.tell(turn, turn.text("rating_thanks"))
    if ticket.stage is Stage.EVALUATION:
        _ended(turn, ticket, f"评价{ticket.rating}分，反映人说解决了")


def _unsolved(turn: Turn, person_key: str, waiting: Ask | None, said: str) -> bool:
    """没解决: rework by somebody else, within the grace of a closed ticket."""
    if waiting is not None:
        ticket: Ticket | None = tickets.get(turn.db, waiting.ticket_id)
        people.answered(turn.db, waiting.id, turn.now)
    else:
        ticket = hers.just_closed(turn, person_key)
    if ticket is None or ticket.stage not in (Stage.EVALUATION, Stage.CLOSED, Stage.REVIEW):
        return False
    reopened = reopen(turn, ticket, REPORTER, "reporter", said[:100])
    group_rating.tell(turn, turn.text("reopened", due=loop.promise_words(turn, reopened)))
    return True


def reopen(turn: Turn, ticket: Ticket, who: Actor, by: str, reason: str) -> Ticket:
    """重办: somebody else does it again; from the second time on the leader owns it."""
    turn.clear_timers(ticket)
    hazards.came_back(turn.db, ticket.id)
    opened = loop.step(
        turn,
        ticket,
        Act.REOPEN,
        who,
        by=by,
        reason=reason,
        reopen_count=ticket.reopen_count + 1,
        closed_at=None,
        finish_at=loop.promise(turn, ticket.urgency, ticket.category),
    )
    not_again = tuple(u for u in (*opened.past_owners, opened.owner) if u)
    route = again.who(turn, opened, not_again)
    handed = opening.hand_to(turn, opened, route, Act.ASSIGN, reason="换人重办")
    opening.show_to_staff(turn, handed, routing.Route(route.owner, route.unit, route.department))
    if route.owner is not None:
        text = turn.text(
            "reopened_staff",
            number=handed.number,
            category=loop.category_name(turn, handed.category),
            place=shown.place(turn, handed, route.owner),
            result=shown.result(turn, handed, route.owner)
            or ClosingCode(handed.closing_code or "written").label,
        )
        turn.tell(route.owner.id, text, ticket=handed.id)
    cards.refresh(turn, handed, greyed="已重办")
    return handed


def closed_by(turn: Turn, ticket: Ticket, person: Person, reason: str) -> Ticket:
    """办结 by the desk, without waiting for a judgement any longer; the rating stays empty."""
    turn.clear_timers(ticket, "rating_reminder", "rating_silence", "rating_confirm")
    for ask in people.asks_of_ticket(turn.db, ticket.id):
        people.answered(turn.db, ask.id, turn.now)
    return _closed(turn, ticket, reason, person.role, person.id)


def _ended(turn: Turn, ticket: Ticket, reason: str) -> None:
    """办结; what may not end yet (不能办结) is for its owner to hear, never for her who judged."""
    try:
        _closed(turn, ticket, reason)
    except Refused as why:
        turn.note(ticket, Act.REFUSE, reason=why.text_key)
        again_at = loop.by_day(turn, turn.now + turn.rules.times.rating_silence)
        turn.set_timer(ticket, "rating_silence", again_at)
        if ticket.owner:
            turn.tell(ticket.owner, turn.text(why.text_key, **why.values), ticket=ticket.id)


def _closed(
    turn: Turn, ticket: Ticket, reason: str, who: Actor = SYSTEM, by: str = SYSTEM
) -> Ticket:
    """办结; 问效 is planned for matters that tend to come back."""
    saved = loop.step(turn, ticket, Act.CLOSE, who, by=by, reason=reason[:200], closed_at=turn.now)
    debriefing.asked(turn, saved)
    if not saved.protected and saved.closing_code != ClosingCode.UNFOUNDED:
        for after in turn.rules.times.review_after:
            turn.set_timer(saved, "review", loop.by_day(turn, turn.now + after))
    return saved


def reminder_due(turn: Turn, ticket: Ticket) -> None:
    """One reminder, never at night."""
    if ticket.stage is Stage.EVALUATION and ticket.rating is None:
        turn.tell_reporter(ticket, "rating_reminder")


def silence_due(turn: Turn, ticket: Ticket) -> None:
    """No judgement came: closed, the rating stays empty."""
    if ticket.stage is Stage.EVALUATION:
        rated = f"评价{ticket.rating}分" if ticket.rating else "72小时没有评价"
        _ended(turn, ticket, rated)


def confirm_due(turn: Turn, ticket: Ticket) -> None:
    """A low score and no further word for a day: it counts, somebody else takes it."""
    if ticket.stage is Stage.EVALUATION:
        reopen(turn, ticket, SYSTEM, SYSTEM, f"评价{ticket.rating}分")


def review_due(turn: Turn, ticket: Ticket) -> None:
    """问效: somebody looks whether it held; the beat's worker, else whoever handled it."""
    if ticket.stage is not Stage.CLOSED:
        return
    saved = loop.step(turn, ticket, Act.REVIEW, SYSTEM, reason="到了问效的日子")
    person = turn.rules.person(saved.owner)
    if person is None:
        return
    days = max(1, (turn.now - (saved.closed_at or turn.now)).days)
    cards.show(turn, saved, person)
    text = turn.text(
        "review_visit",
        number=saved.number,
        category=loop.category_name(turn, saved.category),
        place=shown.place(turn, saved, person),
        days=days,
        effect=recurrences.seen_until_now(turn, saved),
    )
    turn.tell(person.id, text, ticket=saved.id)
