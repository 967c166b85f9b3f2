"""Links between pages lead somewhere, to the heading that they name."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import called, pages

_LINK = re.compile(r"\]\(([^()\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def links(page: Path) -> list[str]:
    """Where the page points to, inside this repository."""
    found: list[str] = _LINK.findall(page.read_text(encoding="utf-8"))
    return [link for link in found if "://" not in link and not link.startswith("mailto:")]


def anchors(page: Path) -> set[str]:
    """What its headings are called in an address, as the forges do it."""
    words = _FENCE.sub("", page.read_text(encoding="utf-8"))
    bare = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(words))
    return {heading.strip().replace(" ", "-") for heading in bare}


@pytest.mark.parametrize("page", pages(), ids=called)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    dead = []
    for link in links(page):
        path, _, anchor = link.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            dead.append(link)

    assert dead == []


def test_every_page_of_the_docs_is_linked_from_another_one() -> None:
    linked = {
        (page.parent / link.partition("#")[0]).resolve() for page in pages() for link in links(page)
    }

    alone = [called(page) for page in pages() if page.parent.name == "docs" and page not in linked]

    assert alone == []
