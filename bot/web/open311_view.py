"""What other systems may see of a matter (对外看得到的): built from plain columns only.

A client sees the reports it filed, with its own masked words; ``sees: all`` adds every ticket that
is not protected, without a word of it. Protected tickets do not exist here. Runs in a reading
thread, called by ``bot.web.open311``.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain import clocks, progress
from bot.web.open311_asked import Wanted
from config.partner_rules import Client
from config.rules import Rules
from config.vocabulary import Stage
from storage import filed
from storage.filed import Filed, Standing, Step
from storage.session import Db

MOST = 1000
Record = dict[str, Any]


class View:
    """One client's view through one connection."""

    def __init__(self, db: Db, rules: Rules, client: Client) -> None:
        self._db = db
        self._rules = rules
        self._client = client
        self._names = {one.code: one.name for one in rules.reading.categories}

    def one(self, request: str) -> Record | None:
        """The report of that id, or None when it does not exist for this client."""
        own = filed.by_request(self._db, self._client.id, request)
        if own is not None:
            return self._own(own, self._standings([own])[own.request])
        if self._client.sees != "all":
            return None
        found = filed.standing_of(self._db, request)
        return self._other(found) if found and not found.protected else None

    def ticket(self, request: str) -> tuple[bool, int]:
        """Whether this client's report exists, and its ticket (0 before its Turn)."""
        own = filed.by_request(self._db, self._client.id, request)
        if own is None:
            return False, 0
        return not _is_hidden(self._standings([own])[own.request]), own.ticket_id

    def _standings(self, reports: list[Filed]) -> dict[str, list[Standing]]:
        """How far the tickets of each report are, by its id."""
        ids = filed.tickets_of(self._db, [one.request for one in reports])
        found = filed.standings(self._db, [one for some in ids.values() for one in some])
        return {request: [found[one] for one in some] for request, some in ids.items()}

    def listed(self, wanted: Wanted) -> list[Record]:
        """The reports that are asked for, newest first; ids override everything else."""
        if wanted.ids:
            found = [self.one(request) for request in dict.fromkeys(wanted.ids)]
            return [record for record in found if record is not None]
        return [record for record in self._all(wanted) if _fits(record, wanted)][:MOST]

    def updates(self, wanted: Wanted) -> list[Record]:
        """Each change of what may be known, oldest first, of the client's own reports."""
        since, until = wanted.since, wanted.until
        if wanted.ids:
            reports = [filed.by_request(self._db, self._client.id, one) for one in wanted.ids]
        else:
            reports = list(filed.of_client(self._db, self._client.id, since, until, MOST))
        known = [one for one in reports if one is not None]
        standings = self._standings(known)
        records = [r for one in known for r in self._changes(one, standings[one.request])]
        inside = [r for r in records if since <= r["at"] <= until]
        inside.sort(key=lambda record: (record["at"], record["update_id"]))
        return [{k: v for k, v in r.items() if k != "at"} for r in inside[:MOST]]

    def _all(self, wanted: Wanted) -> list[Record]:
        own = filed.of_client(self._db, self._client.id, wanted.since, wanted.until, MOST)
        standings = self._standings(own)
        records = [self._own(one, standings[one.request]) for one in own]
        if self._client.sees == "all":
            mine = {one.id for some in standings.values() for one in some}
            others = filed.open_tickets(self._db, wanted.since, wanted.until, MOST)
            records += [self._other(one) for one in others if one.id not in mine]
        return [record for record in records if record is not None]

    def _own(self, own: Filed, standings: list[Standing]) -> Record | None:
        """Its own words come back to it; before the Turn it counts as received.

        Of several matters the least advanced says how far the report is.
        """
        if _is_hidden(standings):
            return None
        code = own.service_code or (standings[0].category if standings else "")
        record = self._record(own.request, code, progress.least(standings), own.at)
        record.update({name: own.words.get(name) for name in ("description", "address")})
        if standings:
            record["updated_datetime"] = _iso(max(one.stage_at for one in standings))
        return record

    def _other(self, found: Standing) -> Record:
        """Somebody else's: how far and where roughly, not a word of what was said."""
        record = self._record(found.number, found.category, found, found.opened_at)
        grid = self._rules.grid(found.grid)
        record.update(address=grid.name if grid else "")
        return record

    def _record(self, request: str, code: str, found: Standing | None, at: datetime) -> Record:
        unit = found.unit if found else ""
        stage_note = progress.note_of(found.stage) if found else progress.RECEIVED
        return {
            "service_request_id": request,
            "status": progress.status_of(found.stage) if found else progress.OPEN,
            "status_notes": self._rules.text(stage_note, unit=unit),
            "service_name": self._names.get(code, ""),
            "service_code": code,
            "description": None,
            "agency_responsible": unit or self._rules.station.name,
            "service_notice": None,
            "requested_datetime": _iso(at),
            "updated_datetime": _iso(found.stage_at if found else at),
            "expected_datetime": _iso(found.finish_at) if found and found.finish_at else None,
            "address": None,
            "address_id": None,
            "zipcode": None,
            "lat": None,
            "long": None,
            "media_url": None,
        }

    def _changes(self, own: Filed, standings: list[Standing]) -> list[Record]:
        if _is_hidden(standings):
            return []
        records: list[Record] = []
        said = ""
        for step, found in self._story(standings):
            note = progress.note_of(found.stage)
            if note == said:
                continue
            said = note
            records.append(
                {
                    "at": step.at,
                    "update_id": f"{own.request}-{step.id}",
                    "service_request_id": own.request,
                    "status": progress.status_of(found.stage),
                    "updated_datetime": _iso(step.at),
                    "description": self._rules.text(note, unit=found.unit),
                }
            )
        return records

    def _story(self, standings: list[Standing]) -> Iterator[tuple[Step, Standing]]:
        """After each step the least advanced ticket, as it was then.

        Tickets of one Turn are there together from its first step on.
        """
        steps = filed.steps_of(self._db, [one.id for one in standings])
        first: dict[int, Step] = {}
        for ticket_id, step in steps:
            first.setdefault(ticket_id, step)
        known = [one for one in standings if one.id in first]
        then = {one.id: replace(one, stage=Stage(first[one.id].before)) for one in known}
        for ticket_id, step in steps:
            then[ticket_id] = replace(then[ticket_id], stage=Stage(step.after))
            found = progress.least(one for one in then.values() if first[one.id].at <= step.at)
            if found is not None:
                yield step, found


def _is_hidden(standings: list[Standing]) -> bool:
    """One protected matter hides the whole report, for its words tell of it."""
    return any(one.protected for one in standings)


def _fits(record: Record, wanted: Wanted) -> bool:
    right_code = not wanted.codes or record["service_code"] in wanted.codes
    return right_code and (not wanted.statuses or record["status"] in wanted.statuses)


def _iso(moment: datetime) -> str:
    return moment.astimezone(clocks.ZONE).isoformat(timespec="seconds")
