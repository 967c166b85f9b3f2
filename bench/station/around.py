"""What a made-up station has beside its matters (所里别的行): looks, logins, shifts, samples, talk.

Day by day over all its years, as far back as retention.yaml keeps them. Called by
``bench.station.make`` in order of time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bench.station.bulk import Bulk
from bot.lines import line_of
from config.rules import Rules
from config.vocabulary import Role
from storage.draft_tables import GroupDraftRow
from storage.field_tables import FormRow
from storage.handover_tables import HandoverRow
from storage.joint_tables import TallyRow
from storage.people_tables import ConversationRow, PersonRow, SampleRow
from storage.sealed import Seal
from storage.web_tables import ViewRow, WebSessionRow

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SHIFT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Around:
    """Writes a day after the other; ``newest`` is the id of the newest ticket then."""

    bulk: Bulk
    seal: Seal
    rules: Rules
    rng: Random
    now: datetime

    def day(self, at: datetime, newest: int) -> None:
        """The rows of the day that begins then."""
        if at > self.now - self.rules.retention.audit:
            self._looks(at, newest)
            self._shifts(at)
        if at > self.now - timedelta(days=90):
            self._samples(at)
            self._drafts(at, newest)
        for n in range(4):
            key = f"made:{at:%Y%m%d}:{n}"
            grid = self.rng.choice(self.rules.grids.grids).id
            self.bulk.add(TallyRow, key=key, kind="patrol", grid=grid, at=at + n * _HOUR)
            self.bulk.add(
                FormRow,
                key=key, form="visit", grid=grid, began_at=at, until=at + _DAY,
                ended_at=at + _HOUR, forgotten_at=at + _HOUR,
            )  # fmt: skip

    def _looks(self, at: datetime, newest: int) -> None:
        staff = [person for person in self.rules.people if person.role.is_staff]
        for n in range(12):
            person = self.rng.choice(staff)
            begun = at + self.rng.random() * _DAY
            key = f"made:{at:%Y%m%d}:{n}"
            self.bulk.add(
                WebSessionRow,
                key=key, user=person.id, device="Windows 电脑", opened_at=begun,
                until=begun + 8 * _HOUR, ended_at=begun + _HOUR,
            )  # fmt: skip
            for look in range(6):
                self.bulk.add(
                    ViewRow,
                    key=f"{key}:{look}", at=begun, user=person.id, what="工单",
                    ticket_id=max(1, newest - self.rng.randrange(400)),
                )  # fmt: skip

    def _shifts(self, at: datetime) -> None:
        room = [p.id for p in self.rules.people if p.role is Role.COMMAND_ROOM] or [""]
        for n in range(2):
            self.bulk.add(
                HandoverRow,
                key=f"made:{at:%Y%m%d}:{n}", role=Role.COMMAND_ROOM, user=room[n % len(room)],
                before=room[(n + 1) % len(room)], at=at + n * _SHIFT, unsigned=3,
            )  # fmt: skip

    def _samples(self, at: datetime) -> None:
        for n in range(20):
            key = f"made:{at:%Y%m%d}:{n}"
            self.bulk.add(
                SampleRow,
                key=key, kind="silent", at=at + n * _HOUR, drawn_on=f"{at:%Y%m%d}",
                is_right=self.rng.random() > 0.1, judged_at=at + _DAY,
                masked_sealed=self.seal.close("今天天气不错", f"sample:{key}"),
            )  # fmt: skip

    def _drafts(self, at: datetime, newest: int) -> None:
        """Words that a human had to say in a group; of the last day some still wait."""
        waits = at > self.now - _DAY
        group = self.rules.chats.chats[0].id
        for n in range(5):
            key = f"made:{at:%Y%m%d}:{n}"
            self.bulk.add(
                GroupDraftRow,
                key=key, chat=group, line=line_of(group), ticket_id=max(1, newest - n),
                kind="ack", text_sealed=self.seal.close("收到，记下了。", f"group_draft:{key}"),
                said_at=at, made_at=at, expires_at=at + 2 * _DAY,
                state="open" if waits else "sent", ended_at=None if waits else at + _HOUR,
            )  # fmt: skip

    def people(self, keys: list[str], begin: datetime) -> None:
        """Residents, each with a conversation of her own."""
        for n, key in enumerate(keys):
            at = begin + self.rng.random() * (self.now - begin)
            self.bulk.add(PersonRow, person_key=key, first_at=at, last_at=at)
            self.bulk.add(
                ConversationRow,
                line=line_of(f"bot:bench-{n}"), kind="single", door="socket", spoke_at=at,
                person_key=key,
            )  # fmt: skip
