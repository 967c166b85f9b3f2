"""The console's side: agent/get as strict as WeCom's, permissions, WeCom's own clock."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tests.simulator.corp import AGENT, SECRET
from tests.simulator.fakes import Wire


async def test_app_is_told_of_itself_only(wire: Wire) -> None:
    own = await wire.call("agent/get", agentid=str(AGENT))
    other = await wire.call("agent/get", agentid="8")

    assert (own["errcode"], own["close"], own["redirect_domain"]) == (0, 0, "")
    assert own["allow_partys"] == {"partyid": [1]}
    assert other["errcode"] == 301002


async def test_app_that_was_switched_off_says_so(wire: Wire) -> None:
    await wire.sim_post("console", closed=True, domain="station.invalid")

    told = await wire.call("agent/get", agentid=str(AGENT))

    assert (told["close"], told["redirect_domain"]) == (1, "station.invalid")


async def test_clock_of_wecom_may_be_another(wire: Wire) -> None:
    """Trap 26: our clock off by minutes."""
    await wire.sim_post("console", date_off_s=900)

    async with wire.http.get(f"{wire.url}/cgi-bin/gettoken") as answer:
        there = parsedate_to_datetime(answer.headers["Date"])

    assert timedelta(minutes=14) < there - datetime.now(UTC) < timedelta(minutes=16)


async def test_console_takes_no_nonsense(wire: Wire) -> None:
    status, _ = await wire.ask("POST", "/sim/console", {"closed": "yes"})

    assert status == 400


async def test_accounts_and_archived_people_are_those_of_the_console(wire: Wire) -> None:
    await wire.sim_post("console", kf=["wkONE"], archived=["wg_li"])

    accounts = await wire.call("kf/account/list", {"offset": 0, "limit": 100})
    badly = await wire.call("kf/account/list", {"offset": 0, "limit": 101})
    refused = await wire.call("msgaudit/get_permit_user_list", {"type": 2})
    wire._token = await wire.token(f"{SECRET}-archive")
    people = await wire.call("msgaudit/get_permit_user_list", {"type": 2})
    strange = await wire.call("msgaudit/get_permit_user_list", {"type": 9})

    assert [row["open_kfid"] for row in accounts["account_list"]] == ["wkONE"]
    assert refused["errcode"] == 40014
    assert people["ids"] == ["wg_li"]
    assert (badly["errcode"], strange["errcode"]) == (40058, 40058)


async def test_fault_hits_a_question_about_one_member(wire: Wire) -> None:
    """Trap 20: a member outside the app's visible range."""
    await wire.sim_post("faults", on="user/get", do="error", code=60011, user="wg_li", times=9)

    hidden = await wire.call("user/get", userid="wg_li")
    seen = await wire.call("user/get", userid="cmd_zhao")

    assert (hidden["errcode"], seen["errcode"]) == (60011, 0)


async def test_untrusted_address_is_named_in_the_words(wire: Wire) -> None:
    """Trap 16: 60020 names the address."""
    await wire.sim_post("faults", on="agent/get", do="error", code=60020)

    told = await wire.call("agent/get", agentid=str(AGENT))

    assert "from ip: 203.0.113.7" in told["errmsg"]
