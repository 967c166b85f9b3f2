"""A quarrel that is mediated (调解), step by step, for the tests of mediation.

``signed`` by the officer, ``begun`` with a mediator, ``running`` once both sides agreed.
"""

import pytest

from bot.wecom.papers import written
from handlers.mediation_papers import file_of
from handlers.sidebar.papers import readable
from storage import mediations, ticket_facts
from storage.ticket_facts import Fact
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

OFFICER, MEDIATOR, TOWN, ROOM = "lin_zhiyuan", "shen_boyu", "min_zhengyi", "qiu_ruolan"
STATION = "zhong_yihang"
WORKER, OTHER_MEDIATOR = "fang_xiaoman", "yu_wanqing"
RESIDENT = "wang_ayi"
QUARREL = "桂花苑3号楼2单元对门挂了面八卦镜正对我家，天天为这事吵架"


@pytest.fixture
def signed(block: Block) -> Block:
    """A quarrel that a resident told in private; the officer has signed."""
    block.says(RESIDENT, QUARREL, chat="")
    block.says(OFFICER, f"签收 {serial(block)}", chat="")
    return block


@pytest.fixture
def begun(signed: Block) -> Block:
    """The mediator was asked to mediate it."""
    signed.says(OFFICER, f"调解 {serial(signed)}", chat="")
    return signed


@pytest.fixture
def running(begun: Block) -> Block:
    """Both sides agreed."""
    begun.says(RESIDENT, f"愿意调解 {serial(begun)}", chat="")
    begun.says(MEDIATOR, f"同意调解 {serial(begun)} 乙方", chat="")
    return begun


def serial(office: Office) -> str:
    return office.tickets()[0].serial


def newest(office: Office) -> mediations.Mediation:
    ticket = office.tickets()[0]
    return office.looks(lambda db: mediations.of_ticket(db, ticket.id))[-1]  # type: ignore[no-any-return]


def colour_of(office: Office) -> str:
    """The colour that the closing asks for."""
    ticket = office.tickets()[0]
    facts = office.looks(lambda db: ticket_facts.of_ticket(db, ticket.id))
    levels = [one.words for one in facts if one.kind is Fact.LEVEL]
    return levels[-1] if levels else ""


def told(office: Office, user: str, by: str, words: str) -> str:
    return texts_to(office.says(by, words, chat=""), user)


def opened(office: Office, user: str) -> bytes:
    """What the page of the first paper hands out to this person."""
    person = office.rules.person(user)
    paper = office.looks(lambda db: readable(db, office.rules, person, 1))
    return written(file_of(paper)) if paper else b""
