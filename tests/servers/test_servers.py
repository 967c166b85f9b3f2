"""The test servers themselves: what a test gets is empty, its own, and survives a crash."""

import asyncio
from collections.abc import Callable

import psycopg
import pytest
import redis
from playwright.async_api import Page

from tests.servers import needs
from tests.servers.polling import until
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer


def connect(url: str) -> psycopg.Connection:
    """A plain connection to a database named in SQLAlchemy's form."""
    return psycopg.connect(url.replace("+psycopg", ""))


def tables(url: str) -> list[str]:
    """Names of the tables in ``url``."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with connect(url) as connection:
        return [str(row[0]) for row in connection.execute(query)]


def test_every_database_is_empty_and_its_own(fresh_database: Callable[[], str]) -> None:
    first, second = fresh_database(), fresh_database()

    with connect(first) as connection:
        connection.execute("CREATE TABLE tickets (id int)")

    assert (tables(first), tables(second)) == (["tickets"], [])


def test_template_is_built_once_and_copied(postgres: PostgresServer) -> None:
    built: list[str] = []

    def build(url: str) -> None:
        built.append(url)
        with connect(url) as connection:
            connection.execute("CREATE TABLE tickets (id int)")

    copies = [postgres.fresh_database(postgres.template("built", build)) for _ in range(2)]

    assert [tables(url) for url in copies] == [["tickets"], ["tickets"]]
    assert len(built) == 1
    for url in copies:
        postgres.drop(url)


def test_killed_postgres_comes_back_with_what_was_committed(
    postgres: PostgresServer, postgres_url: str
) -> None:
    with connect(postgres_url) as connection:
        connection.execute("CREATE TABLE tickets (id int)")

    postgres.process.kill()
    gone = postgres.answers()
    postgres.process.start()

    assert not gone
    assert tables(postgres_url) == ["tickets"]


def test_redis_is_empty_and_comes_back_after_a_kill(
    redis_server: RedisServer, redis_url: str
) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("bell", "1")

    redis_server.process.kill()
    gone = redis_server.answers()
    redis_server.process.start()

    assert not gone
    assert redis_server.answers()


@pytest.mark.parametrize(("ci", "outcome"), [("true", "Failed"), ("", "Skipped")])
def test_missing_program_skips_here_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: str
) -> None:
    monkeypatch.setenv("CI", ci)

    with pytest.raises(BaseException, match="PostgreSQL is missing") as raised:
        needs.missing("PostgreSQL", "postgresql")

    assert type(raised.value).__name__ == outcome


async def test_waiting_ends_with_a_name_for_what_did_not_come() -> None:
    async def never() -> None:
        await asyncio.sleep(0)

    with pytest.raises(AssertionError, match="the last bus"):
        await until(never, "the last bus", within_s=0.05)


@pytest.mark.slow
async def test_page_is_as_large_as_the_smallest_screen_we_promise(page: Page) -> None:
    await page.set_content("<h1>演练台</h1>")

    assert await page.evaluate("[innerWidth, innerHeight]") == [1366, 768]
    assert await page.get_by_role("heading").inner_text() == "演练台"
