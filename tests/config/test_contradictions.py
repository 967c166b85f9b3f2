"""Rules that contradict themselves are told with file, line and what to do; doubts are hints."""

from io import StringIO

import pytest

from config.check import check_command
from config.contradictions import Found, contradictions
from config.load import READING_FILES
from config.yaml_lines import parse
from tests.config.sites import SAMPLE, Site

_CATEGORIES = """\
categories:
  - code: P03
    name: 打架
    handled_by: police
    strong: [打架, <打> + <血>]
    words: [动手]
  - code: N01
    name: 市容
    handled_by: city_management
    strong: [垃圾]
    not_words: [电影]
"""
_DANGER = """\
danger:
  - danger: fire
    category: P03
    sure: [着火了, 冒烟]
    unless: [火锅]
"""
_READING = """\
cues:
  打: [揍, 踹]
  血: [流血, 出血]
shields: [火锅店]
negators: [没, 别]
dialects_on: [西南]
manner:
  fiction: [演习]
  here: [我家]
"""
_DIALECTS = """\
dialects:
  西南: {娃儿: 孩子}
typos: {着伙: 着火}
"""


def _found(**changes: tuple[str, str]) -> Found:
    """What is found when in one of the files the first text is replaced by the second."""
    files = {}
    for name, text in (
        ("categories", _CATEGORIES),
        ("danger", _DANGER),
        ("reading", _READING),
        ("dialects", _DIALECTS),
    ):
        typed, instead = changes.get(name, ("", ""))
        assert typed in text
        file = f"{name}.yaml"
        files[file] = parse(
            file, text.replace(typed, instead, 1).encode() if typed else text.encode()
        )
    return contradictions(files)


def test_rules_without_contradiction_are_left_in_peace() -> None:
    assert _found() == Found((), ())


_FAULTS = {
    "two categories claim a word": (
        {"categories": ("strong: [垃圾]", "strong: [垃圾, 打架]")},
        ("categories.yaml", 10, "“打架”在 P03（第 5 行）和 N01 都是 strong"),
    ),
    "two categories have the same line": (
        {"categories": ("strong: [垃圾]", "strong: [<血> + <打>]")},
        ("categories.yaml", 10, "和 P03 第 5 行一模一样"),
    ),
    "a typo entry rewrites a word": (
        {"dialects": ("着伙: 着火", "打架: 打驾")},
        ("categories.yaml", 5, "“打架”读之前已被 dialects.yaml 第 3 行（打架: 打驾）改成“打驾”"),
    ),
    "a dialect that is on rewrites a word of a group": (
        {"dialects": ("娃儿: 孩子", "流血: 淌红")},
        ("reading.yaml", 3, "“流血”读之前已被 dialects.yaml 第 2 行"),
    ),
    "an exception stands inside the only word": (
        {"categories": ("strong: [垃圾]", "strong: [看电影]")},
        ("categories.yaml", 10, "这一条永远不成立：“看电影”里就有排除词“电影”"),
    ),
    "an exception stands inside one of the words": (
        {"categories": ("strong: [垃圾]", "strong: [垃圾|电影票]")},
        ("categories.yaml", 10, "“电影票”永远不算：排除词“电影”就在它里面"),
    ),
    "the exception of a line silences the line": (
        {"categories": ("strong: [垃圾]", "strong: [大垃圾 ! 垃圾]")},
        ("categories.yaml", 10, "“大垃圾”里就有排除词“垃圾”"),
    ),
    "unless silences a danger": (
        {"danger": ("unless: [火锅]", "unless: [冒烟]")},
        ("danger.yaml", 4, "“冒烟”里就有排除词“冒烟”"),
    ),
    "cues too long for the reach": (
        {
            "reading": ("negators:", "weights: {reach: 4}\nnegators:"),
            "categories": ("<打> + <血>", "揍他一顿 + <血>"),
        },
        ("categories.yaml", 5, "几个词加起来至少 6 个字，超过 reach 的 4 个字"),
    ),
    "a danger word is a negator": (
        {"reading": ("[没, 别]", "[没, 冒烟]")},
        ("danger.yaml", 4, "险情词“冒烟”又写在 negators 里"),
    ),
    "a danger word is half a film": (
        {"danger": ("[着火了, 冒烟]", "[着火了, 演习冒烟]")},
        (
            "danger.yaml",
            4,
            "险情词“演习冒烟”永远不算：里面的“演习”在 reading.yaml 第 8 行 算影视游戏",
        ),
    ),
    "a group inside a group is unknown": (
        {"reading": ("[揍, 踹]", "[揍, <踢>]")},
        ("reading.yaml", 2, "没有“踢”这个词组"),
    ),
    "a shield names an unknown group": (
        {"reading": ("[火锅店]", "[火锅店, <将打>]")},
        ("reading.yaml", 4, "没有“将打”这个词组"),
    ),
    "groups run in a circle": (
        {"reading": ("[流血, 出血]", "[流血, <血>]")},
        ("reading.yaml", 3, "词组<血>绕一圈又用到了自己"),
    ),
}


