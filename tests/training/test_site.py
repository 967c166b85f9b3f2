"""A site retrains with its tickets: what it learns, what it never learns, when it stops."""

import json
from dataclasses import replace

import pytest

from bot.domain.features import grams
from bot.domain.reading import read
from bot.domain.second import SecondReader, packed
from config.faults import StartupFault
from config.load import load_rules
from config.model_file import REPORT, read_model
from config.vocabulary import ClosingCode, Stage
from tests.training.station import NOW, SPOTS, WORD, Opened, Station, base_model

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]  # a fit on a busy machine
SECRET = "嘎嘣脆"


def knows(reader: SecondReader, word: str) -> bool:
    """Whether ``word``, of two to four characters, is itself a feature."""
    whole = {*grams(f"甲{word}乙").tolist()} & {*grams(f"丙{word}丁").tolist()}
    parts = {*grams(f"甲{word[:-1]}丙").tolist(), *grams(f"丙{word[1:]}乙").tolist()}
    assert len(whole - parts) == 1
    return bool((whole - parts) & {*reader.features.tolist()})


def category(reader: SecondReader, text: str) -> str:
    return reader.opinion(text, ()).categories[0][0]


def test_it_learns_the_words_of_its_tickets(station: Station) -> None:
    assert not knows(station.base(), WORD)

    code = station.trains()

    assert code == 0
    assert knows(station.installed(), WORD)
    assert category(station.installed(), f"北边{WORD}") == "N03"
    assert read_model(station.site)[1] == []
    assert load_rules(station.site).reading.model == station.model.read_bytes()


def test_danger_is_answered_by_the_shipped_weights(station: Station) -> None:
    station.trains(anyway=True)

    new, old = station.installed(), station.base()
    for name in ("danger", "despair", "danger_class"):
        there, here = new.heads[name], old.heads[name]
        assert there.classes == here.classes
        rows = [new.features.tolist().index(n) for n in old.features.tolist()]
        kept = new.weights[rows, there.start : there.stop]
        assert (kept == old.weights[:, here.start : here.stop]).all()
    assert new.opinion("仓库里冒黑烟", ()).danger == old.opinion("仓库里冒黑烟", ()).danger


def test_the_same_tickets_give_the_same_file(station: Station) -> None:
    station.trains(anyway=True)
    first = station.model.read_bytes()

    station.trains(anyway=True)

    assert station.model.read_bytes() == first


