"""Said once: a ticket in one list of 今天, the bot's rings in one line of a story."""

from datetime import timedelta

from config.vocabulary import Act
from handlers.dashboard import ticket_page, today
from handlers.dashboard.ticket_page import Step
from tests.handlers.conftest import office as office
from tests.handlers.conftest import sample_rules as sample_rules
from tests.handlers.office import MORNING, Office
from tests.web.boards import looks

ROOM = "qiu_ruolan"
BOT = "警格"


def test_a_ticket_stands_in_the_gravest_list_it_belongs_to(office: Office) -> None:
    office.says("wang_ayi", "@小警 桂花苑3号楼路灯不亮")
    office.says("chen_shu", "@小警 桂花苑5号楼消防通道被杂物堵死了")
    office.now += timedelta(days=5)

    found = looks(office, ROOM, today.today)

    shown = [line.number for block in found.blocks for line in block.lines]
    assert len(shown) == len(set(shown)) == 2
    late, unsigned = found.blocks
    assert (late.name, late.count, late.above) == ("over", 2, 0)
    assert (unsigned.name, unsigned.count, unsigned.above, unsigned.lines) == ("unsigned", 2, 2, [])


def _steps(*acts: tuple[Act, str]) -> list[Step]:
    return [Step(MORNING, actor, act, "", "", "") for act, actor in acts]


def test_many_rings_in_a_row_are_folded_and_none_is_lost() -> None:
    rings = [(Act.RING, BOT), (Act.CALL, BOT)] * 10
    steps = _steps((Act.OPEN, "反映人"), *rings, (Act.ACCEPT, "林知远"), (Act.RING, BOT))

    found = ticket_page.stretches(steps)

    assert [step for one in found for step in (*one.steps, *one.folded)] == steps
    assert [len(one.folded) for one in found] == [0, 16, 0, 0]
    assert found[2].steps[0].act is Act.ACCEPT


def test_what_a_person_did_and_a_few_rings_are_never_folded() -> None:
    calls = [(Act.CALL, "林知远")] * 12
    few = [(Act.RING, BOT)] * 8

    found = ticket_page.stretches(_steps(*calls, *few))

    assert [one.folded for one in found] == [[], []]
