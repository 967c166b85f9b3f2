"""partners.yaml changes while the station works: doors open, turn and close without a restart."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, select

from config.partner_rules import Partners
from config.vocabulary import Act
from storage import partner_keys
from storage.database import table_of
from storage.tables import OutgoingRow
from tests.open311.station import CLIENTS, ON_BOTH, SEAL, Client, Station, Subscriber
from tests.servers.polling import until

pytestmark = pytest.mark.parametrize("address", ON_BOTH, indirect=True)
OTHER = {"id": "town_hook"}


@pytest.fixture
async def another() -> AsyncIterator[Subscriber]:
    opened = Subscriber(secret=partner_keys.hook_secret(SEAL, OTHER["id"], 1))
    await opened.open()
    yield opened
    await opened.close()


def reload(station: Station, hooks: list[dict[str, Any]], clients: list[Any] = CLIENTS) -> None:
    partners = Partners.model_validate({"clients": clients, "hooks": hooks})
    station.engine.take_rules(replace(station.rules, partners=partners), {})


async def test_the_first_partner_is_heard_without_a_restart(
    station: Station, guihua: Client
) -> None:
    reload(station, [], clients=[])
    shown = await guihua.get("services.json", expect=404)
    await guihua.post(status=404, description="路灯不亮")
    assert shown == [{"code": 404, "description": "no such address"}]

    reload(station, [])

    await guihua.reports("路灯不亮", service_code="N03")
    assert (await station.only_ticket()).origin == "filed"


async def test_a_hook_comes_moves_and_goes_with_the_rules(
    station: Station, guihua: Client, subscriber: Subscriber, another: Subscriber
) -> None:
    keeper = station.engine.keeper
    assert keeper is not None
    await guihua.reports("路灯不亮", service_code="N03")
    ticket = await station.only_ticket()
    assert len(subscriber.got) == 1

    reload(station, [{**OTHER, "url": another.url}])
    ticket = await station.orders(Act.ACCEPT, ticket)

    assert (len(subscriber.got), len(another.got), another.refused) == (1, 1, 0)
    assert keeper.epoch("lane:hookout:town_hook") is not None

    another.answers = [500] * 30
    await guihua.post(description="下水道堵了，水漫出来了")
    await until(lambda: _true(another.tried > 2), "the other system was tried")
    reload(station, [])
    await station.quiet()

    assert station.engine.rules.lanes == {"socket", "app", "robot"}
    assert await station.engine.database.read(_why_parked) == ["lane retired"]
    assert not any("连不上" in words for words in station.heard)
    await until(lambda: _true(keeper.epoch("lane:hookout:town_hook") is None), "its lease is left")
    assert station.engine.failed() is None


async def test_another_address_is_another_lane_of_the_same_name(
    station: Station, guihua: Client, subscriber: Subscriber, another: Subscriber
) -> None:
    another.secret = partner_keys.hook_secret(SEAL, "guihua_hook", 2)

    reload(station, [{"id": "guihua_hook", "url": another.url, "round": 2}])
    await guihua.reports("路灯不亮", service_code="N03")

    assert (subscriber.tried, len(another.got), another.refused) == (0, 1, 0)


def _why_parked(conn: Connection) -> list[str]:
    box = table_of(OutgoingRow).c
    return list(conn.execute(select(box.why).where(box.state == "parked")).scalars())


async def _true(found: bool) -> bool:
    return found
