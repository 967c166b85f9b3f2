"""An order of 政民沟通 (上报单) was seen: a new one becomes a ticket, a change is noted on it.

The same order comes again with every overlap of two polls; only steps that were never seen do
anything. Its words are never a command and nobody is answered: there is nobody to answer. Called
by ``handlers.handle``.
"""

from dataclasses import replace

from bot.domain import orders as sheets
from bot.domain import privacy
from bot.domain.orders import Order, Step
from bot.domain.reading import Place, Reading, read
from bot.door_events import OrderSeen
from bot.turn import Turn
from config.vocabulary import Act, Danger, Stage, Urgency
from handlers import (
    asking,
    danger,
    joining,
    likeness,
    loop,
    opening,
    order_drafts,
    order_grids,
    purpose,
    shown,
    supplements,
)
from handlers.opening import Seed
from storage import orders, tickets
from storage.orders import Known
from storage.tickets import Ticket

_LONGEST = 10_000
_LONGEST_LANDMARK = 20
_OTHER = "N15"
_ORIGINS = {"resident": "order", "patrol": "patrol"}
_NAMES = {"resident": "居民上报单", "patrol": "巡查上报单"}


def seen(turn: Turn, event: OrderSeen) -> None:
    """Open, note or leave alone; what was seen is remembered in the same transaction."""
    order, key = sheets.order_of(event), _key(event)
    known = orders.find(turn.db, key)
    ticket_id = known.ticket_id if known else 0
    if ticket_id:
        _changed(turn, event, order, tickets.get(turn.db, ticket_id), known)
    elif order.end is None:
        ticket_id = _opened(turn, event, order).id
    now = Known(
        key=key,
        ticket_id=ticket_id,
        steps=frozenset(step.digest for step in order.steps),
        processors=order.processors,
        is_over=order.end is not None,
    )
    orders.keep(turn.db, now, order.grid, turn.now)


def _key(event: OrderSeen) -> str:
    """Under which an order is remembered: ``resident:o1``."""
    return f"{event.kind}:{event.order}"


# ------------------------------------------------------------------------------- a new order


def _opened(turn: Turn, event: OrderSeen, order: Order) -> Ticket:
    """The ticket of a new order: an open one that tells the same, else one of its own."""
    grid = order_grids.grid_of(turn, order)
    reading = _reading(turn, event, order.text, grid)
    seed = _seed(turn, event, order, reading, grid)
    said = joining.as_report(replace(reading, category=seed.category, place=seed.place))
    decision = joining.decided(turn, said, grid)
    known = joining.joined(turn, decision, said, order.text, "system")
    ticket = known or _new(turn, seed, decision.alike)
    turn.note(ticket, Act.NOTE, reason=f"企业微信{_NAMES[event.kind]} {event.order}")
    _note_pictures(turn, event, ticket, order.steps)
    if known is not None:
        ticket = _handed(turn, order, known, None)
    ticket = _raised(turn, event, ticket, order.steps)
    _tell_handler(turn, event, ticket, order)
    return ticket


def _new(turn: Turn, seed: Seed, alike: tuple[int, ...]) -> Ticket:
    ticket, route = opening.open_ticket(turn, seed)
    if loop.is_danger(ticket):
        danger.alarm(turn, ticket)
    else:
        opening.show_to_staff(turn, ticket, route)
    if alike:
        likeness.ask(turn, ticket, alike)
    return ticket


def _reading(turn: Turn, event: OrderSeen, words: str, grid: str) -> Reading:
    view = opening.grid_view(turn.rules.grid(grid))
    return read(words[:_LONGEST], event.at, view, turn.rules.reading, addressed=True)


def _seed(turn: Turn, event: OrderSeen, order: Order, reading: Reading, grid: str) -> Seed:
    seed = opening.seed_of(
        turn,
        reading,
        line=event.line,
        grid=grid,
        chat="",
        text=order.text,
        voice=None,
        carrier=order_drafts.handler_of(turn, order.processors),
        origin=_ORIGINS[event.kind],
        by="system",
    )
    seed = replace(seed, masked=seed.masked or privacy.mask(order.case) or "（没有文字）")
    if reading.category in (None, _OTHER) and reading.danger is Danger.NONE:
        seed = _by_case(turn, event, order, seed)
    if order.urge == sheets.URGENT:
        seed = replace(seed, urgency=min(seed.urgency, Urgency.U2))
    if seed.protected:
        seed = replace(seed, carrier="")
    return replace(seed, place=_place(seed.place, order))


def _by_case(turn: Turn, event: OrderSeen, order: Order, seed: Seed) -> Seed:
    """Words that say little: WeCom's own category helps, by its name or read as words."""
    named = [c for c in turn.rules.reading.categories if order.case and c.name == order.case]
    if named:
        code = named[0].code
    else:
        code = _reading(turn, event, f"{order.case}，{order.text}", seed.grid).category or _OTHER
    found = turn.rules.reading.category(code)
    return replace(
        seed,
        category=code,
        urgency=min(seed.urgency, found.urgency),
        protected=seed.protected or found.protected,
    )


def _place(place: Place, order: Order) -> Place:
    """What the words say, else the name of the point on the map."""
    if place.building or place.landmark or not order.place:
        return place
    return replace(place, landmark=privacy.mask(order.place)[:_LONGEST_LANDMARK])


