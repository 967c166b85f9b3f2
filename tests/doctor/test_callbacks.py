"""The addresses where WeCom knocks: our own knock tells what stands in the way."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.web.callbacks import add_callbacks
from bot.wecom.app import App
from bot.wecom.channel import Now
from bot.wecom.client import Api
from bot.wecom.places import AppConfig, RobotConfig
from bot.wecom.robot import Robot
from commands.doctor import callbacks
from commands.doctor.findings import Finding, Mark
from tests.doctor.clinic import APP_KEY, ROBOT_KEY, ROBOT_TOKEN, Clinic
from tests.wecom.fakes import DictTokens, ListeningEars, OpenBuckets

pytestmark = pytest.mark.timeout(60)
APP_TOKEN = "demoAppToken"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def bot_running(clinic: Clinic, token: str = APP_TOKEN) -> AsyncIterator[str]:
    """The bot's two callback doors as a reverse proxy would show them."""

    now: Now = lambda: datetime.now(UTC)  # noqa: E731
    ears, buckets = ListeningEars(), OpenBuckets()
    config = AppConfig(
        corpid="wwxihe00demo", agentid=1000007, secret="x", token=token, aes_key=APP_KEY
    )
    app = App(config, Api(config, clinic.http, DictTokens(), now), ears, buckets, now)
    robot_config = RobotConfig(bot_id="aibXIAOGE", token=ROBOT_TOKEN, aes_key=ROBOT_KEY)
    robot = Robot(robot_config, clinic.http, ears, buckets, now)
    web_app = web.Application()
    add_callbacks(web_app, {"/wecom/app": app, "/wecom/robot": robot})
    async with TestServer(web_app) as server:
        yield str(server.make_url("/"))


@asynccontextmanager
async def something_else(answer: Answer) -> AsyncIterator[str]:
    """Whatever else may stand at that address."""
    web_app = web.Application()
    web_app.router.add_get("/wecom/{door}", answer)
    async with TestServer(web_app) as server:
        yield str(server.make_url("/"))


async def sentences(clinic: Clinic, name: str = "应用回调") -> list[str]:
    """What is to do at that address."""
    lines = await clinic.examine(name)
    return [line.finding.sentence for line in lines if line.finding.mark is Mark.TO_DO]


async def test_address_without_https_is_told_although_it_answers_right(clinic: Clinic) -> None:
    async with bot_running(clinic) as url:
        clinic.given["public_url"] = url

        for name in ("应用回调", "机器人回调"):
            plain, inside = await sentences(clinic, name)
            assert "不是 https" in plain
            assert "内网地址" in inside


async def test_address_that_answers_right_over_https_is_well(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_faults(_url: str) -> list[Finding]:
        return []

    monkeypatch.setattr(callbacks, "_address_faults", no_faults)
    async with bot_running(clinic) as url:
        clinic.given["public_url"] = url

        lines = await clinic.examine("应用回调", "机器人回调")

    assert [line.finding.mark for line in lines] == [Mark.WELL, Mark.WELL]


async def test_other_token_in_the_running_bot_is_found(clinic: Clinic) -> None:
    async with bot_running(clinic, token="anotherToken") as url:
        clinic.given["public_url"] = url

        assert any("签名不对" in said for said in await sentences(clinic))


def own_certificate(folder: Path) -> ssl.SSLContext:
    """A certificate that nobody else signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "station.example")])
    began = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=9))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "own.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    written = key.private_bytes(serialization.Encoding.PEM, form, plain)
    pem.write_bytes(written + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


async def test_certificate_that_nobody_trusts_is_found(clinic: Clinic, tmp_path: Path) -> None:
    fresh = TestServer(web.Application(), scheme="https")
    await fresh.start_server(ssl=own_certificate(tmp_path))
    clinic.given["public_url"] = str(fresh.make_url("/"))

    said = await sentences(clinic)
    await fresh.close()

    assert any("证书不受信任" in one for one in said)


async def test_nobody_behind_the_address_is_found(clinic: Clinic) -> None:
    clinic.given["public_url"] = "http://127.0.0.1:9/"

    assert any("没人应门" in said for said in await sentences(clinic))


async def test_name_that_does_not_exist_is_found(clinic: Clinic) -> None:
    clinic.given["public_url"] = "https://station.invalid/"

    assert any("解析不出来" in said for said in await sentences(clinic))


@pytest.mark.parametrize(
    ("status", "says"),
    [(301, "不跟着走"), (404, "找不到"), (502, "后面没有程序"), (401, "不能要登录")],
)
async def test_proxy_that_answers_itself_is_found(clinic: Clinic, status: int, says: str) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": "/login"})

    async with something_else(answer) as url:
        clinic.given["public_url"] = url

        assert any(says in said for said in await sentences(clinic))


async def test_login_page_in_place_of_the_echo_is_found(clinic: Clinic) -> None:
    """Trap 4: the echo must come back as it is."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="<html>请登录</html>")

    async with something_else(answer) as url:
        clinic.given["public_url"] = url

        assert any("答的内容不对" in said for said in await sentences(clinic))


async def test_address_that_takes_longer_than_a_second_is_found(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trap 4: WeCom waits one second for the echo."""
    monkeypatch.setattr(callbacks, "_ECHO_S", 0.0)
    async with bot_running(clinic) as url:
        clinic.given["public_url"] = url

        assert any("只等 1 秒" in said for said in await sentences(clinic))


async def test_address_that_never_answers_is_found(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = asyncio.Event()
    monkeypatch.setattr(callbacks, "_WAIT_S", 0.2)

    async def answer(_request: web.Request) -> web.Response:
        await waiting.wait()
        return web.Response()

    async with something_else(answer) as url:
        clinic.given["public_url"] = url
        said = await sentences(clinic)
        waiting.set()

    assert any("一直没有回答" in one for one in said)


async def test_address_inside_the_house_is_told(clinic: Clinic) -> None:
    clinic.given["public_url"] = "https://10.255.255.1:9/"

    found = await callbacks._address_faults("https://10.255.255.1:9/wecom/app")

    assert ["内网地址" in one.sentence for one in found] == [True]


async def test_without_a_public_address_nothing_is_asked(clinic: Clinic) -> None:
    lines = await clinic.examine("应用回调")

    assert [line.finding.mark for line in lines] == [Mark.SKIPPED]
