"""Open311 on the wire: formats, error shapes, keys, limits; nothing odd makes the door stumble."""

import asyncio
import json
from base64 import b64encode
from typing import Any
from xml.etree import ElementTree

import aiohttp
import pytest

from storage import partner_keys
from tests.open311.station import ON_BOTH, SEAL, Client, Station

REPORT = {"service_code": "auto", "address_string": "桂花苑3号楼", "description": "路灯不亮"}


async def answer(
    session: aiohttp.ClientSession, station: Station, path: str, **more: Any
) -> tuple[int, str, dict[str, str]]:
    method = more.pop("method", "GET")
    url = f"{station.url}/open311/{path}"
    async with session.request(method, url, **more) as response:
        return response.status, await response.text(), dict(response.headers)


def key_of(station: Station, client: str = "guihua_property") -> dict[str, str]:
    return {"X-API-Key": station.keys[client]}


async def test_xml_and_json_say_the_same(station: Station, guihua: Client) -> None:
    request = await guihua.reports("路灯不亮 <b>&", service_code="N03")

    shown = (await guihua.get(f"requests/{request}.json"))[0]
    status, text, headers = await answer(
        guihua.session, station, f"v2/requests/{request}.xml", headers=key_of(station)
    )

    assert status == 200
    assert headers["Content-Type"] == "text/xml; charset=utf-8"
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>')
    root = ElementTree.fromstring(text)  # noqa: S314 our own answer
    assert root.tag == "service_requests"
    found = {child.tag: child.text or None for child in root[0]}
    assert found == shown


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "application/json"),
        ("text/xml", "text/xml"),
        ("*/*", "application/json"),
        ("text/html,application/xml;q=0.9", "application/json"),
    ],
)
async def test_without_a_suffix_the_accept_header_decides(
    station: Station, session: aiohttp.ClientSession, accept: str, kind: str
) -> None:
    _, _, headers = await answer(session, station, "v2/services", headers={"Accept": accept})

    assert headers["Content-Type"].startswith(kind)


async def test_the_menu_offers_nothing_that_is_protected(
    station: Station, session: aiohttp.ClientSession
) -> None:
    status, text, _ = await answer(session, station, "v2/services.json?jurisdiction_id=xihe")
    codes = {one["service_code"] for one in json.loads(text)}

    assert status == 200
    assert {"auto", "N03"} <= codes
    protected = {one.code for one in station.rules.reading.categories if one.protected}
    assert protected
    assert not codes & protected
    one = sorted(protected)[0]
    status, text, _ = await answer(session, station, f"v2/services/{one}.json")
    assert (status, json.loads(text)[0]["code"]) == (404, 404)
    status, text, _ = await answer(session, station, "v2/services/N03.xml")
    assert status == 200
    assert "<service_definition><service_code>N03</service_code>" in text


FAULTS = [
    ({"service_code": ""}, 400, "service_code was not provided"),
    ({"service_code": "Z99"}, 404, "service_code"),
    ({"service_code": "P23"}, 404, "service_code"),
    ({"description": " \0 "}, 400, "description was not provided"),
    ({"description": "长" * 4001}, 400, "description"),
    ({"address_string": ""}, 400, "location"),
    ({"address_string": "长" * 201}, 400, "address_string"),
    ({"lat": "30", "address_string": ""}, 400, "location"),
    ({"lat": "91", "long": "10"}, 400, "lat"),
    ({"lat": "nan", "long": "10"}, 400, "lat"),
    ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
    ({"media_url": "http://[::1"}, 400, "media_url"),
    ({"jurisdiction_id": "elsewhere"}, 404, "jurisdiction_id"),
]


