"""The archive's settings: a whole group or none, each with the console page that gives it."""

from pathlib import Path
from typing import Any

import pytest

from config.faults import StartupFault
from config.settings import Settings, load_settings, require_doors
from tests.config.test_settings import APP, SOCKET

ARCHIVE: dict[str, Any] = {
    "archive_sdk": Path("/opt/wecom/libWeWorkFinanceSdk_C.so"),
    "archive_secret": "demo-archive-secret",
    "archive_keys": Path("/opt/wecom/keys"),
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"JINGGE_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def settings(**more: Any) -> Settings:
    return load_settings(**APP, **SOCKET, **more)


def test_archive_is_not_asked_for_when_nothing_of_it_is_given() -> None:
    require_doors(settings())

    assert not settings().has_archive


def test_archive_with_everything_is_open() -> None:
    require_doors(settings(**ARCHIVE))

    assert settings(**ARCHIVE).has_archive


@pytest.mark.parametrize("missing", list(ARCHIVE))
def test_half_an_archive_names_what_is_missing_and_where_it_is(missing: str) -> None:
    given = {name: value for name, value in ARCHIVE.items() if name != missing}

    with pytest.raises(StartupFault) as caught:
        require_doors(settings(**given))

    (sentence,) = caught.value.sentences
    assert f"JINGGE_{missing.upper()}" in sentence
    assert "会话内容存档" in sentence


def test_half_a_callback_is_named_too() -> None:
    with pytest.raises(StartupFault, match="JINGGE_ARCHIVE_AES_KEY"):
        require_doors(settings(**ARCHIVE, archive_token="demoToken"))


def test_archive_secret_is_in_no_repr() -> None:
    assert "demo-archive-secret" not in repr(settings(**ARCHIVE))
