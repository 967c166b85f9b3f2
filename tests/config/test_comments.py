"""Clerks read the comments of the site's files: Chinese sentences have Chinese punctuation."""

import re
from pathlib import Path

import pytest

SITE = Path(__file__).parents[2] / "config" / "site"
_COMMENT = re.compile(r"(?:^|\s)#(.*)$")
_HALF = re.compile(r"[\u4e00-\u9fff][,;(]|[\u4e00-\u9fff][:?!](?=\S)|[,;)][\u4e00-\u9fff]")
# YAML as it is written in a comment stays as it is written.
_YAML = re.compile(r"\[[^\]]*\]|\{[^}]*\}")


def half_width(page: Path) -> list[str]:
    """``line: comment`` of each Chinese comment with a half-width mark."""
    lines = enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
    said = ((n, found[1]) for n, line in lines if (found := _COMMENT.search(line)))
    return [f"{n}: {words}" for n, words in said if _HALF.search(_YAML.sub("", words))]


@pytest.mark.parametrize("page", sorted(SITE.glob("*.yaml")), ids=lambda page: page.name)
def test_chinese_comment_has_chinese_punctuation(page: Path) -> None:
    assert half_width(page) == []


def test_half_width_mark_is_found(tmp_path: Path) -> None:
    page = tmp_path / "roster.yaml"
    page.write_text("# 请假:某天不在\nroles: {a: 1, b: 2}  # 谁（见 [甲, 乙]）\n", encoding="utf-8")

    assert half_width(page) == ["1:  请假:某天不在"]