def _tell_handler(turn: Turn, event: OrderSeen, ticket: Ticket, order: Order) -> None:
    """Whoever handles the order in WeCom knows that it is here too; danger: phone the reporter.

    The first words to whoever reported it say what hers are used for.
    """
    user = order_drafts.handler_of(turn, order.processors)
    if not user or ticket.protected:
        return
    is_danger = loop.is_danger(ticket)
    values = {"number": ticket.number, "summary": shown.quoted(turn, ticket, user)}
    if is_danger:
        words = turn.text("order_danger", **values)
    elif user == ticket.owner:
        return
    else:
        words = turn.text("order_taken", unit=ticket.unit, **values)
        if note := purpose.for_order(turn, ticket, _key(event)):
            words += "\n" + turn.text("order_purpose", draft=note)
    turn.tell(user, words, danger=is_danger, ticket=ticket.id)


# ------------------------------------------------------------------------------- a change


def _changed(
    turn: Turn, event: OrderSeen, order: Order, ticket: Ticket, known: Known | None
) -> None:
    fresh = sheets.news(order, known.steps if known else ())
    for step in fresh:
        _note_step(turn, ticket, step)
    _note_pictures(turn, event, ticket, fresh, steps_only=True)
    before = known.processors if known else ()
    ticket = _handed(turn, order, ticket, before)
    raised = _raised(turn, event, ticket, fresh)
    if raised is not ticket:
        _tell_handler(turn, event, raised, order)
    ticket = _answered(turn, raised, fresh)
    if order.end is not None and order.end in fresh:
        _ended(turn, ticket, order.end)


def _note_step(turn: Turn, ticket: Ticket, step: Step) -> None:
    words = f"：{privacy.mask(step.words)[:120]}" if step.words else ""
    turn.note(ticket, Act.NOTE, by=_actor(turn, step), reason=f"上报单{step.name}{words}")


def _note_pictures(
    turn: Turn,
    event: OrderSeen,
    ticket: Ticket,
    steps: tuple[Step, ...],
    *,
    steps_only: bool = False,
) -> None:
    """The names of the pictures of the order itself and of these steps."""
    wanted = {f"order:{event.kind}:{event.order}:{step.digest}" for step in steps}
    if not steps_only:
        wanted.add(f"order:{event.kind}:{event.order}")
    for message in sheets.messages(event):
        words = supplements.kept_words(message)
        if words and message.key in wanted:
            turn.note(ticket, Act.SUPPLEMENT, reason=words)


def _handed(turn: Turn, order: Order, ticket: Ticket, before: tuple[str, ...] | None) -> Ticket:
    """Whoever handles the order now is the one to ask, unless somebody else carried the matter.

    ``before``: who handled it until now; None for an order that has just joined the ticket.
    """
    user = order_drafts.handler_of(turn, order.processors)
    if not user or user == ticket.carrier or ticket.protected or not ticket.is_open:
        return ticket
    if ticket.carrier not in ("", order_drafts.handler_of(turn, before or ())):
        return ticket
    if before is None and ticket.voices:
        return ticket
    reason = "上报单处理人" if before is None else "上报单换了处理人"
    return loop.change(turn, ticket, Act.NOTE, reason=reason, carrier=user)


def _raised(turn: Turn, event: OrderSeen, ticket: Ticket, steps: tuple[Step, ...]) -> Ticket:
    """What a step says may make the ticket a danger; nothing that it says makes it less."""
    for step in steps:
        if not step.words or not ticket.is_open or ticket.danger is Danger.CONFIRMED:
            continue
        reading = _reading(turn, event, step.words, ticket.grid)
        if reading.danger is not Danger.NONE and reading.danger is not ticket.danger:
            ticket = danger.raised(turn, ticket, reading, _actor(turn, step))
    return ticket


def _answered(turn: Turn, ticket: Ticket, fresh: tuple[Step, ...]) -> Ticket:
    """Words of the handler answer what was asked (问): the wait is over."""
    said = [step for step in fresh if step.words]
    if ticket.stage is not Stage.WAITING or not said:
        return ticket
    words = privacy.mask(said[-1].words)
    back = asking.resumed(turn, ticket, Act.REPLY, _actor(turn, said[-1]), words)
    if back.owner:
        text = turn.text(
            "reply_from_reporter",
            number=back.number,
            answer=shown.said(turn, back, back.owner, words, 300),
        )
        turn.tell(back.owner, text, ticket=back.id)
    return back


def _ended(turn: Turn, ticket: Ticket, end: Step) -> None:
    """Over in WeCom: the draft is not waited for any more; an open ticket's owner looks at it."""
    order_drafts.written(turn, ticket, end.by)
    if not ticket.is_open or not ticket.owner or ticket.stage is Stage.RESOLVED:
        return
    text = turn.text(
        "order_ended",
        number=ticket.number,
        stage=end.name,
        reason=privacy.mask(end.words)[:60] or "没有写说明",
    )
    turn.tell(ticket.owner, text, ticket=ticket.id)


def _actor(turn: Turn, step: Step) -> str:
    """Staff by account; somebody whom the roster does not know is not named."""
    return step.by if turn.rules.person(step.by) is not None else "system"
