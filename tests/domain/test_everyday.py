"""Everyday matters as values: two lines of a 复盘, lost and found, what a search may say."""

import pytest

from bot.domain import debriefing, lost_found, searching
from bot.domain.lost_found import FOUND, LOST, Thing
from config.everyday_rules import Everyday, LostFound
from config.load import load_rules
from tests.config.sites import SAMPLE

RULES = load_rules(SAMPLE).everyday


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("没锁；装门禁", ("没锁", "装门禁")),
        ("原因：没锁\n装门禁。", ("没锁", "装门禁")),
        ("原因：没锁，预防：装门禁", ("没锁", "装门禁")),
        ("没锁", ("没锁", "")),
        ("预防：装门禁", ("", "装门禁")),
        ("", ("", "")),
    ],
)
def test_looking_back_is_two_lines(words: str, said: tuple[str, str]) -> None:
    assert debriefing.parts(words) == said


def lost_rules() -> LostFound:
    assert RULES.lost_found is not None
    return RULES.lost_found


@pytest.mark.parametrize(
    ("words", "side"),
    [("我的钱包丢了", LOST), ("捡到一个钱包，谁丢的", FOUND), ("钱包放哪儿买", "")],
)
def test_who_found_something_says_so(words: str, side: str) -> None:
    assert lost_found.side_of(words, lost_rules()) == side


def test_longer_name_hides_the_shorter_one_inside_it() -> None:
    rules = lost_rules().model_copy(update={"things": (("包",), ("钱包", "皮夹"), ("手机",))})

    assert lost_found.things_in("黑色钱包和手机", rules) == {1, 2}
    assert lost_found.things_in("一个包", rules) == {0}


def test_match_is_the_newest_of_the_other_side_and_of_the_same_grid_first() -> None:
    new = Thing(9, "g01", FOUND, frozenset({1}))
    same_side = Thing(8, "g01", FOUND, frozenset({1}))
    other_thing = Thing(7, "g01", LOST, frozenset({2}))
    far = Thing(6, "g02", LOST, frozenset({1}))
    near = Thing(5, "g01", LOST, frozenset({1, 3}))

    assert lost_found.match(new, [same_side, other_thing, far, near]) == near
    assert lost_found.match(new, [same_side, other_thing, far]) == far
    assert lost_found.match(new, [same_side, other_thing]) is None


@pytest.mark.parametrize(
    ("words", "told", "heard", "refusal"),
    [
        ("老人，灰外套", "老人走丢", "老人，灰外套", ""),
        ("老人叫王福", "老人走丢", "老人叫王福", ""),
        ("叫小乐", "六岁小孩走丢", "叫小乐", "search_minor"),
        ("男孩在实验学校", "走丢了", "男孩在实验学校", "search_minor"),
        ("男孩，红衣服", "走丢了", "男孩，红衣服", ""),
        ("打13800000000", "老人走丢", "打（电话略）", "search_private"),
        ("老" * 61, "老人走丢", "老" * 61, "search_long"),
    ],
)
def test_search_says_nothing_that_names_a_minor(
    words: str, told: str, heard: str, refusal: str
) -> None:
    assert RULES.search is not None
    assert searching.refusal(words, told, heard, RULES.search) == refusal


def test_site_without_the_file_asks_for_nothing_but_keeps_searches_for_two() -> None:
    none = Everyday.none()

    assert none.debrief == none.crimes == ()
    assert none.search is not None
    assert searching.is_search("有老人走失", none.search)
    assert not searching.is_search("停水通知", none.search)
