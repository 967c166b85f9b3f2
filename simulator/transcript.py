"""The coloured transcript of a day: one line per message, card, stage and chase, each only once.

Compares what chats and tickets show with what was printed before. Called by the day player.
Labels that the ticket list brings (``act_label`` …) are read out; without them the plain ids.
"""

from collections.abc import Iterator
from typing import NamedTuple

from simulator.world import Json

GREY, RED, GREEN, YELLOW, BLUE, BOLD = "90", "31", "32", "33", "36", "1"
_LOUD = {"chase", "supervise", "escalate", "ring", "warn"}
_SPOKEN, _STAGE, _CARD, _ANSWER = range(4)
_LAST = "9"
_NO_TIME = " " * 8


class _Line(NamedTuple):
    """``at`` to the second, then people before stages, cards and the bot's words."""

    at: str
    rank: int
    text: str


class Transcript:
    """Turns new messages, changed cards and new journal rows into lines."""

    def __init__(self, people: dict[str, str], chats: dict[str, str], coloured: bool) -> None:
        self._people = people
        self._chats = chats
        self._coloured = coloured
        self._shown: dict[str, str] = {}
        self._journal: dict[str, int] = {}
        self._day = ""

    def paint(self, colour: str, text: str) -> str:
        """``text`` in an ANSI colour, where colours are wanted."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self._coloured else text

    def name(self, userid: str) -> str:
        """A person's display name."""
        return self._people.get(userid, userid)

    def fresh(self, messages: list[Json], tickets: list[Json]) -> list[str]:
        """A line for whatever is not shown yet, in the order in which it happened.

        A changed card stands last: the simulator keeps the moment at which it was first sent.
        """
        lines = [*self._messages(messages)]
        for ticket in tickets:
            lines += self._stages(ticket)
        told = []
        for line in sorted(lines, key=lambda one: (one.at, one.rank)):
            told += self._new_day(line.at)
            told.append(line.text)
        return told

    def _new_day(self, at: str) -> list[str]:
        """A heading when a later day begins."""
        day = at[:10]
        before, self._day = self._day, max(self._day, day) if at != _LAST else self._day
        if not before or self._day == before:
            return []
        return [self.paint(GREY, f"—— {int(day[5:7])}月{int(day[8:])}日")]

    # ------------------------------------------------------------- messages
    def _messages(self, messages: list[Json]) -> Iterator[_Line]:
        for one in messages:
            face = repr((one["text"], one["card"]))
            before = self._shown.get(one["msgid"])
            if before == face:
                continue
            self._shown[one["msgid"]] = face
            if one["card"] and before is not None:
                yield _Line(_LAST, _CARD, self._changed(one))
            else:
                yield self._message(one)

    def _message(self, one: Json) -> _Line:
        when = self.paint(GREY, one["at"][11:19])
        text = one["text"].replace("\n", " / ")
        if one["card"]:
            place = self.paint(BLUE, f"卡片 → {self._place(one)}")
            return _Line(one["at"][:19], _CARD, f"{when} {place} {text} {_rest(one['card'])}")
        if one["from"] == "bot":
            place = self.paint(GREEN, f"警格 → {self._listener(one)}")
            return _Line(one["at"][:19], _ANSWER, f"{when} {place} {text}")
        who = self.paint(BOLD, self.name(one["from"]))
        return _Line(one["at"][:19], _SPOKEN, f"{when} {who} {self._where(one)}：{text}")

    def _changed(self, one: Json) -> str:
        """Its two headings and what may have changed; the words stood on the card before."""
        title = " / ".join(one["text"].split("\n")[:2])
        place = self.paint(BLUE, f"卡片更新 → {self._place(one)}")
        return f"{_NO_TIME} {place} {title} {_rest(one['card'])}"

    def _place(self, one: Json) -> str:
        return str(self._chats.get(one["chat"], one["chat"]))

    def _listener(self, one: Json) -> str:
        robot, person = self._private(one)
        return f"{person}（{robot}单聊）" if robot else self._place(one)

    def _where(self, one: Json) -> str:
        robot, _person = self._private(one)
        return f"对{robot}说" if robot else f"在 {self._place(one)}"

    def _private(self, one: Json) -> tuple[str, str]:
        """Robot and person of a 1:1 chat, named ``robot · person``; two blanks for a group."""
        robot, dot, person = self._place(one).partition(" · ")
        return (robot, person) if dot and ":" in one["chat"] else ("", "")

    # ------------------------------------------------------------- stages
    def _stages(self, ticket: Json) -> Iterator[_Line]:
        number, rows = ticket["number"], ticket.get("journal") or []
        fresh = rows[self._journal.get(number, 0) :]
        self._journal[number] = len(rows)
        for row in fresh:
            yield _Line(str(row.get("at", ""))[:19], _STAGE, self._stage(number, row))

    def _stage(self, number: str, row: Json) -> str:
        colour = RED if row.get("act") in _LOUD else YELLOW
        before, after = (row.get(f"{end}_label") or row.get(end) or "" for end in ("from", "to"))
        moved = after if before == after else f"{before} → {after}"
        reason = f"（{row['reason']}）" if row.get("reason") else ""
        actor = row.get("actor_name") or self.name(str(row.get("actor") or ""))
        when = self.paint(GREY, str(row.get("at", ""))[11:19])
        done = self.paint(colour, f"工单 {number} {row.get('act_label') or row.get('act')}")
        return f"{when} {done} {moved} {actor}{reason}"


def _rest(card: Json) -> str:
    """Fields and buttons."""
    fields = " ".join(f"{key}:{value}" for key, value in card["fields"].items())
    buttons = " ".join(f"[{button['text']}]" for button in card["buttons"])
    return f"{fields} {buttons}"
