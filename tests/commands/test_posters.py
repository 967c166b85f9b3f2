"""One poster per building, whose code says where it hangs; PNG and PDF."""

from pathlib import Path

import pytest
from PIL import Image

from commands import poster_sheet, posters
from commands.poster_sheet import HEIGHT, WIDTH, Sheet
from config.faults import StartupFault
from config.load import load_rules
from config.people_rules import Estate
from tests.config.sites import SAMPLE

LINK = "https://work.weixin.qq.com/kfid/kfc0?enc_scene=E"


def run(out: Path, *more: str) -> int:
    return posters.main(["--out", str(out), "--site", str(SAMPLE), *more])


def test_every_building_has_a_poster_in_both_forms(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Sheet] = []
    real = poster_sheet.draw

    def draw(sheet: Sheet, font: Path) -> Image.Image:
        drawn.append(sheet)
        return real(sheet, font)

    monkeypatch.setattr(poster_sheet, "draw", draw)
    assert run(tmp_path, "--link", LINK, "--grid", "g02") == 0

    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 18
    assert "g02.槐安里.9.png" in names
    assert (tmp_path / "g02.槐安里.9.pdf").read_bytes().startswith(b"%PDF-")
    with Image.open(tmp_path / "g02.槐安里.1.png") as shown:
        assert shown.size == (WIDTH, HEIGHT)
    assert drawn[0].link == f"{LINK}&scene_param=g02.%E6%A7%90%E5%AE%89%E9%87%8C.1"
    assert "不等于报警" in drawn[0].danger


def test_estate_without_listed_buildings_has_one_poster() -> None:
    grid = load_rules(SAMPLE).grids.grids[0]
    bare = grid.model_copy(
        update={"estates": (Estate(name="小院"), Estate(name="大院", buildings="1-2,7"))}
    )

    assert [spot.param for spot in posters.spots_of(bare)] == [
        "g01.小院",
        "g01.大院.1",
        "g01.大院.2",
        "g01.大院.7",
    ]


def test_code_is_dark_on_white_with_a_quiet_border(tmp_path: Path) -> None:
    sheet = Sheet(station="所", title="题", place="楼", how="扫", danger="急事打110", link=LINK)
    font = poster_sheet.font_file(None)

    page = poster_sheet.draw(sheet, font)

    dark = sum(1 for x in range(WIDTH) if page.getpixel((x, HEIGHT // 2)) == (0, 0, 0))
    assert dark > 100


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(("--link", LINK, "--grid", "g99"), "没有网格 g99", id="grid"),
        pytest.param(("--link", LINK, "--font", "/nowhere.ttf"), "fonts-noto-cjk", id="font"),
        pytest.param((), "JINGGE_KF_ACCOUNTS", id="no_account"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(
    tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(StartupFault, match=sentence):
        run(tmp_path, *words)


def test_name_that_the_code_cannot_carry_is_a_fault() -> None:
    rules = load_rules(SAMPLE)
    spot = posters.Spot("g01." + "长" * 20, "长长的小区")

    with pytest.raises(StartupFault, match="太长"):
        posters.sheet_of(rules, spot, LINK)


def test_codes_for_staff_open_the_page_of_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Sheet] = []
    blank = Image.new("RGB", (10, 10))

    def draw(sheet: Sheet, _font: Path) -> Image.Image:
        drawn.append(sheet)
        return blank

    monkeypatch.setattr(poster_sheet, "draw", draw)
    monkeypatch.setenv("JINGGE_PUBLIC_URL", "https://jingge.example.org/")

    assert run(tmp_path, "--staff", "--grid", "g02") == 0

    spot = "g02.%E6%A7%90%E5%AE%89%E9%87%8C.1"
    assert drawn[0].link == f"https://jingge.example.org/sidebar/spot?at={spot}"
    assert "工作人员" in drawn[0].title
    assert "不等于报警" not in drawn[0].danger


def test_codes_for_staff_need_an_address_of_the_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JINGGE_PUBLIC_URL", raising=False)

    with pytest.raises(StartupFault, match="JINGGE_PUBLIC_URL"):
        run(tmp_path, "--staff")
