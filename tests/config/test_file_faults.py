"""A site whose files are missing, unreadable or badly typed is told so, with the line."""

from pathlib import Path

import pytest

from config.faults import StartupFault
from config.load import load_rules
from tests.config.sites import Site


def test_key_given_twice_is_named_with_both_lines(site: Site) -> None:
    line = site.append("station.yaml", "prefix: XJ")

    fault = site.only_fault()

    assert (fault.file, fault.line, fault.key) == ("station.yaml", line, "prefix")
    assert "写了两遍，第一遍在第 4 行" in fault.what


def test_tab_in_the_indentation_is_named(site: Site) -> None:
    line = site.spoil("grids.yaml", "    community: 石桥村\n", "\tcommunity: 石桥村\n")

    faults = [fault for fault in site.faults() if fault.file == "grids.yaml"]

    assert [(fault.line, fault.should) for fault in faults] == [(line, "community: 石桥村")]
    assert "制表符" in faults[0].what


def test_full_width_colon_is_named(site: Site) -> None:
    line = site.spoil("grids.yaml", "    post: 石桥警务室\n", "    post：石桥警务室\n")

    faults = [fault for fault in site.faults() if fault.file == "grids.yaml"]

    assert [(fault.line, fault.should) for fault in faults] == [(line, "post: 石桥警务室")]
    assert "全角" in faults[0].what


def test_gbk_file_is_named_with_its_first_foreign_line(site: Site) -> None:
    path = site.path / "chats.yaml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))

    faults = [fault for fault in site.faults() if fault.file == "chats.yaml"]

    assert [fault.line for fault in faults] == [1]
    assert "GBK" in faults[0].what
    assert "企业微信群" in faults[0].typed
    assert "UTF-8" in faults[0].should


def test_utf8_with_byte_order_mark_is_read(site: Site) -> None:
    path = site.path / "chats.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert site.faults() == []


@pytest.mark.parametrize("file", ["station.yaml", "texts.yaml", "categories.yaml", "times.yaml"])
def test_missing_file_is_named(site: Site, file: str) -> None:
    (site.path / file).unlink()

    faults = [fault for fault in site.faults() if fault.file == file]

    assert len(faults) == 1
    assert "缺少这个文件" in faults[0].what


def test_misspelt_file_name_is_recognised(site: Site) -> None:
    (site.path / "texts.yaml").rename(site.path / "text.yaml")

    faults = [fault for fault in site.faults() if fault.file == "texts.yaml"]

    assert faults[0].should == "把 text.yaml 改名为 texts.yaml"


def test_site_without_demo_file_is_complete(site: Site) -> None:
    (site.path / "demo.yaml").unlink()

    assert load_rules(site.path).demo is None


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StartupFault) as caught:
        load_rules(tmp_path / "nowhere")

    assert "没有这个文件夹" in caught.value.sentences[0]


def test_folder_that_cannot_be_listed_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)

    assert "文件夹打不开" in site.only_fault().what


def test_unreadable_and_oversized_files_are_named(site: Site) -> None:
    (site.path / "chats.yaml").unlink()
    (site.path / "chats.yaml").mkdir()
    (site.path / "demo.yaml").write_bytes(b"#" * 2_000_001)

    what = {fault.file: fault.what for fault in site.faults()}

    assert "读不出来" in what["chats.yaml"]
    assert "2 MB" in what["demo.yaml"]


@pytest.mark.parametrize("body", [b"", b"# nothing\n", b"\n\n"], ids=["empty", "comment", "blank"])
def test_empty_file_is_named(site: Site, body: bytes) -> None:
    (site.path / "chats.yaml").write_bytes(body)

    assert [fault.what for fault in site.faults()] == ["这个文件是空的"]
