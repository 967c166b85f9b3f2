"""The block with customer groups (大厅): the registry lies over the rules, as in the engine."""

from collections.abc import Hashable
from typing import Any

from bot.domain.grouping import over
from bot.door_events import GroupChange, Regrouped
from bot.engine.group_rules import registered
from bot.events import OVERHEARD, Event, Heard
from bot.lines import line_of
from config.rules import Rules
from storage import customer_groups as stored
from storage import drafts
from storage.customer_groups import CustomerGroup
from storage.drafts import Draft
from tests.handlers.block import Block, block_of
from tests.handlers.office import Office

NEW = "wrXINQUN"
OFFICER, OTHER, WORKER = "lin_zhiyuan", "he_yunfei", "fang_xiaoman"
ROOM, SECOND, LEADER = "qiu_ruolan", "bai_jingshu", "zhong_yihang"


class Hall(Block):
    """The block; what the registry says lies over the rules, as in the engine."""

    base: Rules

    def handle(
        self, event: Event, known: dict[Hashable, object] | None = None
    ) -> list[tuple[str, str]]:
        self.rules = over(self.base, self.looks(registered))
        return super().handle(event, known)

    def told(self, change: GroupChange, chat: str = NEW, **more: Any) -> list[tuple[str, Any]]:
        self.heard += 1
        key = f"group:t{self.heard}"
        event = Regrouped(key=key, at=self.now, chat=chat, change=change, **more)
        return self.handle(event)

    def sees(self, chat: str = NEW, **more: Any) -> list[tuple[str, Any]]:
        usual: dict[str, Any] = {"name": "桂花苑业主群", "owner": WORKER, "staff": (WORKER,)}
        usual |= {"members": 1, "residents": 30, "version": "v1"}
        return self.told(GroupChange.SEEN, chat, **usual | more)

    def claims(self, grid: str = "桂花社区第一网格") -> None:
        self.presses(OFFICER, self.card_of(OFFICER, "新的居民群"), grid)
        self.presses_update(OFFICER, "对")

    def presses_update(self, user: str, label: str) -> list[tuple[str, str]]:
        return self.presses(user, self.last_cards[-1], label)

    def overhears_in(self, chat: str, user: str, text: str) -> list[tuple[str, Any]]:
        self.heard += 1
        key = f"archive:h{self.heard}"
        return self.handle(
            Heard(key=key, at=self.now, chat=chat, by=user, door=OVERHEARD, text=text)
        )

    def group(self, chat: str = NEW) -> CustomerGroup:
        found: CustomerGroup = self.looks(lambda db: stored.get(db, chat))
        return found

    def drafts(self, kind: str, chat: str = NEW) -> list[Draft]:
        found: list[Draft] = self.looks(lambda db: drafts.open_in(db, line_of(chat)))
        return [one for one in found if one.kind == kind]


def hall_of(office: Office) -> Hall:
    """The block's office, where groups come and go."""
    block = block_of(office)
    made = Hall(office.database, block.rules)
    made.base = block.rules
    return made
