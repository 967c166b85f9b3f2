"""A door alone is no danger, and what is said beside it still is."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.doors import without_doors
from bot.domain.reading import read
from config.load import load_rules
from config.vocabulary import Danger
from tests.config.sites import SAMPLE

RULES = load_rules(SAMPLE).reading
AT = datetime(2026, 3, 4, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    "text",
    ["桂花苑3号楼2单元501", "3号楼2单元楼道灯不亮", "3号楼2单元楼道漏水，都流到一楼了"],
)
def test_door_alone_makes_no_danger(text: str) -> None:
    assert read(text, AT, None, RULES, addressed=True).danger is Danger.NONE


def test_cry_beside_a_door_is_heard() -> None:
    text = "5-1-1102 他又喝多了 我跟小孩躲在卫生间 不敢出声"

    assert read(text, AT, None, RULES, addressed=True).danger is not Danger.NONE


@pytest.mark.parametrize(
    ("text", "rest"),
    [("3号楼2单元501漏水", "漏水"), ("5-1-1102 躲着", "躲着"), ("路灯不亮", "路灯不亮")],
)
def test_only_the_door_goes(text: str, rest: str) -> None:
    assert without_doors(text) == rest
