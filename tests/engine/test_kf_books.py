"""The books of 微信客服 on the real engine: a page and its cursor stand or fall together."""

import pytest
from sqlalchemy import func, select

from bot.engine.kf_books import Books
from bot.events import Heard
from bot.lines import line_of
from bot.wecom.kf_budget import HUMAN, Found, Standing
from storage import kf
from storage.database import table_of
from storage.session import Db
from storage.tables import InboxRow
from tests.engine.house import NOW, House

CHAT = "kf:wkA:wmR1"


def found(key: str, text: str = "路灯坏了") -> Found:
    event = Heard(key=key, at=NOW, chat=CHAT, by="wmR1", door="kf", text=text)
    return Found(chat=CHAT, at=NOW, event=event, spoke=True)


async def heard(house: House) -> int:
    return await house.engine.database.read(
        lambda conn: conn.execute(select(func.count()).select_from(table_of(InboxRow))).scalar_one()
    )


async def test_page_is_kept_with_its_cursor_and_her_budget(house: House) -> None:
    books = Books(house.engine)

    await books.keep("wkA", [found("kf:1"), found("kf:2")], "c2")

    assert (await heard(house), await books.cursor("wkA")) == (2, "c2")
    assert await books.standing(CHAT) == Standing(heard_at=NOW)


async def test_page_read_again_changes_nothing(house: House) -> None:
    books = Books(house.engine)
    await books.keep("wkA", [found("kf:1")], "c1")
    await books.said(CHAT)

    await books.keep("wkA", [found("kf:1")], "c1")

    assert await heard(house) == 1
    assert (await books.standing(CHAT)).heard_at == NOW


async def test_empty_page_moves_the_cursor(house: House) -> None:
    books = Books(house.engine)

    await books.keep("wkA", [], "c9")

    assert await books.cursor("wkA") == "c9"


async def test_rows_without_an_event_tell_of_the_session(house: House) -> None:
    books = Books(house.engine)
    human = Found(chat=CHAT, at=NOW, state=HUMAN)

    await books.keep("wkA", [human, Found(chat=CHAT, at=NOW, spoke=True, shut=True)], "c3")

    standing = await books.standing(CHAT)
    assert (standing.state, standing.said >= 5, await books.cursor("wkA")) == (HUMAN, True, "c3")


async def test_cursor_stays_when_the_last_row_cannot_be_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = Books(house.engine)

    def full(db: Db, account: str, value: str) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(kf, "keep_cursor", full)
    with pytest.raises(OSError, match="disk full"):
        await books.keep("wkA", [found("kf:1"), found("kf:2")], "c2")

    assert (await heard(house), await books.cursor("wkA")) == (1, "")
    assert line_of(CHAT)


async def test_what_was_said_shut_and_handed_over_is_remembered(house: House) -> None:
    books = Books(house.engine)
    await books.keep("wkA", [found("kf:1")], "c1")

    await books.said(CHAT)
    assert (await books.standing(CHAT)).said == 1
    await books.shut(CHAT)
    await books.stands(CHAT, HUMAN)

    standing = await books.standing(CHAT)
    assert (standing.said >= 5, standing.state) == (True, HUMAN)
