"""Both readers together: who wins when they do not agree."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.reading import observed, read
from bot.domain.second import Opinion
from bot.domain.verdict import Verdict, verdict
from config.load import load_rules
from config.reading_rules import OwnWord, ReadingRules
from config.vocabulary import Danger, Kind

AT = datetime(2026, 3, 4, 21, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NOTHING = Opinion(
    {"report": 0.02, "update": 0.01, "question": 0.01, "chat": 0.96},
    (),
    0.0,
    {"fire": 0.6, "medical": 0.4},
)


@pytest.fixture(scope="module")
def rules() -> ReadingRules:
    return load_rules(Path("config/site")).reading


def judged(text: str, opinion: Opinion | None, rules: ReadingRules) -> Verdict:
    seen = observed(text, None, rules)
    return verdict(seen.scan, seen.evidence, seen.alarm, opinion, rules)


def test_a_short_plain_cry_counts_whatever_the_second_reader_thinks(rules: ReadingRules) -> None:
    assert judged("着火了！", NOTHING, rules).danger is Danger.CONFIRMED


def test_talk_of_suicide_counts_whatever_the_second_reader_thinks(rules: ReadingRules) -> None:
    said = judged("楼顶天台边上坐着一个女的两条腿都在外面，下面好多人在看", NOTHING, rules)

    assert said.danger is not Danger.NONE
    assert said.kind is Kind.REPORT


def test_the_second_reader_finds_danger_that_no_rule_names(rules: ReadingRules) -> None:
    sure = replace(NOTHING, danger=0.95, danger_classes={"medical": 1.0})
    unsure = replace(NOTHING, danger=0.58, danger_classes={"medical": 1.0})

    assert judged("隔壁老头今天一天没声音", sure, rules).danger is Danger.CONFIRMED
    said = judged("7号楼401隔壁老头今天一天没声音", unsure, rules)
    assert (said.danger, said.danger_class) == (Danger.SUSPECTED, "medical")


def test_update_with_danger_stays_an_update(rules: ReadingRules) -> None:
    going_on = replace(
        NOTHING, kinds={"report": 0.2, "update": 0.7, "question": 0.0, "chat": 0.1}, danger=0.9
    )

    assert judged("又吵起来了 比刚才凶", going_on, rules).kind is Kind.UPDATE


def test_words_of_the_site_win(rules: ReadingRules) -> None:
    own = rules.model_copy(
        update={"own_words": (OwnWord(word="铁皮棚子", category="N02", weight="强"),)}
    )
    opinion = replace(NOTHING, categories=(("N15", 0.9),))
    said = judged("后头又立起个铁皮棚子", opinion, own)

    assert (said.kind, said.codes[0][0]) == (Kind.REPORT, "N02")
    assert judged("后头又立起个铁皮棚子", opinion, rules).kind is Kind.CHAT


def test_without_a_model_the_rules_read_alone(rules: ReadingRules) -> None:
    alone = rules.model_copy(update={"model": b""})

    assert read("三号楼二单元楼道里有人打架", AT, None, alone).kind is Kind.REPORT
    assert read("今天天气真好", AT, None, alone).kind is Kind.CHAT


def test_words_to_the_bot_need_less_than_overheard_ones(rules: ReadingRules) -> None:
    likely = replace(
        NOTHING,
        kinds={"report": 0.7, "update": 0.1, "question": 0.0, "chat": 0.2},
        categories=(("N03", 0.9),),
    )
    text = "那边那个歪得厉害"
    seen = observed(text, None, rules)
    told = observed(text, None, rules, addressed=True)

    assert verdict(seen.scan, seen.evidence, seen.alarm, likely, rules).kind is Kind.CHAT
    assert verdict(told.scan, told.evidence, told.alarm, likely, rules).kind is Kind.REPORT


def test_despair_that_is_told_to_the_bot_counts_sooner(rules: ReadingRules) -> None:
    likely = replace(NOTHING, despair=0.8)
    text = "今晚的月亮真好看"
    seen = observed(text, None, rules)
    told = observed(text, None, rules, addressed=True)

    assert verdict(seen.scan, seen.evidence, seen.alarm, likely, rules).danger is Danger.NONE
    said = verdict(told.scan, told.evidence, told.alarm, likely, rules)
    assert (said.danger, said.danger_class) == (Danger.SUSPECTED, "suicide_self")
    assert said.codes[0][0] == "P05"


def test_money_that_is_just_being_lost_is_fraud_whatever_else_is_named(
    rules: ReadingRules,
) -> None:
    text = "有人给我妈打电话说医保卡要停了 让她去柜员机操作 她已经出门了"
    said = judged(text, replace(NOTHING, categories=(("N09", 0.9),)), rules)

    assert (said.kind, said.danger_class, said.codes[0][0]) == (Kind.REPORT, "fraud_now", "P02")


def test_sure_danger_told_to_the_bot_is_never_set_aside(rules: ReadingRules) -> None:
    text = "我们这栋楼道里面好像着火了烟很大大家都在往下跑小孩子还在哭"
    seen = observed(text, None, rules)
    told = observed(text, None, rules, addressed=True)

    assert seen.alarm.grade is Danger.CONFIRMED
    assert verdict(seen.scan, seen.evidence, seen.alarm, NOTHING, rules).danger is Danger.NONE
    assert verdict(told.scan, told.evidence, told.alarm, NOTHING, rules).danger is not Danger.NONE
