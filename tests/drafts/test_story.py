"""From a resident's word in a group where no program may speak to a sentence that a human sent."""

from datetime import timedelta

from bot.lines import line_of
from storage import drafts
from storage.drafts import Draft
from tests.drafts.block import GROUP, OWNER, RESIDENT, WORKER, Block

LAMP = "桂花苑3号楼门口的路灯坏了好几天了，晚上黑得看不见路"
FIRE = "3号楼5楼着火了，好大的烟，快来人啊"


async def waiting(block: Block) -> list[Draft]:
    engine = block.house.engine
    found = await engine.database.read(
        lambda conn: drafts.open_in(engine.db_of(conn), line_of(GROUP))
    )
    return [draft for draft in found if draft.kind != "notice"]


async def spans(block: Block) -> list[drafts.Spans]:
    engine = block.house.engine
    since = engine.clock.now() - timedelta(days=1)
    return await engine.database.read(lambda conn: drafts.spans(engine.db_of(conn), since))


async def test_a_lamp_in_the_owners_group_is_answered_by_the_officer(block: Block) -> None:
    await block.overhears(RESIDENT, LAMP)

    card = await block.card(OWNER, "请代回 · 桂花苑业主群")
    (draft,) = await waiting(block)
    assert draft.text in card["text"] + card.get("quote", "") + str(card)
    pressed = await block.press(OWNER, card, "已发出")

    assert pressed["updated"], "the card says how it ended"
    assert await waiting(block) == []
    group = [m for m in block.sim.timeline.messages if m.chat == GROUP]
    assert group == [], "the bot itself never spoke there"


async def test_danger_is_on_both_phones_at_once_and_its_times_are_kept(block: Block) -> None:
    await block.overhears(RESIDENT, FIRE)

    for user in (OWNER, WORKER):
        cards = [line["card"] for line in await block.inbox(user) if line["card"]]
        assert cards[0]["title"] == "急！请发到群里 · 桂花苑业主群", "before all other cards"
    await block.pass_time(timedelta(seconds=61))
    said = [line["text"] for line in await block.inbox(WORKER) if not line["card"]]
    assert len([words for words in said if "没人发" in words]) == 1
    await block.press(WORKER, await block.card(WORKER, "急！"), "已发出")

    (span,) = [one for one in await spans(block) if one.danger]
    assert span.door == "archive"
    assert span.phone_at is not None
    assert span.phone_at - span.heard_at < timedelta(seconds=30)
    assert span.sent_at is not None
    assert timedelta(seconds=61) <= span.sent_at - span.heard_at < timedelta(seconds=100)


async def test_the_archive_proves_what_was_said_and_opens_nothing(block: Block) -> None:
    await block.overhears(RESIDENT, FIRE)
    (draft,) = await waiting(block)

    await block.overhears(OWNER, draft.text)

    assert await waiting(block) == []
    async with block.session.get(f"{block.web}/api/tickets") as answer:
        assert len(await answer.json()) == 1
