"""``replay``: what last week's messages would have led to under these rules."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import handlers
from bot.engine.plug import Plug
from bot.events import Due, Event
from bot.turn import Turn
from commands import replay
from commands.replay_lines import parse_lines
from config.rules import Rules
from tests.commands.program import run
from tests.commands.week import LAMP, NINE, played, said

pytestmark = pytest.mark.timeout(120)  # the first reading loads the word lists


def plug(monkeypatch: pytest.MonkeyPatch, handle: Callable[[Turn, Event], None]) -> None:
    """Let the replay go through ``handle`` instead of the handlers' own."""
    made = Plug(handle, handlers.refused, handlers.dead, handlers.unsent, {})
    monkeypatch.setattr(replay, "_PLUG", made)


def test_report_opens_a_ticket_and_is_answered(rules: Rules) -> None:
    [line] = played(rules, said(LAMP))

    assert line["action"] == "opened"
    assert len(line["tickets"]) == 1
    assert line["category"] == "N04"
    assert line["danger"] is False
    assert "wrGUIHUA01" in [one["to"] for one in line["said"]]
    assert all(one["text"] for one in line["said"])
    assert "楼道灯" in line["why"]
    assert line["why"].endswith("；决定：新开工单")


def test_same_sender_within_the_window_is_attached(rules: Rules) -> None:
    first, second = played(rules, said(LAMP), said("快来人看看吧", 30))

    assert second["action"] == "attached"
    assert second["tickets"] == first["tickets"]


def test_neighbour_who_tells_the_same_is_attached(rules: Rules) -> None:
    first, second = played(rules, said(LAMP), said(LAMP, 600, id=2, sender="zhao"))

    assert second["action"] == "attached"
    assert second["tickets"] == first["tickets"]


def test_over_is_news_of_the_ticket(rules: Rules) -> None:
    first, second = played(rules, said(LAMP), said("灯已经修好了，谢谢", 7200))

    assert (second["action"], second["tickets"]) == ("updated", first["tickets"])


def test_plain_chat_in_a_heard_group_gets_no_answer(rules: Rules) -> None:
    [line] = played(rules, said("今天天气不错，下午一起散步去"))

    assert line["action"] == "none"
    assert line["tickets"] == []
    assert line["said"] == []
    assert line["category"] is None


def test_question_to_the_bot_is_answered_without_a_ticket(rules: Rules) -> None:
    question = "@小警 办居住证要带什么材料？"

    asked, overheard = played(rules, said(question), said(question[4:], 60))

    assert (asked["action"], asked["tickets"]) == ("answered", [])
    assert [one["to"] for one in asked["said"]] == ["wrGUIHUA01"]
    assert overheard["action"] == "none"


def test_question_of_an_officer_to_the_reporter_is_asked(rules: Rules) -> None:
    lines = played(
        rules,
        said("家里被偷了，桂花苑3号楼502，丢了手机"),
        said("签收 0001", 60, sender="lin_zhiyuan", chat="app:lin_zhiyuan"),
        said("问 0001 是什么颜色的手机？", 120, sender="lin_zhiyuan", chat="app:lin_zhiyuan"),
    )

    assert [line["action"] for line in lines] == ["opened", "updated", "asked"]
    assert "app:wang" in [one["to"] for one in lines[2]["said"]]


def test_danger_speaks_at_once(rules: Rules) -> None:
    [line] = played(rules, said("楼下有人打架，拿着刀"))

    assert line["danger"] is True
    assert line["action"] == "opened"
    assert "110" in line["said"][0]["text"]


def test_lines_run_by_their_moments_and_stand_as_in_the_file(rules: Rules) -> None:
    late, early = played(rules, said("快来人看看吧", 30), said(LAMP))

    assert (late["action"], early["action"]) == ("attached", "opened")


def test_unknown_chat_belongs_to_the_grid_that_is_named(rules: Rules) -> None:
    known, unknown = played(
        rules,
        said(LAMP, chat="some group", grid="g02"),
        said(LAMP, 3600, chat="another group", sender="zhao"),
    )

    assert "槐安里" in json.dumps(known["said"], ensure_ascii=False) or "第二网格" in str(known)
    assert "网格" not in unknown["said"][0]["text"].split("\n")[1]


