"""The cards that staff see (任务卡片): what, where, by when, and the buttons they may press.

Buttons come from the table of ``lifecycle`` and the rights of the reader; a card for violence
shows 到场 only to police roles. Built here, turned into WeCom's JSON by the doors.
"""

from bot.domain import lifecycle, rights, transfer_letters
from bot.events import ButtonKey
from bot.messages import Button, Card
from bot.turn import Turn
from config.people_rules import Person
from config.vocabulary import Act, ClosingCode, Danger, Stage, Urgency
from handlers import colours, facts_words, letters_out, loop, shown
from storage import outbox
from storage.tickets import Ticket

_STYLES = {Act.SEND_BACK: 3, Act.REWORK: 3, Act.FALSE_ALARM: 2}
_LABELS = {
    Act.FEEDBACK: "发给群众",
    Act.REVIEW: "没有反复",
    Act.RECHECK: "复核通过",
    Act.RESOLVE: "处置完了",
}
_MOST_BUTTONS = 6
CODE, LEVEL = "code:", "level:"
_LEVELS = (Urgency.U2, Urgency.U3, Urgency.U4)


def show(
    turn: Turn, ticket: Ticket, person: Person, *, danger: bool = False, ring: bool = False
) -> str:
    """Show the ticket to one person; returns the outgoing key."""
    card = build(turn, ticket, person, turn.task_id(ticket, person.id))
    return turn.show_card(person.id, ticket, card, danger=danger, ring=ring)


def build(turn: Turn, ticket: Ticket, person: Person, task_id: str) -> Card:
    """The card as this person may see it now."""
    name = loop.matter_name(turn, ticket)
    return Card(
        task_id=task_id,
        title=_title(turn, ticket, name),
        desc=_desc(turn, ticket),
        text=_asked(turn, ticket, person),
        fields=_fields(turn, ticket, person),
        buttons=buttons(turn, ticket, person),
        source=turn.text("card_source"),
    )


def _asked(turn: Turn, ticket: Ticket, person: Person) -> str:
    """What was asked, as far as he may read; a department sees not even the stars of a phone."""
    words = shown.words(turn, ticket, person, 100) or turn.text("not_shown")
    return transfer_letters.without_numbers(words) if ticket.department else words


def inform(turn: Turn, ticket: Ticket, person: Person) -> None:
    """Tell somebody who must not go there: no buttons, no clock, keep people safe."""
    text = turn.text(
        "info_only_staff",
        number=ticket.number,
        category=_neutral(turn, ticket),
        place=loop.place_words(turn, ticket, full=False),
    )
    turn.tell(person.id, text, danger=True, ticket=ticket.id)


def refresh(turn: Turn, ticket: Ticket, greyed: str = "") -> None:
    """Replace every card of this ticket that can still be replaced."""
    for seen in outbox.cards_of(turn.db, ticket.id):
        person = turn.rules.person(seen.user)
        if person is None or person.id in ticket.barred:
            continue
        card = build(turn, ticket, person, seen.task_id)
        turn.change_card(seen, card, greyed if not card.buttons else "")


def buttons(turn: Turn, ticket: Ticket, person: Person) -> tuple[Button, ...]:
    """What this person may press now."""
    matter = loop.matter_of(ticket)
    if ticket.stage is Stage.HANDLING and ticket.owner == person.id:
        return _codes(ticket)
    if ticket.stage is Stage.NEW and lifecycle.may(ticket.stage, Act.JUDGE, person.role):
        return tuple(_packed(ticket, LEVEL + level, level.label, 1) for level in _LEVELS)
    acts = [
        act
        for act in lifecycle.open_acts(ticket.stage, person.role)
        if not rights.may_act(person, act, matter, turn.rules) and _fits(ticket, act)
    ]
    found = [_button(ticket, act) for act in acts[:_MOST_BUTTONS]]
    if ticket.stage is Stage.REVIEW and found:
        found.append(_packed(ticket, Act.REOPEN, "又出现了", 2))
    return tuple(found)


def _fits(ticket: Ticket, act: Act) -> bool:
    """是险情 belongs to 疑似 only, 误报 to danger only; work buttons wait for the signature."""
    if act is Act.CONFIRM:
        return ticket.danger is Danger.SUSPECTED
    if act is Act.FALSE_ALARM:
        return ticket.danger is not Danger.NONE
    if act in (Act.VERIFY, Act.RESOLVE) and ticket.stage in (Stage.ASSIGNED, Stage.DIVERTED):
        return False
    return act is not Act.RESOLVE or ticket.stage is not Stage.RESOLVED


def _codes(ticket: Ticket) -> tuple[Button, ...]:
    codes = [code for code in ClosingCode if code.is_offered][:_MOST_BUTTONS]
    return tuple(
        Button(
            text=code.label,
            key=ButtonKey(CODE + code, ticket.number, ticket.version, ticket.line).pack(),
        )
        for code in codes
    )


def _button(ticket: Ticket, act: Act) -> Button:
    return _packed(ticket, act, _LABELS.get(act, act.label), _STYLES.get(act, 1))


def _packed(ticket: Ticket, act: str, label: str, style: int) -> Button:
    key = ButtonKey(act, ticket.number, ticket.version, ticket.line).pack()
    return Button(text=label, key=key, style=style)


def _title(turn: Turn, ticket: Ticket, name: str) -> str:
    if ticket.danger is Danger.CONFIRMED:
        return turn.text("danger_staff_title", category=name)
    if ticket.danger is Danger.SUSPECTED:
        return turn.text("suspected_staff_title", category=name)
    return turn.text("card_title", category=name, urgency=ticket.urgency.label)


def _desc(turn: Turn, ticket: Ticket) -> str:
    grid = turn.rules.grid(ticket.grid)
    place = grid.name if grid else turn.rules.station.name
    return turn.text("card_desc", number=ticket.number, grid=place)


def _fields(turn: Turn, ticket: Ticket, person: Person) -> tuple[tuple[str, str], ...]:
    fields = [
        (turn.text("field_place"), shown.place(turn, ticket, person)),
        (turn.text("field_stage"), ticket.stage.label),
    ]
    if ticket.owner:
        fields.append((turn.text("field_owner"), loop.name_of(turn, ticket.owner)))
    if ticket.due_at is not None:
        fields.append((turn.text("field_due"), loop.left_words(turn, ticket)))
    if loop.is_danger(ticket) and turn.rules.is_police_only(ticket.category, ticket.danger_class):
        fields.append((turn.text("field_advice"), turn.text("danger_staff_advice")))
    if person.role.is_police and ticket.category in turn.rules.everyday.crimes:
        fields.append((turn.text("field_recorded"), facts_words.recorded(turn, ticket)))
    photos = letters_out.photos(turn.db, ticket) if ticket.department else ()
    if photos:
        fields.append((turn.text("field_photos"), f"{len(photos)}张"))
    if colour := colours.shown(turn, ticket):
        fields.append((turn.text("field_colour"), colour))
    if ticket.stage is Stage.RESOLVED:
        fields.append((turn.text("field_tell"), ticket.result_public[:26]))
    return tuple(fields)


def _neutral(turn: Turn, ticket: Ticket) -> str:
    """A word for the matter that tells nothing of a protected one."""
    if ticket.protected:
        return turn.text("neutral_matter")
    return loop.matter_name(turn, ticket)
