"""Faults in the reader's three files are named in the file and line where they stand."""

from tests.config.sites import Site


def test_category_code_given_twice_is_named(site: Site) -> None:
    site.spoil("categories.yaml", "  - code: N07\n", "  - code: N06\n")

    what = [fault.what for fault in site.faults() if fault.file == "categories.yaml"]

    assert what == ["类别编号 N06 写了两次"]


def test_word_group_that_nobody_defined_is_named_with_its_line(site: Site) -> None:
    line = site.spoil("categories.yaml", "- <骗子套路> + <失钱>", "- <骗子套鹿> + <失钱>")

    fault = site.only_fault()

    assert (fault.file, fault.line) == ("categories.yaml", line)
    assert "骗子套鹿" in fault.what
    assert fault.typed == "- <骗子套鹿> + <失钱>"


def test_unknown_keys_of_the_reader_are_named_in_their_own_file(site: Site) -> None:
    inner = site.spoil("reading.yaml", "\nmanner:\n", "\nmanner:\n  joke_x: [a]\n") + 2
    outer = site.append("danger.yaml", "shields_extra: []")

    places = {(fault.file, fault.line, fault.key) for fault in site.faults()}

    assert places == {
        ("reading.yaml", inner, "manner.joke_x"),
        ("danger.yaml", outer, "shields_extra"),
    }


def test_key_of_the_reader_in_two_files_is_named_in_the_second(site: Site) -> None:
    line = site.append("reading.yaml", "categories: []")

    faults = [fault for fault in site.faults() if "另一个文件" in fault.what]

    assert [(fault.file, fault.line) for fault in faults] == [("reading.yaml", line)]
