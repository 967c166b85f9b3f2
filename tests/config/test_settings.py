"""Settings come from the environment, .env or credential files; faults name variable and page."""

from pathlib import Path
from typing import Any

import pytest

from config.faults import StartupFault
from config.settings import Settings, load_settings, require_doors

AES_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
APP: dict[str, Any] = {
    "corp_id": "wwxihe00demo",
    "app_agentid": 1000007,
    "app_secret": "demo-app-secret",
    "app_token": "demoAppToken",
    "app_aes_key": AES_KEY,
}
SOCKET: dict[str, Any] = {"socket_bot_id": "aibXIAOJING", "socket_secret": "demo-socket-secret"}
ROBOT: dict[str, Any] = {
    "robot_bot_id": "aibXIAOGE",
    "robot_token": "demoToken",
    "robot_aes_key": AES_KEY,
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the machine and no .env of the folder reaches a test."""
    for name in ("DATABASE_URL", "REDIS_URL", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"JINGGE_{name.upper()}", raising=False)
    monkeypatch.delenv("JINGGE_CREDENTIALS_DIR", raising=False)
    monkeypatch.chdir(tmp_path)


def sentences(settings: Settings) -> tuple[str, ...]:
    with pytest.raises(StartupFault) as caught:
        require_doors(settings)
    return caught.value.sentences


def test_without_anything_the_database_is_a_file_in_the_data_folder() -> None:
    settings = load_settings(data_dir=Path("/srv/jingge"))

    assert settings.database == "sqlite:////srv/jingge/jingge.db"
    assert settings.redis_url == ""


@pytest.mark.parametrize("name", ["DATABASE_URL", "JINGGE_DATABASE_URL"])
def test_database_url_counts_with_and_without_prefix(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "postgresql://jingge@/jingge")

    assert load_settings().database == "postgresql://jingge@/jingge"


def test_given_values_win_over_environment_and_that_over_env_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("JINGGE_WEB_PORT=1\nJINGGE_WEB_HOST=10.0.0.1\nOTHER=x\n")
    monkeypatch.setenv("JINGGE_WEB_PORT", "2")

    assert load_settings().web_port == 2
    assert load_settings().web_host == "10.0.0.1"
    assert load_settings(web_port=3).web_port == 3


def test_secrets_are_read_from_credential_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "jingge_app_secret").write_text("from-a-file\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "keys"))

    assert load_settings().app_secret.get_secret_value() == "from-a-file"


def test_empty_variable_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGGE_WEB_PORT", "")

    assert load_settings().web_port == 8080


def test_complete_doors_are_accepted() -> None:
    for doors in (APP | SOCKET, APP | ROBOT, APP | SOCKET | ROBOT):
        require_doors(load_settings(**doors))


def test_each_missing_secret_is_named_with_variable_and_console_page() -> None:
    told = sentences(load_settings(**(APP | SOCKET | {"app_secret": "", "socket_secret": ""})))

    assert len(told) == 2
    assert "JINGGE_APP_SECRET" in told[0]
    assert "“应用管理”→自建应用页面上的 Secret" in told[0]
    assert "JINGGE_SOCKET_SECRET" in told[1]
    assert "长连接" in told[1]


def test_nothing_configured_asks_for_app_and_robot() -> None:
    told = "".join(sentences(load_settings()))

    for name in ("CORP_ID", "APP_AGENTID", "APP_TOKEN", "APP_AES_KEY", "SOCKET_BOT_ID"):
        assert f"JINGGE_{name}" in told
    assert "ROBOT_TOKEN" not in told


def test_half_a_robot_is_named() -> None:
    told = sentences(load_settings(**(APP | SOCKET | {"robot_token": "demoToken"})))

    assert [name in "".join(told) for name in ("ROBOT_BOT_ID", "ROBOT_AES_KEY")] == [True, True]
    assert len(told) == 2


def test_key_cut_short_while_copying_is_named_without_showing_it() -> None:
    told = sentences(load_settings(**(APP | SOCKET | {"app_aes_key": AES_KEY[:-1]})))

    assert len(told) == 1
    assert "43 个字母数字" in told[0]
    assert AES_KEY[:-1] not in told[0]


def test_sealing_keys_come_together_or_not_at_all() -> None:
    told = sentences(load_settings(**(APP | SOCKET | {"seal_keys": "k1:AAAA"})))

    assert ["SEAL_CURRENT" in told[0], "HMAC_KEY" in told[1]] == [True, True]


def test_all_misread_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINGGE_WEB_PORT", "八千")
    monkeypatch.setenv("JINGGE_API_BASE", "ftp://example.invalid")
    monkeypatch.setenv("JINGGE_PING_S", "0")

    with pytest.raises(StartupFault) as caught:
        load_settings()

    said = "".join(caught.value.sentences)
    assert len(caught.value.sentences) == 3
    for name in ("JINGGE_WEB_PORT", "JINGGE_API_BASE", "JINGGE_PING_S"):
        assert name in said
    assert "八千" not in said


def test_env_file_in_gbk_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("JINGGE_ROBOT_NAME=小格\n".encode("gbk"))

    with pytest.raises(StartupFault, match=r"\.env"):
        load_settings()


def test_secrets_do_not_show_in_repr() -> None:
    settings = load_settings(**(APP | SOCKET))

    assert "demo-app-secret" not in repr(settings)
    assert "demo-socket-secret" not in repr(settings)


def test_accounts_of_customer_service_are_optional_and_checked() -> None:
    assert not load_settings(**APP, **SOCKET).has_kf
    good = load_settings(**APP, **SOCKET, kf_accounts="wkA1,wkB_2")
    require_doors(good)
    assert good.has_kf

    [sentence] = sentences(load_settings(**APP, **SOCKET, kf_accounts="wkA1, 客服"))
    assert "JINGGE_KF_ACCOUNTS" in sentence
    assert "微信客服" in sentence
