"""The files of deploy/ name only what the program knows, and leave no setting out."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands.run import _loops
from config.settings import Settings, load_settings
from config.vocabulary import Loop
from tests.deploy.env_example import EXAMPLE, made
from tests.docs.pages import ROOT
from tests.docs.test_settings_page import name_of

DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose" / "compose.yaml"
_NAME = re.compile(r"\bjingge_[a-z0-9_]+\b", re.IGNORECASE)
_KNOWN = {f"jingge_{field}" for field in Settings.model_fields} | {"jingge_credentials_dir"}
# Words of other programs that look alike: nginx's zones and upstreams.
_OTHERS = {"jingge_hear", "jingge_web", "jingge_pages", "jingge_tls"}


def is_a_setting(word: str) -> bool:
    """True for names in capitals anywhere, and for names of credential files."""
    return word.lower() not in _OTHERS


@pytest.mark.parametrize(
    "file",
    [one for one in sorted(DEPLOY.rglob("*")) if one.is_file() and one.suffix != ".yml"],
    ids=lambda path: path.name,
)
def test_file_names_only_settings_that_exist(file: Path) -> None:
    named = {one.lower() for one in _NAME.findall(file.read_text("utf-8")) if is_a_setting(one)}

    assert named - _KNOWN == set()


def test_example_is_what_the_page_of_the_settings_says() -> None:
    assert EXAMPLE.read_text("utf-8") == made(), "run: python -m tests.deploy.env_example"


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_example_has_every_setting(field: str) -> None:
    assert re.search(rf"^#\s*{name_of(field)}\b", EXAMPLE.read_text("utf-8"), re.MULTILINE)


def test_example_gives_no_secret_a_place() -> None:
    given = re.findall(r"^#?(\w+)=", EXAMPLE.read_text("utf-8"), re.MULTILINE)

    kinds = {name_of(field): str(of.annotation) for field, of in Settings.model_fields.items()}
    assert [name for name in given if "SecretStr" in kinds[name]] == []


def test_addresses_with_passwords_come_from_credential_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "jingge_database_url").write_text("postgresql://a:b@db/jingge\n")
    (tmp_path / "jingge_redis_url").write_text("redis://:c@redis/0\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))

    found = load_settings(env_file=None)

    assert found.database_url == "postgresql://a:b@db/jingge"
    assert found.redis_url == "redis://:c@redis/0"


def test_unit_of_several_processes_does_every_loop_unless_told_otherwise() -> None:
    unit = (DEPLOY / "jingge@.service").read_text("utf-8")

    [loops] = re.findall(r"^Environment=LOOPS=(\S+)$", unit, re.MULTILINE)
    assert _loops(loops) == frozenset(Loop)
    assert "run --loops ${LOOPS}" in unit


# -- containers: parsed and held together; no engine runs them here ------------------------------


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file with its anchors resolved."""
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))
    return found


def test_every_image_has_a_tag_and_every_server_a_health_check(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert re.fullmatch(r"[a-z./-]+:\d[\w.-]*", service["image"]), name
        assert "healthcheck" in service, name


def test_what_a_service_uses_is_declared(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        assert set(service.get("secrets", ())) <= set(compose["secrets"])
        assert set(service["networks"]) <= set(compose["networks"])
        assert set(service.get("depends_on", ())) <= set(services)
        named = {one.partition(":")[0] for one in service.get("volumes", ())}
        assert {one for one in named if not one.startswith(".")} <= set(compose["volumes"])


def test_database_and_redis_have_no_way_out(compose: dict[str, Any]) -> None:
    assert compose["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis"):
        assert compose["services"][name]["networks"] == ["inside"]
        assert "ports" not in compose["services"][name]


def test_proxy_knows_every_bot_of_the_file(compose: dict[str, Any]) -> None:
    upstream = (DEPLOY / "nginx" / "upstream-compose.conf").read_text("utf-8")
    bots = {name for name in compose["services"] if name.startswith("bot")}

    assert set(re.findall(r"server (\w+):8080", upstream)) == bots
    assert bots <= set(compose["services"]["nginx"]["depends_on"])


def test_programs_read_their_secrets_where_containers_lay_them(compose: dict[str, Any]) -> None:
    bot = compose["services"]["bot1"]

    assert bot["environment"]["JINGGE_CREDENTIALS_DIR"] == "/run/secrets"
    for name in bot["secrets"]:
        assert compose["secrets"][name] == {"file": f"secrets/{name}"}
