"""Changes for other systems (对外推送): what a Turn changed becomes outgoing rows of hook lanes.

Called at the end of every Turn, so no act can forget it. One message per ticket, hook and Turn,
and only when what others may know has changed. No words, names, places or protected matters are
in it. The lane signs and sends (``bot.web.hookout``); a row that found no way is told to the
administrator by ``gave_up``.
"""

import json
from typing import Any

from bot.domain import progress
from bot.lines import line_of
from bot.messages import Text, pack
from bot.turn import Turn
from config.partner_rules import Hook
from config.vocabulary import Act, Role, Stage
from handlers import merging
from storage import filed, outbox, tickets
from storage.filed import Standing, Step

_CHAT = "hook/"


def after(turn: Turn) -> None:
    """Follow merges, then leave one row per hook for each ticket whose public state changed."""
    if (not turn.rules.partners.clients and not turn.rules.partners.hooks) or not turn.note_keys:
        return
    steps = filed.steps_of_keys(turn.db, turn.note_keys)
    for ticket_id, step in steps:
        _follow(turn, ticket_id, step)
    if not turn.rules.partners.hooks:
        return
    for ticket_id in dict.fromkeys(ticket_id for ticket_id, _ in steps):
        of_it = [step for one, step in steps if one == ticket_id]
        if _is_news(of_it):
            _announce(turn, ticket_id)


def _follow(turn: Turn, ticket_id: int, step: Step) -> None:
    """Reports stand on the ticket that goes on; after a split on their own again."""
    if step.act == Act.MERGE and step.after == Stage.MERGED:
        goes_on = merging.goes_on_in(turn, tickets.get(turn.db, ticket_id))
        filed.merged(turn.db, ticket_id, goes_on.id)
    elif step.act == Act.SPLIT and step.before == Stage.MERGED:
        filed.split(turn.db, ticket_id)


def _is_news(steps: list[Step]) -> bool:
    """True when others may know something now that they could not know before."""
    if any(step.act == Act.OPEN for step in steps):
        return True
    moved = [step for step in steps if step.before != step.after]
    return bool(moved) and _public(moved[0].before) != _public(moved[-1].after)


def _public(stage: str) -> tuple[str, str]:
    return progress.status_of(Stage(stage)), progress.note_of(Stage(stage))


def _announce(turn: Turn, ticket_id: int) -> None:
    found = filed.standings(turn.db, [ticket_id]).get(ticket_id)
    if found is None or found.protected:
        return
    reports = filed.of_ticket(turn.db, ticket_id)
    for hook in turn.rules.partners.hooks:
        if not hook.client:
            _put(turn, hook, found, found.number, "")
        for report in reports:
            if report.client == hook.client:
                _put(turn, hook, found, report.request, report.service_code)


def _put(turn: Turn, hook: Hook, found: Standing, request: str, service_code: str) -> None:
    key = f"{turn.event.key}:hook:{hook.id}:{request}"
    body = json.dumps(_payload(turn, key, found, request, service_code), ensure_ascii=False)
    chat = f"{_CHAT}{hook.id}"
    parcel = outbox.Parcel(
        key=key,
        lane=hook.lane,
        line=line_of(chat),
        body=outbox.body(chat, pack(Text(text=body)), None),
        due_at=turn.now,
    )
    outbox.add(turn.db, parcel, turn.now)


def _payload(
    turn: Turn, key: str, found: Standing, request: str, service_code: str
) -> dict[str, Any]:
    """What another system may know: which report, how far, since when."""
    note = turn.text(progress.note_of(found.stage), unit=found.unit)
    return {
        "id": line_of(key),
        "type": "request.changed",
        "sequence": filed.count_steps(turn.db, found.id),
        "jurisdiction_id": turn.rules.station.id,
        "service_request_id": request,
        "service_code": service_code or found.category,
        "status": progress.status_of(found.stage),
        "status_notes": note,
        "updated_datetime": turn.now.isoformat(timespec="seconds"),
    }


def gave_up(turn: Turn, chat: str) -> bool:
    """True when it was a hook's row: the administrator hears of it, no resident is bothered."""
    if not chat.startswith(_CHAT):
        return False
    for person in turn.rules.people_with(Role.ADMIN):
        turn.tell(person.id, turn.text("operator_hook_dead", name=chat.removeprefix(_CHAT)))
    return True
