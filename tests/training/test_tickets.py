"""Confirmed tickets as training gets them: masked once more, oldest first."""

from datetime import timedelta

from tests.training.station import NOW, Opened, Station
from training.tickets import confirmed


def test_number_that_slipped_through_is_masked_again(station: Station) -> None:
    with Opened(station) as db:
        station.worked(db, "井盖哪去了，打13900000000")
        told = confirmed(db, ())

    assert told[-1].text.startswith("井盖哪去了")
    assert "13900000000" not in told[-1].text


def test_tickets_come_oldest_first_whatever_order_they_were_confirmed_in(station: Station) -> None:
    with Opened(station) as db:
        late = station.worked(db, "最后说的", opened_at=NOW + timedelta(days=9))
        station.corrected(db, late, "N03", "P10")
        station.worked(db, "先前说的", opened_at=NOW - timedelta(days=9))
        told = confirmed(db, ())

    assert told[0].text == "先前说的"
    assert (told[-1].text, told[-1].truth) == ("最后说的", "N03")
