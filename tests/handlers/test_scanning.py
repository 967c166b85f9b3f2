"""Where she scanned the poster is where it is, unless she says where (扫码地点)."""

from datetime import timedelta

import pytest

from bot.domain.posters import SCANNED
from bot.events import Heard, Joined
from bot.lines import line_of
from storage import kf
from storage.tables import MetaRow
from storage.tickets import Ticket
from tests.handlers.office import Office

CHAT, ZHOU = "kf:wkA:wmZHOU", "wmZHOU"
LAMP = "楼下路灯坏了三天了，没有人来修"
FIRE = "着火了，好大的烟，快来人啊"


class Customer:
    """She scans, enters and speaks; every event has a key of its own."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._count = 0

    def enters(self, scene: str = "") -> None:
        self._count += 1
        self.office.now += timedelta(seconds=5)
        self.office.handle(
            Joined(
                key=f"kf:{self._count}",
                at=self.office.now,
                chat=CHAT,
                by=ZHOU,
                door="kf",
                scene=scene,
                greet=False,
            )
        )

    def says(self, text: str) -> str:
        self._count += 1
        self.office.now += timedelta(seconds=5)
        said = self.office.handle(
            Heard(
                key=f"kf:{self._count}",
                at=self.office.now,
                chat=CHAT,
                by=ZHOU,
                door="kf",
                text=text,
            )
        )
        return "\n".join(words for chat, words in said if chat == CHAT)


@pytest.fixture
def zhou(office: Office) -> Customer:
    return Customer(office)


def only(office: Office) -> Ticket:
    [ticket] = office.tickets()
    return ticket


def cards(office: Office) -> str:
    return str([card["fields"] for card in office.last_cards if "fields" in card])


def test_report_without_a_place_stands_at_her_poster_and_says_so(
    office: Office, zhou: Customer
) -> None:
    zhou.enters("g01.桂花苑.3")

    answer = zhou.says(LAMP)

    assert "桂花苑3号楼（扫码地点）" in cards(office)
    ticket = only(office)
    assert (ticket.grid, ticket.place["building"], ticket.place_key) == ("g01", "3", "")
    assert "哪" not in answer, "nobody asks where it is"
    owner = office.says(ticket.owner, "查 0001", chat="")
    assert "扫码地点" in str(owner)


@pytest.mark.parametrize("where", ["桂花苑5号楼", "东门口"])
def test_place_in_the_words_is_never_overridden(office: Office, zhou: Customer, where: str) -> None:
    zhou.enters("g01.桂花苑.3")

    zhou.says(f"{where}的路灯坏了三天了，没有人来修")

    ticket = only(office)
    assert SCANNED not in ticket.place
    assert ticket.place.get("building") in ("5", None)
    assert "扫码地点" not in cards(office)


def test_words_that_name_a_spot_later_take_its_place(office: Office, zhou: Customer) -> None:
    zhou.enters("g01.桂花苑.3")
    zhou.says(LAMP)

    zhou.says("就是5号楼门口那盏路灯")

    ticket = only(office)
    assert (ticket.place["building"], ticket.place_key) == ("5", "g01|5")
    assert SCANNED not in ticket.place


def test_danger_is_shown_with_the_scanned_place(office: Office, zhou: Customer) -> None:
    zhou.enters("g01.桂花苑.3")

    assert "119" in zhou.says(FIRE)

    assert "桂花苑3号楼（扫码地点）" in cards(office)


def test_next_session_without_a_poster_has_no_scanned_place(office: Office, zhou: Customer) -> None:
    zhou.enters("g01.桂花苑.3")
    zhou.enters()

    zhou.says(LAMP)

    assert SCANNED not in only(office).place


def test_scan_of_two_days_ago_is_over(office: Office, zhou: Customer) -> None:
    zhou.enters("g01.桂花苑.3")
    office.now += timedelta(hours=48)

    zhou.says(LAMP)

    assert SCANNED not in only(office).place


def test_session_that_a_human_ended_takes_the_scan_along(office: Office, zhou: Customer) -> None:
    zhou.enters("g01.桂花苑.3")
    ended = office.now + timedelta(seconds=1)
    office.looks(lambda db: kf.stands(db, line_of(CHAT), 4, ended))
    office.looks(lambda db: kf.spoke(db, line_of(CHAT), ended + timedelta(seconds=1)))

    zhou.says(LAMP)

    assert SCANNED not in only(office).place


def test_scan_is_forgotten_with_its_session(office: Office, zhou: Customer) -> None:
    zhou.enters("g01.桂花苑.3")
    before = office.count(MetaRow)
    office.now += timedelta(days=6)
    office.hour("forget")
    assert office.count(MetaRow) == before

    office.now += timedelta(days=2)
    office.hour("forget")
    assert office.count(MetaRow) == before - 1
