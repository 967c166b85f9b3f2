"""The daily sample: one card walks through the draw, verdicts are kept, the figures are honest."""

from dataclasses import replace
from datetime import timedelta

import pytest

from storage import samples
from storage.samples import Sample
from tests.handlers.office import Office

READER = "jia_shuwen"
TALK = ("今晚吃啥", "哈哈哈哈", "大家晚上好", "周末愉快")


def _a_day(office: Office) -> None:
    office.says("wang_ayi", "东门的路灯坏了三天了")
    for index, words in enumerate(TALK):
        office.says(f"resident{index}", words)
    office.now += timedelta(hours=20)


def _waiting(office: Office) -> list[Sample]:
    found: list[Sample] = office.looks(samples.waiting)
    return found


def test_reader_gets_one_card_for_all_decisions(office: Office) -> None:
    _a_day(office)

    said = office.hour("sample")

    assert said == [(f"app:{READER}", "card: 抽查 · 还有5条")]
    assert {s.kind for s in _waiting(office)} == {"opened", "silent"}
    (card,) = office.last_cards
    assert [b["text"] for b in card["buttons"]] == ["对", "错"]


def test_press_keeps_the_verdict_and_turns_the_card(office: Office) -> None:
    _a_day(office)
    office.hour("sample")

    said = office.presses(READER, office.last_cards[0], "对")

    assert said == [(f"app:{READER}", "card: 抽查 · 还有4条")]
    assert len(_waiting(office)) == 4


def test_second_press_of_the_same_decision_counts_once(office: Office) -> None:
    _a_day(office)
    office.hour("sample")
    card = office.last_cards[0]

    office.presses(READER, card, "对")
    office.presses(READER, card, "错")

    tallies = office.looks(lambda db: samples.tally(db, "20260101"))
    assert sum(t.judged for t in tallies.values()) == 1
    assert sum(t.right for t in tallies.values()) == 1


def test_after_the_last_verdict_the_card_says_thanks_and_the_figure(office: Office) -> None:
    _a_day(office)
    office.hour("sample")
    for label in ("对", "对", "错", "对"):
        office.presses(READER, office.last_cards[0], label)

    said = office.presses(READER, office.last_cards[0], "对")

    assert said == [(f"app:{READER}", "card: 抽查看完了，谢谢")]
    assert "4/5（80%" in office.last_cards[0]["desc"]


def test_figures_stand_with_their_interval_for_room_and_leader(office: Office) -> None:
    _a_day(office)
    office.hour("sample")
    for _ in range(5):
        office.presses(READER, office.last_cards[0], "对")

    said = office.says("qiu_ruolan", "抽查", chat="")

    assert "没立单的 4/4（100%，51–100%）" in said[-1][1]
    assert "立了单的 1/1（100%，21–100%）" in said[-1][1]


def test_others_do_not_get_the_figures(office: Office) -> None:
    said = office.says("fang_xiaoman", "抽查", chat="")

    assert "近30天" not in said[-1][1]


def test_stranger_cannot_judge(office: Office) -> None:
    _a_day(office)
    office.hour("sample")

    office.presses("fang_xiaoman", office.last_cards[0], "错")

    assert len(_waiting(office)) == 5


def test_danger_and_protected_matters_are_never_drawn(office: Office) -> None:
    office.says("chen_shu", "5号楼着火了，楼道全是烟")
    office.says("xu_xiaolei", "我老公天天打我，我不敢报警", chat="")
    office.now += timedelta(hours=20)

    assert office.hour("sample") == []
    assert _waiting(office) == []


def test_quiet_day_sends_nothing(office: Office) -> None:
    assert office.hour("sample") == []


def test_draw_is_the_same_when_the_hour_is_tried_again(office: Office) -> None:
    for number in range(30):
        office.says(f"resident{number}", f"今晚吃啥{number}")
    office.now += timedelta(hours=20)
    office.hour("sample")
    first = {s.key for s in _waiting(office)}

    office.now += timedelta(minutes=1)
    office.hour("sample")

    assert len(first) == 20
    assert {s.key for s in _waiting(office)} == first


def test_unanswered_decision_is_not_brought_again_the_next_day(office: Office) -> None:
    _a_day(office)
    office.hour("sample")
    first = office.last_cards[0]
    office.now += timedelta(hours=12)
    office.says("wang_ayi", "5号楼的电梯按钮坏了")

    office.now += timedelta(hours=12)
    said = office.hour("sample")

    assert said == [(f"app:{READER}", "card: 抽查 · 还有1条")]
    assert "电梯" in office.last_cards[0]["text"]
    assert len(_waiting(office)) == 6
    office.now += timedelta(days=1)
    assert office.hour("sample") == [], "a quiet day brings nothing, old or new"

    office.presses(READER, first, "对")
    assert "还有4条" in office.last_cards[0]["title"], "the first day's card walks its own day"
    assert (f"app:{READER}", "card: 抽查 · 还有1条") in office.says(READER, "抽查", chat="")


def test_reader_who_lost_the_card_asks_for_it(office: Office) -> None:
    _a_day(office)
    office.hour("sample")

    said = office.says(READER, "抽查", chat="")

    assert (f"app:{READER}", "card: 抽查 · 还有5条") in said


def test_station_without_a_reader_draws_nothing(office: Office) -> None:
    _a_day(office)
    office.rules = replace(
        office.rules, times=office.rules.times.model_copy(update={"sample": None})
    )

    assert office.hour("sample") == []
    assert _waiting(office) == []


@pytest.mark.parametrize("days", [8])
def test_words_go_and_verdicts_stay(office: Office, days: int) -> None:
    _a_day(office)
    office.hour("sample")
    office.presses(READER, office.last_cards[0], "对")

    office.now += timedelta(days=days)
    office.hour("forget")

    tallies = office.looks(lambda db: samples.tally(db, "20260101"))
    assert sum(t.judged for t in tallies.values()) == 1
    assert _waiting(office) == []
    with office.database.writer_engine.begin() as conn:
        rows = conn.exec_driver_sql("SELECT count(*) FROM samples WHERE masked_sealed <> ''")
        assert rows.scalar_one() == 0
