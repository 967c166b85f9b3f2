"""Lists kept by name: one's own, sealed, so many and no more; they go with the person."""

import dataclasses
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select

from bot.door_events import Deed, Learned, Paged
from bot.messages import Text, unpack
from handlers.saved_views import LONGEST, MOST
from storage import inbox, saved_views
from storage.database import table_of
from storage.saved_views import SavedView
from storage.session import Db
from storage.view_tables import SavedViewRow
from tests.handlers.office import Office

ROOM, LEADER = "qiu_ruolan", "zhong_yihang"
NIGHT = "我的夜班"
SEARCH = f"/tickets?kind=over&words={quote('王阿姨')}"


def page(office: Office, user: str, deed: Deed, detail: str, address: str = SEARCH) -> str:
    """What the page hears."""
    office._count += 1
    key = f"page:{deed}:t{office._count}"
    office.handle(Paged(key=key, at=office.now, by=user, deed=deed, detail=detail, address=address))
    _, packed = office.looks(lambda db: inbox.answer_of(db, key))
    message = unpack(packed)
    assert isinstance(message, Text)
    return message.text


def own(office: Office, user: str = ROOM) -> list[SavedView]:
    found: list[SavedView] = office.looks(lambda db: saved_views.of(db, user))
    return found


def test_a_list_is_kept_by_name_for_its_owner_alone(office: Office) -> None:
    assert NIGHT in page(office, ROOM, Deed.KEEP, f"  {NIGHT} ")

    assert [(one.name, one.address) for one in own(office)] == [(NIGHT, SEARCH)]
    assert own(office, LEADER) == []


def test_nothing_of_it_stands_open_in_the_database(office: Office) -> None:
    page(office, ROOM, Deed.KEEP, NIGHT)

    def cells(db: Db) -> str:
        return str(db.conn.execute(select(table_of(SavedViewRow))).mappings().all())

    stored = office.looks(cells)
    assert ROOM in stored
    assert not [said for said in (NIGHT, "tickets", quote("王阿姨")) if said in stored]


def test_the_same_name_means_the_list_of_today(office: Office) -> None:
    page(office, ROOM, Deed.KEEP, NIGHT)

    page(office, ROOM, Deed.KEEP, NIGHT, "/tickets?kind=danger")

    assert [one.address for one in own(office)] == ["/tickets?kind=danger"]


@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("  ", SEARCH, "起个名字"),
        ("字" * (LONGEST + 1), SEARCH, f"{LONGEST}个字以内"),
        (NIGHT, "/tickets", "还没有选条件"),
        (NIGHT, "https://evil.example/tickets?kind=over", "还没有选条件"),
    ],
)
def test_what_cannot_be_kept_is_said_kindly(
    office: Office, name: str, address: str, said: str
) -> None:
    assert said in page(office, ROOM, Deed.KEEP, name, address)
    assert own(office) == []


def test_so_many_and_no_more_but_the_same_name_again(office: Office) -> None:
    for number in range(MOST):
        page(office, ROOM, Deed.KEEP, f"清单{number}")

    assert "最多" in page(office, ROOM, Deed.KEEP, "再来一份")
    assert "存好了" in page(office, ROOM, Deed.KEEP, "清单0")
    assert len(own(office)) == MOST


def test_only_its_owner_drops_it(office: Office) -> None:
    page(office, ROOM, Deed.KEEP, NIGHT)
    number = str(own(office)[0].id)

    assert "不在了" in page(office, LEADER, Deed.DROP, number)
    assert len(own(office)) == 1
    assert "删掉了" in page(office, ROOM, Deed.DROP, number)
    assert own(office) == []


def test_they_go_with_the_person(office: Office) -> None:
    page(office, ROOM, Deed.KEEP, NIGHT)
    page(office, LEADER, Deed.KEEP, NIGHT)

    data = {"user": ROOM, "kind": "left"}
    office.handle(Learned(key="app:gone", at=office.now, line="0" * 12, what="staff", data=data))
    assert (len(own(office)), len(own(office, LEADER))) == (0, 1)

    people = tuple(one for one in office.rules.people if one.id != LEADER)
    roster = office.rules.roster.model_copy(update={"people": people})
    office.rules = dataclasses.replace(office.rules, roster=roster)
    office.now += timedelta(days=1)
    office.hour("forget")
    assert own(office, LEADER) == []


def test_they_follow_who_gets_another_userid(office: Office) -> None:
    page(office, ROOM, Deed.KEEP, NIGHT)

    data = {"user": ROOM, "kind": "renamed", "new_user": "qiu_new"}
    office.handle(Learned(key="app:new", at=office.now, line="0" * 12, what="staff", data=data))

    assert [one.name for one in own(office, "qiu_new")] == [NIGHT]
