"""What other systems may see of a matter (对外看得到的): built from plain columns only.

A client sees the reports it filed, with its own masked words; ``sees: all`` adds every ticket that
is not protected, without a word of it. Protected tickets do not exist here. Runs in a reading
thread, called by ``bot.web.open311``.
"""

from datetime import datetime
from typing import Any

from bot.domain import clocks, progress
from bot.web.open311_asked import Wanted
from config.partner_rules import Client
from config.rules import Rules
from config.vocabulary import Stage
from storage import filed
from storage.filed import Filed, Standing
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
            return self._own(own, filed.standings(self._db, [own.ticket_id]))
        if self._client.sees != "all":
            return None
        found = filed.standing_of(self._db, request)
        return self._other(found) if found and not found.protected else None

    def ticket(self, request: str) -> tuple[bool, int]:
        """Whether this client's report exists, and its ticket (0 before its Turn)."""
        own = filed.by_request(self._db, self._client.id, request)
        if own is None:
            return False, 0
        found = filed.standings(self._db, [own.ticket_id]).get(own.ticket_id)
        return not (found and found.protected), own.ticket_id

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
        known = [one for one in reports if one is not None and one.ticket_id]
        standings = filed.standings(self._db, [one.ticket_id for one in known])
        records = [r for one in known for r in self._changes(one, standings[one.ticket_id])]
        inside = [r for r in records if since <= r["at"] <= until]
        inside.sort(key=lambda record: (record["at"], record["update_id"]))
        return [{k: v for k, v in r.items() if k != "at"} for r in inside[:MOST]]

    def _all(self, wanted: Wanted) -> list[Record]:
        own = filed.of_client(self._db, self._client.id, wanted.since, wanted.until, MOST)
        standings = filed.standings(self._db, [one.ticket_id for one in own])
        records = [self._own(one, standings) for one in own]
        if self._client.sees == "all":
            mine = {one.ticket_id for one in own}
            others = filed.open_tickets(self._db, wanted.since, wanted.until, MOST)
            records += [self._other(one) for one in others if one.id not in mine]
        return [record for record in records if record is not None]

    def _own(self, own: Filed, standings: dict[int, Standing]) -> Record | None:
        """Its own words come back to it; before the Turn it counts as received."""
        found = standings.get(own.ticket_id)
        if found is not None and found.protected:
            return None
        code = own.service_code or (found.category if found else "")
        record = self._record(own.request, code, found, own.at)
        record.update({name: own.words.get(name) for name in ("description", "address")})
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

    def _changes(self, own: Filed, found: Standing) -> list[Record]:
        if found.protected:
            return []
        records: list[Record] = []
        said = ""
        for step in filed.steps_of(self._db, found.id):
            note = progress.note_of(Stage(step.after))
            if note == said:
                continue
            said = note
            records.append(
                {
                    "at": step.at,
                    "update_id": f"{own.request}-{step.id}",
                    "service_request_id": own.request,
                    "status": progress.status_of(Stage(step.after)),
                    "updated_datetime": _iso(step.at),
                    "description": self._rules.text(note, unit=found.unit),
                }
            )
        return records


def _fits(record: Record, wanted: Wanted) -> bool:
    right_code = not wanted.codes or record["service_code"] in wanted.codes
    return right_code and (not wanted.statuses or record["status"] in wanted.statuses)


def _iso(moment: datetime) -> str:
    return moment.astimezone(clocks.ZONE).isoformat(timespec="seconds")
