"""A group of WeChat residents without a robot, played through the simulator's archive (trap 21).

Rows of the simulator go through the C library and the real adapter; nothing is put into the
listener by hand.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.drafts.block import GROUP, OWNER, Block, open_block
from tests.drafts.test_story import waiting

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
BELL = timedelta(seconds=16)
WORDS = "3号楼下水道又堵了，污水都漫到楼道了"


@pytest.fixture
async def block(
    tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Block]:
    monkeypatch.setenv("JINGGE_STANDIN", str(tmp_path / "archive" / "sdk"))
    async with open_block(tmp_path, archive_sdk=library) as opened:
        yield opened
        assert await opened.errors() == []


async def post(block: Block, path: str, **body: Any) -> dict[str, Any]:
    async with block.session.post(f"{block.url}/sim/{path}", json=body) as answer:
        assert answer.status == 200, await answer.text()
        return dict(await answer.json())


async def tickets(block: Block) -> list[dict[str, Any]]:
    async with block.session.get(f"{block.web}/api/tickets") as answer:
        return list(await answer.json())


async def test_resident_is_heard_answered_by_hand_and_takes_it_back(block: Block) -> None:
    said = await post(block, "archive/say", room=GROUP, who="wmCHEN", text=WORDS)

    async def is_drafted() -> bool:
        return bool(await waiting(block))

    await block.until(is_drafted)
    (ticket,) = await tickets(block)
    (draft,) = await waiting(block)
    assert ticket["grid"] == "g01"
    assert [m for m in block.sim.timeline.messages if m.chat == GROUP and m.sender == "bot"] == []

    await block.pass_time(BELL)
    await post(block, "archive/say", room=GROUP, who=OWNER, text=draft.text)
    await block.pass_time(BELL)

    async def is_proved() -> bool:
        return not await waiting(block)

    await block.until(is_proved)
    await post(block, "archive/recall", msgid=said["msgid"], who="wmCHEN")
    await block.pass_time(BELL)

    async def is_hidden() -> bool:
        return "污水" not in str(await tickets(block))

    await block.until(is_hidden)
    assert len(await tickets(block)) == 1


async def test_who_refused_and_a_member_who_changed_corp_are_passed_over(block: Block) -> None:
    await post(block, "archive/agree", room=GROUP, who="wmLI", agreed=False)
    await post(block, "archive/say", room=GROUP, who="wmLI", text=WORDS)
    await post(block, "archive/switch", user=OWNER)
    await post(block, "archive/say", room=GROUP, who="wmCHEN", text="5号楼着火了，楼道全是烟")
    await block.pass_time(BELL)

    async def is_heard() -> bool:
        return bool(await tickets(block))

    await block.until(is_heard)
    (ticket,) = await tickets(block)
    assert ticket["danger"]