@pytest.mark.parametrize(("changes", "told"), _FAULTS.values(), ids=_FAULTS.keys())
def test_contradiction_is_told_with_its_line(
    changes: dict[str, tuple[str, str]], told: tuple[str, int, str]
) -> None:
    file, line, what = told

    faults = _found(**changes).faults

    assert [(f.file, f.line) for f in faults] == [(file, line)], faults
    assert what in faults[0].what
    assert faults[0].should
    assert faults[0].typed


_HINTS = {
    "twice in a line": (
        {"categories": ("strong: [垃圾]", "strong: [垃圾|废品|垃圾]")},
        "“垃圾”在这一条里写了两次",
    ),
    "twice in a list": (
        {"categories": ("words: [动手]", "words: [动手, 动手]")},
        "在 words 里已经写过",
    ),
    "twice in a group": ({"reading": ("[揍, 踹]", "[揍, 踹, 揍]")}, "“揍”写了两次"),
    "twice among the negators": ({"reading": ("[没, 别]", "[没, 别, 没]")}, "“没”写了两次"),
    "shared by two categories": (
        {"categories": ("not_words: [电影]", "words: [动手]")},
        "“动手”在 P03、N01 都是 words",
    ),
    "idle at a lower level": (
        {"categories": ("words: [动手]", "words: [打架]")},
        "“打架”在 P03 的 strong 里已有，写在 words 不起作用",
    ),
    "danger under a shield": (
        {"reading": ("[火锅店]", "[冒烟了吗]")},
        "险情词“冒烟”会被保护短语“冒烟了吗”挡住",
    ),
    "danger under a shield that only adds where and when": (
        {"reading": ("[火锅店]", "[我家着火了啊]")},
        "险情词“着火了”会被保护短语“我家着火了啊”挡住",
    ),
    "danger under a negator": (
        {"danger": ("[着火了, 冒烟]", "[着火了, 冒烟, 别冒烟 + <血>]")},
        "“别冒烟”是险情的话，可开头是否定词",
    ),
    "a group without use": (
        {"reading": ("  打:", "  狗: [恶犬]\n  打:")},
        "词组<狗>没有哪条规则用到",
    ),
    "two dialects disagree": (
        {
            "reading": ("[西南]", "[西南, 武汉]"),
            "dialects": ("  西南:", "  武汉: {娃儿: 小孩}\n  西南:"),
        },
        "“娃儿”在西南是“孩子”，在武汉是“小孩”",
    ),
}


@pytest.mark.parametrize(("changes", "what"), _HINTS.values(), ids=_HINTS.keys())
def test_doubt_is_a_hint_and_no_fault(changes: dict[str, tuple[str, str]], what: str) -> None:
    found = _found(**changes)

    assert not found.faults
    assert any(what in hint.what for hint in found.hints), found.hints


