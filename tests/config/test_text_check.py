"""Every sentence is judged before anybody hears it: words, length, promises, numbers, manners."""

import re

import pytest

from config.rules import Rules
from config.text_keys import GROUP, RESIDENT, STAFF, STATION_WORDS
from config.text_rules import SAMPLES, words_of
from tests.config.sites import Site


def replace_sentence(site: Site, key: str, sentence: str) -> int:
    """Give ``key`` another sentence; returns its line."""
    found = re.search(rf"^{key}: .*$", site.read("texts.yaml"), re.MULTILINE)
    assert found, key
    return site.spoil("texts.yaml", f"{found[0]}\n", f"{key}: {sentence}\n")


@pytest.mark.parametrize(
    ("key", "sentence", "what"),
    [
        pytest.param(
            "danger_violence_group",
            "如果现在有危险，请马上报警。我正在通知值班人员。",
            "没有电话号码 110",
            id="danger without its number",
        ),
        pytest.param(
            "danger_violence_group",
            "如果有危险请打1100。",
            "没有电话号码 110",
            id="number inside a longer number",
        ),
        pytest.param(
            "danger_violence_group",
            "如果现在有危险，请马上打110，民警正在赶来。",
            "不能许诺“民警正在赶来”",
            id="police are coming",
        ),
        pytest.param(
            "danger_fire_private",
            "着火请打119！消防马上到。",
            "不能许诺“马上到”",
            id="promise to be there at once",
        ),
        pytest.param(
            "danger_other_group",
            "如果有危险，请打110、119、120，已出警。",
            "不能许诺“已出警”",
            id="promise that a car has left",
        ),
        pytest.param(
            "danger_violence_group",
            "请马上打110，离远些。我正在通知值班人员。",
            "从条件说起",
            id="public danger without a condition",
        ),
        pytest.param(
            "danger_violence_group",
            "如果有危险，离远些。请马上打110。",
            "要先说号码",
            id="number not first",
        ),
        pytest.param(
            "danger_gas_group",
            "闻到燃气味请打119或{gas_phone}。别碰开关。",
            "先说别碰开关",
            id="gas with the phone first",
        ),
        pytest.param(
            "danger_violence_group",
            "如果有危险请打110。值班的同志已有人接手。",
            "没人签收以前",
            id="taken before anybody signed",
        ),
        pytest.param(
            "danger_violence_private",
            "请打110。" + "慢" * 75,
            "最多 75 个字",
            id="danger too long",
        ),
        pytest.param(
            "accepted_group",
            "收到，编号{number}，已转给{unit}。" + "慢" * 60,
            "最多 60 个字",
            id="group line too long",
        ),
        pytest.param(
            "help_staff",
            "慢" * 700,
            "2048 字节",
            id="longer than an app message",
        ),
        pytest.param(
            "accepted_group",
            "已受理，编号{number}，转给{unit}。",
            "对群众不说“受理”",
            id="police word to the public",
        ),
        pytest.param(
            "accepted_private",
            "已转给{unit}，有事找13900001234。",
            "像是手机号",
            id="somebody's phone",
        ),
        pytest.param(
            "registered_ok",
            "登记好了，{number}，此件秘密。",
            "不能出现“秘密”",
            id="secrecy mark",
        ),
        pytest.param(
            "accepted_group",
            "收到，编号{nunber}，已转给{unit}。",
            "不能用 {nunber}",
            id="misspelt word",
        ),
        pytest.param(
            "accepted_group",
            "收到，编号{number}，{reporter}说的已转给{unit}。",
            "不能用 {reporter}",
            id="word that this sentence does not get",
        ),
        pytest.param(
            "accepted_group",
            "收到，编号{number，已转给{unit}。",
            "花括号要成对",
            id="brace not closed",
        ),
        pytest.param(
            "danger_none_life_group",
            "如果有危险，请打119。",
            "没有电话号码 110",
            id="general danger line without its number",
        ),
        pytest.param(
            "danger_taken_group",
            "值班的同志已有人接手。",
            "没有电话号码 110",
            id="taken line without its number",
        ),
        pytest.param(
            "praise", "谢谢您，10分钟内就到。", "不能许诺“10分钟内就到”", id="minutes promised"
        ),
        pytest.param("field_place", "事情在哪儿呢", "最多 5 个字", id="card field too long"),
        pytest.param(
            "danger_staff_title",
            "这是一件险情请您马上看一看不要耽搁一分钟 · {category}",
            "最多 26 个字",
            id="card title too long",
        ),
        pytest.param("accepted_group", "''", "要写一句话", id="nothing said"),
        pytest.param("accepted_group", "[收到]", "要写一句话", id="a list"),
    ],
)
def test_sentence_is_refused(site: Site, key: str, sentence: str, what: str) -> None:
    line = replace_sentence(site, key, sentence)

    faults = [fault for fault in site.faults() if what in fault.what]

    assert [(fault.file, fault.line, fault.key) for fault in faults] == [("texts.yaml", line, key)]


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        pytest.param(
            "danger_violence_group",
            "要是有人动手，请打110，离远些。我正在通知值班人员。",
            id="danger",
        ),
        pytest.param("accepted_group", "好的，{number}转给{unit}了。", id="group"),
        pytest.param("question_counter", "请马上到户籍窗口，先打{counter_phone}。", id="a request"),
        pytest.param("chase_overdue", "'{number}已过时限{over}，受理单位请回话。'", id="staff"),
        pytest.param("praise", "谢谢您，{station}的同志都会看到。", id="station's own word"),
    ],
)
def test_other_wording_that_keeps_the_manners_is_accepted(
    site: Site, key: str, sentence: str
) -> None:
    replace_sentence(site, key, sentence)

    assert site.faults() == []


def test_missing_sentence_is_named_with_its_words(site: Site) -> None:
    site.spoil("texts.yaml", "carrier_told:", "carrier_tolt:")

    faults = {fault.what: fault for fault in site.faults()}

    assert "缺了“carrier_told”这句话" in faults
    assert faults["缺了“carrier_told”这句话"].should == "carrier_told: …{number} {unit}"
    assert faults["程序里用不到“carrier_tolt”这句话"].should == "carrier_told: …"


def test_new_danger_class_needs_its_sentences(site: Site) -> None:
    entry = "  - {id: landslide, name: 滑坡, group_speech: safety, numbers: ['119']}\n"
    site.spoil("crisis.yaml", "classes:\n", f"classes:\n{entry}")

    what = {fault.what for fault in site.faults()}

    assert what == {
        "缺了“danger_landslide_group”这句话",
        "缺了“danger_landslide_private”这句话",
    }


def test_silent_class_must_not_have_a_group_sentence(site: Site) -> None:
    line = site.append("texts.yaml", "danger_domestic_group: 如果有危险请打110。")

    fault = site.only_fault()

    assert (fault.line, fault.key) == (line, "danger_domestic_group")


def test_every_word_of_the_table_has_a_sample(rules: Rules) -> None:
    table = {**GROUP, **RESIDENT, **STAFF}
    spoken = {word for said in rules.texts.sentences.values() for word in words_of(said)}

    assert {word for words in table.values() for word in words.split()} == set(SAMPLES)
    assert spoken - set(STATION_WORDS) <= set(SAMPLES)


def test_longest_group_line_fits_with_the_longest_unit(rules: Rules) -> None:
    longest = max((d.name for d in rules.divert.departments), key=len)

    said = rules.text("accepted_group", number="XH260304-0012K", unit=longest)

    assert len(said) <= 60
    assert longest in said
