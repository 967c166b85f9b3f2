"""办理时段: bands of the week, for who leads, without persons and without protected matters."""

from datetime import timedelta

import pytest

from tests.handlers.block import Block, texts_to

OFFICER, LEADER, ROOM = "lin_zhiyuan", "zhong_yihang", "qiu_ruolan"
THEFT = "3号楼门口我的电动车昨晚被偷了"


@pytest.fixture
def worked(block: Block) -> Block:
    block.overhears("wmRESIDENT01", THEFT)
    block.now += timedelta(seconds=50)
    block.says(OFFICER, "签收 0001", chat="")
    block.now += timedelta(minutes=12)
    block.says(OFFICER, "到场 0001", chat="")
    block.now += timedelta(minutes=1)
    return block


def test_leader_and_room_hear_the_bands_and_nobody_is_named(worked: Block) -> None:
    said = worked.hour("pace")

    words = texts_to(said, LEADER)
    assert "签收1件：30–60秒 1件" in words
    assert "到场1件：10–15分 1件" in words
    assert "不含110警情" in words
    assert texts_to(said, ROOM) == words
    assert "林知远" not in words
    assert "用时最长" not in words, "one ticket is nothing to compare"
    assert {chat.split(":")[1] for chat, _ in said} == {LEADER, ROOM}


def test_week_without_anything_is_silence(block: Block) -> None:
    assert block.hour("pace") == []
    assert "没有签收" in texts_to(block.says(LEADER, "办理时段", chat=""), LEADER)


def test_protected_matters_are_not_counted(block: Block) -> None:
    block.overhears("wmRESIDENT01", "隔壁男的天天打老婆，孩子也跟着挨打")
    block.says(OFFICER, "签收 0001", chat="")

    assert block.hour("pace") == []


def test_what_the_room_does_not_count_is_not_measured(worked: Block) -> None:
    worked.says(ROOM, "不计 0001 恶意重复", chat="")

    assert worked.hour("pace") == []


def test_who_leads_nobody_does_not_hear_it(worked: Block) -> None:
    said = texts_to(worked.says(OFFICER, "办理时段", chat=""), OFFICER)

    assert "签收1件" not in said
