"""The rows of one made-up matter (一件事的各行): ticket, journal, and what hangs on it.

Sealed columns are sealed as the program seals them, ended matters are anonymous after the time of
retention.yaml; people are the site's roster and residents that nobody is. Called by
``bench.station.make``, which brings the matters in order of time.
"""

import heapq
import json
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from bench.station.beside import Beside
from bench.station.bulk import Bulk
from bench.station.lives import Life, Luck, Step, lived
from bench.station.matter import Kind, Matter
from bench.station.words import said
from bot.domain import clocks, pauses, running, ticket_numbers
from bot.lines import line_of
from config.people_rules import Grid, Person
from config.rules import Rules
from config.time_rules import Pause
from config.vocabulary import Act, Danger, Role, Stage, Urgency
from storage.repeats import FOCUS
from storage.sealed import Seal
from storage.tables import JournalRow, SerialRow, TicketRow
from storage.tickets import ENDED

_FIRST = (Stage.NEW, Stage.ADMITTED, Stage.ASSIGNED)
_ORIGINS = ("group", "private", "carried", "phone", "patrol", "hotline", "walk_in")
_OFTEN = (40, 25, 10, 12, 6, 4, 3)


@dataclass
class Matters:
    """Makes them one after the other; journal rows wait until their moment."""

    bulk: Bulk
    seal: Seal
    rules: Rules
    rng: Random
    now: datetime
    people: int
    _serials: dict[str, int] = field(default_factory=dict)
    _waiting: list[tuple[datetime, int, int, Matter, Step]] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        """What is the same for all of them."""
        self._kinds = kinds_of(self.rules)
        self._weights = [kind.weight for kind in self._kinds]
        self.keys = [self.seal.person_key(f"bench-{n}") for n in range(self.people)]
        self._groups: dict[str, list[str]] = {}
        for chat in self.rules.chats.chats:
            self._groups.setdefault(chat.grid or "", []).append(chat.id)
        self.beside = Beside(self.bulk, self.seal, self.rules, self.rng, self.now)

    def make(self, at: datetime, *, is_focus: bool = False) -> Matter:
        """The rows of a matter that was opened then; ``is_focus``: the station found it itself."""
        self.tell(at)
        kind = self.rng.choices(self._kinds, self._weights)[0]
        grid = self.rng.choice(self.rules.grids.grids) if self.rng.random() > 0.04 else None
        origin = FOCUS if is_focus else self.rng.choices(_ORIGINS, _OFTEN)[0]
        danger = self._danger(kind)
        is_four = grid is not None and grid.pipeline == "four" and origin in ("patrol", "carried")
        luck = Luck(self.rng, danger is not Danger.NONE, kind.handled_by != "police", is_four)
        life = lived(at, self.now, luck)
        matter = self._matter(kind, grid, origin, danger, life)
        self._ticket(matter, origin)
        for index, step in enumerate(life.steps):
            heapq.heappush(self._waiting, (step.at, matter.id, index, matter, step))
        self.beside.rows(matter)
        return matter

    def _danger(self, kind: Kind) -> Danger:
        chance = self.rng.random()
        if kind.urgency is Urgency.U1 or chance < 0.006:
            return Danger.CONFIRMED
        return Danger.SUSPECTED if chance < 0.02 else Danger.NONE

    def _matter(
        self, kind: Kind, grid: Grid | None, origin: str, danger: Danger, life: Life
    ) -> Matter:
        self.count += 1
        is_public = origin == "group" and grid is not None
        groups = self._groups.get(grid.id, []) if grid and is_public else []
        chat = self.rng.choice(groups) if groups else ""
        kept = self.rules.retention.reporter
        grave = kind.is_protected or danger is not Danger.NONE
        ended = life.closed_at or life.stage_at
        is_old = life.stage in ENDED and ended < self.now - kept and not grave
        return Matter(
            id=self.count,
            number=self._number(life.opened_at),
            kind=kind,
            grid=grid,
            owner=self._owner(kind, grid, life),
            department=kind.handled_by if kind.handled_by != "police" else "",
            chat=chat,
            carrier=grid.workers[0] if grid and origin == "carried" and grid.workers else "",
            reporter_key="" if is_old else self.rng.choice(self.keys),
            danger=danger,
            is_anonymous=is_old,
            words=said(self.rng, kind.code, grid),
            life=life,
        )

    def _number(self, at: datetime) -> str:
        local = at.astimezone(clocks.ZONE)
        day = f"{local:%Y%m%d}"
        self._serials[day] = self._serials.get(day, 0) + 1
        return ticket_numbers.make(self.rules.station.prefix, local, self._serials[day])

    def _owner(self, kind: Kind, grid: Grid | None, life: Life) -> Person:
        rules = self.rules
        if kind.handled_by != "police":
            return next(p for p in rules.people if p.department == kind.handled_by)
        team = grid.team[:3] if grid else ()
        found = rules.person(self.rng.choice(team)) if team else None
        return found or next(p for p in rules.people if p.role is Role.COMMAND_ROOM)

    def _ticket(self, matter: Matter, origin: str) -> None:
        life, kind, about = matter.life, matter.kind, f"ticket:{matter.number}"
        was_given = life.did(Act.ASSIGN) or life.did(Act.DIVERT)
        seal, words = self.seal.close, matter.words
        voice = {"user": f"bench-{matter.id}", "chat": matter.chat or f"bot:{matter.id}"}
        voices = [] if matter.is_anonymous else [{**voice, "said_at": ""}]
        result = {"internal": words.result, "public": words.told}
        is_told = life.did(Act.RESOLVE) is not None
        times, urgency = self.rules.times, self._urgency(matter)
        promise = times.promise(urgency, kind.code)
        finish = (
            clocks.due_at(life.opened_at, promise, times.work)
            if life.stage not in ENDED
            else life.opened_at + promise.span
        )
        self.bulk.add(
            TicketRow,
            number=matter.number, serial=ticket_numbers.serial_in(matter.number),
            version=len(life.steps), stage=life.stage, prior_stage=life.prior, category=kind.code,
            urgency=urgency, danger=matter.danger, protected=kind.is_protected, origin=origin,
            grid=matter.grid.id if matter.grid else "", chat=matter.chat,
            line=line_of(matter.chat or f"bot:bench-{matter.id}"),
            owner=matter.owner.id if was_given else "",
            department=matter.department if was_given else "",
            unit=matter.owner.unit if was_given else "", reporter_key=matter.reporter_key,
            reporter_sealed=seal(json.dumps(voices), about), carrier=matter.carrier,
            masked_sealed=seal("" if matter.is_anonymous else words.masked, about),
            original_sealed=seal("" if matter.is_anonymous else words.original, about),
            place=json.dumps(words.place, ensure_ascii=False),
            place_key=f"{matter.grid.id}|{words.place['building']}" if matter.grid else "",
            opened_at=life.opened_at, stage_at=life.stage_at, clock_at=life.clock_at,
            due_at=self._due(matter, urgency), closed_at=life.closed_at, finish_at=finish,
            reopen_count=life.reopened, return_count=life.returned, urged_count=life.urged,
            closing_code=life.code, rating=life.rating, rules_version=self.rules.version,
            result_sealed=seal(json.dumps(result if is_told else dict.fromkeys(result, "")), about),
            anonymised_at=(life.closed_at or life.stage_at) + self.rules.retention.reporter
            if matter.is_anonymous
            else None,
        )  # fmt: skip

    def _urgency(self, matter: Matter) -> Urgency:
        return Urgency.U1 if matter.danger is Danger.CONFIRMED else matter.kind.urgency

    def _due(self, matter: Matter, urgency: Urgency) -> datetime | None:
        """Of an open one, counted as ``handlers.loop.due_of`` counts."""
        life, times = matter.life, self.rules.times
        if life.stage in ENDED or (life.pauses and life.pauses[-1][1] is None):
            return None
        step = running.step_of(life.stage, life.prior)
        allowance = times.allowance(step, urgency, matter.kind.code)
        if allowance is None:
            return None
        stood = [] if step in _FIRST else pauses_of(life)
        return pauses.due_at(life.clock_at, allowance, times.work, stood)

    # -- the journal, in order of time ------------------------------------------------------

    def tell(self, until: datetime) -> None:
        """Write the steps that were taken before then."""
        while self._waiting and self._waiting[0][0] <= until:
            _, _, index, matter, step = heapq.heappop(self._waiting)
            self._step(matter, index, step)

    def _step(self, matter: Matter, index: int, step: Step) -> None:
        key = f"made:{matter.id:08d}:{index}"
        reason = self._reason(matter, step)
        self.bulk.add(
            JournalRow,
            key=key, ticket_id=matter.id, at=step.at, actor=self._actor(matter, step), act=step.act,
            from_stage=step.before or "", to_stage=step.after,
            reason_sealed=self.seal.close(reason, f"journal:{key}") if reason else "",
            rules_version=self.rules.version,
        )  # fmt: skip

    def _actor(self, matter: Matter, step: Step) -> str:
        match step.who:
            case "doer":
                return matter.owner.id
            case "room":
                return next(p.id for p in self.rules.people if p.role is Role.COMMAND_ROOM)
            case "leader":
                return matter.grid.leader if matter.grid else "system"
            case _:
                return step.who

    def _reason(self, matter: Matter, step: Step) -> str:
        if step.act is Act.OPEN:
            return "" if matter.is_anonymous else matter.words.masked[:200]
        if step.act is Act.RESOLVE:
            return matter.words.result
        return matter.owner.unit if step.act in (Act.ASSIGN, Act.DIVERT) else ""

    def done(self) -> None:
        """Write the rest of the journal, and the last serial of each day."""
        self.tell(self.now)
        for day, last in self._serials.items():
            self.bulk.add(SerialRow, day=day, last=last)


def pauses_of(life: Life) -> list[Pause]:
    """The pauses as the rules count them."""
    return [Pause(begins, ends) for begins, ends, _ in life.pauses]


def kinds_of(rules: Rules) -> list[Kind]:
    """The categories with a plausible weight each; complaints and drug tips are rare."""
    rare = {"P23", "P08", "P05", "P06", "P21", "P20"}
    return [
        Kind(
            one.code,
            one.handled_by,
            bool(one.protected),
            Urgency(one.urgency),
            1 if one.code in rare else 4 if one.protected else 12,
        )
        for one in rules.reading.categories
    ]
