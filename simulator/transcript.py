"""The coloured transcript of a day: one line per message, card, stage and chase, each only once.

Compares what chats and tickets show with what was printed before. Called by the day player.
"""

from simulator.world import Json

GREY, RED, GREEN, YELLOW, BLUE, BOLD = "90", "31", "32", "33", "36", "1"
_LOUD = {"chase", "supervise", "escalate", "ring", "warn"}


class Transcript:
    """Turns new messages, changed cards and new journal rows into lines."""

    def __init__(self, people: dict[str, str], chats: dict[str, str], coloured: bool) -> None:
        self._people = people
        self._chats = chats
        self._coloured = coloured
        self._shown: dict[str, str] = {}
        self._journal: dict[str, int] = {}

    def paint(self, colour: str, text: str) -> str:
        """``text`` in an ANSI colour, where colours are wanted."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self._coloured else text

    def name(self, userid: str) -> str:
        """A person's display name."""
        return self._people.get(userid, userid)

    def messages(self, messages: list[Json]) -> list[str]:
        """A line for each message or card not shown yet, or changed since."""
        lines = []
        for one in messages:
            face = repr((one["text"], one["card"]))
            before = self._shown.get(one["msgid"])
            if before != face:
                lines.append(self._message(one, changed=before is not None))
                self._shown[one["msgid"]] = face
        return lines

    def _message(self, one: Json, changed: bool) -> str:
        when = self.paint(GREY, one["at"][11:19])
        place = self._chats.get(one["chat"], one["chat"])
        text = one["text"].replace("\n", " / ")
        if one["card"]:
            buttons = " ".join(f"[{button['text']}]" for button in one["card"]["buttons"])
            word = "卡片更新" if changed else "卡片"
            fields = " ".join(f"{key}:{value}" for key, value in one["card"]["fields"].items())
            return f"{when} {self.paint(BLUE, f'{word} → {place}')} {text} {fields} {buttons}"
        if one["from"] == "bot":
            return f"{when} {self.paint(GREEN, f'警格 → {place}')} {text}"
        return f"{when} {self.paint(BOLD, self.name(one['from']))} 在 {place}：{text}"

    def stages(self, ticket: Json) -> list[str]:
        """A line for each journal row not shown yet."""
        number, rows = ticket["number"], ticket.get("journal") or []
        fresh = rows[self._journal.get(number, 0) :]
        self._journal[number] = len(rows)
        return [self._stage(number, row) for row in fresh]

    def _stage(self, number: str, row: Json) -> str:
        colour = RED if row.get("act") in _LOUD else YELLOW
        moved = f"{row.get('from')} → {row.get('to')}"
        reason = f"（{row['reason']}）" if row.get("reason") else ""
        actor = self.name(str(row.get("actor") or ""))
        when = self.paint(GREY, str(row.get("at", ""))[11:19])
        done = self.paint(colour, f"工单 {number} {row.get('act')}")
        return f"{when} {done} {moved} {actor}{reason}"
