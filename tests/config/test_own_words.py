"""own_words.yaml: a site's own words are merged into the categories and win every tie."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.reading import read
from config.load import load_rules
from config.own_words import Level, OwnWords, levels_of, merged, plain_words
from config.reading_rules import Category, OwnWord, ReadingRules
from config.vocabulary import Danger
from tests.config.sites import Site

NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
SAMPLE = Path(__file__).parents[2] / "config" / "site"

RULES = ReadingRules(
    categories=(
        Category(
            code="N03", name="市政设施", handled_by="city_management", strong=("路灯不亮|灯坏",),
            words=("路灯", "路灯 + 坏"),
        ),
        Category(code="N04", name="物业", handled_by="housing", words=("路灯|电梯",)),
        Category(code="N06", name="消防", handled_by="fire", strong=("路灯",)),
    )
)  # fmt: skip


def _merged(word: str, category: str, weight: str) -> ReadingRules:
    own = OwnWord.model_validate({"word": word, "category": category, "weight": weight})
    return merged(RULES, OwnWords(words=(own,)))


def test_new_word_stands_first_in_its_list() -> None:
    assert _merged("景观灯", "N03", "词").category("N03").words[0] == "景观灯"


def test_word_can_be_weakened_in_its_own_category() -> None:
    changed = _merged("灯坏", "N03", "弱").category("N03")

    assert changed.strong == ("路灯不亮",)
    assert changed.weak == ("灯坏",)


def test_lines_with_company_are_left_as_they_are() -> None:
    assert "路灯 + 坏" in _merged("路灯", "N03", "弱").category("N03").words


def test_equal_word_of_another_category_gives_way_and_a_stronger_one_stays() -> None:
    changed = _merged("路灯", "N03", "词")

    assert changed.category("N04").words == ("电梯",)
    assert changed.category("N06").strong == ("路灯",)


def test_words_of_the_site_can_be_asked_for() -> None:
    assert [own.word for own in _merged("景观灯", "N03", "词").own_words] == ["景观灯"]
    assert merged(RULES, OwnWords()) is RULES


@pytest.mark.parametrize(
    ("said", "category", "danger"),
    [
        ("文化广场地砖坏了", "N03", Danger.NONE),
        ("学校教室的灯坏了", "N12", Danger.NONE),
        ("业主群里老有人发广告，管一管", "N15", Danger.NONE),
        ("群里发广告的是骗子，我刚转了五千", "P02", Danger.CONFIRMED),
    ],
)
def test_own_words_of_the_sample_name_the_class_save_in_danger(
    said: str, category: str, danger: Danger
) -> None:
    found = read(said, NOW, None, load_rules(SAMPLE).reading)

    assert (found.category, found.danger) == (category, danger)


def test_levels_and_their_order() -> None:
    assert levels_of(RULES.category("N03"), "灯坏") == [Level.STRONG]
    assert (Level.STRONG.weaker, Level.TOPIC.weaker) == (Level.WORD, None)
    assert plain_words(("a|b", "c + d", "<e>")) == ["a", "b"]


def test_file_of_a_site_is_merged_at_load(site: Site) -> None:
    before = load_rules(site.path).version
    (site.path / "own_words.yaml").write_text("words:\n  - {word: 灯一闪, category: N03}\n")

    rules = load_rules(site.path)

    assert "灯一闪" in rules.reading.category("N03").words
    assert rules.version != before


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{word: 灯闪, category: N88}", "N88"),
        ("{word: 灯闪, category: N03, weight: 中}", "这个词不认识"),
        ("{word: 灯+闪, category: N03}", "写法不对"),
        ("{word: 灯闪}", "category"),
    ],
)
def test_faults_are_named_with_their_line(site: Site, line: str, what: str) -> None:
    (site.path / "own_words.yaml").write_text(f"words:\n  - {line}\n")

    fault = site.only_fault()

    assert (fault.file, fault.line) == ("own_words.yaml", 2)
    assert what in fault.what


def test_same_word_twice_is_a_fault(site: Site) -> None:
    body = "words:\n  - {word: 灯闪, category: N03}\n  - {word: 灯闪, category: N04}\n"
    (site.path / "own_words.yaml").write_text(body)

    assert "已经用过" in site.only_fault().what
