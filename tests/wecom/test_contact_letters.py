"""What the address book and WeCom itself tell the app (trap 20), as events."""

from typing import Any

import aiohttp
import pytest

from bot.door_events import Alarmed, Learned
from bot.wecom.app import App
from tests.wecom.fakes import Clock, ListeningEars
from tests.wecom.knocking import Knocker
from tests.wecom.letters import letter


def change(what: str, more: str) -> str:
    inner = f"<Event>change_contact</Event><ChangeType>{what}</ChangeType>{more}"
    return letter("event", inner, user="sys")


LEFT = "<UserID>Lin</UserID>"
RENAMED = "<UserID>lin</UserID><NewUserID>lin2</NewUserID>"


@pytest.mark.parametrize(
    ("text", "data"),
    [
        pytest.param(
            change("delete_user", LEFT), {"kind": "left", "user": "Lin", "new_user": ""}, id="left"
        ),
        pytest.param(
            change("update_user", RENAMED),
            {"kind": "renamed", "user": "lin", "new_user": "lin2"},
            id="renamed",
        ),
        pytest.param(change("update_user", "<UserID>lin</UserID>"), None, id="other_field"),
        pytest.param(change("create_user", LEFT), None, id="new_member"),
        pytest.param(change("delete_user", ""), None, id="nobody_named"),
        pytest.param(change("update_tag", "<TagId>1</TagId>"), None, id="tag"),
    ],
)
async def test_change_of_a_member_is_an_event_where_it_matters(
    app: App,
    clock: Clock,
    session: aiohttp.ClientSession,
    ears: ListeningEars,
    text: str,
    data: dict[str, Any] | None,
) -> None:
    """Trap 20."""
    knocking = Knocker(app, "wwcorp1", clock)
    async with knocking.server:
        assert await knocking.xml(session, text) == (200, "")

    found = [event.data for event in ears.heard if isinstance(event, Learned)]
    assert found == ([data] if data else [])


async def test_two_members_who_leave_in_one_second_are_two_events(
    app: App, clock: Clock, session: aiohttp.ClientSession, ears: ListeningEars
) -> None:
    """Traps 2 and 20: system events carry no id and the same sender."""
    knocking = Knocker(app, "wwcorp1", clock)
    async with knocking.server:
        for user in ("lin", "qiu", "lin"):
            await knocking.xml(session, change("delete_user", f"<UserID>{user}</UserID>"))

    assert [e.data["user"] for e in ears.heard if isinstance(e, Learned)] == ["lin", "qiu"]
    assert all("lin" not in event.key for event in ears.heard)


@pytest.mark.parametrize("name", ["inactive_alert", "low_active_alert", "close_inactive_agent"])
async def test_warning_of_the_platform_reaches_the_operator(
    app: App, clock: Clock, session: aiohttp.ClientSession, ears: ListeningEars, name: str
) -> None:
    """Trap 20."""
    knocking = Knocker(app, "wwcorp1", clock)
    async with knocking.server:
        await knocking.xml(session, letter("event", f"<Event>{name}</Event>", user="sys"))

    [event] = ears.heard
    assert isinstance(event, Alarmed)
    assert event.text == ("operator_closed" if "close" in name else "operator_inactive")
