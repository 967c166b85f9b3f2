"""A site folder is loaded as it was typed, or all its faults are told at once."""

import pytest

from config.faults import StartupFault
from config.load import load_rules
from tests.config.sites import SAMPLE, Site


def test_sample_site_has_no_fault(site: Site) -> None:
    assert site.faults() == []


def test_version_changes_with_any_byte(site: Site) -> None:
    before = load_rules(site.path).version

    site.append("texts.yaml", "# 一句旁注")

    after = load_rules(site.path).version
    assert len(before) == len(after) == 12
    assert before != after
    assert load_rules(SAMPLE).version == before


def test_fault_sentence_shows_the_line_and_how_it_should_look(site: Site) -> None:
    line = site.spoil("station.yaml", "gas_phone:", "gas_fone:")

    said = [fault.sentence for fault in site.faults() if fault.key == "gas_fone"]

    assert said == [
        f"station.yaml 第 {line} 行，gas_fone：不认识“gas_fone”这个键，是不是“gas_phone”。\n"
        '    这一行：gas_fone: "0000-8119119"      # 燃气抢修电话（示例）\n'
        '    应写成：gas_phone: "0000-8119119"      # 燃气抢修电话（示例）'
    ]


def test_all_faults_of_all_files_are_told_at_once(site: Site) -> None:
    places = {
        ("station.yaml", site.spoil("station.yaml", "prefix: XH ", "prefixx: XH ")),
        ("grids.yaml", site.spoil("grids.yaml", "leader: ding_changhe", "leader: nobody_here")),
        ("texts.yaml", site.append("texts.yaml", "praise: 再说一遍")),
        ("times.yaml", site.spoil("times.yaml", "ask_window: 3m ", "ask_window: 三分钟 ")),
        (
            "roster.yaml",
            site.spoil("roster.yaml", "石桥调解室, grids: [g03]", "石桥调解室, grids: [g33]"),
        ),
    }

    with pytest.raises(StartupFault) as caught:
        load_rules(site.path)

    said = "\n".join(caught.value.sentences)
    for file, line in places:
        assert f"{file} 第 {line} 行" in said


def test_times_and_numbers_stay_as_typed(site: Site) -> None:
    site.spoil("times.yaml", '{from: "22:00", to: "07:00"}', "{from: 22:30, to: 07:00}")
    site.spoil("station.yaml", 'room_phone: "0000-8110110"', "room_phone: 0012")

    loaded = load_rules(site.path)

    assert loaded.times.quiet_hours.from_.isoformat() == "22:30:00"
    assert loaded.station.room_phone == "0012"


def test_reader_is_another_only_when_its_own_files_are(site: Site) -> None:
    before = load_rules(site.path).reading

    site.append("roster.yaml", "# 改了名册")
    after_roster = load_rules(site.path).reading
    site.append("reading.yaml", "# 改了读法")
    after_reading = load_rules(site.path).reading

    assert after_roster is before, "what is compiled for it serves on"
    assert after_reading is not before
    assert after_reading == before
