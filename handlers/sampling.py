"""The daily sample (抽查): twenty decisions of the last day, one person, 对 or 错.

One card walks through them: a press keeps the verdict and shows the next one, so that nobody gets
twenty messages. A day's card shows that day's draw: what was left unanswered before is not brought
again, it stays on its own card and comes when the reader asks for it (抽查). Reports that opened a
ticket, talk that was left alone and what silent groups would have led to are drawn alike; danger
and protected matters never. ``抽查`` tells the figures.
"""

from datetime import datetime, timedelta

from bot import shortening
from bot.domain.clocks import ZONE
from bot.domain.drawing import draw
from bot.domain.proportions import Proportion
from bot.events import ButtonKey, Clicked
from bot.messages import Button, Card
from bot.turn import Turn
from config.clock_rules import DailySample
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Role
from handlers import correcting, loop
from storage import outbox, samples
from storage.samples import OPENED, SHADOW, SILENT, Sample, Window

RIGHT, WRONG = "sample_right", "sample_wrong"
VERDICTS = (RIGHT, WRONG)
_DAY = timedelta(days=1)
_FIGURES = timedelta(days=30)
_OPENING = ("open", "again")


def daily(turn: Turn) -> None:
    """Draw of what was decided since yesterday and show the first to the reader; or be silent.

    Nothing that an earlier day has shown is shown again.
    """
    plan = turn.rules.times.sample
    if plan is None:
        return
    day = _day(turn.now)
    window = Window(turn.now - _DAY, turn.now, correcting.never_learnt(turn))
    pools = {
        OPENED: samples.opened(turn.db, window),
        SILENT: samples.silent(turn.db, window),
        SHADOW: samples.shadowed(turn.db, window),
    }
    for sample in draw(pools, plan.count, day):
        samples.draw(turn.db, sample, day, turn.rules.version)
    _show(turn, plan, samples.waiting(turn.db, day))


def _show(turn: Turn, plan: DailySample, waiting: list[Sample]) -> None:
    """A card with the oldest of what waits; nothing where nothing does."""
    if waiting:
        task_id = f"sample-{_day(turn.now)}-{samples.key_of(turn.event.key)[:12]}"
        turn.show_plain_card(plan.reader, _card(turn, waiting, task_id))


def _newest(turn: Turn) -> list[Sample]:
    """What waits of the newest day of which something does."""
    waiting = samples.waiting(turn.db)
    day = max((sample.drawn_on for sample in waiting), default="")
    return [sample for sample in waiting if sample.drawn_on == day]


def judged(turn: Turn, event: Clicked, key: ButtonKey) -> None:
    """对 or 错 was pressed: keep it once and turn the card to the next decision."""
    plan = turn.rules.times.sample
    shown = outbox.card(turn.db, event.task_id)
    if plan is None or shown is None or shown.user != event.by or not key.number.isdecimal():
        raise Refused("card_unknown")
    number = int(key.number)
    samples.judged(turn.db, number, turn.now, is_right=key.act == RIGHT)
    waiting = samples.waiting(turn.db, samples.day_of(turn.db, number))
    if not event.reply or event.reply.kind != "code":
        _show(turn, plan, waiting)
        return
    outbox.keep_code(turn.db, event.task_id, event.reply.token, event.reply.until)
    fresh = outbox.card(turn.db, event.task_id)
    if fresh is not None:
        done = Card(
            task_id=event.task_id, title=turn.text("sample_done"), desc=_figures_in_short(turn)
        )
        turn.change_card(fresh, _card(turn, waiting, event.task_id) if waiting else done)


def asked(turn: Turn, person: Person) -> str:
    """抽查: how often the decisions were right; the reader gets his card again. Raises: Refused."""
    plan = turn.rules.times.sample
    is_reader = plan is not None and plan.reader == person.id
    if not is_reader and person.role not in (Role.COMMAND_ROOM, Role.LEADER):
        raise Refused("role_refused", who=turn.rules.station.room_name)
    if plan is not None and is_reader:
        _show(turn, plan, _newest(turn))
    return "\n".join([*_figures(turn), *_silent_groups(turn)])


def _card(turn: Turn, waiting: list[Sample], task_id: str) -> Card:
    sample = waiting[0]
    return Card(
        task_id=task_id,
        title=turn.text("sample_title", count=len(waiting)),
        desc=_decision(turn, sample),
        text=shortening.short(shortening.one_line(sample.masked), 150),
        buttons=(_button(turn, sample, RIGHT, "对"), _button(turn, sample, WRONG, "错")),
        source=turn.text("card_source"),
    )


def _button(turn: Turn, sample: Sample, verdict: str, label: str) -> Button:
    key = ButtonKey(verdict, str(sample.id), 0, turn.event.line)
    return Button(text=label, key=key.pack(), style=1 if verdict == RIGHT else 2)


def _decision(turn: Turn, sample: Sample) -> str:
    """What was done, in words: 立了单（市政设施）, 没立单, or what would have been done."""
    name = loop.category_name(turn, sample.category)
    if sample.kind == SHADOW:
        if sample.move in _OPENING:
            return turn.text("sample_would_open", category=name)
        return turn.text("sample_would_not")
    if sample.kind == OPENED:
        return turn.text("sample_opened", category=name)
    return turn.text("sample_silent")


def _figures(turn: Turn) -> list[str]:
    """One line for each kind that was judged in the last thirty days, with its interval."""
    tallies = samples.tally(turn.db, _day(turn.now - _FIGURES))
    lines = [
        turn.text(f"sample_line_{kind}", share=Proportion(found.right, found.judged).words)
        for kind in (OPENED, SILENT, SHADOW)
        if (found := tallies.get(kind)) and found.judged
    ]
    return [turn.text("sample_head"), *lines] if lines else [turn.text("sample_none")]


def _figures_in_short(turn: Turn) -> str:
    tallies = samples.tally(turn.db, _day(turn.now - _FIGURES)).values()
    return Proportion(sum(t.right for t in tallies), sum(t.judged for t in tallies)).words


def _silent_groups(turn: Turn) -> list[str]:
    """What the silent groups would have led to in the last thirty days."""
    lines = []
    for group in turn.rules.chats.chats:
        if group.shadow:
            moves = samples.counted(turn.db, group.id, turn.now - _FIGURES)
            opens = sum(moves.get(move, 0) for move in _OPENING)
            rest = sum(moves.values()) - opens
            lines.append(turn.text("sample_shadow", group=group.name, count=opens, times=rest))
    return lines


def _day(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y%m%d}"
