"""A mediation begins (发起、双方同意) and may be stopped by either side at any time.

It starts only when both sides agreed. The invitation names place, kind and force, never who
reported; who refused is told to nobody. Called by ``handlers.mediating``.
"""

from dataclasses import replace

from bot.domain import mediation as domain
from bot.domain.mediation import A, B, Result
from bot.events import ButtonKey
from bot.messages import Button, Card
from bot.turn import Turn
from config.faults import Refused
from config.mediation_rules import Colour, Force
from config.people_rules import Person
from config.vocabulary import Act, Danger, Stage
from handlers import colours, loop, shown
from handlers import mediation_people as people
from storage import mediations
from storage.mediations import Mediation
from storage.tickets import Ticket

BUTTON = "med:"
_NOT_THERE_YET = (Stage.NEW, Stage.ADMITTED, Stage.ASSIGNED)


def start(turn: Turn, person: Person, ticket: Ticket, _words: str) -> str:
    """调解 0012: the answer; the mediator gets a card, the reporter an invitation.

    Raises: Refused for what is never mediated, while one runs, or where nobody is there.
    """
    people.must_be_ours(person, ticket)
    _must_be_mediable(turn, ticket)
    points, colour = scored(turn, ticket)
    return begun(turn, person, ticket, _first_force(turn, ticket, colour), points)


def scored(turn: Turn, ticket: Ticket) -> tuple[int, Colour]:
    """Risk as it stands now, and the colour that the ticket has with it."""
    plan = people.plan_of(turn)
    points, colour = colours.risk(turn, ticket, plan)
    colours.raised(turn, ticket, colour, f"风险{points}分")
    return points, colours.colour_of(turn, ticket, plan)


def begun(turn: Turn, person: Person, ticket: Ticket, force: Force, points: int) -> str:
    """The answer; a mediation by ``force`` waits for both sides. Raises: Refused."""
    plan = people.plan_of(turn)
    colour = colours.colour_of(turn, ticket, plan)
    found = people.members(turn, force, ticket.grid)
    if not found:
        raise Refused("mediation_nobody", force=force.name)
    mediator = next((one for one in found if one.id == person.id), found[0])
    made = mediations.begin(
        turn.db,
        Mediation(
            key=f"{turn.event.key}:mediation:{ticket.id}",
            ticket_id=ticket.id,
            force=force.id,
            mediator=mediator.id,
            score=points,
            started_at=turn.now,
            eventful_at=turn.now,
        ),
    )
    turn.note(ticket, Act.NOTE, by=person.id, reason=f"发起调解：{force.name}，{colour.name}")
    show(turn, ticket, made, script(turn, ticket, force), _ASK_BUTTONS)
    _invite(turn, ticket, force)
    colours.set_ages(turn, ticket, plan)
    return turn.text(
        "mediation_started",
        number=ticket.number,
        force=force.name,
        name=mediator.name,
        colour=colour.name,
        score=points,
    )


def _must_be_mediable(turn: Turn, ticket: Ticket) -> None:
    if people.is_never(turn, ticket):
        raise Refused("mediation_never", number=ticket.number)
    if not ticket.is_open:
        raise Refused("mediation_ended_ticket", number=ticket.number)
    if ticket.danger is not Danger.NONE and ticket.stage in _NOT_THERE_YET:
        raise Refused("mediation_first_safe", number=ticket.number)
    if people.active(turn, ticket):
        raise Refused("mediation_there", number=ticket.number)


def _first_force(turn: Turn, ticket: Ticket, colour: Colour) -> Force:
    """The colour's force; where there was violence the next one of the police."""
    plan = people.plan_of(turn)
    force = plan.force(colour.force)
    if force.police or not is_violent(turn, ticket):
        return force
    police = [one for one in plan.forces if one.police]
    higher = plan.above(force.id, police=True) or next(iter(police), None)
    if higher is None:
        raise Refused("mediation_nobody", force=force.name)
    return higher


def is_violent(turn: Turn, ticket: Ticket) -> bool:
    """True where only police may be sent."""
    by_class = turn.rules.is_police_only(ticket.category, ticket.danger_class)
    return by_class or ticket.danger is not Danger.NONE


def _invite(turn: Turn, ticket: Ticket, force: Force) -> None:
    voice = ticket.reporter
    if voice is None or turn.rules.person(voice.user) is not None:
        return
    text = turn.text("mediation_invitation", number=ticket.number, **_about(turn, ticket, force))
    turn.tell(voice.user, text, ticket=ticket.id)


def script(turn: Turn, ticket: Ticket, force: Force) -> str:
    """What the mediator may say to both sides."""
    return turn.text("mediation_script", **_about(turn, ticket, force))


def _about(turn: Turn, ticket: Ticket, force: Force) -> dict[str, str]:
    return {
        "place": loop.place_words(turn, ticket, full=False),
        "category": loop.category_name(turn, ticket.category),
        "force": force.name,
    }


