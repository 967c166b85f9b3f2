"""Doors that a station may have: skipped where they are not, named page by page where they fail."""

from pathlib import Path

import pytest

from commands.doctor.findings import Mark
from tests.doctor.clinic import Clinic

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def rich(clinic: Clinic, tmp_path: Path) -> Clinic:
    """A clinic whose station has every door; library and keys lie there."""
    (tmp_path / "lib.so").write_bytes(b"")
    (tmp_path / "1.pem").write_bytes(b"")
    clinic.given |= {
        "kf_accounts": "wkXIHE01",
        "archive_sdk": tmp_path / "lib.so",
        "archive_keys": tmp_path,
        "archive_secret": "demo-app-secret-archive",
        "report_secret": "demo-app-secret",
    }
    return clinic


async def test_doors_that_are_not_configured_are_no_fault(clinic: Clinic) -> None:
    clinic.given |= {"kf_accounts": "", "archive_secret": "", "report_secret": ""}

    lines = await clinic.examine("可信域名", "微信客服", "会话内容存档", "政民沟通")

    assert [line.finding.mark for line in lines] == [Mark.SKIPPED] * 4


async def test_trusted_domain_must_be_that_of_the_pages(clinic: Clinic) -> None:
    clinic.given["public_url"] = "https://station.invalid/"
    await clinic.console(domain="other.invalid")

    assert "设置可信域名" in await clinic.todo("可信域名")

    await clinic.console(domain="station.invalid")
    lines = await clinic.examine("可信域名")
    assert [line.finding.mark for line in lines] == [Mark.WELL]


async def test_account_of_customer_service_that_the_app_may_not_use_is_named(rich: Clinic) -> None:
    rich.given["kf_accounts"] = "wkXIHE01,wkNEW01"
    await rich.console(kf=["wkOTHER"])
    assert "wkNEW01" in await rich.todo("微信客服")

    await rich.console(kf=["wkOTHER", "wkNEW01"])
    lines = await rich.examine("微信客服")
    assert [line.finding.mark for line in lines] == [Mark.WELL]


async def test_app_without_the_right_to_customer_service_is_found(rich: Clinic) -> None:
    await rich.fault("kf/account/list", do="error", code=48002)

    assert "可调用接口的应用" in await rich.todo("微信客服")


async def test_archive_without_anybody_archived_is_found(rich: Clinic) -> None:
    assert "开启范围" in await rich.todo("会话内容存档")

    await rich.console(archived=["lin_zhiyuan"])
    lines = await rich.examine("会话内容存档")
    assert [line.finding.mark for line in lines] == [Mark.WELL]


@pytest.mark.parametrize(
    ("code", "says"), [(301052, "到期"), (301042, "可信 IP 地址")], ids=["over", "address"]
)
async def test_archive_that_is_shut_says_why(rich: Clinic, code: int, says: str) -> None:
    """§10: 301042 the archive's own trusted address, 301052 expired."""
    await rich.fault("msgaudit/get_permit_user_list", do="error", code=code)

    assert says in await rich.todo("会话内容存档")


async def test_archive_without_library_and_keys_is_found(rich: Clinic) -> None:
    await rich.console(archived=["lin_zhiyuan"])
    rich.given |= {"archive_sdk": Path("/nowhere/lib.so"), "archive_keys": Path("/nowhere")}

    lines = await rich.examine("会话内容存档")

    said = "".join(line.finding.sentence for line in lines)
    assert [line.finding.mark for line in lines] == [Mark.TO_DO] * 2
    assert "JINGGE_ARCHIVE_SDK" in said
    assert "JINGGE_ARCHIVE_KEYS" in said


async def test_app_without_the_right_to_orders_is_found(rich: Clinic) -> None:
    await rich.fault("report/grid/list", do="error", code=48002)

    assert "居民上报" in await rich.todo("政民沟通")
