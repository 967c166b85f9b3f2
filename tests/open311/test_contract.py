"""Strangers judge the door: schemathesis by the OpenAPI document, a public Open311 client by use.

schemathesis and georeport come from PyPI, pinned in the dev group. Both speak to the real server.
"""

import asyncio
import sys
import warnings
from typing import Any

import pytest

from config.vocabulary import Act
from tests.open311.station import Client, Station

SEED = "260304"


async def schemathesis(station: Station, *more: str) -> tuple[int, str]:
    """Exit code and report of one run."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run"),
        *("--url", f"{station.url}/open311/v2", "--seed", SEED, "--no-color"),
        *("-H", f"X-API-Key: {station.keys['guihua_property']}"),
        *("--generation-database", "none", "--request-timeout", "10", *more),
        f"{station.url}/open311/openapi.json",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_schemathesis_finds_no_answer_that_the_document_does_not_allow(
    station: Station,
) -> None:
    code, said = await schemathesis(station, "--max-examples", "25")

    assert code == 0, said[-6000:]
    await station.quiet()
    dead = await station.engine.database.read(
        lambda conn: conn.exec_driver_sql("select count(*) from inbox where dead").scalar()
    )
    assert dead == 0


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_a_public_client_follows_a_report(
    station: Station, guihua: Client, form: str
) -> None:
    key = station.keys["guihua_property"]
    request = await guihua.reports("路灯不亮", service_code="N03")
    found = await asyncio.to_thread(_menu, station.url, key, form)

    assert "N03" in found["codes"]
    assert found["definition"]["service_code"] == "N03"
    ticket = await station.only_ticket()
    await station.orders(Act.ACCEPT, ticket)
    shown = await asyncio.to_thread(_looked_up, station.url, key, form, request)
    assert shown["service_request_id"] == request
    assert "正在办" in shown["status_notes"]


def _client(url: str, key: str, form: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from georeport import GeoReport
    address = url.replace("http://", f"http://{key}:x@") + "/open311/v2"
    return GeoReport(address, jurisdiction="xihe", api_key=key, output_format=form)


def _menu(url: str, key: str, form: str) -> dict[str, Any]:
    client = _client(url, key, form)
    return {
        "codes": [one["service_code"] for one in client.get_service_list()],
        "definition": client.get_service_definition("N03"),
    }


def _looked_up(url: str, key: str, form: str, request: str) -> dict[str, Any]:
    client = _client(url, key, form)
    listed = client.get_service_requests(service_code="N03")
    assert _first(listed)["service_request_id"] == request
    return dict(_first(client.get_service_request(request)))


def _first(found: Any) -> dict[str, Any]:
    return dict(found[0] if isinstance(found, list) else found)
