"""Signed messages to others: in order, tried again, given up, and never into the house."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from bot.messages import Outgoing, Text
from bot.web import hookout
from bot.web.hookout import Hookout
from bot.wecom.errors import Refusal, Unreachable
from config.partner_rules import Hook
from config.vocabulary import Act
from tests.open311.station import Client, Station, Subscriber

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)


def lane(url: str, *hosts: str, tries: int = 3) -> Hookout:
    hook = Hook.model_validate({"id": "one", "url": url, "tries": tries})
    return Hookout(hook, "secret", frozenset(hosts), lambda: NOW, 2.0)


def out(tries: int = 0) -> Outgoing:
    body = json.dumps({"id": "d1", "status": "open"})
    return Outgoing(
        id=1, key="k", lane="hookout:one", chat="hook/one", message=Text(text=body), tries=tries
    )


async def test_a_subscriber_that_was_away_gets_everything_in_order(
    station: Station, guihua: Client, subscriber: Subscriber
) -> None:
    subscriber.answers = [500, 503]
    request = await guihua.reports("路灯不亮", service_code="N03")
    ticket = await station.only_ticket()
    await station.orders(Act.ACCEPT, ticket)

    assert subscriber.tried == 4
    assert [one["service_request_id"] for one in subscriber.got] == [request, request]
    assert "转给" in subscriber.got[0]["status_notes"]
    assert "正在办" in subscriber.got[1]["status_notes"]


async def test_after_the_last_try_the_administrator_hears_and_the_next_one_goes(
    station: Station, guihua: Client, subscriber: Subscriber
) -> None:
    subscriber.answers = [500, 500, 500]
    await guihua.reports("路灯不亮", service_code="N03")
    ticket = await station.only_ticket()
    assert subscriber.got == []
    assert any("外部系统“guihua_hook”连不上" in words for words in station.heard)

    await station.orders(Act.ACCEPT, ticket)

    assert len(subscriber.got) == 1
    assert not any("私下" in words for words in station.heard)


async def test_a_subscription_of_one_client_hears_nothing_of_others(
    station: Station, hotline: Client, subscriber: Subscriber
) -> None:
    await hotline.reports("路灯不亮", address_string="槐安里2号楼")
    await station.only_ticket()

    assert subscriber.tried == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "https://127.0.0.1/hook",
        "https://10.1.2.3/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://100.64.0.1/hook",
        "https://0.0.0.0/hook",
        "https://localhost/hook",
    ],
)
async def test_nothing_inside_the_house_can_be_called(url: str) -> None:
    one = lane(url)

    with pytest.raises(Unreachable):
        await one.send(out())
    await one.close()


async def test_a_listed_host_may_be_inside(subscriber: Subscriber) -> None:
    subscriber.secret = "secret"
    port = subscriber.url.split(":")[2].split("/")[0]
    refused = lane(subscriber.url, "127.0.0.1:1")
    with pytest.raises(Unreachable):
        await refused.send(out())
    assert subscriber.tried == 0
    one = lane(subscriber.url, f"127.0.0.1:{port}")

    receipt = await one.send(out())

    assert receipt.note == "204"
    assert subscriber.got == [{"id": "d1", "status": "open"}]
    await one.close()
    await refused.close()


async def test_a_redirect_is_not_followed(subscriber: Subscriber) -> None:
    subscriber.answers = [302]
    one = lane(subscriber.url, "127.0.0.1")

    with pytest.raises(Unreachable):
        await one.send(out())
    assert subscriber.tried == 1
    await one.close()


async def test_the_last_try_and_a_410_give_the_row_up(subscriber: Subscriber) -> None:
    subscriber.answers = [500, 410]
    one = lane(subscriber.url, "127.0.0.1")

    with pytest.raises(Refusal):
        await one.send(out(tries=2))
    with pytest.raises(Refusal):
        await one.send(out())
    await one.close()


def test_the_signature_is_what_the_documentation_says() -> None:
    body = '{"id": "d1"}'
    headers = hookout.headers_of("k", 1700000000, body)

    right = hmac.new(b"k", f"1700000000.{body}".encode(), hashlib.sha256).hexdigest()
    assert headers["X-Jingge-Signature"] == f"v1={right}"
    assert headers["X-Jingge-Timestamp"] == "1700000000"
    assert hookout.signature("k", 1, "a") != hookout.signature("k", 2, "a")
    assert headers["X-Jingge-Delivery"] == "d1"
