"""``partner-key``: makes the key of another system, or shows the secret of a hook.

A key is shown once; only its keyed hash is kept, in the data folder beside ``keys.json``. The bot
reads the file again by itself.
"""

import argparse
import sys
from pathlib import Path

from config.faults import StartupFault
from config.load import load_rules
from config.settings import Settings, load_settings
from storage import partner_keys
from storage.key_file import load_or_create_keys
from storage.sealed import Seal


def main(words: list[str]) -> int:
    """Exit code 0 when the key was made, shown or revoked. Raises: StartupFault."""
    parser = argparse.ArgumentParser(prog="run_bot.py partner-key", description="外部系统的密钥")
    parser.add_argument("name", help="partners.yaml 里的系统编号（或回调编号）")
    parser.add_argument("--hook", action="store_true", help="看这个回调的签名密钥")
    parser.add_argument("--revoke", action="store_true", help="作废这个系统的全部密钥")
    parser.add_argument("--site", type=Path, help="规则目录（默认 config/site）")
    given = parser.parse_args(words)
    settings = load_settings(**({"site": given.site} if given.site else {}))
    partners = load_rules(settings.site).partners
    known = [one.id for one in (partners.hooks if given.hook else partners.clients)]
    if given.name not in known:
        raise StartupFault(
            f"partners.yaml 里没有“{given.name}”，现有：{'、'.join(known) or '无'}。"
        )
    hook = partners.hook(given.name)
    if given.hook and hook is not None:
        secret = partner_keys.hook_secret(seal_of(settings), hook.id, hook.round)
        sys.stdout.write(f"回调 {hook.id} 的签名密钥（交给对方，不要写进文件）：\n{secret}\n")
        return 0
    return _client(settings, given.name, revoke=given.revoke)


def _client(settings: Settings, name: str, *, revoke: bool) -> int:
    path = settings.data_dir / partner_keys.FILE
    if revoke:
        sys.stdout.write(f"作废了 {partner_keys.revoke(path, name)} 把密钥，马上生效。\n")
        return 0
    key = partner_keys.make(path, seal_of(settings), name)
    sys.stdout.write(f"{name} 的接口密钥（只显示这一次）：\n{key}\n")
    return 0


def seal_of(settings: Settings) -> Seal:
    """The machine's keys. Raises: StartupFault when the bot has made none yet."""
    if settings.seal_keys.get_secret_value():
        return Seal.from_env_form(
            settings.seal_keys.get_secret_value(),
            settings.seal_current,
            settings.hmac_key.get_secret_value(),
        )
    return load_or_create_keys(settings.data_dir / "keys.json", must_exist=True)
