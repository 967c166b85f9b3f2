"""What staff and time do with a dispute's colour (升色、降色): time raises it, the officer calms.

A dispute that stays open for long needs a higher force; the bot says so and moves nobody. Called
by ``handlers.mediating`` and ``overdue``; ``handlers.colours`` keeps the colour itself.
"""

from bot.domain import mediation as domain
from bot.events import Due
from bot.turn import Turn
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Role, Stage
from handlers import closing, colours, mediation_visits
from handlers import mediation_people as people
from storage import tickets
from storage.tickets import Ticket

TIMER = colours.TIMER
_MAY_RAISE = (Role.OFFICER, Role.LEADER)
_WORKED = (Stage.RESOLVED, Stage.RECHECK, Stage.EVALUATION)


def aged(turn: Turn, event: Due) -> None:
    """Still not settled: the colour rises, mediator and owner hear which force comes next."""
    ticket = tickets.by_number(turn.db, str(event.data["number"]))
    plan = turn.rules.mediation
    if plan is None or ticket is None or not ticket.is_open or ticket.stage in _WORKED:
        return
    if closing.is_never_mediated(turn, ticket) or people.is_settled(turn, ticket):
        return
    colour = next((one for one in plan.colours if one.id == event.data["colour"]), None)
    if colour is None or not colours.raised(turn, ticket, colour, "久未办结"):
        return
    lines = [turn.text("mediation_aged", number=ticket.number, colour=colour.name)]
    lines += _next_step(turn, ticket)
    mediation = people.active(turn, ticket)
    for user in dict.fromkeys((mediation.mediator if mediation else "", ticket.owner)):
        if user:
            turn.tell(user, "\n".join(lines), ticket=ticket.id)


def _next_step(turn: Turn, ticket: Ticket) -> list[str]:
    """The next force where it is mediated; else that it could be."""
    mediation = people.current(turn, ticket)
    if mediation is None:
        return [] if ticket.department else [turn.text("mediation_could", number=ticket.number)]
    higher = people.plan_of(turn).above(mediation.force)
    if higher is None:
        return []
    return [turn.text("mediation_next_force", number=ticket.number, force=higher.name)]


def raise_by_hand(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """定色 0012 红色 理由: officer or leader know more than the score. Raises: Refused."""
    if person.role not in _MAY_RAISE:
        raise Refused("mediation_calm_officer")
    if not ticket.is_open or people.is_never(turn, ticket):
        raise Refused("mediation_never", number=ticket.number)
    plan = people.plan_of(turn)
    colour = next((one for one in plan.colours if one.name in words), None)
    why = words.replace(colour.name, "").strip(" ，,。") if colour else ""
    if colour is None or not why:
        names = "、".join(one.name for one in plan.colours)
        raise Refused("mediation_which_colour", number=ticket.number, names=names)
    if not colours.raised(turn, ticket, colour, why[:80], by=person.id):
        raise Refused("mediation_not_higher", number=ticket.number)
    if colour.visit_every is not None:
        mediation_visits.planned_anew(turn, ticket)
    return turn.text("mediation_coloured", number=ticket.number, colour=colour.name)


def calm(turn: Turn, person: Person, ticket: Ticket, words: str) -> str:
    """降色 0012 理由: one colour down, by the officer alone, after a quiet time.

    Raises: Refused for anybody else, too early, from the lowest, or without a reason.
    """
    if person.role is not Role.OFFICER:
        raise Refused("mediation_calm_officer")
    plan, known = people.plan_of(turn), colours.level(turn, ticket)
    mediation = people.current(turn, ticket)
    lower = domain.calmer(plan, colours.colour_of(turn, ticket, plan).id)
    moments = [ticket.opened_at]
    moments += [known.at] if known else []
    moments += [mediation.eventful_at] if mediation else []
    if lower is None or turn.now - max(moments) < plan.calm_after:
        raise Refused("mediation_calm_early", number=ticket.number, days=plan.calm_after.days)
    if not words.strip():
        raise Refused("needs_reason", act="降色", number=ticket.number)
    was = colours.colour_of(turn, ticket, plan)
    colours.put(turn, ticket, lower, person.id, f"降为{lower.name}：{words.strip()[:80]}")
    if was.visit_every is not None:
        mediation_visits.planned_anew(turn, ticket)
    return turn.text("mediation_calmed", number=ticket.number, colour=lower.name)
