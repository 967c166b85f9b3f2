"""政民沟通 (政民沟通): orders, grids and categories of WeCom's own grid product, read only.

There is no call that writes an order and no callback that tells of one, so orders are polled and
results go back through a human. Used by ``bot.engine.order_watch`` and ``commands.orders``.
Source: https://developer.work.weixin.qq.com/document/path/94557 (overview), 93514, 93533, 94481.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp

from bot.door_events import OrderSeen
from bot.events import Media
from bot.wecom.channel import Now
from bot.wecom.client import Api
from bot.wecom.cuts import clean
from bot.wecom.errors import Gone, Unreachable
from bot.wecom.media import MEDIA_LIMIT, read_limited
from bot.wecom.orders_wire import digest_of, is_whole, moment_in, order_in
from bot.wecom.places import AppConfig
from bot.wecom.wire import outcome_known

KINDS = ("resident", "patrol")
PAGE = 50


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page; ``cursor`` is empty at the end."""

    orders: tuple[OrderSeen, ...]
    cursor: str


@dataclass(frozen=True, slots=True)
class ReportGrid:
    """A grid as WeCom knows it."""

    id: str
    name: str
    parent: str = ""
    admins: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportCategory:
    """A category as WeCom knows it; ``level`` is 1 or 2."""

    id: str
    name: str
    level: int = 1
    parent: str = ""


class Orders:
    """The door of one corp; the app of ``config`` must be entered under 可调用接口的应用."""

    name = "orders"

    def __init__(
        self, config: AppConfig, api: Api, session: aiohttp.ClientSession, now: Now
    ) -> None:
        self._config = config
        self._api = api
        self._session = session
        self._now = now

    async def page(self, kind: str, since: datetime, cursor: str = "") -> OrderPage:
        """Orders of ``kind`` that changed since then, oldest call first; raises as ``Api.call``."""
        body = {
            "begin_modify_time": int(since.timestamp()),
            "cursor": cursor,
            "limit": PAGE,
        }
        answer = await self._api.call(f"report/{kind}/get_order_list", body)
        rows = _rows(answer, "order_list")
        found = [await self._seen(kind, row) for row in rows if row.get("order_id")]
        return OrderPage(tuple(found), str(answer.get("next_cursor") or ""))

    async def grids(self) -> tuple[ReportGrid, ...]:
        """The whole tree of grids, parents before children as WeCom lists them."""
        answer = await self._api.call("report/grid/list", {})
        return tuple(
            ReportGrid(
                id=str(row.get("grid_id", "")),
                name=str(row.get("grid_name", "")).strip(),
                parent=str(row.get("grid_parent_id") or ""),
                admins=tuple(str(one) for one in row.get("grid_admin") or ()),
                members=tuple(str(one) for one in row.get("grid_member") or ()),
            )
            for row in _rows(answer, "grid_list")
        )

    async def categories(self) -> tuple[ReportCategory, ...]:
        """All categories of both levels."""
        answer = await self._api.call("report/grid/list_cata", {})
        return tuple(
            ReportCategory(
                id=str(row.get("category_id", "")),
                name=str(row.get("category_name", "")).strip(),
                level=int(row.get("level") or 1),
                parent=str(row.get("parent_category_id") or ""),
            )
            for row in _rows(answer, "category_list")
        )

    async def fetch(self, medium: Media, limit_bytes: int = MEDIA_LIMIT) -> bytes:
        """The bytes of an order's picture (by address) or video (by media_id).

        Raises: Gone, Refusal (too big, an address not to be called), Unreachable; as ``Api.fetch``.
        """
        if medium.media_id:
            return await self._api.fetch(medium.media_id, limit_bytes)
        timeout = aiohttp.ClientTimeout(total=self._config.timeout_s)
        with outcome_known("order picture"):
            async with self._session.get(
                medium.url, timeout=timeout, allow_redirects=False
            ) as answer:
                if answer.status >= 500:
                    raise Unreachable(f"order picture: HTTP {answer.status}")
                if answer.status != 200:
                    raise Gone(f"order picture: HTTP {answer.status}")
                return await read_limited(answer, limit_bytes)

    async def _seen(self, kind: str, row: Mapping[str, Any]) -> OrderSeen:
        order = clean(str(row["order_id"]))
        if not is_whole(row):
            answer = await self._api.call(f"report/{kind}/get_order_info", {"order_id": order})
            info = answer.get("order_info")
            row = info if isinstance(info, Mapping) else row
        data = order_in(row)
        at = moment_in(data, self._now())
        key = f"order:{kind}:{order}:{digest_of(data)}"
        return OrderSeen(key=key, at=at, kind=kind, order=order, data=data)


def _rows(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = answer.get(name)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
