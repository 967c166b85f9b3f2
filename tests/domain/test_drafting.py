"""What is worth a human's tap, how a person says it, and whether it was said."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain import drafting
from config.load import load_rules
from config.people_rules import Chat, Chats
from config.rules import Rules
from config.vocabulary import ChatKind

SITE = Path(__file__).parents[2] / "config" / "site"
NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
ACCEPTED = "收到，记下了，编号0012，已转给桂花社区警务室。门牌、电话请私聊我。"


@pytest.mark.parametrize(
    ("key", "danger", "kind"),
    [
        pytest.param("accepted_group", False, "answer", id="first answer"),
        pytest.param("danger_fire_group", True, "danger", id="danger"),
        pytest.param("false_alarm_sorry_group", True, "sorry", id="apology is no danger"),
        pytest.param("short_ack", True, "", id="received is not worth a tap"),
        pytest.param("status_group", False, "", id="progress never"),
        pytest.param("danger_fire_group", False, "", id="a danger line that is none"),
    ],
)
def test_only_what_is_worth_a_tap_becomes_a_draft(key: str, danger: bool, kind: str) -> None:
    assert drafting.kind_of(key, danger=danger) == kind


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        pytest.param(
            "收到，编号0012。有新情况@我接着说；门牌、电话请私聊我。",
            "收到，编号0012。门牌、电话请私聊我。",
            id="clause",
        ),
        pytest.param("说个楼号、大门都行，回复时请@我。", "说个楼号、大门都行。", id="last clause"),
        pytest.param("收到。有新情况@我接着说。", "收到。", id="sentence"),
        pytest.param(
            "请到户籍窗口。\n没解决，回“转为上报”，我给您登记转办。", "请到户籍窗口。", id="offer"
        ),
        pytest.param("如果着火请打119！快离开。", "如果着火请打119！快离开。", id="nothing"),
        pytest.param("@我", "", id="all of it"),
    ],
)
def test_nothing_of_the_machine_stays(text: str, spoken: str) -> None:
    assert drafting.as_spoken(text) == spoken


@pytest.mark.parametrize(
    ("said", "is_said"),
    [
        pytest.param(ACCEPTED, True, id="letter by letter"),
        pytest.param("王阿姨，" + ACCEPTED, True, id="with a name before"),
        pytest.param(ACCEPTED.replace("，记下了", "").replace("。", " "), True, id="changed"),
        pytest.param("收到，记下了", False, id="too little of it"),
        pytest.param("明天上午九点停水，请大家存好水，恢复时间另行告知。", False, id="other"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_what_was_said_is_known_again(said: str, is_said: bool) -> None:
    assert drafting.is_said(said, ACCEPTED) is is_said


def test_a_warning_counts_by_its_number_alone_standing() -> None:
    assert drafting.warns_alike("快打119！", "着火请打119")
    assert not drafting.warns_alike("编号1190", "着火请打119")
    assert not drafting.warns_alike("快打110", "着火请打119")


@pytest.fixture(scope="module")
def site() -> Rules:
    return load_rules(SITE)


def group(rules: Rules, **more: Any) -> Rules:
    chat = Chat(id="wrX", name="业主群", kind=ChatKind.CUSTOMER_GROUP, public=True, **more)
    return replace(rules, chats=Chats(chats=(chat,)))


def ids(rules: Rules, away: tuple[str, ...] = ()) -> list[str]:
    return [p.id for p in drafting.speakers(rules, "wrX", NOW, away)]


def test_owner_comes_first_then_speakers(site: Rules) -> None:
    found = group(site, grid="g01", owner="gao_mingfang", speakers=("fang_xiaoman",))

    assert ids(found) == ["gao_mingfang", "fang_xiaoman"]
    assert drafting.may_speak(found, "fang_xiaoman", "wrX", NOW)
    assert not drafting.may_speak(found, "lin_zhiyuan", "wrX", NOW)


def test_without_names_the_officer_and_the_grid_workers_speak(site: Rules) -> None:
    found = group(site, grid="g01")

    assert ids(found) == ["lin_zhiyuan", "fang_xiaoman"]
    assert ids(found, away=("lin_zhiyuan",)) == ["fang_xiaoman"]


def test_there_is_always_somebody(site: Rules) -> None:
    lone = group(site, grid=None, speakers=("fang_xiaoman",))

    assert ids(lone, away=("fang_xiaoman",)) == ["fang_xiaoman"]
    assert ids(group(site, grid=None))
