"""sentences.yaml: own test sentences; ``check`` and the trial say what is read otherwise."""

import io
from pathlib import Path

import pytest

from commands import rule_trial
from commands.rules import own_sentences, wrong_sentences
from config.check import check_command
from config.load import load_rules
from tests.config.sites import Site

FILE = "sentences.yaml"


def write(site: Site, *lines: str) -> None:
    body = "".join(f"  - {{{line}}}\n" for line in lines)
    (site.path / FILE).write_text(f"sentences:\n{body}", "utf-8")


def test_check_names_the_sentence_and_passes(site: Site) -> None:
    write(site, "say: 村口的路灯坏了, read: N03", "say: 村口的路灯坏了好几天, read: N12")
    out = io.StringIO()

    assert check_command(site.path, out, reader=wrong_sentences) == 0

    assert "sentences.yaml 第 3 行" in out.getvalue()
    assert "应读成“N12 教育和校外培训”，现在读成“N03 市政设施”" in out.getvalue()
    assert "sentences.yaml 第 2 行" not in out.getvalue()


def test_a_sentence_without_a_wish_is_refused(site: Site) -> None:
    write(site, "say: 村口的路灯坏了")

    [fault] = [one for one in site.faults() if one.file == FILE]

    assert "应该读成什么" in fault.sentence


@pytest.mark.parametrize(
    ("line", "is_right", "lost"),
    [
        ("say: 着火了！楼道里全是烟, danger: 险情", True, False),
        ("say: 今天天气不错, danger: 疑似", False, True),
        ("say: 着火了！楼道里全是烟, read: N06", False, False),
        ("say: 今天天气不错, read: 不立单", True, False),
    ],
    ids=["danger", "danger missed", "danger not asked for", "talk"],
)
def test_how_a_sentence_stands(site: Site, line: str, is_right: bool, lost: bool) -> None:
    write(site, line)

    [found] = own_sentences(load_rules(site.path))

    assert (found.is_right, found.lost) == (is_right, lost)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_trial_says_which_of_them_a_change_alters(site: Site, tmp_path: Path) -> None:
    write(site, "say: 喇叭杆掉漆了, read: N03", "say: 村口的路灯坏了, read: N03")
    text = (site.path / "categories.yaml").read_text("utf-8")
    line = "      - <市政> + <坏了> ! 电梯|家里|我家\n"

    more = text.replace(line, f"{line}      - 喇叭杆 + 掉漆\n")
    found = rule_trial.tried(site.path, "categories.yaml", more, [], site.path)

    assert found.own == (("喇叭杆掉漆了", "N03 市政设施", "不立单", "N03 市政设施"),)
    assert found.grave == ()
