"""What the doctor says of the corp, every failure provoked in the simulator."""

from datetime import UTC, datetime, timedelta

import pytest

from commands.doctor import Line, exit_code
from commands.doctor.findings import Mark
from tests.doctor.clinic import Clinic

pytestmark = pytest.mark.timeout(60)


def marks(lines: list[Line]) -> set[Mark]:
    return {line.finding.mark for line in lines}


async def test_corp_that_is_all_right_has_nothing_to_do(clinic: Clinic) -> None:
    clinic.everybody_spoke()

    lines = await clinic.examine()

    assert not [line for line in lines if line.finding.mark is Mark.TO_DO]
    assert exit_code(lines) == 0
    assert await clinic.broken_rules() == []


async def test_nothing_is_asked_twice_of_a_corp_that_refuses_the_secret(clinic: Clinic) -> None:
    """Trap 16: repeated wrong secrets end in a ban."""
    clinic.given["app_secret"] = "made-up-wrong"

    lines = await clinic.examine()

    assert (await clinic.calls()).count("gettoken") == 1
    [said] = [line.finding.sentence for line in lines if line.name == "应用密钥"]
    assert "Secret 不对" in said
    assert marks([line for line in lines if line.name in ("企业可信IP", "应用", "可见范围")]) == {
        Mark.SKIPPED
    }


async def test_wrong_corp_is_told_from_a_wrong_secret(clinic: Clinic) -> None:
    clinic.given["corp_id"] = "wwsomeothercorp"

    assert "企业 ID 不对" in await clinic.todo("应用密钥")


async def test_ban_says_wait_an_hour(clinic: Clinic) -> None:
    """Trap 16: 45009 after wrong secrets."""
    await clinic.fault("gettoken", do="error", code=45009)

    said = await clinic.todo("应用密钥")

    assert "封住" in said
    assert "一小时" in said


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"api_base": "http://127.0.0.1:9"}, "连不上 127.0.0.1:9"),
        ({"api_base": "http://nowhere.invalid"}, "域名 nowhere.invalid 解析不出来"),
    ],
    ids=["nobody listens", "no such name"],
)
async def test_network_that_is_shut_is_named(
    clinic: Clinic, given: dict[str, str], says: str
) -> None:
    clinic.given |= given

    assert says in await clinic.todo("应用密钥")


async def test_wecom_that_is_silent_is_named(clinic: Clinic) -> None:
    clinic.given["http_timeout_s"] = 0.3
    await clinic.fault("gettoken", do="silent", delay_s=1)

    assert "一直没有回答" in await clinic.todo("应用密钥")


async def test_login_page_in_the_way_is_named(clinic: Clinic) -> None:
    await clinic.fault("gettoken", do="http", code=302)

    assert "登录页" in await clinic.todo("应用密钥")


async def test_proxy_that_is_down_is_named(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    clinic.given["api_base"] = "http://wecom.invalid"
    clinic.http._trust_env = True

    assert "代理不通" in await clinic.todo("应用密钥")


@pytest.mark.parametrize(("ahead", "way"), [(900, "慢"), (-900, "快")])
async def test_clock_that_is_off_is_told_in_minutes(clinic: Clinic, ahead: int, way: str) -> None:
    """Trap 26: our clock off by minutes, seen in WeCom's Date."""
    await clinic.console(date_off_s=ahead)

    said = await clinic.todo("时钟")

    assert f"{way}约 15 分钟" in said


async def test_own_clock_of_tomorrow_is_found(clinic: Clinic) -> None:
    lines = await clinic.examine("时钟", now=datetime.now(UTC) + timedelta(days=1))

    assert "快约 1440 分钟" in lines[0].finding.sentence


async def test_untrusted_address_is_the_one_that_wecom_names(clinic: Clinic) -> None:
    """Trap 16: 60020, with the address out of the words; said once, not by every check."""
    await clinic.fault("agent/get", do="error", code=60020)

    lines = await clinic.examine("企业可信IP", "应用", "可见范围")

    todo = [line for line in lines if line.finding.mark is Mark.TO_DO]
    assert [line.name for line in todo] == ["企业可信IP"]
    assert "203.0.113.7" in todo[0].finding.sentence


async def test_app_that_is_switched_off_is_found(clinic: Clinic) -> None:
    await clinic.console(closed=True)

    assert "启用应用" in await clinic.todo("应用")


async def test_agentid_of_another_app_is_found(clinic: Clinic) -> None:
    clinic.given["app_agentid"] = 1000008

    lines = await clinic.examine("应用")

    assert "AgentId" in lines[0].finding.sentence
    assert lines[0].finding.mark is Mark.TO_DO


@pytest.mark.parametrize(
    ("code", "says"), [(60011, "可见范围"), (60111, "没有这些账号")], ids=["outside", "gone"]
)
async def test_person_whom_the_app_does_not_see_is_named(
    clinic: Clinic, code: int, says: str
) -> None:
    """Trap 20: outside the visible range, or no longer in the corp."""
    await clinic.fault("user/get", do="error", code=code, user="lin_zhiyuan")

    said = await clinic.todo("可见范围")

    assert says in said
    assert "林知远（lin_zhiyuan）" in said
    assert "唐朔" not in said


async def test_missing_phone_calls_are_told_but_cannot_be_clicked_away(clinic: Clinic) -> None:
    clinic.everybody_spoke()

    lines = await clinic.examine("险情电话")

    assert lines[0].finding.mark is Mark.TO_KNOW
    assert "险情只能靠消息提醒，夜里叫不醒人" in lines[0].finding.sentence
