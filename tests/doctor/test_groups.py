"""The customer groups: skipped, seen, none to be seen, not allowed, too many owners."""

import pytest

from commands.doctor.findings import Mark
from tests.doctor.clinic import Clinic

pytestmark = pytest.mark.timeout(60)
LIST = "externalcontact/groupchat/list"


async def mark(clinic: Clinic) -> Mark:
    (line,) = await clinic.examine("客户群")
    return line.finding.mark


async def does(clinic: Clinic, what: str, **more: object) -> None:
    body = {"do": what, "wait": False, "letter": False, **more}
    async with clinic.http.post(f"{clinic.sim_url}/sim/groups", json=body) as answer:
        assert answer.status == 200, await answer.text()


async def test_a_door_that_is_not_wanted_is_no_fault(clinic: Clinic) -> None:
    clinic.given["customer_groups"] = False

    assert await mark(clinic) is Mark.SKIPPED


async def test_groups_that_the_app_sees_are_well(clinic: Clinic) -> None:
    clinic.given["customer_groups"] = True
    assert "可见范围" in await clinic.todo("客户群")

    await does(clinic, "create", chat="wrNEW", owner="lin_zhiyuan")

    assert await mark(clinic) is Mark.WELL
    await does(clinic, "many_owners")
    assert await mark(clinic) is Mark.WELL


async def test_app_without_the_right_is_told_where_to_click(clinic: Clinic) -> None:
    clinic.given["customer_groups"] = True
    await clinic.fault(LIST, do="error", code=48002)

    assert "可调用接口的应用" in await clinic.todo("客户群")
