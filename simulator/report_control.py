"""``/sim/orders`` and ``/sim/report``: how people make orders appear and change, for stories.

``POST /sim/orders {kind, desc, grid?, processors?, image?, urge?, case?, place?, order?}`` makes an
order; ``POST /sim/orders/{id} {type, by, words, status?, processors?}`` adds a step, or with
``finish`` ends the last one. ``POST /sim/report`` sets grids, categories and the app's permission.
Nobody waits: the bot polls when it polls.
"""

import base64
import binascii

from aiohttp import web

from simulator.answers import body_of, in_json
from simulator.people import Wrong
from simulator.report_api import KINDS, Order, ReportDesk, desk_of, shown_name
from simulator.sim import Sim
from simulator.world import Json


class ReportControl:
    """The control calls of 政民沟通."""

    def __init__(self, sim: Sim) -> None:
        self.sim = sim

    def routes(self) -> list[web.RouteDef]:
        """Where each handler lives."""
        return [
            web.get("/sim/orders", self.orders),
            web.post("/sim/orders", self.make),
            web.post("/sim/orders/{id}", self.step),
            web.post("/sim/report", self.arrange),
            web.get("/order-picture/{id}", self.picture),
        ]

    async def orders(self, _request: web.Request) -> web.Response:
        """All orders as the platform shows them, by kind."""
        desk = desk_of(self.sim)
        return in_json({kind: [o.shown for o in desk.orders[kind].values()] for kind in KINDS})

    async def make(self, request: web.Request) -> web.Response:
        """A new order; its id."""
        body, desk = await body_of(request), desk_of(self.sim)
        kind = str(body.get("kind", "resident"))
        if kind not in KINDS:
            raise Wrong(400, f"kind: {' or '.join(KINDS)}")
        desk.count += 1
        order = str(body.get("order") or f"o{desk.count}")
        now_s = self.sim.clock.seconds()
        by, processors = str(body.get("by", "")), list(body.get("processors", []))
        shown: Json = {
            "order_id": order,
            "desc": str(body.get("desc", "")),
            "urge_type": int(body.get("urge", 1)),
            "case_name": str(body.get("case", "")),
            "create_time": int(now_s),
            "image_urls": self._pictures(desk, body),
            "video_media_ids": [],
            "location": {"name": str(body.get("place", "")), "address": ""},
            "processor_userids": processors,
            "process_list": [_step(2 if kind == "resident" else 1, by, "", 1, int(now_s))],
        }
        if kind == "resident":
            shown |= {"reporter_name": "化名甲", "reporter_mobile": "0000-0000", "unionid": "uX"}
        shown |= self._grid(desk, str(body.get("grid", "")))
        desk.orders[kind][order] = Order(shown, now_s)
        return in_json({"order": order})

    @staticmethod
    def _grid(desk: ReportDesk, grid: str) -> Json:
        """Id and name as printed now; nothing for an order without a grid."""
        found = next((one for one in desk.grids if one["grid_id"] == grid), None)
        if grid and found is None:
            raise Wrong(404, f"no grid {grid}")
        return {"grid_id": grid, "grid_name": shown_name(found["grid_name"])} if found else {}

    def _pictures(self, desk: ReportDesk, body: Json) -> list[str]:
        if not body.get("image"):
            return []
        try:
            raw = base64.b64decode(str(body["image"]), validate=True)
        except (binascii.Error, ValueError) as bad:
            raise Wrong(400, "image: base64") from bad
        name = f"p{len(desk.pictures) + 1}"
        desk.pictures[name] = raw
        return [f"{self.sim.public_url}/order-picture/{name}"]

    async def step(self, request: web.Request) -> web.Response:
        """One more step of an order, or the end of its last one (``finish``)."""
        body, desk = await body_of(request), desk_of(self.sim)
        order = self._order(desk, request.match_info["id"])
        now_s = self.sim.clock.seconds()
        steps = order.shown["process_list"]
        if body.get("finish"):
            steps[-1] |= {"status": 1, "solved_time": int(now_s)}
        else:
            status = int(body.get("status", 1))
            words, by = str(body.get("words", "")), str(body.get("by", ""))
            steps.append(_step(int(body.get("type", 7)), by, words, status, int(now_s)))
        if "processors" in body:
            order.shown["processor_userids"] = list(body["processors"])
        order.changed_s = now_s
        return in_json(order.shown)

    @staticmethod
    def _order(desk: ReportDesk, order: str) -> Order:
        for kind in KINDS:
            if order in desk.orders[kind]:
                return desk.orders[kind][order]
        raise Wrong(404, f"no order {order}")

    async def arrange(self, request: web.Request) -> web.Response:
        """Grids, categories, permission; ``rename`` gives a grid another name on its orders too."""
        body, desk = await body_of(request), desk_of(self.sim)
        desk.grids = list(body.get("grids", desk.grids))
        desk.categories = list(body.get("categories", desk.categories))
        desk.allowed = bool(body.get("allowed", desk.allowed))
        for grid, name in dict(body.get("rename", {})).items():
            self._rename(desk, str(grid), str(name))
        return in_json({"grids": desk.grids, "allowed": desk.allowed})

    @staticmethod
    def _rename(desk: ReportDesk, grid: str, name: str) -> None:
        for one in desk.grids:
            if one["grid_id"] == grid:
                one["grid_name"] = name
        for orders in desk.orders.values():
            for order in orders.values():
                if order.shown.get("grid_id") == grid:
                    order.shown["grid_name"] = shown_name(name)

    async def picture(self, request: web.Request) -> web.Response:
        """The bytes of an order's picture."""
        raw = desk_of(self.sim).pictures.get(request.match_info["id"])
        if raw is None:
            raise web.HTTPNotFound
        return web.Response(body=raw, content_type="image/png")


def _step(kind: int, by: str, words: str, status: int, at: int) -> Json:
    return {
        "process_type": kind,
        "solve_userid": by,
        "process_desc": words,
        "status": status,
        "solved_time": at if status else 0,
        "image_urls": [],
        "video_media_ids": [],
    }
