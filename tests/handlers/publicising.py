"""A station that has lines of publicity, and days that go by in it."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.publicity_rules import Publicity
from storage import publicity as stored
from storage.publicity import Line, Post
from tests.handlers.block import Block, texts_to

OFFICER, OTHER, LEADER, WORKER = "lin_zhiyuan", "he_yunfei", "zhong_yihang", "fang_xiaoman"
INSIDE = "wrHUAIAN01"  # 槐安里: the robot stands in it; 桂花苑 (GROUP) is a group of residents
MONDAY = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)  # 18:00 in Shanghai; 反诈 is on the next day
RULES = {
    "topics": [
        {
            "id": "fraud",
            "name": "反诈",
            "weekdays": [2],
            "weeks": [2, 4],
            "cases": ["P02"],
            "variants": [
                {"id": "f1", "text": "接到叫您转钱的电话，先挂断，打96110问问。"},
                {"id": "f2", "text": "验证码谁要都不给，拿不准打96110。"},
            ],
        },
        {
            "id": "fire",
            "name": "防火",
            "weekdays": [3],
            "variants": [
                {"id": "b1", "text": "电动车别推上楼充电，着火打119。"},
                {"id": "b2", "text": "睡前看看灶关了没有，充电器拔了没有。"},
            ],
        },
    ]
}


@pytest.fixture
def station(block: Block) -> Block:
    rules = Publicity.model_validate(RULES)
    block.rules = dataclasses.replace(block.rules, publicity=rules)
    block.now = MONDAY
    return block


def lines(block: Block) -> list[Line]:
    found: list[Line] = block.looks(lambda db: stored.between(db, "2026-01-01", "2026-12-31", 99))
    return found


def posts(block: Block) -> dict[str, Post]:
    """The newest post of each group."""
    ids = [one.id for one in lines(block)]
    return {one.chat: one for one in block.looks(lambda db: stored.posts_of(db, ids))}


def types(block: Block, user: str, words: str) -> str:
    return texts_to(block.says(user, words, chat=""), user)


def until(block: Block, day: int, hour: int, minute: int = 0) -> list[tuple[str, Any]]:
    """Time goes on to that moment of March in Shanghai."""
    at = datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)
    return block.later((at - block.now).total_seconds() / 60)


def approved(block: Block) -> Line:
    """The officer of two grids has approved the first line."""
    block.hour("publicity_evening")
    line = next(one for one in lines(block) if one.approver == OFFICER)
    types(block, OFFICER, f"宣传 同意 {line.id}")
    return line
