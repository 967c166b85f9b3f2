"""partners.yaml and ``partner-key``: faults in Chinese, secrets shown once and stored nowhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from config.load import inspect
from config.partner_rules import is_public_address
from storage import partner_keys
from tests.open311.station import SEAL, SITE, site_with

ROOT = Path(__file__).parents[2]


def faults(folder: Path, **body: object) -> str:
    """Everything that is wrong with a site whose partners.yaml holds ``body``."""
    site = site_with(folder)
    (site / "partners.yaml").write_text(yaml.safe_dump(body, allow_unicode=True), "utf-8")
    return "\n".join(fault.sentence for fault in inspect(site)[1])


WRONG = [
    ({"clients": [{"id": "a", "name": "甲", "grids": ["g99"]}]}, "没有“g99”这个网格"),
    ({"clients": [{"id": "a", "name": "甲"}, {"id": "a", "name": "乙"}]}, "编号“a”写了两次"),
    ({"clients": [{"id": "a", "name": "甲", "key": "x"}]}, "key"),
    ({"clients": [{"id": "a", "name": "甲", "per_minute": 0}]}, "不能小于 1"),
    (
        {"clients": [], "hooks": [{"id": "h", "url": "https://x.example", "client": "b"}]},
        "没有“b”这个外部系统",
    ),
    ({"clients": [], "hooks": [{"id": "h", "url": "ftp://x.example"}]}, "https://"),
    ({"clients": [], "hooks": [{"id": "h", "url": "https://me:pw@x.example/"}]}, "不能带账号"),
]


@pytest.mark.parametrize(("body", "said"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_a_wrong_line_is_told_with_file_and_key(
    tmp_path: Path, body: dict[str, object], said: str
) -> None:
    found = faults(tmp_path / "site", **body)

    assert said in found
    assert found.startswith("partners.yaml 第 ")


def test_a_site_without_the_file_has_no_open_door(tmp_path: Path) -> None:
    site = site_with(tmp_path / "site")
    (site / "partners.yaml").unlink()
    rules, found = inspect(site)

    assert found == []
    assert rules is not None
    assert rules.partners.clients == ()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 an address, not a binding
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("nonsense", False),
    ],
)
def test_only_addresses_of_the_open_internet_count_as_public(address: str, public: bool) -> None:
    assert is_public_address(address) is public


def command(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    keys, current, hmac_key = SEAL.env_form()
    return subprocess.run(
        [sys.executable, "run_bot.py", "partner-key", *words, "--site", str(SITE)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "JINGGE_DATA_DIR": str(folder),
            "JINGGE_SEAL_KEYS": keys,
            "JINGGE_SEAL_CURRENT": current,
            "JINGGE_HMAC_KEY": hmac_key,
        },
    )


def test_the_command_makes_two_keys_that_both_count_until_they_are_revoked(tmp_path: Path) -> None:
    keys = [command(tmp_path, "guihua_property").stdout.splitlines()[-1] for _ in range(2)]

    ring = partner_keys.Keyring(tmp_path / partner_keys.FILE, "", SEAL)
    assert keys[0] != keys[1]
    for key in keys:
        assert ring.client_of(key, ["guihua_property"]) == ("guihua_property", False)
        assert ring.client_of(key, ["another"]) == ("", False)
    assert "作废了 2 把" in command(tmp_path, "guihua_property", "--revoke").stdout
    assert ring.client_of(keys[0], ["guihua_property"]) == ("", False)


def test_a_name_that_nobody_wrote_down_is_refused(tmp_path: Path) -> None:
    done = command(tmp_path, "nobody")

    assert done.returncode == 2
    assert "现有：guihua_property、hotline_12345" in done.stderr


def test_another_round_is_another_secret() -> None:
    first = partner_keys.hook_secret(SEAL, "h", 1)

    assert first == partner_keys.hook_secret(SEAL, "h", 1)
    assert first != partner_keys.hook_secret(SEAL, "h", 2)
    assert partner_keys.own_key(SEAL, "a") != partner_keys.own_key(SEAL, "b")


def test_hashes_may_also_come_from_the_settings(tmp_path: Path) -> None:
    key = partner_keys.make(tmp_path / "keys", SEAL, "a")
    settled = (tmp_path / "keys").read_text().strip().replace(" ", ":")

    ring = partner_keys.Keyring(tmp_path / "elsewhere", settled, SEAL)

    assert ring.client_of(key, ["a"]) == ("a", False)
    assert ring.client_of("ключ", ["a"]) == ("", False)