_PEACE = {
    "a word of a dialect that is off": {
        "dialects": ("娃儿: 孩子}", "出: 跑}\n  粤味: {出血: 流血}")
    },
    "the rewritten form is known too": {"dialects": ("娃儿: 孩子", "踹: 揍")},
    "an exception tells the categories apart": {
        "categories": ("strong: [垃圾]", "strong: [打架 ! 动物园]"),
    },
    "the dialect is off": {
        "reading": ("dialects_on: [西南]", "dialects_on: []"),
        "dialects": ("娃儿: 孩子", "流血: 淌红"),
    },
    "a word of a group holds an exception, others do not": {
        "categories": ("<打> + <血>", "<打> + <血> ! 出血"),
    },
    "a shield that tells of something else than its danger word": {
        "reading": ("[火锅店]", "[火锅店, 冒烟的咖啡, 干冰冒烟]"),
    },
    "a shield that is a danger word, or part of one": {
        "reading": ("[火锅店]", "[火锅店, 着火了, 冒烟, 着火]"),
    },
    "a shield that opens a ticket by itself": {
        "reading": ("[火锅店]", "[冒烟了]"),
        "categories": ("strong: [垃圾]", "strong: [垃圾, 冒烟了]"),
    },
    "a shield that the danger class excludes itself": {
        "reading": ("[火锅店]", "[冒烟了吗]"),
        "danger": ("[火锅]", "[冒烟了吗]"),
    },
}


@pytest.mark.parametrize("changes", _PEACE.values(), ids=_PEACE.keys())
def test_what_only_looks_like_a_contradiction_is_let_pass(
    changes: dict[str, tuple[str, str]],
) -> None:
    found = _found(**changes)

    assert found.faults == ()
    assert not any("挡住" in hint.what for hint in found.hints)


def test_own_word_that_a_typo_entry_rewrites_is_told() -> None:
    files = {
        "categories.yaml": _CATEGORIES,
        "danger.yaml": _DANGER,
        "reading.yaml": _READING,
        "dialects.yaml": _DIALECTS,
        "own_words.yaml": "words:\n  - {word: 着伙, category: P03, weight: 强}\n",
    }

    found = contradictions({name: parse(name, text.encode()) for name, text in files.items()})

    assert [(fault.file, fault.line) for fault in found.faults] == [("own_words.yaml", 2)]


def test_check_fails_on_a_contradiction_and_passes_on_a_hint(site: Site) -> None:
    before = "strong:\n      - 一夜之间"
    line = site.spoil(
        "categories.yaml", before, before.replace("- 一", "- 失窃物|失窃物\n      - 一")
    )
    hinted = StringIO()
    assert check_command(site.path, hinted) == 0
    assert f"提醒：categories.yaml 第 {line + 1} 行" in hinted.getvalue()

    site.spoil("reading.yaml", "negators: [", "negators: [着火了, ")
    told = StringIO()
    assert check_command(site.path, told) == 2
    assert "险情词“着火了”又写在 negators 里" in told.getvalue()


def test_unknown_group_in_a_shield_keeps_the_program_from_starting(site: Site) -> None:
    line = site.spoil("reading.yaml", "shields: [", "shields: [<没有的组>, ")

    fault = site.only_fault()

    assert (fault.file, fault.line) == ("reading.yaml", line)
    assert "没有的组" in fault.what


def test_site_without_a_dialect_file_may_keep_its_lists_in_reading_yaml(site: Site) -> None:
    (site.path / "dialects.yaml").unlink()
    site.spoil(
        "reading.yaml", "dialects_on: [", "dialects: {老家: {俺: 我}}\ndialects_on: [老家] #"
    )

    assert site.faults() == []


def test_sample_site_has_no_contradiction() -> None:
    files = {name: parse(name, (SAMPLE / name).read_bytes()) for name in READING_FILES}

    assert [fault.sentence for fault in contradictions(files).faults] == []