def test_report_tells_figures_and_no_words(
    station: Station, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    station.trains(anyway=True)

    report = (station.site / REPORT).read_text("utf-8")
    told = json.loads(report)
    said = capsys.readouterr().out
    assert told["tickets"] == 40
    assert told["added"] > 0
    assert {line["name"] for line in told["compared"]} >= {"诉求听出来", "类别说对"}
    assert "本所最新五分之一的工单" in said
    for words in (report, said, caplog.text):
        assert WORD not in words
        assert "拖椅子" not in words


@pytest.mark.parametrize(
    "more",
    [
        {"category": "P04", "protected": True},
        {"category": "P09"},
        {"category": "N03", "protected": True},
        {"stage": Stage.ASSIGNED, "closing_code": ""},
        {"closing_code": ClosingCode.UNFOUNDED},
        {"closing_code": ClosingCode.WITHDRAWN},
    ],
    ids=["protected", "never learnt", "protected ticket", "open", "unfounded", "withdrawn"],
)
def test_words_of_other_tickets_are_never_learnt(station: Station, more: dict[str, object]) -> None:
    with Opened(station) as db:
        for spot in SPOTS:
            station.worked(db, f"{spot}{SECRET}", **more)

    station.trains(anyway=True)

    assert json.loads((station.site / REPORT).read_text("utf-8"))["tickets"] == 40
    assert not knows(station.installed(), SECRET)


@pytest.mark.parametrize("pair", [("P04", "N03"), ("N03", "P05")], ids=["from", "to"])
def test_ticket_that_was_ever_protected_stays_out(station: Station, pair: tuple[str, str]) -> None:
    with Opened(station) as db:
        for spot in SPOTS:
            ticket = station.worked(db, f"{spot}{SECRET}")
            station.corrected(db, ticket, *pair)
            station.corrected(db, ticket, "N15", "N03")

    station.trains(anyway=True)

    assert not knows(station.installed(), SECRET)


def test_only_masked_words_are_learnt(station: Station) -> None:
    with Opened(station) as db:
        for spot in SPOTS:
            station.worked(db, f"{spot}井盖哪去了", original=f"{spot}{SECRET}")

    station.trains(anyway=True)

    assert not knows(station.installed(), SECRET)


@pytest.mark.parametrize(("tickets", "is_learnt"), [(4, False), (5, True)])
def test_word_joins_the_model_from_five_tickets_on(
    station: Station, tickets: int, is_learnt: bool
) -> None:
    with Opened(station) as db:
        for spot in SPOTS[:tickets]:
            station.worked(db, f"{spot}{SECRET}")

    station.trains(anyway=True)

    assert knows(station.installed(), SECRET) is is_learnt


@pytest.mark.parametrize("who", ["person-same", ""], ids=["one person", "nobody known"])
def test_words_of_one_person_do_not_join_however_often_said(station: Station, who: str) -> None:
    with Opened(station) as db:
        for spot in SPOTS:
            station.worked(db, f"{spot}{SECRET}", reporter_key=who)

    station.trains(anyway=True)

    assert not knows(station.installed(), SECRET)


def test_names_of_people_do_not_join(station: Station) -> None:
    name = load_rules(station.site).people[0].name
    with Opened(station) as db:
        for spot in SPOTS:
            station.worked(db, f"{spot}{name}{SECRET}")

    station.trains(anyway=True)

    assert knows(station.installed(), SECRET)
    assert not knows(station.installed(), name)


def test_what_staff_called_no_report_teaches_that_it_is_none(station: Station) -> None:
    with Opened(station) as db:
        for spot in SPOTS:
            void = station.worked(db, f"{spot}{SECRET}", stage=Stage.VOID, closing_code="")
            station.corrected(db, void, "N03", "")

    station.trains(anyway=True)

    kinds = station.installed().opinion(SECRET, ()).kinds
    assert kinds["chat"] > station.base().opinion(SECRET, ()).kinds["chat"]
    assert kinds["chat"] > kinds["report"]


def test_corrected_category_counts_as_corrected(station: Station) -> None:
    with Opened(station) as db:
        for spot in SPOTS:
            still = station.worked(db, f"{spot}{SECRET}", stage=Stage.HANDLING, category="N03")
            station.corrected(db, still, "N03", "P10")

    station.trains(anyway=True)

    assert category(station.installed(), SECRET) == "P10"


def test_message_that_staff_opened_is_learnt(station: Station) -> None:
    with Opened(station) as db:
        for spot in SPOTS:
            opened = station.worked(db, f"{spot}{SECRET}", stage=Stage.ASSIGNED, closing_code="")
            station.corrected(db, opened, "", "P10")

    station.trains(anyway=True)

    assert category(station.installed(), SECRET) == "P10"


def test_too_few_tickets_are_refused_with_a_sentence(station: Station) -> None:
    with pytest.raises(StartupFault, match="才 40 件，满 41 件再训练"):
        station.trains(least=41)

    assert not station.model.exists()


def test_site_without_a_database_gets_a_sentence(station: Station) -> None:
    (station.folder / "data" / "jingge.db").unlink()

    with pytest.raises(StartupFault, match="还没有数据库"):
        station.trains(anyway=True)


def _hears_more(station: Station) -> None:
    """The site's model hears a danger in a sentence in which the shipped one hears none."""
    base = station.base()
    head = base.heads["danger"]
    biases = base.biases.copy()
    biases[head.start + head.classes.index("yes")] += 200.0
    station.has_own(packed(replace(base, biases=biases), {}))
    station.says(
        {"text": "那东西又在那儿转来转去的还是老样子呢", "kind": ["report"], "danger": "some"}
    )


@pytest.mark.parametrize("anyway", [False, True])
def test_model_that_misses_a_danger_never_replaces_another(
    station: Station, anyway: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    _hears_more(station)
    before = station.model.read_bytes()

    code = station.trains(anyway=anyway)

    assert code == 2
    assert "少听到险情" in capsys.readouterr().out
    assert station.model.read_bytes() == before


@pytest.mark.parametrize("anyway", [False, True])
def test_model_that_names_fewer_categories_replaces_only_anyway(
    station: Station, anyway: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    station.has_own(base_model()[0])
    before = station.model.read_bytes()
    text = f"前街{WORD}在那儿"
    known = read(text, NOW, None, load_rules(station.site).reading).category
    assert known == "P10"  # the tickets say N03
    station.says({"text": text, "kind": ["report"], "category": [known]})

    code = station.trains(anyway=anyway)

    assert "✗" in capsys.readouterr().out
    assert (code == 0) is anyway
    assert (station.model.read_bytes() != before) is anyway


def test_old_model_is_not_asked_about_tickets_that_it_has_learnt(
    station: Station, capsys: pytest.CaptureFixture[str]
) -> None:
    station.trains(anyway=True)
    capsys.readouterr()

    station.trains(anyway=True)
    again = capsys.readouterr().out
    with Opened(station) as db:
        for spot in SPOTS[:3]:
            station.worked(db, f"{spot}{WORD}")
    station.trains(anyway=True)
    later = capsys.readouterr().out

    assert "本所最新五分之一" not in again
    asked = [line for line in later.splitlines() if line.endswith("（3）  一样")]
    assert "本所最新五分之一" in later
    assert len(asked) == 2
