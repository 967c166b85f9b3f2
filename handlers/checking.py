"""Checklists by chat (检查、走访): one message lists the items, answers name what is wrong.

Every hazard of an inspected place is a ticket of its own; what a visit finds is registered like
any other word of staff. When it ends only form, grid, hour and the number of finds stay. Photos
sent meanwhile go to the newest find. Called by ``field``.
"""

from dataclasses import replace
from datetime import timedelta

from bot.domain import clocks, field_words, posters, privacy
from bot.domain.commands import Command, Order
from bot.domain.reading import read
from bot.events import Heard
from bot.turn import Turn
from config.checklist_rules import Checklist, Item
from config.faults import Refused
from config.people_rules import Person
from config.vocabulary import Act, Danger
from handlers import loop, opening, photos, registering, supplements, voices
from handlers.intake import Hearing
from storage import forms, hazards, tickets
from storage.forms import Form
from storage.tickets import Ticket

REMIND = "hazard_remind"
_LIFE = timedelta(hours=12)
_MOST_WORDS = 120


def begin(turn: Turn, hearing: Hearing, person: Person, kind: str, words: str) -> str:
    """The items of the list that ``words`` name; the lists when they name none. Raises: Refused."""
    lists = turn.rules.checklists.of_kind(kind)
    chosen, place = _chosen(lists, words)
    if chosen is None:
        names = "、".join(one.name for one in lists)
        raise Refused("inspect_which" if kind == "place" else "visit_which", names=names or "无")
    if not hearing.grid or (kind == "place" and not place):
        raise Refused("inspect_where", name=chosen.name)
    view = opening.grid_view(turn.rules.grid(hearing.grid))
    spot = read(place, turn.now, view, turn.rules.reading).place if place else None
    data = {"said": place, "place": posters.said_in(spot) if spot else {}, "found": []}
    form = Form(
        key=f"{hearing.event.key}:form",
        form=chosen.id,
        person_key=hearing.person_key,
        grid=hearing.grid,
        began_at=turn.now,
        until=turn.now + _LIFE,
        data=data if kind == "place" else {"found": []},
    )
    forms.begin(turn.db, form)
    lines = (f"{number} {item.ask}" for number, item in enumerate(chosen.items, 1))
    grid = turn.rules.grid(hearing.grid)
    where = place if kind == "place" else (grid.name if grid else "")
    return turn.text(f"{_key(chosen)}_items", name=chosen.name, place=where, lines="\n".join(lines))


def _key(checklist: Checklist) -> str:
    return "inspect" if checklist.kind == "place" else "visit"


def _chosen(lists: tuple[Checklist, ...], words: str) -> tuple[Checklist | None, str]:
    """The list whose name stands in the words (the longest name wins), and the rest of them."""
    named = [(name, one) for one in lists for name in one.names if name in words]
    if not named:
        return None, words
    name, chosen = max(named, key=lambda pair: len(pair[0]))
    rest = words.replace(name, " ", 1) if words.startswith(name) else words
    return chosen, " ".join(rest.split())


def answered(turn: Turn, hearing: Hearing, person: Person) -> bool:
    """True when the words, or a bare picture, belong to the list this person is working through."""
    form, checklist = _open(turn, hearing.person_key)
    if form is None or checklist is None or hearing.reading.danger is not Danger.NONE:
        return False
    if hearing.event.media and not hearing.said and not voices.is_bare(hearing.event):
        _pictured(turn, hearing.event, form, person)
        return True
    if field_words.is_fine(hearing.said):
        _ticked(turn, form, checklist, set(range(1, len(checklist.items) + 1)))
        turn.answer(end(turn, hearing.person_key))
        return True
    if ticks := field_words.ticks_of(hearing.said, len(checklist.items)):
        if not _ticked(turn, form, checklist, ticks):
            return False
        names = "、".join(checklist.items[number - 1].ask for number in sorted(ticks))
        turn.answer(turn.text("visit_ticked", names=names))
        return True
    named = field_words.items_of(hearing.said, len(checklist.items))
    if not named:
        return False
    lines = []
    for number, words in named:
        item = checklist.items[number - 1]
        ticket_id, line = _found(turn, hearing, person, form, checklist, item, words)
        form = _with(turn, form, ticket_id)
        lines.append(line)
    turn.answer("\n".join([*lines, turn.text("inspect_more")]))
    return True


def _ticked(turn: Turn, form: Form, checklist: Checklist, ticks: set[int]) -> bool:
    """True where points of a visit were gone through; an inspection knows only faults."""
    if checklist.kind != "visit":
        return False
    known = ticks | {int(number) for number in form.ticks.split(",") if number}
    forms.keep(turn.db, replace(form, ticks=",".join(map(str, sorted(known)))))
    return True


