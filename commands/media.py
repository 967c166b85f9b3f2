"""``media NAME FILE``: opens a kept picture for whoever holds the keys, into a file."""

import argparse
import sys
from pathlib import Path

from bot.engine.keepsakes import opened
from config.faults import StartupFault
from config.settings import load_settings
from storage.key_file import load_or_create_keys


def main(words: list[str]) -> int:
    """Write the picture that a journal names. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py media", description="打开一张留存的图片")
    parser.add_argument("name", help="台账里写的图片名")
    parser.add_argument("file", type=Path, help="写到哪个文件")
    given = parser.parse_args(words)
    settings = load_settings()
    seal = load_or_create_keys(settings.data_dir / "keys.json", must_exist=True)
    try:
        data = opened(settings.data_dir / "media", seal, Path(given.name).name)
    except FileNotFoundError as fault:
        raise StartupFault(f"没有 {given.name} 这张图片，请核对台账里的名字。") from fault
    given.file.write_bytes(data)
    sys.stdout.write(f"写好了：{given.file}（{len(data)} 字节）。看完请删除。\n")
    return 0
