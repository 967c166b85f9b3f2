"""A secret of the settings stands in no sentence, no repr and no answer, however wrong it is."""

import contextlib
from typing import Any

import pytest
from pydantic import SecretStr

from commands.memory import open_database, open_seal
from config.faults import StartupFault
from config.settings import Settings, load_settings, require_doors
from storage.database import Database

PLANT = "Gepflanzt0Planted0Secret0"
ODD = (
    PLANT,
    f"{PLANT}:{PLANT}",
    f"k1:{PLANT}",
    f"{PLANT}\n{PLANT}",
    f"a={PLANT},={PLANT}",
    f"{PLANT}é",
)
FIELDS = [name for name, one in Settings.model_fields.items() if one.annotation is SecretStr]
ADDRESSES = (
    f"postgresql://jingge:{PLANT}@127.0.0.1:1/none",
    f"postgresql://jingge:{PLANT}@127.0.0.1:port/none",
    f"mysql://jingge:{PLANT}@127.0.0.1/none",
    f"postgresql//{PLANT}",
    PLANT,
)


def test_there_are_secrets_to_look_at() -> None:
    assert {"app_secret", "api_key", "metrics_token", "seal_keys", "hooks"} <= set(FIELDS)


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", ODD)
def test_an_odd_secret_is_in_no_sentence_and_no_repr(name: str, value: str) -> None:
    given: dict[str, Any] = {name: value, "corp_id": "ww1", "seal_current": "k1"}
    said = []
    try:
        settings = load_settings(None, **given)
        said += [repr(settings), str(settings), repr(settings.model_dump())]
        require_doors(settings)
    except StartupFault as fault:
        said += [str(fault), repr(fault), *map(str, fault.args)]

    assert said
    assert PLANT not in "".join(said)


@pytest.mark.parametrize("value", ODD)
def test_a_key_that_does_not_fit_is_not_quoted(value: str) -> None:
    settings = load_settings(None, seal_keys=value, seal_current="k1", hmac_key=value)

    with pytest.raises(StartupFault) as told:
        open_seal(settings, Database("sqlite:///:memory:"))
    assert PLANT not in f"{told.value!r} {told.value} {told.value.args}"


@pytest.mark.parametrize("url", ADDRESSES)
def test_the_password_of_an_address_is_said_nowhere(
    url: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    settings = load_settings(None, database_url=url, redis_url=url, outside_url="")
    assert PLANT not in repr(settings)

    with pytest.raises(StartupFault) as told:
        open_database(settings, contextlib.AsyncExitStack())
    printed = capfd.readouterr()
    assert PLANT not in f"{told.value!r} {told.value} {printed.out} {printed.err} {caplog.text}"
