"""No page and no script of a page makes markup out of words; nor does the rehearsal desk."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("handlers/dashboard", "handlers/sidebar", "simulator/web")
_RAW = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function"
    r"|\|\s*safe\b|autoescape false|\bon[a-z]+\s*=\s*[\"']|href=[\"']javascript:|style=[\"']"
)
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)")


def files() -> list[Path]:
    """Templates and scripts that are ours."""
    return [
        one for folder in FOLDERS for one in sorted((ROOT / folder).rglob("*"))
        if one.suffix in (".js", ".html")
    ]  # fmt: skip


@pytest.mark.parametrize("file", files(), ids=lambda one: one.name)
def test_words_stay_words(file: Path) -> None:
    text = file.read_text("utf-8")

    assert _RAW.findall(text) == []
    assert file.suffix == ".js" or _INLINE.findall(text) == []


def test_there_is_something_to_look_at_and_it_is_found() -> None:
    assert {".js", ".html"} == {one.suffix for one in files()}
    assert {one.parts[-3] for one in files()} >= {"dashboard", "sidebar", "web"}
    assert _RAW.search("box.innerHTML = words")
    assert _RAW.search("{{ words | safe }}")
    assert _INLINE.search("<script>1</script>")
