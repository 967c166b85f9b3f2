"""One station, every door (每一扇门): the same words can come in by any of them.

``hears`` puts an event in as that door makes it: the robot in the group, the archive of the
group, 微信客服, an order of 政民沟通, another system. Who speaks is somebody else at each door.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.door_events import Filed, OrderSeen
from bot.events import OVERHEARD, Event, Heard
from bot.wecom.kf_letters import found_of
from bot.wecom.orders_wire import digest_of, order_in
from config.vocabulary import Act
from storage import journal
from tests.handlers.office import GROUP, Office

ACCOUNT, HANDLER = "wkA", "fang_xiaoman"
IN_GROUP = ("bot", "archive")
DOORS = ("bot", "archive", "kf", "order", "filed")
PEOPLE = {"bot": "wang_ayi", "archive": "wmWANG", "kf": "wmWANG"}


@dataclass
class Doors:
    """The doors of ``office``; ``estate`` is what people outside the group call their place."""

    office: Office
    estate: str = "桂花苑"
    _count: int = 0

    def hears(self, door: str, words: str, by: str = "") -> list[tuple[str, str]]:
        """What is to be said when ``words`` come in by ``door``, half a minute after the last."""
        self.office.now += timedelta(seconds=30)
        self._count += 1
        if door == "bot":
            return self.office.says(by or PEOPLE[door], words)
        where = "" if door in IN_GROUP or self.estate in words else self.estate
        event: Event = getattr(self, f"_{door}")(f"{where}{words}", by or PEOPLE.get(door, ""))
        return self.office.handle(event)

    def _archive(self, words: str, by: str) -> Heard:
        key = f"archive:d{self._count}"
        return Heard(key=key, at=self.office.now, chat=GROUP, by=by, door=OVERHEARD, text=words)

    def _kf(self, words: str, by: str) -> Event:
        row = {"msgid": f"d{self._count}", "open_kfid": ACCOUNT, "external_userid": by}
        stamp = {"send_time": int(self.office.now.timestamp()), "origin": 3, "msgtype": "text"}
        found = found_of({**row, **stamp, "text": {"content": words}}, ACCOUNT, self.office.now)
        assert found is not None
        assert found.event is not None
        return found.event

    def _order(self, words: str, _by: str) -> OrderSeen:
        number = f"o{self._count}"
        raw: dict[str, Any] = {
            "order_id": number,
            "desc": words,
            "grid_id": "w1",
            "grid_name": "桂花社区第一网格",
            "create_time": int(self.office.now.timestamp()),
            "processor_userids": [HANDLER],
            "process_list": [{"process_type": 2, "solve_userid": HANDLER, "solved_time": 5}],
        }
        data = order_in(raw)
        key = f"order:resident:{number}:{digest_of(data)}"
        return OrderSeen(key=key, at=self.office.now, kind="resident", order=number, data=data)

    def _filed(self, words: str, _by: str) -> Filed:
        number = f"r{self._count}"
        return Filed(
            key=f"filed:{number}",
            at=self.office.now,
            client="guihua_property",
            request=number,
            text=words,
        )

    def cards(self, said: list[tuple[str, str]], user: str) -> list[str]:
        """The new cards among ``said`` that ``user`` was shown."""
        mine = f"app:{user}"
        return [w for chat, w in said if chat == mine and w.startswith("card: ")]

    def acts(self, act: Act) -> int:
        """How often that act stands in the stories of all tickets."""
        ids = [ticket.id for ticket in self.office.tickets()]
        stories = self.office.looks(lambda db: [journal.of_ticket(db, one) for one in ids])
        return sum(entry.act == act for story in stories for entry in story)