_ASK_BUTTONS = (("双方都愿意", "both", 1), ("有一方不愿意", "refuse", 2))
_RESULT_BUTTONS = (
    ("调解成功", Result.SUCCEEDED, 1),
    ("部分成功", Result.PARTLY, 1),
    ("没调成", Result.FAILED, 2),
    ("转诉讼", Result.COURT, 3),
)


def show(
    turn: Turn,
    ticket: Ticket,
    mediation: Mediation,
    words: str,
    buttons: tuple[tuple[str, str, int], ...],
) -> None:
    """A card for the mediator."""
    plan = people.plan_of(turn)
    turn.cards_made += 1
    card = Card(
        task_id=turn.task_id(ticket, mediation.mediator),
        title=turn.text("mediation_title", category=loop.category_name(turn, ticket.category)),
        desc=turn.text(
            "mediation_desc",
            number=ticket.serial,
            colour=colours.colour_of(turn, ticket, plan).name,
            force=plan.force(mediation.force).name,
        ),
        text=words,
        fields=((turn.text("field_place"), shown.place(turn, ticket, mediation.mediator)),),
        buttons=tuple(
            Button(
                text=label,
                key=ButtonKey(BUTTON + act, ticket.number, mediation.id, ticket.line).pack(),
                style=style,
            )
            for label, act, style in buttons
        ),
        source=turn.text("card_source"),
    )
    turn.show_plain_card(mediation.mediator, card)


def agree(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """同意调解 0012 双方: noted by who asked them. Raises: Refused without a side."""
    mediation = must_be_active(turn, ticket)
    people.must_work(turn, person, ticket, mediation)
    sides = domain.sides_in(words)
    if not sides:
        raise Refused("mediation_which_side", number=ticket.number)
    return agreed(turn, ticket, mediation, sides, person.id)


def must_be_active(turn: Turn, ticket: Ticket) -> Mediation:
    """The mediation that has not ended. Raises: Refused, also where it must not go on."""
    found = people.active(turn, ticket)
    if found is None:
        raise Refused("mediation_none", number=ticket.number)
    if people.is_never(turn, ticket):
        raise Refused("mediation_never", number=ticket.number)
    return found


def agreed(
    turn: Turn, ticket: Ticket, mediation: Mediation, sides: tuple[str, ...], by: str
) -> str:
    """Those sides want to; it runs once both do."""
    is_known = by != people.REPORTER or by in (mediation.side_a, mediation.side_b)
    if mediation.state == mediations.RUNNING and is_known:
        return turn.text("mediation_running_staff", number=ticket.number)
    side_a = _who(mediation.side_a, by, A in sides)
    side_b = _who(mediation.side_b, by, B in sides)
    runs = bool(side_a and side_b)
    state = mediations.RUNNING if runs else mediations.INVITED
    saved = mediations.save(turn.db, replace(mediation, side_a=side_a, side_b=side_b, state=state))
    turn.note(ticket, Act.NOTE, by=by, reason="两边都愿意调解" if runs else "一边愿意调解")
    if not runs:
        return turn.text("mediation_half", number=ticket.number, side="、".join(sides))
    return _runs(turn, ticket, saved, by)


def _who(before: str, by: str, agrees: bool) -> str:
    """Who said so for that side: her own word goes before what staff noted."""
    return by if agrees and (not before or by == people.REPORTER) else before


def _runs(turn: Turn, ticket: Ticket, mediation: Mediation, by: str) -> str:
    force = people.plan_of(turn).force(mediation.force)
    words = turn.text("mediation_running_staff", number=ticket.number)
    show(turn, ticket, mediation, words, _RESULT_BUTTONS)
    if by != mediation.mediator:
        turn.tell(mediation.mediator, words, ticket=ticket.id)
    if user := people.reporter_side(turn, mediation):
        text = turn.text("mediation_begins", number=ticket.number, force=force.name)
        turn.tell(user, text, ticket=ticket.id)
    return words


def refuse(turn: Turn, person: Person, ticket: Ticket, _words: str) -> str:
    """不调解 0012: a side does not want to (any more)."""
    mediation = people.active(turn, ticket)
    if mediation is None:
        raise Refused("mediation_none", number=ticket.number)
    people.must_work(turn, person, ticket, mediation)
    return stopped(turn, ticket, mediation, person.id)


def stopped(turn: Turn, ticket: Ticket, mediation: Mediation, by: str) -> str:
    """It is over; nobody hears who did not want to."""
    ended = replace(mediation, state=mediations.ENDED, result=Result.STOPPED, ended_at=turn.now)
    mediations.save(turn.db, ended)
    turn.note(ticket, Act.NOTE, reason="调解停止：有一方不愿意")
    where = people.doors(turn)
    user = people.reporter_side(turn, mediation)
    if user and by != people.REPORTER:
        turn.tell(user, turn.text("mediation_over", number=ticket.number, doors=where))
    words = turn.text("mediation_stopped", number=ticket.number, doors=where)
    if by != mediation.mediator:
        turn.tell(mediation.mediator, words, ticket=ticket.id)
    return words