def _open(turn: Turn, person_key: str) -> tuple[Form | None, Checklist | None]:
    form = forms.open_of(turn.db, person_key, turn.now)
    return form, turn.rules.checklists.checklist(form.form) if form else None


def _with(turn: Turn, form: Form, ticket_id: int) -> Form:
    """The form with one find more; pictures that had no find yet go to it."""
    data = {**form.data, "found": [*form.data["found"], ticket_id]}
    waiting = data.pop("pictures", "")
    if waiting and ticket_id:
        ticket = tickets.get(turn.db, ticket_id)
        turn.note(ticket, Act.SUPPLEMENT, by=ticket.carrier, reason=waiting)
    kept = replace(form, data=data, found=form.found + 1)
    forms.keep(turn.db, kept)
    return kept


def _found(
    turn: Turn,
    hearing: Hearing,
    person: Person,
    form: Form,
    checklist: Checklist,
    item: Item,
    words: str,
) -> tuple[int, str]:
    """What is wrong there becomes a ticket: its id and the line of the answer."""
    if checklist.kind == "visit":
        command = Command(Order.REGISTER, (), f"{item.ask}：{words}"[:_MOST_WORDS])
        return 0, registering.registered(turn, hearing.event, person, command, form.grid)
    ticket = _hazard(turn, hearing.event, person, form, checklist, item, words)
    due = clocks.moment_words(ticket.finish_at or turn.now, turn.now)
    known = turn.rules.checklists.hazard(item.hazard or "")
    name = known.name if known else item.ask
    line = turn.text("hazard_opened", number=ticket.number, what=name, unit=ticket.unit, due=due)
    return ticket.id, line


def _hazard(
    turn: Turn,
    event: Heard,
    person: Person,
    form: Form,
    checklist: Checklist,
    item: Item,
    words: str,
) -> Ticket:
    known = turn.rules.checklists.hazard(item.hazard or "")
    assert known is not None  # the model refuses a list whose class is not there  # noqa: S101
    said = f"{checklist.name}检查 {form.data['said']}：{words[:_MOST_WORDS]}"
    seed = opening.Seed(
        category=known.category,
        urgency=known.urgency,
        text=said,
        masked=privacy.mask(said),
        line=event.line,
        place=posters.as_place(form.data["place"]),
        grid=form.grid,
        carrier=person.id,
        origin="inspection",
        by=person.id,
    )
    ticket, route = opening.open_ticket(turn, seed)
    due = turn.now + known.fix_within
    reason = f"隐患（{known.name}），限{clocks.moment_words(due, turn.now)}前改好"
    saved = loop.change(turn, ticket, Act.NOTE, by=person.id, reason=reason, finish_at=due)
    hazards.found(
        turn.db,
        hazards.Hazard(
            ticket_id=saved.id,
            hazard=known.id,
            place_kind=checklist.id,
            grid=form.grid,
            found_by=person.id,
            found_at=turn.now,
            due_at=due,
        ),
    )
    remind = loop.by_day(turn, due - turn.rules.checklists.remind_before)
    turn.set_timer(saved, REMIND, max(remind, turn.now + timedelta(hours=1)))
    opening.show_to_staff(turn, saved, route)
    return saved


def _pictured(turn: Turn, event: Heard, form: Form, person: Person) -> None:
    """A picture goes to the newest find, or waits for the next one."""
    kept = supplements.kept_words(event)
    found = [ticket_id for ticket_id in form.data["found"] if ticket_id]
    if found:
        ticket = tickets.get(turn.db, found[-1])
        turn.note(ticket, Act.SUPPLEMENT, by=person.id, reason=kept)
        turn.answer(turn.text("photo_kept", number=ticket.number, what=photos.called(event)))
        return
    before = form.data.get("pictures", "")
    forms.keep(turn.db, replace(form, data={**form.data, "pictures": f"{before} {kept}".strip()}))
    turn.answer(turn.text("photo_waits"))


def end(turn: Turn, person_key: str, *, dropped: bool = False) -> str:
    """The list is done (or given up): what stays is a count. Raises: Refused without one."""
    form, checklist = _open(turn, person_key)
    if form is None or checklist is None:
        raise Refused("inspect_none")
    if dropped:
        forms.drop(turn.db, form, turn.now)
        return turn.text("inspect_dropped", name=checklist.name)
    forms.end(turn.db, form, turn.now)
    return turn.text("inspect_done", name=checklist.name, count=form.found)
