"""并入, 不是一回事, 拆开: what moves, what stays, who may, and what is refused kindly."""

from collections.abc import Callable
from typing import Any

import pytest

from config.vocabulary import Danger, Stage
from tests.handlers.office import Office

CARDS = "5号楼楼下半夜总有人打牌吵得睡不着，我电话13912345678"
AGAIN = "楼下半夜打牌的又吵又闹，吵得睡不着"
LAMP = "东门的路灯坏了"
WORKER, OFFICER, ROOM = "fang_xiaoman", "lin_zhiyuan", "qiu_ruolan"
HOUSING = "kang_liqun"


def _two(office: Office) -> list[tuple[str, str]]:
    """Two tickets that may be one; what was said at the second."""
    office.says("wang_ayi", CARDS)
    return office.says("chen_shu", AGAIN)


def _question(office: Office, say: Callable[[], Any]) -> dict[str, Any]:
    say()
    return next(c for c in office.last_cards if any("并入" in b["text"] for b in c["buttons"]))


def test_one_person_gets_one_question_and_nobody_waits(office: Office) -> None:
    said = _two(office)

    asked = [chat for chat, words in said if words == "card: 是不是一件事？"]
    assert asked == [f"app:{WORKER}"]
    assert [t.stage for t in office.tickets()] == [Stage.ASSIGNED, Stage.ASSIGNED]


def test_question_shows_no_number_of_anybody(office: Office) -> None:
    card = _question(office, lambda: _two(office))

    assert "13912345678" not in str(card)
    assert [b["text"] for b in card["buttons"]] == ["并入 0001", "不是一回事"]


def test_merge_moves_voices_and_words_and_keeps_the_younger_whole(office: Office) -> None:
    card = _question(office, lambda: _two(office))
    before = office.tickets()

    said = office.presses(WORKER, card, "并入 0001")

    older, gone = office.tickets()
    assert (older.stage, gone.stage) == (Stage.ASSIGNED, Stage.MERGED)
    assert [v.user for v in older.voices] == ["wang_ayi", "chen_shu"]
    assert older.masked == f"{before[0].masked}\n{before[1].masked}"
    assert older.original == f"{before[0].original}\n{before[1].original}"
    assert (gone.voices, gone.masked) == (before[1].voices, before[1].masked)
    told = [words for chat, words in said if chat.endswith(":chen_shu")]
    assert len(told) == 1
    assert "0002" in told[0]
    assert "0001" in told[0]
    assert not [words for chat, words in said if chat.endswith(":wang_ayi")]


def test_split_after_merge_is_as_it_was(office: Office) -> None:
    _two(office)
    before = office.tickets()
    office.says(WORKER, "0002 并入 0001", chat="")

    office.says(WORKER, "拆开 0001", chat="")

    for was, now in zip(before, office.tickets(), strict=True):
        assert (now.voices, now.masked, now.original) == (was.voices, was.masked, was.original)
        assert (now.stage, now.owner, now.reporter_key) == (was.stage, was.owner, was.reporter_key)


def test_merged_ticket_can_be_named_itself_to_come_out_again(office: Office) -> None:
    _two(office)
    office.says(WORKER, "0002 并入 0001", chat="")

    office.says(WORKER, "拆开 0002", chat="")

    assert [t.stage for t in office.tickets()] == [Stage.ASSIGNED, Stage.ASSIGNED]


def test_who_spoke_on_both_stays_on_both(office: Office) -> None:
    office.says("chen_shu", LAMP)
    _two(office)
    office.says(ROOM, "0003 并入 0001", chat="")

    office.says(ROOM, "拆开 0001", chat="")

    assert [v.user for v in office.tickets()[0].voices] == ["chen_shu"]


def test_words_of_the_merged_reporter_go_on_in_the_older(office: Office) -> None:
    _two(office)
    office.says(WORKER, "0002 并入 0001", chat="")

    office.says("chen_shu", "又来了")

    assert "又来了" in office.tickets()[0].masked
    assert len(office.tickets()) == 2


def test_answer_by_words_needs_no_number_when_one_was_shown(office: Office) -> None:
    _two(office)

    said = office.says(WORKER, "并入 0001", chat="")

    assert office.tickets()[1].stage is Stage.MERGED, said


def test_not_the_same_by_words(office: Office) -> None:
    _two(office)

    said = office.says(WORKER, "不是一回事", chat="")

    assert "单独办" in said[-1][1]
    assert "写清两个单号" in office.says(WORKER, "不是一回事", chat="")[-1][1]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("拆开 0001", "没有可以拆开的"),
        ("0002 并入 0002", "写清两个单号"),
        ("0002 并入 0009", "没找到0009"),
        ("并入", "写清两个单号"),
    ],
)
def test_what_cannot_be_done_is_refused_kindly(office: Office, command: str, answer: str) -> None:
    office.says("wang_ayi", "5号楼我的电动车昨晚被偷了")
    office.says("chen_shu", LAMP)
    before = office.tickets()

    said = office.says(ROOM, command, chat="")

    assert answer in said[-1][1]
    assert office.tickets() == before