@pytest.mark.parametrize(("change", "status", "named"), FAULTS, ids=lambda value: str(value)[:40])
async def test_a_wrong_report_is_refused_in_the_shape_of_the_specification(
    station: Station,
    session: aiohttp.ClientSession,
    change: dict[str, str],
    status: int,
    named: str,
) -> None:
    for suffix in ("json", "xml"):
        found, text, _ = await answer(
            session,
            station,
            f"v2/requests.{suffix}",
            method="POST",
            data={**REPORT, **change},
            headers=key_of(station),
        )

        assert found == status, text
        if suffix == "json":
            assert [set(one) for one in json.loads(text)] == [{"code", "description"}]
            assert json.loads(text)[0]["code"] == status
            assert named in json.loads(text)[0]["description"]
        else:
            error = ElementTree.fromstring(text)[0]  # noqa: S314 our own answer
            assert [child.tag for child in error] == ["code", "description"]
            assert error[0].text == str(status)
    await station.quiet()
    assert await station.tickets() == []


BODIES: list[tuple[str, bytes, int]] = [
    ("application/json", b"{", 400),
    ("application/json", b"[1]", 400),
    ("application/json", b'{"description": ["a"]}', 400),
    ("application/json", b'{"a": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400),
    ("application/json", b'{"description": "\\ud800"}', 400),
    ("application/json", b"\xff\xfe", 400),
    ("application/x-www-form-urlencoded", b"description=%ff%fe", 400),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(200)), 400),
    ("application/x-www-form-urlencoded", b"a=" + b"x" * 70_000, 413),
    ("multipart/form-data; boundary=x", b"--x--", 415),
    ("text/xml", b"<a/>", 415),
]


@pytest.mark.parametrize(("kind", "body", "status"), BODIES, ids=[str(n) for n in range(11)])
async def test_a_body_that_is_no_report_is_refused(
    station: Station, session: aiohttp.ClientSession, kind: str, body: bytes, status: int
) -> None:
    headers = {**key_of(station), "Content-Type": kind}
    found, text, _ = await answer(
        session, station, "v2/requests.json", method="POST", data=body, headers=headers
    )

    assert found == status, text
    assert json.loads(text)[0]["code"] == status


@pytest.mark.parametrize("address", ON_BOTH, indirect=True)
async def test_odd_questions_never_make_it_stumble(
    station: Station, session: aiohttp.ClientSession
) -> None:
    odd = ["%00", "a%00b", "'; drop table tickets", "0001-01-01T00:00:00%2B14:00", "9" * 400, "%ff"]
    for value in odd:
        for name in ("service_request_id", "start_date", "end_date", "status", "service_code"):
            for path in ("requests", "servicerequestupdates"):
                status, text, _ = await answer(
                    session, station, f"v2/{path}.json?{name}={value}", headers=key_of(station)
                )
                assert status in (200, 400, 404), (path, name, value, text)
        status, _, _ = await answer(
            session, station, f"v2/requests/{value}.json", headers=key_of(station)
        )
        assert status == 404


async def test_without_a_good_key_nothing_is_read_or_written(
    station: Station, session: aiohttp.ClientSession
) -> None:
    for headers in ({}, {"X-API-Key": "jg-wrong"}, {"Authorization": "Basic ???"}):
        for method, path in (("GET", "requests"), ("POST", "requests"), ("GET", "requests/r1")):
            status, text, _ = await answer(
                session, station, f"v2/{path}.json", method=method, headers=headers, data=REPORT
            )
            assert status == 403
            assert json.loads(text) == [{"code": 403, "description": "Missing or Invalid API Key"}]
    await station.quiet()
    assert await station.tickets() == []


async def test_the_key_counts_wherever_it_stands(
    station: Station, session: aiohttp.ClientSession
) -> None:
    key = station.keys["guihua_property"]
    for more in (
        {"params": {"api_key": key}},
        {"headers": {"Authorization": f"Bearer {key}"}},
        {"headers": {"Authorization": f"Basic {b64encode(f'{key}:'.encode()).decode()}"}},
    ):
        status, text, _ = await answer(session, station, "v2/requests.json", **more)
        assert status == 200, text
    status, text, _ = await answer(
        session, station, "v2/requests.json", method="POST", data={**REPORT, "api_key": key}
    )
    assert status == 201, text


