"""12345 exports: judged cell by cell, shown first, imported once, through the same road."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from commands.import_rows import read_table
from config.faults import StartupFault
from config.import_map import load_map
from tests.open311.station import SEAL, Client, Station

ROOT = Path(__file__).parents[2]
MAP = """
client: hotline_12345
columns:
  order: 工单编号
  description: [诉求标题, 诉求内容]
  address: 发生地址
  name: 来电人
  phone: 联系电话
  category: 诉求分类
categories: {路灯故障: N03}
skip_if: {工单状态: [已办结]}
"""
HEAD = "工单编号,诉求标题,诉求内容,发生地址,来电人,联系电话,诉求分类,工单状态\n"
LAMP = "SH-1,路灯不亮,晚上一片黑,桂花苑3号楼,郑伟,13900139000,路灯故障,办理中\n"
RUBBISH = 'SH-2,垃圾没人收,"门口堆了三天,味道大",槐安里2号楼,,,环境卫生,办理中\n'
DONE = "SH-3,井盖翘起,车过咣当响,石桥村,,,,已办结\n"


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "map.yaml"
    path.write_text(MAP, "utf-8")
    return path


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "export.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_in_the_usual_encodings(
    tmp_path: Path, mapping: Path, encoding: str
) -> None:
    text = (HEAD + LAMP + RUBBISH + DONE + ",,,,,,,\n").replace("\n", "\r\n")

    found = read_table(table(tmp_path, text, encoding), load_map(mapping))

    assert found.faults == []
    assert [(o.row, o.number) for o in found.orders] == [(2, "SH-1"), (3, "SH-2")]
    assert found.skipped == 1
    assert found.orders[0].fields == {
        "service_code": "N03",
        "description": "路灯不亮。晚上一片黑",
        "address_string": "桂花苑3号楼",
        "last_name": "郑伟",
        "phone": "13900139000",
    }
    assert found.orders[1].fields["service_code"] == "auto"


def test_every_fault_names_its_row_and_column(tmp_path: Path, mapping: Path) -> None:
    text = HEAD + (
        ",路灯不亮,,桂花苑3号楼,,,,\n"
        "SH-2,,,桂花苑3号楼,,,,\n"
        f"SH-3,长,{'长' * 4001},,,,,\n"
        "SH-4,路灯不亮,,桂花苑3号楼\n"
        f"{LAMP}{LAMP}"
        "SH-1,路灯不亮,又不一样,桂花苑3号楼,,,,\n"
        f"SH-8,路灯不亮,,桂花苑3号楼,,{'1' * 101},,\n"
    )

    found = read_table(table(tmp_path, text), load_map(mapping))

    assert found.faults == [
        "第 2 行，“工单编号”列：是空的。",
        "第 3 行，“诉求标题、诉求内容”列：是空的。",
        "第 4 行，“诉求标题、诉求内容”列：有 4003 个字，最多 4000 个。",
        "第 4 行，“发生地址”列：是空的。",
        "第 5 行：有 4 列，表头是 8 列。",
        "第 8 行，“工单编号”列：和第 6 行编号相同，内容不同。",
        "第 9 行，“联系电话”列：太长了，最多 100 个字。",
    ]
    assert [o.row for o in found.orders] == [6]
    assert found.repeated == 1


WHOLE = [
    (HEAD.replace("诉求内容", "诉求内空"), "utf-8", "没有“诉求内容”这一列。是不是“诉求内空”"),
    (HEAD.replace("联系电话", "来电人"), "utf-8", "“来电人”这一列有 2 个"),
    ("PK\0\0", "utf-8", "另存为 CSV"),
    (HEAD + 'SH-1,"没有收尾的引号', "utf-8", "引号或分隔符不对"),
    (HEAD, "utf-16-le", "另存为"),
]


@pytest.mark.parametrize(("text", "encoding", "said"), WHOLE, ids=[str(n) for n in range(5)])
def test_a_file_that_is_no_table_is_refused_with_a_sentence(
    tmp_path: Path, mapping: Path, text: str, encoding: str, said: str
) -> None:
    with pytest.raises(StartupFault, match=said):
        read_table(table(tmp_path, text, encoding), load_map(mapping))


def test_letters_that_are_neither_encoding_are_refused(tmp_path: Path, mapping: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(HEAD.encode() + b"SH-1,\xff\xff\xff,,,,,,\n")

    with pytest.raises(StartupFault, match="第 2 行的字认不出来"):
        read_table(path, load_map(mapping))


def test_a_wrong_mapping_is_told_in_chinese(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("client: hotline\ncolumns: {order: 编号, description: []}\nencodng: utf-8\n")

    with pytest.raises(StartupFault) as told:
        load_map(path)
    said = "\n".join(told.value.sentences)
    assert "address" in said
    assert "encodng" in said


async def run(station: Station, *words: object) -> tuple[int, str]:
    """Exit code and words of the command, as a clerk runs it beside the running bot."""
    keys, current, hmac_key = SEAL.env_form()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "run_bot.py", "import12345", *map(str, words), "--url", station.url),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={
            **os.environ,
            "JINGGE_DATA_DIR": str(station.folder),
            "DATABASE_URL": station.database.url,
            "JINGGE_SITE": str(station.folder / "site"),
            "JINGGE_SEAL_KEYS": keys,
            "JINGGE_SEAL_CURRENT": current,
            "JINGGE_HMAC_KEY": hmac_key,
        },
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


@pytest.mark.timeout(60)
@pytest.mark.slow
async def test_an_export_is_shown_first_and_then_imported_once(
    station: Station, hotline: Client, tmp_path: Path, mapping: Path
) -> None:
    path = table(tmp_path, HEAD + LAMP + RUBBISH + DONE, "gb18030")
    code, said = await run(station, path, "--map", mapping, "--dry-run")
    assert code == 0, said
    assert "新 2 件，已导入过 0 件" in said
    assert "SH-1  N03  路灯不亮" in said
    assert "什么也没有导入" in said
    assert await station.tickets() == []

    code, said = await run(station, path, "--map", mapping)
    assert code == 0, said
    assert "导入 2 件。" in said
    await station.quiet()
    lamp, rubbish = sorted(await station.tickets(), key=lambda t: t.category, reverse=True)[-2:]
    assert {lamp.grid, rubbish.grid} == {"g01", "g02"}
    assert len(await hotline.get("requests.json")) == 2

    changed = HEAD + LAMP.replace("一片黑", "全黑了") + RUBBISH
    code, said = await run(station, table(tmp_path, changed), "--map", mapping)
    assert code == 0, said
    assert "新 0 件，已导入过 1 件，导入后对方改过 1 件" in said
    await station.quiet()
    assert len(await station.tickets()) == 2


@pytest.mark.timeout(60)
@pytest.mark.slow
async def test_a_faulty_export_imports_nothing_unless_told_to(
    station: Station, tmp_path: Path, mapping: Path
) -> None:
    path = table(tmp_path, HEAD + LAMP + "SH-9,,,桂花苑,,,,\n")

    code, said = await run(station, path, "--map", mapping)
    assert code == 2
    assert "第 3 行" in said
    assert await station.tickets() == []
    code, said = await run(station, path, "--map", mapping, "--skip-faulty")
    assert code == 0, said
    await station.only_ticket()
