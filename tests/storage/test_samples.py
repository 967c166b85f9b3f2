"""The daily sample's rows: what may be drawn, verdicts that count once, words that go."""

from dataclasses import replace
from datetime import timedelta

from storage import people, samples, tickets
from storage.people import Said
from storage.samples import OPENED, SHADOW, Sample, Tally, Window
from storage.session import Db
from tests.storage.rows import MINUTE, NOW, ticket

DAY = timedelta(days=1)
LAST_DAY = Window(NOW - DAY, NOW + MINUTE, frozenset({"P04"}))


def _said(db: Db, key: str, **more: object) -> None:
    made = Said(event_key=key, line="l", person_key="x", at=NOW, kind="chat", masked=f"说{key}")
    people.note_heard(db, replace(made, **more))  # type: ignore[arg-type]  # a sample


def _opened(db: Db, key: str, **more: object) -> None:
    number = int(key.removeprefix("e"))
    made = ticket(f"GH260304-{number:04}K", category="N03", danger="none")
    one = tickets.create(db, replace(made, **more))  # type: ignore[arg-type]  # a sample
    _said(db, key, kind="open", category=one.category, ticket_id=one.id)


def _shadow(key: str, **more: object) -> Sample:
    made = Sample(key=key, kind=SHADOW, at=NOW, chat="g", move="open", masked="会立单")
    return replace(made, **more)  # type: ignore[arg-type]  # a sample


def _keys(found: list[Sample]) -> list[str]:
    return [one.masked for one in found]


def test_only_plain_tickets_may_be_drawn(db: Db) -> None:
    _opened(db, "e1")
    _opened(db, "e2", danger="suspected")
    _opened(db, "e3", protected=True)
    _opened(db, "e4", category="P04")

    assert _keys(samples.opened(db, LAST_DAY)) == ["说e1"]


def test_talk_of_the_window_may_be_drawn(db: Db) -> None:
    _said(db, "e1")
    _said(db, "e2", at=NOW - 2 * DAY)
    _said(db, "e3", kind="answer")
    _said(db, "e4", category="P04")

    assert _keys(samples.silent(db, LAST_DAY)) == ["说e1"]


def test_silent_group_is_drawn_once(db: Db) -> None:
    samples.keep(db, _shadow("k1"))
    assert len(samples.shadowed(db, LAST_DAY)) == 1

    samples.draw(db, samples.shadowed(db, LAST_DAY)[0], "20260304", "v1")

    assert samples.shadowed(db, LAST_DAY) == []
    assert [s.drawn_on for s in samples.waiting(db)] == ["20260304"]


def test_row_does_not_lead_back_to_the_event(db: Db) -> None:
    _said(db, "aibot:CAIQ16")

    (found,) = samples.silent(db, LAST_DAY)

    assert "CAIQ16" not in found.key
    assert found.key == samples.key_of("aibot:CAIQ16")


def test_verdict_counts_once_and_only_of_what_was_drawn(db: Db) -> None:
    samples.keep(db, _shadow("k1"))
    samples.keep(db, _shadow("k2"))
    samples.draw(db, _shadow("k1"), "20260304", "v1")
    (waiting,) = samples.waiting(db)

    assert samples.judged(db, waiting.id, NOW, is_right=False)
    assert not samples.judged(db, waiting.id, NOW, is_right=True)
    assert not samples.judged(db, waiting.id + 1, NOW, is_right=True)

    assert samples.tally(db, "20260304") == {SHADOW: Tally(drawn=1, judged=1, right=0)}
    assert samples.tally(db, "20260305") == {}


def test_tally_counts_each_kind(db: Db) -> None:
    for number in range(3):
        one = _shadow(f"k{number}", kind=OPENED)
        samples.draw(db, one, "20260304", "v1")
    first, second, _ = samples.waiting(db)
    samples.judged(db, first.id, NOW, is_right=True)
    samples.judged(db, second.id, NOW, is_right=False)

    assert samples.tally(db, "20260301") == {OPENED: Tally(drawn=3, judged=2, right=1)}


def test_moves_of_a_silent_group_are_counted(db: Db) -> None:
    samples.keep(db, _shadow("k1"))
    samples.keep(db, _shadow("k2", move="chat"))
    samples.keep(db, _shadow("k3", move="chat"))
    samples.keep(db, _shadow("k4", chat="other"))

    assert samples.counted(db, "g", NOW - DAY) == {"open": 1, "chat": 2}


def test_words_go_and_verdicts_stay(db: Db) -> None:
    samples.draw(db, _shadow("k1"), "20260304", "v1")
    samples.judged(db, samples.waiting(db)[0].id, NOW, is_right=True)

    assert samples.forget_words(db, NOW + MINUTE) == 1

    assert samples.forget_words(db, NOW + MINUTE) == 0
    assert samples.tally(db, "20260304") == {SHADOW: Tally(1, 1, 1)}


def test_what_nobody_was_shown_is_dropped(db: Db) -> None:
    samples.keep(db, _shadow("k1"))
    samples.draw(db, _shadow("k2"), "20260304", "v1")

    assert samples.drop_undrawn(db, NOW + MINUTE) == 1

    assert [s.key for s in samples.waiting(db)] == ["k2"]


def test_decision_without_words_is_not_shown(db: Db) -> None:
    samples.draw(db, _shadow("k1", masked=""), "20260304", "v1")

    assert samples.waiting(db) == []