async def test_a_key_is_kept_as_a_keyed_hash_and_can_be_revoked(
    station: Station, guihua: Client
) -> None:
    kept = await asyncio.to_thread(station.key_file.read_text)
    assert station.keys["guihua_property"] not in kept
    assert await asyncio.to_thread(lambda: station.key_file.stat().st_mode & 0o077) == 0

    assert partner_keys.revoke(station.key_file, "guihua_property") == 1

    await guihua.get("requests.json", 403)
    station.keys["guihua_property"] = partner_keys.make(station.key_file, SEAL, "guihua_property")
    assert await guihua.get("requests.json") == []


async def test_who_asks_too_often_is_told_when_to_come_back(
    station: Station, session: aiohttp.ClientSession
) -> None:
    hasty = Client(session, station, "hasty")
    for _ in range(3):
        await hasty.get("requests.json")

    status, text, headers = await answer(
        session, station, "v2/requests.json", headers=key_of(station, "hasty")
    )

    assert (status, json.loads(text)[0]["code"]) == (429, 429)
    assert 1 <= int(headers["Retry-After"]) <= 60
    await Client(session, station, "guihua_property").get("requests.json")
    await station.pass_minutes(1.1)
    await hasty.get("requests.json")


async def test_guessing_keys_is_slowed_down_and_good_keys_still_work(
    station: Station, guihua: Client
) -> None:
    found = [
        (await answer(guihua.session, station, f"v2/requests.json?api_key=jg-{n}"))[0]
        for n in range(32)
    ]

    assert set(found[:30]) == {403}
    assert set(found[30:]) == {429}
    assert await guihua.get("requests.json") == []


async def test_a_wrong_address_or_method_is_answered_in_the_same_shape(
    station: Station, session: aiohttp.ClientSession
) -> None:
    status, text, _ = await answer(session, station, "v2/nothing.json")
    assert (status, json.loads(text)[0]["code"]) == (404, 404)
    for method in ("DELETE", "PUT", "PATCH"):
        status, _, headers = await answer(session, station, "v2/requests.json", method=method)
        assert (status, headers["Allow"]) == (405, "GET, POST")


async def test_a_list_holds_what_was_asked_for(station: Station, guihua: Client) -> None:
    lamp = await guihua.reports("路灯不亮", service_code="N03")
    await station.pass_minutes(60 * 24)
    door = await guihua.reports(
        "楼道堆满杂物纸箱", service_code="N06", address_string="桂花苑9号楼"
    )

    async def ids(**query: Any) -> list[str]:
        return [one["service_request_id"] for one in await guihua.get("requests.json", **query)]

    assert await ids() == [door, lamp]
    assert await ids(service_code="N03") == [lamp]
    assert await ids(status="closed") == []
    assert await ids(start_date="2026-03-05T00:00:00+08:00") == [door]
    assert await ids(end_date="2026-03-05T00:00:00Z") == [lamp]
    assert await ids(service_request_id=f"{lamp},nobody") == [lamp]
    await guihua.get("requests.json", 400, start_date="2026-03-05")
    await guihua.get("requests.json", 400, status="done")


async def test_discovery_names_the_endpoint_and_its_formats(
    station: Station, session: aiohttp.ClientSession
) -> None:
    _, text, _ = await answer(session, station, "discovery.json")
    endpoint = json.loads(text)["endpoints"][0]
    assert endpoint["url"] == f"{station.url}/open311/v2"
    assert endpoint["formats"] == ["application/json", "text/xml"]
    _, text, _ = await answer(session, station, "discovery.xml")
    assert ElementTree.fromstring(text).find("endpoints/endpoint/url") is not None  # noqa: S314
