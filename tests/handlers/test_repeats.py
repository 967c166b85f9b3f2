"""Matters that come again: focus tickets, who gets them, and what they never say."""

from datetime import timedelta

from config.vocabulary import Stage
from storage import repeats as stored
from storage.tickets import Ticket
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

OFFICER, LEADER, ROOM = "lin_zhiyuan", "cheng_muyan", "qiu_ruolan"
NOISE = "3号楼楼上半夜又蹦又跳，吵得睡不着"
PEOPLE = ("wang_ayi", "chen_shu", "wmRESIDENT03")


def focus_of(office: Office) -> list[Ticket]:
    return [one for one in office.tickets() if one.origin == "focus"]


def members(office: Office, ticket: Ticket, kind: str = "repeat_place") -> list[int]:
    found: list[int] = office.looks(lambda db: stored.members(db, ticket.id, kind))
    return found


def nights(block: Block, count: int, people: tuple[str, ...] = PEOPLE, every: int = 5) -> str:
    """So many of the same place, told by these people in turn; what the officer heard last."""
    heard = ""
    for number in range(count):
        block.now += timedelta(days=every)
        said = block.overhears(people[number % len(people)], NOISE)
        heard = texts_to(said, OFFICER)
    return heard


def test_three_of_one_place_told_by_three_become_a_focus_ticket_at_once(block: Block) -> None:
    heard = nights(block, 3)

    (focus,) = focus_of(block)
    reports = [one.id for one in block.tickets() if one.origin != "focus"]
    assert (focus.owner, focus.stage, focus.protected) == (OFFICER, Stage.ASSIGNED, False)
    assert members(block, focus) == reports
    assert "一地多起（黄）" in heard
    assert "3起，3人反映" in focus.masked
    assert "3号楼" in focus.masked


def test_one_voice_alone_makes_no_place_of_it(block: Block) -> None:
    nights(block, 3, people=PEOPLE[:1], every=9)

    assert [one for one in focus_of(block) if not one.protected] == []