def test_danger_is_never_merged_away(office: Office) -> None:
    office.says("wang_ayi", LAMP)
    office.says("chen_shu", "5号楼着火了，楼道里全是烟")

    said = office.says(ROOM, "0002 并入 0001", chat="")

    assert "不能并入" in said[-1][1]
    assert office.tickets()[1].danger is Danger.CONFIRMED


def test_protected_matter_is_neither_compared_nor_merged(office: Office) -> None:
    office.says("wang_ayi", "我老公天天打我，我不敢报警", chat="")
    said = office.says("chen_shu", "我老公天天打我，我不敢报警")

    assert not [words for _, words in said if "是不是一件事" in words]
    assert all("并入" not in str(card) for card in office.last_cards)
    assert not [
        words for _, words in office.says(WORKER, "0002 并入 0001", chat="") if "已并" in words
    ]


@pytest.mark.parametrize("command", ["0002 并入 0001", "0001 并入 0002"])
def test_protected_and_open_matters_are_never_mixed(office: Office, command: str) -> None:
    office.says("wang_ayi", LAMP)
    office.says("chen_shu", "9号楼302有人开赌场，天天聚众赌博抽水", chat="")
    assert [t.protected for t in office.tickets()] == [False, True]

    said = office.says(ROOM, command, chat="")

    assert "不能并入" in said[-1][1]
    assert [t.is_open for t in office.tickets()] == [True, True]


def test_reporter_who_joins_a_carried_matter_is_the_one_to_judge_it(office: Office) -> None:
    office.says(WORKER, LAMP, chat="")
    office.says("wang_ayi", "9号楼垃圾好几天没人收，臭死了")
    assert (office.tickets()[0].carrier, len(office.tickets())) == (WORKER, 2)
    office.says(ROOM, "0002 并入 0001", chat="")
    lamps = office.tickets()[0].owner
    office.says(lamps, "签收 0001", chat="")
    office.says(lamps, "处置 0001 换了灯泡和整流器，已亮", chat="")
    office.says(lamps, "反馈 0001", chat="")

    said = office.says("wang_ayi", "5", chat="")

    assert office.tickets()[0].rating == 5, said


def test_department_sorts_only_what_is_its_own(office: Office) -> None:
    _two(office)

    said = office.says(HOUSING, "0002 并入 0001", chat="")

    assert "没找到" in said[-1][1]
    assert office.tickets()[1].stage is Stage.ASSIGNED


def test_voice_split_off_takes_her_words_along(office: Office) -> None:
    office.says("wang_ayi", LAMP)
    office.says("chen_shu", "东门路灯不亮，电话13812345678")
    (before,) = office.tickets()
    assert len(before.voices) == 2

    said = office.says(ROOM, "拆开 0001", chat="")

    older, younger = office.tickets()
    assert [v.user for v in older.voices] == ["wang_ayi"]
    assert [v.user for v in younger.voices] == ["chen_shu"]
    assert "13812345678" in younger.original
    assert "138" not in older.original + older.masked
    assert "0002" in said[-1][1]
    assert "没有可以拆开的" in office.says(ROOM, "拆开 0001", chat="")[-1][1]


def test_closed_ticket_takes_nothing_in(office: Office) -> None:
    _two(office)
    office.says(OFFICER, "签收 0001", chat="")
    office.says(OFFICER, "处置 0001 上门劝说，双方和解，已散", chat="")

    said = office.says(ROOM, "0002 并入 0001", chat="")

    assert "不能并入" in said[-1][1]


def test_second_voice_of_a_hidden_danger_hears_nothing_of_it_when_joined_or_split(
    office: Office,
) -> None:
    for who in ("wang_ayi", "chen_shu"):
        office.says(who, "你好")
    office.says("wang_ayi", "5号楼302男的在打老婆，女的在喊救命", chat="")
    joined = office.says("chen_shu", "5号楼302在打老婆，打得很厉害", chat="")
    (ticket,) = office.tickets()
    assert (ticket.protected, len(ticket.voices)) == (True, 2)

    split = office.says(ROOM, "拆开 0001", chat="")

    assert [t.protected for t in office.tickets()] == [True, True]
    told = [words for chat, words in (*joined, *split) if chat.endswith(":chen_shu")]
    assert not [
        words for words in told if "家庭暴力" in words or "000" in words or "打老婆" in words
    ]
