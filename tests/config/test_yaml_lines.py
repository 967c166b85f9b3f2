"""YAML read as text with lines: what is kept as typed, and which slips are recognised."""

import pytest

from config.yaml_lines import parse


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("22:30", "22:30"),
        ("0012", "0012"),
        ("12110", "12110"),
        ("yes", "yes"),
        ("1e3", "1e3"),
        ("2026-03-04", "2026-03-04"),
        ("'~'", "~"),
        ('""', ""),
        ("~", None),
        ("null", None),
        ("", None),
    ],
)
def test_scalar_stays_as_typed(typed: str, value: str | None) -> None:
    document = parse("a.yaml", f"key: {typed}\n".encode())

    assert document.data == {"key": value}
    assert document.faults == ()


def test_every_path_knows_its_line() -> None:
    document = parse("a.yaml", b"a:\n  - b: 1\n    c:\n      - x\n      - y\n\n# note\nd: 2\n")

    lines = {path: document.line_of(path) for path in [("a", 0, "c", 1), ("d",), ("a", 7, "z")]}

    assert lines == {("a", 0, "c", 1): 5, ("d",): 8, ("a", 7, "z"): 1}


def test_line_numbers_count_every_kind_of_line_end() -> None:
    document = parse("a.yaml", b"a: 1\r\nb: 2\rc: 3\nd: 4\nd: 5\n")

    assert [(fault.line, fault.typed) for fault in document.faults] == [(5, "d: 5")]


@pytest.mark.parametrize(
    ("text", "line", "what", "should"),
    [
        pytest.param("a: 1\nb：2\n", 2, "全角", "b: 2", id="full-width colon"),
        pytest.param("a:\n\tb: 1\n", 2, "制表符", "b: 1", id="tab"),
        pytest.param("a: 1\nb: '没关上\n", 2, "没有关上", "", id="open quote"),
        pytest.param("a: 1\nb: 去: 那里\n", 2, "多了一个冒号", "", id="colon in bare text"),
        pytest.param("a: 1\n  b: 2\n", 2, "多了一个冒号", "", id="stray indentation"),
        pytest.param("a: [1, 2\nb: 3\n", 1, "右括号", "", id="open bracket"),
        pytest.param("a: @人\n", 1, "加引号", "", id="at sign first"),
        pytest.param("a: *人\n", 1, "加引号", "", id="star first"),
        pytest.param("a: {number}办好\n", 1, "整句加引号", 'a: "{number}办好"', id="brace first"),
        pytest.param("a: &x 1\n", 1, "不用 &", "", id="anchor"),
        pytest.param("a: !x 1\n", 1, "不用 &", "", id="tag"),
        pytest.param("a: 1\n---\nb: 2\n", 2, "---", "", id="second document"),
        pytest.param("a: \x07\n", 1, "控制字符", "", id="control character"),
        pytest.param("a: [1，2]\n", 1, "中文逗号", "[1, 2]", id="full-width comma"),
        pytest.param("? [a]\n: 1\n", 1, "键只能是一个词", "", id="list as key"),
    ],
)
def test_slip_is_named_with_its_line(text: str, line: int, what: str, should: str) -> None:
    faults = parse("a.yaml", text.encode()).faults

    assert [(fault.line, what in fault.what) for fault in faults] == [(line, True)], faults
    assert should in faults[0].should


def test_all_slips_of_a_broken_file_are_told() -> None:
    document = parse("a.yaml", "a：1\nb:\n\tc: 2\nd：4\n".encode())

    assert {fault.line for fault in document.faults} >= {1, 3, 4}


def test_expanding_aliases_are_refused_not_expanded() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"

    document = parse("a.yaml", bomb.encode())

    assert document.data == {"a": None, "b": None, "c": None}


@pytest.mark.parametrize("raw", [b"[" * 5000, b"a: {b: " * 1000, b"- " * 3000])
def test_bottomless_nesting_is_a_fault(raw: bytes) -> None:
    faults = parse("a.yaml", raw).faults

    assert [fault.what for fault in faults] == ["括号嵌套得太深，读不下去"]


@pytest.mark.parametrize("raw", ["a: 中文\n".encode("utf-16"), b"\xff\xfe\x00", b"a: \x81\n"])
def test_foreign_encoding_is_a_fault(raw: bytes) -> None:
    faults = parse("a.yaml", raw).faults

    assert [fault.line for fault in faults] == [1]
    assert "不是 UTF-8" in faults[0].what


def test_commas_inside_quotes_and_plain_sentences_are_left_alone() -> None:
    document = parse("a.yaml", "a: ['一，二']\nb: 一，二、三\nc:\n  - 一，二\n".encode())

    assert document.faults == ()
