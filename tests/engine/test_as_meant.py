"""What a door hears becomes what was meant: who said it, and what a bare mention quotes."""

from dataclasses import replace

import pytest

from bot.engine.bare_quote import is_ours, with_quoted_words
from bot.engine.spelling import as_in_roster
from bot.events import OVERHEARD, Clicked, Heard, Media, Scheduled
from config.rules import Rules
from tests.engine.house import NOW

FIRE = "10号楼着火了，楼道全是烟"
BARE = Heard(key="e1", at=NOW, chat="wrGUIHUA01", by="wang_ayi", door="socket", text="@小警")


@pytest.mark.parametrize(
    ("by", "chat", "wanted"),
    [
        ("LIN_ZhiYuan", "app:LIN_ZhiYuan", ("lin_zhiyuan", "app:lin_zhiyuan")),
        ("LIN_ZhiYuan", "wrGUIHUA01", ("lin_zhiyuan", "wrGUIHUA01")),
        ("lin_zhiyuan", "app:lin_zhiyuan", ("lin_zhiyuan", "app:lin_zhiyuan")),
        ("wmAbC", "kf:wkA:wmAbC", ("wmAbC", "kf:wkA:wmAbC")),
    ],
)
def test_trap_26_staff_are_called_as_in_the_roster(
    rules: Rules, by: str, chat: str, wanted: tuple[str, str]
) -> None:
    """Trap 26: userid upper and lower case; a WeChat account keeps its case."""
    heard = as_in_roster(replace(BARE, by=by, chat=chat), rules)
    clicked = Clicked(key="c", at=NOW, chat=chat, by=by, door="app", task_id="t", button="b")
    pressed = as_in_roster(clicked, rules)

    assert isinstance(heard, Heard)
    assert isinstance(pressed, Clicked)
    assert (heard.by, heard.chat) == (pressed.by, pressed.chat) == wanted


def test_what_nobody_said_stays_as_it_is(rules: Rules) -> None:
    hour = Scheduled(key="cron:x", at=NOW, job="x")

    assert with_quoted_words(as_in_roster(hour, rules), rules) is hour


@pytest.mark.parametrize("mention", ["@小警", "@小警\u2005", " @小格 @小警 ", ""])
def test_trap_07_bare_mention_means_what_it_quotes(rules: Rules, mention: str) -> None:
    """Trap 7: quote only."""
    event = with_quoted_words(replace(BARE, text=mention, quote=FIRE), rules)

    assert isinstance(event, Heard)
    assert event.text.endswith(FIRE)


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "@小警 这是真的吗"},
        {"media": (Media(kind="link", url="http://u.invalid"),)},
        {"door": OVERHEARD, "text": ""},
        {"quote": " "},
        {"quote": "市政设施 · 一般\nXH260304-0001F · 桂花社区第一网格"},
        {"quote": "收到，记下了，编号0001，这类事归城管中队管，已转给他们。有新情况@我接着说。"},
    ],
)
def test_other_quotes_stay_quotes(rules: Rules, changed: dict[str, object]) -> None:
    event = replace(BARE, **{"quote": FIRE, **changed})  # type: ignore[arg-type]  # fields of Heard

    assert with_quoted_words(event, rules) is event


def test_every_danger_sentence_of_ours_is_known_as_ours(rules: Rules) -> None:
    """Else quoting the advice of one fire would raise another."""
    spoken = {k: v for k, v in rules.texts.sentences.items() if k.startswith("danger_")}
    said = {key: v for key, v in spoken.items() if key.endswith(("_group", "_private"))}

    assert said
    assert [key for key, words in said.items() if not is_ours(words, rules)] == []
