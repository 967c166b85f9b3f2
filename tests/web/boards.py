"""What the tests of the boards share: a look at a station for somebody, a page over the wire."""

from collections.abc import Callable
from typing import TypeVar

from bot.domain import clocks
from bot.door_events import Deed, Paged
from bot.turn import Turn
from bot.web.login import Session
from handlers.dashboard.entry import Seat
from handlers.dashboard.shell import Look
from tests.drafts.block import Block as House
from tests.handlers.office import Office

T = TypeVar("T")


def looks(office: Office, user: str, fn: Callable[[Look], T]) -> T:
    """What the reading function of a page finds for that person."""
    day = office.now.astimezone(clocks.ZONE).date()
    rules = office.rules.on(day)
    person = rules.person(user)
    assert person is not None
    event = Paged(key="look", at=office.now, by=user, deed=Deed.LOOK)
    session = Session(cookie="", key="", user=user, until=office.now)
    found: T = office.looks(
        lambda db: fn(Look(Turn(db, rules, event, office.now), Seat(person, session)))
    )
    return found


async def page(house: House, user: str, path: str) -> tuple[int, str]:
    """Status and text of a page as that person gets it."""
    cookies = await house.login(user)
    async with house.session.get(f"{house.web}{path}", cookies=cookies) as answer:
        return answer.status, await answer.text()
