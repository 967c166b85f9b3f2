"""What people press: buttons of cards in any version they have seen.

An app's click carries a fresh response_code, a robot's click opens a 5 s window for replacing the
card. Called by the control API.
"""

from typing import Any

from simulator import app_callback
from simulator.app_messages import new_code
from simulator.model import Card, CardFace
from simulator.people import People, Wrong
from simulator.world import Json


class Clicks:
    """Carries out ``/sim/press``."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.sim = people.sim

    def find_card(self, task_id: str, user: str) -> Card:
        """The newest card of that id that ``user`` was shown.

        Raises: Wrong 404 when nobody has such a card, 403 when this user has not.
        """
        cards = self.sim.timeline.cards_of(task_id)
        if not cards:
            raise Wrong(404, f"no card {task_id}")
        mine = [card for card in cards if user in self._viewers(card) and card.seen_by(user)]
        if not mine:
            raise Wrong(403, f"{user} was not shown {task_id}")
        return mine[-1]

    def _viewers(self, card: Card) -> tuple[str, ...]:
        chat = self.sim.world.chats.get(card.chat)
        return chat.members if chat else ()

    async def press(self, body: Json) -> Json:
        """Click a button of any version this user has seen; ``times`` clicks run concurrently.

        Raises: Wrong, for unknown card or button, or a card never shown to this user.
        """
        user = str(body.get("user"))
        if user not in self.sim.world.people:
            raise Wrong(404, f"no person {user}")
        card = self.find_card(str(body.get("card")), user)
        face, button = self._button(card, user, str(body.get("button")))
        selected = self._selected(face, body.get("selected") or {})
        times = body.get("times", 1)
        if not isinstance(times, int) or not 1 <= times <= 50:
            raise Wrong(400, "times is 1..50")
        click = self._app_click if card.door == "app" else self._robot_click
        sent = [await click(card, face, user, button, selected) for _ in range(times)]
        return {"delivered": any(sent)}

    @staticmethod
    def _button(card: Card, user: str, wanted: str) -> tuple[CardFace, Json]:
        for face in reversed(card.seen_by(user)):
            for button in face.callbacks():
                if wanted in (button["key"], button["text"]):
                    return face, button
        raise Wrong(404, f"no button {wanted}")

    @staticmethod
    def _selected(face: CardFace, chosen: Any) -> list[tuple[str, list[str]]]:
        if not isinstance(chosen, dict):
            raise Wrong(400, "selected is {question_key: [option_id]}")
        options = {
            one["key"]: [option["id"] for option in one["options"]] for one in face.questions()
        }
        found = []
        for key, ids in chosen.items():
            picked = [str(one) for one in (ids if isinstance(ids, list) else [ids])]
            if key not in options or not set(picked) <= set(options[key]):
                raise Wrong(400, f"selected {key}: {picked}")
            found.append((str(key), picked))
        return found

    async def _app_click(
        self, card: Card, face: CardFace, user: str, button: Json, selected: list[Any]
    ) -> bool:
        if not self.sim.bot_url:
            return False
        chat = self.sim.world.chats[f"app:{user}"]
        event = "template_card_menu_event" if button["menu"] else "template_card_event"
        fields: Json = {
            "MsgType": "event",
            "Event": event,
            "EventKey": button["key"],
            "TaskId": card.task_id,
            "CardType": face.raw.get("card_type"),
            "ResponseCode": new_code(self.sim, str(card.task_id)),
        }
        if selected:
            items = [{"QuestionKey": k, "OptionIds": {"OptionId": ids}} for k, ids in selected]
            fields["SelectedItems"] = {"SelectedItem": items}
        work = app_callback.deliver(self.sim, self.people.postman, chat, fields, card)
        self.sim.spawn("callback app", work)
        return True

    async def _robot_click(
        self, card: Card, face: CardFace, user: str, button: Json, selected: list[Any]
    ) -> bool:
        desk = self.sim.desks[card.door]
        chat = self.sim.world.chats[card.chat]
        turn = desk.open_turn("card", chat, user, self.sim.new_msgid(), card)
        click: Json = {
            "card_type": face.raw.get("card_type"),
            "event_key": button["key"],
            "task_id": card.task_id,
        }
        if selected:
            items = [
                {"question_key": key, "option_ids": {"option_id": ids}} for key, ids in selected
            ]
            click["selected_items"] = {"selected_item": items}
        event = {"eventtype": "template_card_event", "template_card_event": click}
        body = self.people.robot_body(desk, turn) | {"msgtype": "event", "event": event}
        return await self.people.hand_over(desk, turn, "aibot_event_callback", body) is None
