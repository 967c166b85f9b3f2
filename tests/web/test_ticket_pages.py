"""The ticket list and one ticket, rendered from their templates and looked at in a real browser."""

from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

DASHBOARD = Path(__file__).parents[2] / "handlers" / "dashboard"
PLAIN: dict[str, Any] = {
    "number": "XH260304-0012K",
    "stage": "assigned",
    "category": "P03",
    "urgency": "U2",
    "danger": False,
    "protected": False,
    "chat": "wrGUIHUA01",
    "owner": "lin_zhiyuan",
    "department": "桂花社区警务室",
    "opened_at": "2026-03-04T09:00:12+08:00",
    "closed_at": None,
    "journal": [
        {
            "at": "2026-03-04T09:32:10+08:00",
            "actor": "lin_zhiyuan",
            "act": "accept",
            "from": "assigned",
            "to": "accepted",
            "reason": "<b>收到</b>",
        }
    ],
}
LABELLED = PLAIN | {
    "stage_label": "已交办",
    "category_name": "邻里纠纷",
    "urgency_label": "紧急",
    "chat_name": "桂花苑",
    "grid_name": "桂花社区一网格",
    "owner_name": "林知远",
    "place": "桂花苑3号楼",
    "summary": "对门挂了<script>document.title='x'</script>镜子",
    "due_state": "over",
    "due_label": "超时 1 分",
}


def _render(template: str, **values: Any) -> str:
    """The page as the server renders it, its style sheet inside."""
    loader = FileSystemLoader(DASHBOARD / "templates")
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    common = {"station": "溪河派出所", "now": "2026-03-04T09:31:02+08:00", "refresh_s": 5}
    page = pages.get_template(template).render(**common, **values)
    assert 'href="/static/style.css"' in page
    for name in ("style", "list", "ticket"):
        style = (DASHBOARD / "static" / f"{name}.css").read_text(encoding="utf-8")
        link = f'<link rel="stylesheet" href="/static/{name}.css">'
        page = page.replace(link, f"<style>{style}</style>")
    return page.replace("/static/icon.svg", "data:,")


async def test_list_shows_every_column_in_words(page: Page) -> None:
    await page.set_content(_render("tickets.html", tickets=[LABELLED]))

    cells = await page.locator("tbody tr > *").all_inner_texts()
    row = " | ".join(" ".join(cell.split()) for cell in cells)
    assert row == (
        "XH260304-0012K | 已交办 | 邻里纠纷 桂花苑3号楼 · "
        "对门挂了<script>document.title='x'</script>镜子 | 紧急 | 桂花苑 桂花社区一网格 | "
        "桂花社区警务室 林知远 | 03-04 09:00 | 超时 1 分"
    )
    assert await page.title() == "工单列表 · 溪河派出所"


async def test_plain_answer_of_the_api_is_enough_for_both_pages(page: Page) -> None:
    await page.set_content(_render("tickets.html", tickets=[PLAIN]))
    await expect(page.locator("tbody tr")).to_contain_text("P03")

    await page.set_content(_render("ticket.html", ticket=PLAIN))

    await expect(page.locator(".journal")).to_contain_text("assigned → accepted")
    await expect(page.locator(".reason")).to_have_text("<b>收到</b>")


@pytest.mark.parametrize("template", ["tickets.html", "ticket.html"])
async def test_a_protected_ticket_hides_what_was_said_and_where(page: Page, template: str) -> None:
    hidden = LABELLED | {"protected": True, "danger": True}

    await page.set_content(_render(template, tickets=[hidden], ticket=hidden))

    words = await page.locator("main").inner_text()
    assert "镜子" not in words
    assert "3号楼" not in words
    assert "收到" not in words
    assert "保护" in words
    assert "险情" in words


async def test_suspected_danger_is_not_called_danger(page: Page) -> None:
    suspected = PLAIN | {"danger": True, "danger_grade": "suspected"}
    await page.set_content(_render("tickets.html", tickets=[suspected]))

    await expect(page.locator(".mark")).to_have_text("疑似险情")
    await page.set_content(_render("tickets.html", tickets=[PLAIN | {"danger": "none"}]))
    await expect(page.locator(".mark, .row-danger")).to_have_count(0)


async def test_counts_tell_open_late_and_closed(page: Page) -> None:
    closed = LABELLED | {"closed_at": "2026-03-04T10:20:00+08:00"}

    await page.set_content(_render("tickets.html", tickets=[LABELLED, PLAIN, closed]))

    assert await page.locator(".counts li").all_inner_texts() == [
        "2 在办",
        "0 险情",
        "1 超时",
        "1 已办结",
    ]


@pytest.mark.parametrize("width", [1366, 390], ids=["screen", "phone"])
@pytest.mark.parametrize("template", ["tickets.html", "ticket.html"])
async def test_nothing_sticks_out_at_the_side(page: Page, template: str, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 768})

    await page.set_content(_render(template, tickets=[LABELLED] * 3, ticket=LABELLED))

    assert await page.evaluate("document.documentElement.scrollWidth") == width


async def test_an_empty_list_says_what_to_do(page: Page) -> None:
    await page.set_content(_render("tickets.html", tickets=[]))

    await expect(page.locator("main")).to_contain_text("@小警")
