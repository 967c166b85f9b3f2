"""What the page of a ticket offers: what one does oneself, and what a second person grants."""

from handlers.dashboard import ticket_forms
from tests.handlers.block import Block

OFFICER, WORKER, LEADER = "lin_zhiyuan", "fang_xiaoman", "zhong_yihang"
THEFT = "3号楼门口我的电动车昨晚被偷了"


def words(block: Block, user: str) -> set[str]:
    person = block.rules.person(user)
    assert person is not None
    return {one.form.word for one in ticket_forms.offered(block.tickets()[0], person, block.rules)}


def test_owner_is_offered_what_a_second_person_grants(block: Block) -> None:
    block.overhears("wmRESIDENT01", THEFT)
    assert "延期" not in words(block, OFFICER), "nobody asks for more time before he has signed"

    block.says(OFFICER, "签收 0001", chat="")

    assert {"延期", "挂起", "不予受理", "大闭环"} <= words(block, OFFICER)
    assert "返工" not in words(block, OFFICER)


def test_who_leads_may_ask_for_haste_and_who_has_it_is_not_offered_that(block: Block) -> None:
    block.overhears("wmRESIDENT01", THEFT)

    assert "催办" in words(block, LEADER)
    assert "催办" not in words(block, OFFICER)
    block.says(LEADER, "转 0001 钟一航", chat="")
    assert block.tickets()[0].owner == LEADER
    assert "催办" not in words(block, LEADER)


def test_worker_who_only_sees_it_is_not_offered_the_police_work(block: Block) -> None:
    block.overhears("wmRESIDENT01", THEFT)
    block.says(OFFICER, "签收 0001", chat="")

    assert not {"延期", "处置", "作废"} & words(block, WORKER)
    assert "延期" in words(block, LEADER)
