"""Pictures: only those that no journal names are loose."""

from storage import journal, pictures
from storage.session import Db
from tests.storage.rows import entry

TIED, LOOSE = "a" * 24, "0123456789abcdef01234567"


def test_picture_that_a_journal_names_belongs_to_its_ticket(db: Db) -> None:
    journal.add(db, entry("e:1", reason=f"在车棚 [图片 {TIED}、{'b' * 24}]"))
    journal.add(db, entry("e:2"))

    assert pictures.without_ticket(db, {TIED, LOOSE}) == {LOOSE}


def test_nothing_kept_asks_nothing(db: Db) -> None:
    assert pictures.without_ticket(db, set()) == set()
