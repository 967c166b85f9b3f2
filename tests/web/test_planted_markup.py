"""Words of strangers stay words (XSS): markup planted wherever somebody writes, in a real browser.

First a day in which everybody writes markup by the ordinary ways; then every sealed text that
leaves the database gets more of it, so that no field is forgotten. Every page is opened once with
a canary and a listener for broken policies.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from bot.door_events import Filed
from config import rule_files
from storage.sealed import Seal
from tests.drafts.block import GROUP, OWNER, RESIDENT, Block, open_block
from tests.web import gates

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
LEADER = "zhong_yihang"
IMAGE = "<img src=x onerror=canary(1)>"
SCRIPT = "\"'></textarea></title><script>canary(2)</script>"
LINK = "javascript:canary(3)"
BRACES = "{{canary(4)}}{%raw%}${canary(5)}"
TURNED = "\u202e\u2066\u200f"
LONG = "Ｗ" * 120 + "x" * 400
PLANTED = f"{IMAGE}{SCRIPT} {LINK} {BRACES}{TURNED}"
STRANGE = (
    "img[src='x'], [onerror], [onload], script:not([src]), iframe, object, embed, style, "
    "a[href^='javascript:' i], form[action^='javascript:' i], a[href^='//'], base"
)
LISTEN = """
document.addEventListener('securitypolicyviolation',
  event => canary(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
"""


@pytest.fixture
async def block(tmp_path: Path) -> AsyncIterator[Block]:
    async with open_block(tmp_path) as opened:
        yield opened


def _named(block: Block) -> None:
    """People, groups and the station itself are called so in the rules."""
    rules = block.house.engine.rules
    people = tuple(
        one.model_copy(update={"name": f"林{IMAGE}"}) if one.id == OWNER else one
        for one in rules.people
    )
    chats = tuple(one.model_copy(update={"name": f"群{SCRIPT}"}) for one in rules.chats.chats)
    block.house.engine.rules = replace(
        rules,
        roster=rules.roster.model_copy(update={"people": people}),
        chats=rules.chats.model_copy(update={"chats": chats}),
    )


async def _written(block: Block, cookies: dict[str, str]) -> str:
    """A day of markup by the ordinary ways; the number of a ticket."""
    await block.overhears(RESIDENT, f"桂花苑3号楼2单元{IMAGE}门口路灯不亮 {PLANTED} {LONG}")
    await block.overhears("chen_shu", f"桂花苑5号楼{SCRIPT}有人拿刀追着人砍{TURNED}")
    engine = block.house.engine
    await engine.listener.hear(
        Filed(
            key="open311:guihua_property:1",
            at=engine.clock.now(),
            client="guihua_property",
            request="r1",
            text=f"桂花苑7号楼水管爆了{PLANTED}",
            address=f"桂花苑7号楼{IMAGE}",
            notes=(PLANTED,),
            contact=PLANTED,
        )
    )
    await block.quiet()
    async with block.session.get(f"{block.web}/api/tickets") as answer:
        number = str((await answer.json())[-1]["number"])
    site = block.settings.site
    danger = rule_files.hash_of((site / "danger.yaml").read_text("utf-8"))
    forms: tuple[tuple[str, dict[str, str]], ...] = (
        ("/say", {"words": f"签收 {number}"}),
        ("/say", {"words": f"批注 {number} {PLANTED}"}),
        ("/say", {"words": f"宣传 停 桂花苑 {PLANTED}"}),
        ("/say", {"words": PLANTED}),
        ("/tickets/views", {"kind": "all", "words": PLANTED, "name": '"><script>'}),
        ("/rules/words", {"file": "danger.yaml", "at": "0", "base": danger, "add_signs": IMAGE,
                          "why": PLANTED}),
    )  # fmt: skip
    key = {"key": block.form_key(cookies)}
    for path, form in forms:
        async with block.session.post(
            f"{block.web}{path}", data=form | key, cookies=cookies, allow_redirects=False
        ) as answer:
            assert answer.status == 303, (path, await answer.text())
        await block.quiet()
    return number


def _everything_is_strange(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sealed text opens with markup behind it; what is read as JSON stays as it is."""
    really = Seal.open

    def opened(self: Seal, value: str, about: str) -> str:
        text = really(self, value, about)
        return text if text[:1] in ("{", "[", "") else f"{text} {PLANTED}"

    monkeypatch.setattr(Seal, "open", opened)


def _into(sung: list[Any]) -> Callable[[Any], None]:
    """What a script of a page can call."""

    def sing(said: Any) -> None:
        sung.append(said)

    return sing


def _addresses(number: str) -> list[str]:
    pages = [row.address for row in gates.looks() if 200 in row.good]
    made = [
        one
        for one in pages
        if not any(mark in one for mark in ("export", "/live", "form=", "sheet"))
    ]
    kinds = [f"/reports?kind={kind}" for kind in ("day", "week", "month", "grids")]
    found = [f"/tickets?kind=all&words={IMAGE}", f"/tickets/{number}", f"/{SCRIPT}"]
    return [*made, *(one for one in kinds if one not in made), *found, "/rules/change?n=1",
            f"/sidebar?chat={GROUP}"]  # fmt: skip


async def test_nothing_that_somebody_wrote_is_run(
    page: Page, block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    _named(block)
    cookies = await block.login(LEADER)
    number = await _written(block, cookies)
    sung: list[Any] = []
    await page.expose_function("canary", _into(sung))
    await page.add_init_script(LISTEN)
    his = await block.login(OWNER)  # he speaks in the group: drafts stand on his pages
    _everything_is_strange(monkeypatch)
    wrong: list[object] = []
    shown: set[str] = set()
    walks = [(cookies, one) for one in _addresses(number)]
    walks += [(his, f"/sidebar?chat={GROUP}"), (his, "/drafts")]
    for who, address in walks:
        await page.context.add_cookies(
            [{"name": name, "value": value, "url": block.web} for name, value in who.items()]
        )
        answer = await page.goto(f"{block.web}{address}", wait_until="load")
        assert answer is not None
        if answer.status not in (200, 400, 404):
            wrong.append((address, answer.status))
        if strange := await page.evaluate(
            "css => [...document.querySelectorAll(css)].map(one => one.outerHTML)", STRANGE
        ):
            wrong.append((address, strange[:2]))
        if (wide := await page.evaluate("document.documentElement.scrollWidth")) > 1366:
            wrong.append((address, f"{wide} px wide"))
        if "<img src=x" in await page.inner_text("body"):
            shown.add(address)

    assert sung == []
    assert wrong == []
    assert {f"/tickets/{number}", "/", "/tickets", "/drafts", "/rules"} <= shown
    assert f"/sidebar?chat={GROUP}" in shown
