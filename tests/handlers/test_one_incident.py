"""One incident, several doors: one ticket whatever comes first, and danger is never swallowed."""

from datetime import timedelta
from itertools import cycle, permutations

import pytest

from config.vocabulary import Act, Danger
from storage import orders
from tests.handlers.doors import DOORS, HANDLER, PEOPLE, Doors
from tests.handlers.office import Office

LAMP = "东门的路灯坏了三天了，晚上一片黑"
MATTERS = {
    "lamp": LAMP,
    "heap": "3号楼2单元楼道堆满了纸箱和旧家具，走不过去",
    "quarrel": "3号楼门口有人吵架，吵了半天了",
    "noise": "楼上天天半夜装修，电钻响到凌晨两点，全家都睡不着",
    "two": "东门的路灯不亮，3号楼门口的垃圾也没人收",
}
SMOKE = "7号楼好像有烟，不知道是不是着火"
FIRE = "5号楼着火了，楼道全是烟"
ORDERS = list(permutations(DOORS))
PAIRS = [(DOORS[one], DOORS[(one + step) % len(DOORS)]) for one in range(5) for step in (0, 1, 3)]


@pytest.fixture
def doors(office: Office) -> Doors:
    return Doors(office)


@pytest.mark.parametrize(
    ("order", "matter"),
    [
        pytest.param(order, matter, id=f"{matter}-{'-'.join(order)}")
        for order, matter in zip(ORDERS[::11], cycle(MATTERS), strict=False)
    ],
)
def test_same_words_through_every_door_are_one_incident_and_one_card(
    doors: Doors, order: tuple[str, ...], matter: str
) -> None:
    """Trap 21: the same text through archive and bot and kf, in whatever order it arrives."""
    doors.hears(order[0], MATTERS[matter])
    first = doors.office.tickets()

    more = [answer for door in order[1:] for answer in doors.hears(door, MATTERS[matter])]

    assert [t.number for t in doors.office.tickets()] == [t.number for t in first]
    assert [doors.cards(more, ticket.owner) for ticket in first] == [[]] * len(first)
    assert doors.acts(Act.SUPPLEMENT) == len(order) - 1


@pytest.mark.parametrize("order", [pytest.param(one, id="-".join(one)) for one in ORDERS[::23]])
def test_fire_through_every_door_is_one_ticket_and_one_alarm(
    doors: Doors, order: tuple[str, ...]
) -> None:
    said = [answer for door in order for answer in doors.hears(door, FIRE)]

    (ticket,) = doors.office.tickets()
    assert ticket.danger is Danger.CONFIRMED
    assert doors.acts(Act.RING) == 1
    assert [w for chat, w in said if HANDLER in chat and "给反映人打电话" in w]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_graver_word_raises_whatever_door_it_comes_by(
    doors: Doors, first: str, second: str
) -> None:
    doors.hears(first, SMOKE)
    assert [t.danger for t in doors.office.tickets()] == [Danger.SUSPECTED]
    rung = doors.acts(Act.RING)

    doors.hears(second, "7号楼着火了，楼道里全是明火")

    assert [t.danger for t in doors.office.tickets()] == [Danger.CONFIRMED]
    assert doors.acts(Act.RING) == rung + 1


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_danger_beside_an_ordinary_matter_rings(doors: Doors, first: str, second: str) -> None:
    doors.hears(first, "5号楼楼道的灯坏了，黑得很", by="zhao_daye" if first == "bot" else "wmZHAO")

    doors.hears(second, FIRE)

    assert doors.acts(Act.RING) == 1
    assert [t.danger for t in doors.office.tickets()][-1] is Danger.CONFIRMED


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_different_matters_and_places_stay_apart(doors: Doors, first: str, second: str) -> None:
    doors.hears(first, "3号楼门口的垃圾三天没人收")
    doors.hears(second, "9号楼门口的垃圾三天没人收")
    doors.hears(second, "东门的路灯坏了三天了，晚上一片黑")

    assert len(doors.office.tickets()) == 3


def test_same_words_after_the_window_are_asked_about_or_apart(doors: Doors) -> None:
    doors.hears("archive", MATTERS["noise"])
    doors.office.now += timedelta(hours=1)

    doors.hears("kf", MATTERS["noise"], by="wmLI")

    assert len(doors.office.tickets()) == 2


def test_joined_order_is_a_source_of_the_ticket_and_gets_its_draft(doors: Doors) -> None:
    doors.hears("kf", LAMP)
    said = doors.hears("order", LAMP)

    (ticket,) = doors.office.tickets()
    assert any(HANDLER in chat and "这边也登记了" in words for chat, words in said)
    assert len(doors.office.looks(lambda db: orders.of_ticket(db, ticket.id))) == 1
    assert [voice.user for voice in ticket.voices] == [f"kf:{PEOPLE['kf']}"]
