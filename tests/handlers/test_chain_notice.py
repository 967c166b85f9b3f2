"""Every Monday the administrator gets the code of the chain's end, and nobody else does."""

from datetime import timedelta

from config.vocabulary import Role
from handlers import chain_notice
from storage import audit_chain
from storage.audit_books import BOOKS
from storage.session import Db
from tests.handlers.office import Office

LAMP = "@小警 桂花苑3号楼路灯不亮"


def _seal(office: Office) -> str:
    def seal(db: Db) -> str:
        link = audit_chain.next_link(db, BOOKS["journal"], 10**6, office.now)
        assert link is not None
        return audit_chain.add(db, link)

    made: str = office.looks(seal)
    return made


def test_the_code_of_the_end_is_told_to_administrators(office: Office) -> None:
    assert office.hour(chain_notice.JOB) == []  # nothing was sealed yet
    office.now += timedelta(days=7)
    office.says("wang_ayi", LAMP)
    code = _seal(office)[: audit_chain.CODE_DIGITS]

    said = office.hour(chain_notice.JOB)

    admins = [one.id for one in office.rules.people_with(Role.ADMIN)]
    assert admins
    assert [chat.partition(":")[2] for chat, _ in said] == admins
    assert all(f"第1环，校验码 {code}" in words for _, words in said)