def test_role_of_a_line_makes_a_stranger_staff_for_the_replay(rules: Rules) -> None:
    theft = said("楼下有人打架，拿着刀")
    sign = said("签收 0001", 60, sender="stranger")

    _, resident = played(rules, theft, sign)
    _, officer = played(rules, theft, {**sign, "role": "officer"})

    assert resident["action"] == "answered"
    assert officer["action"] == "updated"
    assert rules.person("stranger") is None


def test_timers_fire_between_and_a_day_beyond(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments: list[datetime] = []

    def watched(turn: Turn, event: Event) -> None:
        if isinstance(event, Due):
            assert turn.now == event.at
        moments.append(turn.now)
        handlers.handle(turn, event)

    plug(monkeypatch, watched)

    played(rules, said("楼下有人打架，拿着刀"), said(LAMP, 600, sender="zhao"), said("好的", 3600))

    spoken = moments.index(NINE + timedelta(hours=1))
    assert moments == sorted(moments)
    assert spoken > 3
    assert NINE + timedelta(hours=23) < moments[-1] <= NINE + timedelta(hours=25)


def test_call_chain_that_nobody_signs_comes_to_an_end(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[Event] = []

    def watched(turn: Turn, event: Event) -> None:
        if isinstance(event, Due) and event.kind == "ring":
            rung.append(event)
        handlers.handle(turn, event)

    plug(monkeypatch, watched)

    played(rules, said("楼下有人打架，拿着刀"))

    assert len(rung) == len(rules.times.danger.chain) * replay.ROUNDS - 1


def test_bug_in_one_turn_leaves_the_others_alone(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(turn: Turn, event: Event) -> None:
        handlers.handle(turn, event)
        if getattr(event, "text", "") == "好的":
            raise KeyError("a bug")

    plug(monkeypatch, broken)

    first, bad, last = played(rules, said(LAMP), said("好的", 10), said("小区大门口路灯不亮", 3600))

    assert bad["id"] == "好的"
    assert "出错（KeyError）" in bad["error"]
    assert (first["action"], last["action"]) == ("opened", "opened")
    assert len({*first["tickets"], *last["tickets"]}) == 2


def test_bug_in_a_timer_is_told_and_passed_over(
    rules: Rules, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(turn: Turn, event: Event) -> None:
        if isinstance(event, Due):
            raise KeyError("a bug")
        handlers.handle(turn, event)

    plug(monkeypatch, broken)

    [line] = played(rules, said("楼下有人打架，拿着刀"))

    assert line["action"] == "opened"
    assert "一个到点事项（ring）出错：KeyError" in capsys.readouterr().err


def test_other_rules_lead_to_other_answers(rules: Rules) -> None:
    fewer = [c for c in rules.reading.categories if c.code != "N04"]
    reading = rules.reading.model_copy(update={"categories": tuple(fewer)})

    [line] = replay.answers(
        Rules(**{**vars_of(rules), "reading": reading}),
        parse_lines(json.dumps(said(LAMP)).encode()),
    )

    assert line.get("category") != "N04"


def vars_of(rules: Rules) -> dict[str, Any]:
    return {name: getattr(rules, name) for name in rules.__dataclass_fields__}


@pytest.mark.timeout(90)  # starts programs, or reads much, on a busy machine
def test_same_file_gives_the_same_bytes_and_touches_nothing(tmp_path: Path) -> None:
    lines = [said(LAMP), said("楼下有人打架，拿着刀", 60, sender="zhao"), said("好的", 90)]
    file = tmp_path / "week.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n\nbroken\n", encoding="utf-8")
    data = tmp_path / "data"

    runs = [
        run("replay", str(file), settings={"PYTHONHASHSEED": seed, "JINGGE_DATA_DIR": str(data)})
        for seed in ("1", "2")
    ]

    assert [done.returncode for done in runs] == [0, 0], runs[0].stderr
    assert runs[0].stdout == runs[1].stdout
    answers = [json.loads(line) for line in runs[0].stdout.splitlines()]
    assert [one["id"] for one in answers] == [*(line["id"] for line in lines), None]
    assert set(answers[0]) == {"id", "action", "tickets", "category", "danger", "said", "why"}
    assert [path.name for path in tmp_path.iterdir()] == ["week.jsonl"]


def test_words_of_the_messages_stay_out_of_the_log(
    rules: Rules, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        played(rules, said(LAMP))

    assert LAMP not in caplog.text
