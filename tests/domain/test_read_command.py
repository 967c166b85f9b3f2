"""The line loop of ``run_bot.py read``: one answer per line, in order, whatever stands in it."""

import io
import json
import subprocess
import sys

import pytest

from bot.domain.reading import GridNames
from bot.read_command import read_lines
from config.reading_rules import ReadingRules


def _answers(rules: ReadingRules, *lines: str) -> list[dict[str, object]]:
    out = io.StringIO()
    assert read_lines(lines, out, rules) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_report_has_the_promised_shape(rules: ReadingRules) -> None:
    line = json.dumps(
        {"id": 7, "text": "昨晚十点3-2-501打架 电话13900005678", "at": "2026-03-04T09:00:00"}
    )

    (answer,) = _answers(rules, line)

    assert answer["id"] == 7
    assert answer["kind"] == "report"
    assert answer["place"] == {"building": "3", "unit": "2", "room": "501"}
    when = answer["when"]
    assert isinstance(when, dict)
    assert when["from"] == "2026-03-03T22:00:00+08:00"
    assert "13900005678" not in json.dumps(answer, ensure_ascii=False)
    assert answer["danger"] is True


def test_chat_has_no_category_but_may_have_candidates(rules: ReadingRules) -> None:
    (answer,) = _answers(rules, json.dumps({"id": "a", "text": "晚上打麻将三缺一 输了请吃饭"}))

    assert (answer["kind"], answer["category"], answer["police"]) == ("chat", None, None)
    assert answer["department"] is None


@pytest.mark.parametrize(
    ("line", "id"),
    [
        ("{", None),
        ("[1]", None),
        ('{"id": 3}', 3),
        ('{"id": 3, "text": 5}', 3),
        ('{"id": 4, "text": "路灯坏了", "at": "昨天"}', 4),
        ('{"id": 4, "text": "路灯坏了", "at": 12}', 4),
        ("[" * 5000, None),
    ],
)
def test_bad_line_gets_a_sentence(line: str, id: object, rules: ReadingRules) -> None:
    (answer,) = _answers(rules, line)

    assert answer["id"] == id
    assert isinstance(answer["error"], str)


def test_answers_keep_the_order_of_the_lines(rules: ReadingRules) -> None:
    lines = [json.dumps({"id": n, "text": "路灯坏了"}) for n in range(5)]

    assert [answer["id"] for answer in _answers(rules, *lines, "\n")] == [0, 1, 2, 3, 4]


def test_lone_surrogate_and_long_text_are_answered(rules: ReadingRules) -> None:
    lines = [
        '{"id": "\\ud800", "text": "\\ud800着火了"}',
        json.dumps({"id": 1, "text": "a" * 50_000}),
    ]

    assert len(_answers(rules, *lines)) == 2


def test_grid_of_the_chat_names_the_estate(rules: ReadingRules) -> None:
    out = io.StringIO()
    grid = GridNames(estates=(("桂花苑", ("桂苑",)),))
    line = json.dumps({"id": 1, "chat": "g", "text": "桂苑路灯坏了"})

    read_lines([line], out, rules, lambda chat: grid if chat == "g" else None)

    assert json.loads(out.getvalue())["place"]["community"] == "桂花苑"


def test_reading_loads_no_database_and_no_socket() -> None:
    code = (
        "import sys, io, pathlib;"
        "from config.load import load_rules;"
        "from bot.read_command import read_lines;"
        "rules = load_rules(pathlib.Path('config/site')).reading;"
        'read_lines([\'{"id":1,"text":"路灯坏了"}\'], io.StringIO(), rules);'
        "print([m for m in ('sqlmodel', 'sqlalchemy', 'aiohttp', 'redis') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=20
    )

    assert done.stdout.strip() == "[]"
