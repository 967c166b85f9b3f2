"""What hangs on a made-up matter (旁的行): events, messages, timers, judgements, hand-overs.

As many rows of each table as a matter leaves on average, with the moments of its life; bodies are
sealed and short. Called by ``bench.station.matters`` once for each matter.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bench.station.bulk import Bulk
from bench.station.matter import Matter
from bot.lines import PARTITIONS, line_of, partition_of
from config.rules import Rules
from config.vocabulary import Act, Stage
from storage.divert_tables import DiversionRow
from storage.mediation_tables import MediationRow, MediationSessionRow
from storage.people_tables import AskRow, CorrectionRow, HeardRow, RatingRow
from storage.repeats_tables import EffectRow
from storage.sealed import Seal
from storage.station_tables import ApprovalRow, FactRow, PauseRow
from storage.tables import CardRow, InboxRow, OutgoingRow, ReceiptRow, TimerRow
from storage.team_tables import SubtaskRow
from storage.tickets import ENDED

_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)
_EFFECT = timedelta(days=30)
_TALK_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Beside:
    """Writes them."""

    bulk: Bulk
    seal: Seal
    rules: Rules
    rng: Random
    now: datetime

    def rows(self, about: Matter) -> None:
        """Everything beside ticket and journal."""
        self._heard(about)
        self._messages(about)
        self._timers(about)
        self._judged(about)
        self._departments(about)
        self._pauses(about)
        self._mediated(about)
        self._parts(about)
        self._effect(about)

    def _heard(self, about: Matter) -> None:
        """The events that led there; old ones have lost their words, the oldest are gone."""
        at, line = about.life.opened_at, line_of(about.chat or f"bot:bench-{about.id}")
        if at < self.now - self.rules.retention.audit:
            return
        is_old = at < self.now - _TALK_KEPT
        for n in range(2):
            key = f"made:e{about.id:08d}:{n}"
            body = "" if is_old else self.seal.close(about.masked, f"inbox:{key}")
            self.bulk.add(
                InboxRow,
                key=key, line=line, partition=partition_of(line) % PARTITIONS, kind="heard",
                payload_sealed=body, event_at=at, received_at=at, done_at=at + _SECOND,
            )  # fmt: skip
            if not is_old:
                self._remembered(about, key, line, at)

    def _remembered(self, about: Matter, key: str, line: str, at: datetime) -> None:
        self.bulk.add(
            HeardRow,
            event_key=key, line=line, person_key=about.reporter_key, at=at, kind="open",
            category=about.category, ticket_id=about.id,
            masked_sealed=self.seal.close(about.masked, f"heard:{key}"),
        )  # fmt: skip

    def _messages(self, about: Matter) -> None:
        """The first answer, the owner's card, the answer to the reporter, with their receipts."""
        told = about.life.did(Act.FEEDBACK)
        to = line_of(f"app:{about.owner.id}")
        home = line_of(about.chat or f"bot:bench-{about.id}")
        said = [(about.life.opened_at, home, "socket"), (about.life.opened_at, to, "app")]
        said += [(told, home, "socket")] if told else []
        for n, (at, line, lane) in enumerate(said):
            key = f"made:o{about.id:08d}:{n}"
            out = self.bulk.add(
                OutgoingRow,
                key=key, lane=lane, line=line, ticket_id=about.id, state="sent",
                body_sealed=self.seal.close('{"chat":"","message":"{}"}', f"outgoing:{key}"),
                created_at=at, due_at=at,
            )  # fmt: skip
            self.bulk.add(ReceiptRow, outgoing_id=out, at=at + _SECOND, msgid=key)
        if about.life.did(Act.ASSIGN) or about.life.did(Act.DIVERT):
            task = f"made:c{about.id:08d}"
            at, user = about.life.opened_at, about.owner.id
            self.bulk.add(CardRow, task_id=task, ticket_id=about.id, user=user, shown_at=at)

    def _timers(self, about: Matter) -> None:
        """All of them have ended: of an open matter none waits here, so that nothing fires."""
        at, line = about.life.opened_at, line_of(about.chat or f"bot:bench-{about.id}")
        for n in range(3):
            self.bulk.add(
                TimerRow,
                key=f"made:t{about.id:08d}:{n}", ticket_id=about.id, line=line, kind="ladder",
                due_at=at + _DAY, done_at=at + timedelta(hours=2),
            )  # fmt: skip

    def _judged(self, about: Matter) -> None:
        for n, (asked, rated, score) in enumerate(about.life.rated):
            self.bulk.add(
                RatingRow, ticket_id=about.id, round=n, asked_at=asked, score=score, rated_at=rated
            )
            self.bulk.add(
                AskRow,
                key=f"made:a{about.id:08d}:{n}", kind="rate", person_key=about.reporter_key,
                ticket_id=about.id, asked_at=asked, until=asked + _DAY,
                answered_at=rated or asked + _DAY,
            )  # fmt: skip
        key = f"made:r{about.id:08d}"
        self.bulk.add(
            CorrectionRow,
            key=key, ticket_id=about.id, at=about.life.opened_at, read_as=about.category,
            masked_sealed="", rules_version=self.rules.version,
        )  # fmt: skip

    def _departments(self, about: Matter) -> None:
        """One hand-over for each time it was diverted; the last one runs while it is open."""
        life = about.life
        given = [step.at for step in life.steps if step.act is Act.DIVERT]
        back = [step.at for step in life.steps if step.act is Act.SEND_BACK]
        row = next((r.id for r in self.rules.divert.list if r.category == about.category), "")
        for n, at in enumerate(given):
            returned = back[n] if n < len(back) else None
            ended = returned or life.did(Act.RESOLVE)
            if ended is None and life.stage in ENDED:
                ended = life.stage_at
            how = "returned" if returned else "answered" if ended else ""
            self.bulk.add(
                DiversionRow,
                key=f"made:d{about.id:08d}:{n}", ticket_id=about.id,
                round="intake" if n == 0 else "backstop", list_version=self.rules.divert.version,
                row_id=row, department=about.department, at=at, by="system",
                due_at=at + 3 * _DAY, ended_at=ended, ended_how=how,
            )  # fmt: skip

    def _pauses(self, about: Matter) -> None:
        life = about.life
        for n, (begins, ends, kind) in enumerate(life.pauses):
            key = f"made:p{about.id:08d}:{n}"
            self.bulk.add(
                PauseRow, key=key, ticket_id=about.id, kind=kind, begins_at=begins, ends_at=ends
            )
        wished = life.did(Act.SUSPEND)
        is_open = life.stage in (Stage.ACCEPTED, Stage.VERIFYING, Stage.HANDLING)
        if wished or (is_open and self.rng.random() < 0.04):
            self._wish(about, wished)

    def _wish(self, about: Matter, granted: datetime | None) -> None:
        key = f"made:w{about.id:08d}"
        self.bulk.add(
            ApprovalRow,
            key=key, ticket_id=about.id, act=Act.SUSPEND, asked_by=about.owner.id,
            asked_at=about.life.stage_at,
            reason_sealed=self.seal.close("等零件", f"approval:{key}"),
            decided_at=granted, is_granted=granted is not None,
        )  # fmt: skip

    def _mediated(self, about: Matter) -> None:
        begun = about.life.did(Act.ACCEPT)
        plan = self.rules.mediation
        is_dispute = about.category in self.rules.closing.disputes
        if begun is None or plan is None or not is_dispute or self.rng.random() > 0.5:
            return
        is_over = about.life.stage in ENDED
        mediator = (about.grid.mediator if about.grid else None) or about.owner.id
        key = f"made:m{about.id:08d}"
        row = self.bulk.add(
            MediationRow,
            key=key, ticket_id=about.id, force=plan.forces[0].id, mediator=mediator,
            state="ended" if is_over else self.rng.choice(("invited", "running")),
            started_at=begun, eventful_at=about.life.stage_at, side_a="said",
            ended_at=about.life.stage_at if is_over else None,
            result="succeeded" if is_over else "",
        )  # fmt: skip
        self.bulk.add(
            MediationSessionRow,
            key=f"{key}:1", mediation_id=row, ticket_id=about.id, kind="held", at=begun + _DAY,
            force=plan.forces[0].id, by=mediator,
            minutes_sealed=self.seal.close("谈过一回", f"mediation_session:{key}:1"),
        )  # fmt: skip

    def _parts(self, about: Matter) -> None:
        """Sub-tasks and facts; both end with their ticket."""
        begun = about.life.did(Act.ACCEPT)
        if begun is not None and self.rng.random() < 0.03:
            is_over = about.life.stage in ENDED
            self.bulk.add(
                SubtaskRow,
                key=f"made:s{about.id:08d}", ticket_id=about.id, user=about.owner.id,
                made_by=about.owner.id, made_at=begun, due_at=begun + _DAY,
                state="done" if is_over else "taken",
                ended_at=about.life.stage_at if is_over else None,
            )  # fmt: skip
        if about.life.closed_at and self.rng.random() < 0.01:
            self.bulk.add(
                FactRow,
                key=f"made:f{about.id:08d}", ticket_id=about.id, kind="not_counted",
                at=about.life.closed_at,
            )  # fmt: skip

    def _effect(self, about: Matter) -> None:
        closed = about.life.closed_at
        if closed is not None and closed + _EFFECT < self.now and self.rng.random() < 0.5:
            self.bulk.add(
                EffectRow,
                key=f"made:x{about.id:08d}", ticket_id=about.id, closed_at=closed, days=30,
                repeats=int(self.rng.random() < 0.1), checked_at=closed + _EFFECT,
            )  # fmt: skip
