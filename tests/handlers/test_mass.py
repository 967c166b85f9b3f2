"""Orders about mass sends: who may, which groups, once a day, reminded, called off."""

import dataclasses

from sqlalchemy import select

from config.people_rules import Chats
from storage import mass
from storage.database import insert_new, table_of
from storage.mass import MassSend
from storage.session import Db
from storage.tables import OutgoingRow, ReceiptRow
from tests.handlers.block import Block, texts_to
from tests.handlers.office import GROUP

LEADER, OFFICER, OTHER = "zhong_yihang", "lin_zhiyuan", "he_yunfei"
WORDS = "群发 桂花苑：近期骗子多，凡是叫您共享屏幕的都是诈骗。"


def running(block: Block) -> list[MassSend]:
    found: list[MassSend] = block.looks(mass.running)
    return found


def test_the_owner_of_the_group_is_asked(block: Block) -> None:
    group = block.rules.chats.chats[0].model_copy(update={"owner": "gao_mingfang"})
    rest = block.rules.chats.chats[1:]
    block.rules = dataclasses.replace(block.rules, chats=Chats(chats=(group, *rest)))

    said = block.says(LEADER, WORDS, chat="")

    assert f"mass:ask:gao_mingfang:{GROUP}" in [chat for chat, _ in said]
    assert "等您确认" in texts_to(said, "gao_mingfang")
    assert [(one.sender, one.chats) for one in running(block)] == [("gao_mingfang", (GROUP,))]


def test_rooms_and_phones_never_go_into_a_group(block: Block) -> None:
    said = block.says(LEADER, "群发 桂花苑：3号楼2单元501的事请打13912345678", chat="")

    (words,) = [words for chat, words in said if chat.startswith("mass:")]
    assert "501" not in words
    assert "13912345678" not in words


def test_an_officer_sends_to_groups_of_his_own_grids_only(block: Block) -> None:
    refused = block.says(OTHER, WORDS, chat="")
    taken = block.says(OFFICER, WORDS, chat="")

    assert "没有“桂花苑”" in texts_to(refused, OTHER)
    assert "已请林知远确认" in texts_to(taken, OFFICER)


def test_nothing_is_reminded_before_wecom_has_it(block: Block) -> None:
    block.says(LEADER, WORDS, chat="")

    assert "过一会儿" in texts_to(block.says(LEADER, "群发催", chat=""), LEADER)
    assert "已发0个" in texts_to(block.says(LEADER, "群发进度", chat=""), LEADER)


def test_what_wecom_said_of_each_group_is_told(block: Block) -> None:
    block.says(LEADER, WORDS, chat="")
    (one,) = running(block)
    block.looks(lambda db: mass.checked(db, one.id, {GROUP: 3}, mass.DONE, block.now))

    said = block.hour(f"mass:{one.id}")

    assert "桂花苑本月次数用完了" in texts_to(said, LEADER)
    assert running(block) == []


def test_without_any_mass_send_there_is_nothing_to_call_off(block: Block) -> None:
    assert "没有在等确认" in texts_to(block.says(LEADER, "群发撤", chat=""), LEADER)


def test_in_a_group_it_is_no_order(block: Block) -> None:
    block.overhears(LEADER, WORDS)

    assert running(block) == []


def test_group_of_another_owner_is_named(block: Block) -> None:
    """Trap 23: fail_list; WeCom took the others."""
    block.says(LEADER, WORDS, chat="")
    (one,) = running(block)
    kept = {"at": block.now, "msgid": "m1", "note": GROUP}
    block.looks(lambda db: received(db, one.out_key, kept))

    assert "桂花苑的群主不是林知远" in texts_to(block.says(LEADER, "群发进度", chat=""), LEADER)


def received(db: Db, out_key: str, kept: dict[str, object]) -> None:
    """What WeCom answered to the asking."""
    out = table_of(OutgoingRow).c
    number = db.conn.execute(select(out.id).where(out.key == out_key)).scalar_one()
    insert_new(db.conn, ReceiptRow, {"outgoing_id": number, **kept})
