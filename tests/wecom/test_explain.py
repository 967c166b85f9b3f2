"""Refusals in words (trap 16): the address of 60020, and that the operator is called."""

import aiohttp
import pytest

from bot.wecom.client import Api
from bot.wecom.errors import NotAllowed, fault_of
from bot.wecom.explain import in_words, ip_of
from tests.wecom.api_server import ApiServer
from tests.wecom.fakes import Clock, DictTokens

SAYS = "not allow to access from your ip, hint: [17], from ip: {ip}, more info at https://a.b"


@pytest.mark.parametrize("ip", ["203.0.113.7", "2001:db8::17"])
def test_address_that_wecom_does_not_trust_is_named(ip: str) -> None:
    fault = fault_of(60020, SAYS.format(ip=ip))

    assert ip_of(fault) == ip
    assert f"{ip} 没有列入信任：请打开管理后台→应用管理→自建应用→企业可信IP" in in_words(fault)


@pytest.mark.parametrize("says", ["", "not allow to access from your ip", "from ip: , x"])
def test_words_without_an_address_are_no_fault(says: str) -> None:
    assert ip_of(fault_of(60020, says)) == ""
    assert "没说是哪个" in in_words(fault_of(60020, says))


@pytest.mark.parametrize("errcode", [40001, 48002, 50003, 60011, 93000, 301049, 301050, 301051])
def test_known_codes_say_what_to_do(errcode: int) -> None:
    words = in_words(fault_of(errcode, "secret words"))

    assert "错误码" not in words
    assert "secret words" not in words


def test_unknown_code_says_where_to_read() -> None:
    assert "e=12345" in in_words(fault_of(12345))


async def test_refusal_for_good_calls_the_operator(
    server: ApiServer, session: aiohttp.ClientSession, tokens: DictTokens, clock: Clock
) -> None:
    """Trap 16."""
    called: list[NotAllowed] = []
    api = Api(server.config, session, tokens, clock)
    api.on_refused = called.append
    server.answers.extend([{"errcode": 60020, "errmsg": SAYS.format(ip="203.0.113.7")}])

    with pytest.raises(NotAllowed):
        await api.call("message/send", {})

    assert [ip_of(fault) for fault in called] == ["203.0.113.7"]
