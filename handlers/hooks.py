"""Changes for other systems (对外推送): what a Turn changed becomes outgoing rows of hook lanes.

Called at the end of every Turn, so no act can forget it. One message per ticket, hook and Turn,
and only when what others may know has changed. No words, names, places or protected matters are
in it. The lane signs and sends (``bot.web.hookout``); a row that found no way is told to the
administrator by ``gave_up``.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

from bot.domain import progress
from bot.lines import line_of
from bot.messages import Text, pack
from bot.turn import Turn
from config.partner_rules import Hook
from config.vocabulary import Act, Role, Stage
from handlers import merging
from storage import filed, outbox, tickets
from storage.filed import Filed, Standing, Step

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
    moved: dict[int, list[Step]] = {}
    for ticket_id, step in steps:
        moved.setdefault(ticket_id, []).append(step)
    news = [ticket_id for ticket_id, of_it in moved.items() if _is_news(of_it)]
    for found in filed.standings(turn.db, news).values():
        _announce(turn, found)
    reports = {r.request: r for one in news for r in filed.of_ticket(turn.db, one)}
    for report in reports.values():
        _announce_report(turn, report, moved)


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
    moved = [s for s in steps if s.before != s.after and s.act != Act.ARCHIVE]
    return bool(moved) and _public(moved[0].before) != _public(moved[-1].after)


def _public(stage: str) -> tuple[str, str]:
    return progress.status_of(Stage(stage)), progress.note_of(Stage(stage))


def _announce(turn: Turn, found: Standing) -> None:
    """To whoever hears of every ticket."""
    if found.protected:
        return
    for hook in turn.rules.partners.hooks:
        if not hook.client:
            _put(turn, hook, _News(found.number, found, found.category, (found.id,)))


def _announce_report(turn: Turn, report: Filed, moved: dict[int, list[Step]]) -> None:
    """To whoever hears of this client's reports, when the least advanced matter is further."""
    hooks = [hook for hook in turn.rules.partners.hooks if hook.client == report.client]
    ids = filed.tickets_of(turn.db, [report.request])[report.request]
    standings = filed.standings(turn.db, list(ids))
    now = progress.least(standings.values())
    if not hooks or now is None or any(one.protected for one in standings.values()):
        return
    before = progress.least(_before(one, moved.get(one.id, [])) for one in standings.values())
    if before is None or not _is_further(before, now):
        return
    ever = filed.tickets_of(turn.db, [report.request], ever=True)[report.request]
    code = report.service_code or standings[ids[0]].category
    for hook in hooks:
        _put(turn, hook, _News(report.request, now, code, ever))


def _is_further(before: Standing, now: Standing) -> bool:
    """True when others may know more than before; what was opened just now is news."""
    return before.stage is Stage.DRAFT or _public(before.stage) != _public(now.stage)


def _before(found: Standing, steps: list[Step]) -> Standing:
    """The ticket as it was before this Turn; a draft when this Turn has opened it."""
    if any(step.act == Act.OPEN for step in steps):
        return replace(found, stage=Stage.DRAFT)
    moved = [step for step in steps if step.before != step.after]
    return replace(found, stage=Stage(moved[0].before)) if moved else found


@dataclass(frozen=True, slots=True)
class _News:
    """What is told: under which id, how far, and whose journal counts the changes."""

    request: str
    found: Standing
    service_code: str
    ids: tuple[int, ...]


def _put(turn: Turn, hook: Hook, news: _News) -> None:
    key = f"{turn.event.key}:hook:{hook.id}:{news.request}"
    body = json.dumps(_payload(turn, key, news), ensure_ascii=False)
    chat = f"{_CHAT}{hook.id}"
    parcel = outbox.Parcel(
        key=key,
        lane=hook.lane,
        line=line_of(chat),
        body=outbox.body(chat, pack(Text(text=body)), None),
        due_at=turn.now,
    )
    outbox.add(turn.db, parcel, turn.now)


def _payload(turn: Turn, key: str, news: _News) -> dict[str, Any]:
    """What another system may know: which report, how far, since when."""
    found = news.found
    return {
        "id": line_of(key),
        "type": "request.changed",
        "sequence": filed.count_steps(turn.db, news.ids),
        "jurisdiction_id": turn.rules.station.id,
        "service_request_id": news.request,
        "service_code": news.service_code,
        "status": progress.status_of(found.stage),
        "status_notes": turn.text(progress.note_of(found.stage), unit=found.unit),
        "updated_datetime": turn.now.isoformat(timespec="seconds"),
    }


def gave_up(turn: Turn, chat: str) -> bool:
    """True when it was a hook's row: the administrator hears of it, no resident is bothered.

    Of a hook that was taken out of partners.yaml nobody needs to hear.
    """
    if not chat.startswith(_CHAT):
        return False
    if turn.rules.partners.hook(chat.removeprefix(_CHAT)) is None:
        return True
    for person in turn.rules.people_with(Role.ADMIN):
        turn.tell(person.id, turn.text("operator_hook_dead", name=chat.removeprefix(_CHAT)))
    return True
