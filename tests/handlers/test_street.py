"""What goes along to a department, what 转 writes, and what the street decides."""

import dataclasses
import io
from typing import Any

import pytest
from docx import Document
from PIL import Image

from bot.events import Media
from bot.messages import Paper
from bot.wecom.papers import written
from config.vocabulary import Act, Stage
from storage import diversions, journal, tickets
from storage.diversions import Diversion, End, Round
from storage.tickets import Ticket
from tests.handlers.block import Block, texts_to

RESIDENT = "wmRESIDENT01"
OFFICER, ROOM, MINDER, LAMPS, HOUSING = (
    "lin_zhiyuan", "bai_jingshu", "qiu_ruolan", "wei_heping", "kang_liqun",
)  # fmt: skip
LAMP = "桂花苑3号楼门口的路灯坏了好几天，晚上一直不亮，麻烦修一下"
CABLE = "桂花苑3号楼门口的通信井盖坏了，光缆露在外面，麻烦修一下，电话13800138000"
QUARREL = "桂花苑3号楼两家人为停车位吵架，麻烦来调解一下"
PICTURE = (Media(kind="image", url="https://example.org/a"),)


class Post(Block):
    """A station that remembers the papers and pictures which leave the house."""

    def of(self, kind: str, user: str) -> list[dict[str, Any]]:
        return [m for chat, m in self.handed if m["_"] == kind and chat == f"app:{user}"]


@pytest.fixture
def post(block: Block) -> Post:
    return Post(block.database, block.rules)


def books(post: Block) -> list[Diversion]:
    number = newest(post).id
    found: list[Diversion] = post.looks(lambda db: diversions.of_ticket(db, number))
    return found


def newest(post: Block) -> Ticket:
    return post.tickets()[-1]


def told_with_picture(post: Post, words: str) -> Ticket:
    post.says(RESIDENT, words, media=PICTURE)
    return newest(post)


def test_handing_on_to_a_department_stands_in_the_books(post: Post) -> None:
    post.overhears(RESIDENT, QUARREL)
    number = newest(post).serial
    post.says(OFFICER, f"签收 {number}", chat="")

    post.says(OFFICER, f"转 {number} 康立群 公共管道老化", chat="")

    ticket = newest(post)
    (one,) = books(post)
    assert (ticket.owner, ticket.department) == (HOUSING, "housing")
    assert (one.round, one.by, one.department) == (Round.CONTACT, OFFICER, "housing")
    assert one.reason == "公共管道老化"
    assert one.due_at is not None
    post.says(HOUSING, f"退回 {number} 管道是业主自己的", chat="")
    assert books(post)[0].ended_how == End.RETURNED


def test_handing_on_inside_a_department_is_no_diversion(post: Post) -> None:
    post.overhears(RESIDENT, LAMP)
    before = books(post)

    post.says(ROOM, f"转 {newest(post).serial} 魏和平", chat="")

    assert books(post) == before


def test_protected_matter_is_handed_to_no_department(post: Post) -> None:
    post.overhears(RESIDENT, QUARREL)
    ticket = newest(post)
    post.looks(lambda db: tickets.save(db, dataclasses.replace(ticket, protected=True)))

    post.says(ROOM, f"转 {ticket.serial} 康立群", chat="")

    assert newest(post).department == ""
    assert books(post) == []


def test_card_of_a_department_shows_not_even_the_stars_of_her_phone(post: Post) -> None:
    post.says(RESIDENT, "桂花苑东门的路灯坏了，找我打13800138000", media=PICTURE)
    assert newest(post).department == "city_management"

    shown = "\n".join(card["text"] for _, card in post.cards)
    assert "138" in newest(post).masked
    assert "东门" in shown
    assert "138" not in shown
    assert "[图片 " not in shown


def test_photo_follows_the_card_to_the_department(post: Post) -> None:
    ticket = told_with_picture(post, LAMP)

    (photo,) = post.of("attachment", ticket.owner)
    assert ticket.owner == LAMPS
    assert (photo["kind"], len(photo["kept"])) == ("image", 24)
    assert RESIDENT not in str(photo)
    card = post.card_of(LAMPS, "市政设施")
    assert ["照片", "1张"] in card["fields"]
    assert "3号楼" in str(card["fields"])


def test_photo_of_the_next_minute_follows_too_and_nothing_twice(post: Post) -> None:
    post.says(RESIDENT, LAMP)
    assert post.of("attachment", LAMPS) == []

    post.says(RESIDENT, "", media=PICTURE)

    assert len(post.of("attachment", LAMPS)) == 1


def test_photo_that_police_took_stays_with_the_police(post: Post) -> None:
    post.overhears(RESIDENT, QUARREL)
    number = newest(post).serial
    post.says(OFFICER, f"签收 {number}", chat="")
    post.says(OFFICER, f"拍 {number}", chat="")
    post.says(OFFICER, "", chat="", media=PICTURE)

    post.says(OFFICER, f"转 {number} 康立群", chat="")

    assert post.of("attachment", HOUSING) == []


def test_minder_gets_the_letter_as_a_file_with_the_photo(post: Post) -> None:
    ticket = told_with_picture(post, CABLE)

    (paper,) = post.of("paper", MINDER)
    assert paper["title"] == "转办函"
    assert len(paper["pictures"]) == 1
    assert "照片：1张，随函附上" in paper["lines"]
    for secret in ("138", RESIDENT):
        assert secret not in str(paper) + str(post.cards)
    assert post.of("attachment", MINDER) == []
    post.says(MINDER, f"转办函 {ticket.serial}", chat="")
    assert len(post.of("paper", MINDER)) == 2


def test_photo_stands_in_the_word_file() -> None:
    held = io.BytesIO()
    Image.new("RGBA", (4, 4)).save(held, "WEBP")

    doc = Document(io.BytesIO(written(Paper(name="a.docx", title="转办函"), [held.getvalue()])))

    assert len(doc.inline_shapes) == 1


@pytest.fixture
def listed(post: Post) -> Post:
    """A cable that has been with a department outside for four weeks."""
    post.overhears(RESIDENT, CABLE)
    post.later(60 * 24 * 29)
    return post


def test_street_gives_it_to_another_department(listed: Post) -> None:
    serial = newest(listed).serial
    shown = texts_to(listed.says(ROOM, "转办清单", chat=""), ROOM)
    assert "综治定" in shown

    said = texts_to(listed.says(ROOM, f"综治定 {serial} 城管 先回填再找管线单位", chat=""), ROOM)

    ticket = newest(listed)
    assert "已分流到" in said
    assert (ticket.department, ticket.owner, ticket.stage) == (
        "city_management", LAMPS, Stage.ASSIGNED,
    )  # fmt: skip
    last = books(listed)[-1]
    assert (last.round, last.by) == (Round.STREET, ROOM)
    assert "综治中心定" in last.reason
    story = listed.looks(lambda db: journal.of_ticket(db, ticket.id))
    assert any("综治中心定：先回填" in e.reason for e in story if e.act == Act.DIVERT)
    assert serial not in texts_to(listed.says(ROOM, "转办清单", chat=""), ROOM)


def test_street_leaves_it_there_until_its_new_limit_is_over(listed: Post) -> None:
    serial = newest(listed).serial

    said = listed.says(ROOM, f"综治定 {serial} 不变 材料已备好，下周换井盖", chat="")

    assert "还是溪河通信服务站办" in texts_to(said, MINDER)
    assert newest(listed).department == "telecom"
    assert "没有要报" in texts_to(listed.says(ROOM, "转办清单", chat=""), ROOM)
    later = listed.later(60 * 24 * 12)
    assert "又过了时限" in texts_to(later, MINDER)
    assert serial in texts_to(listed.says(ROOM, "转办清单", chat=""), ROOM)


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        pytest.param("pan_zhenguo", "城管 先回填", "", id="the_street_has_no_command"),
        pytest.param(OFFICER, "城管 先回填", "", id="officer"),
        pytest.param(ROOM, "城管", "为什么", id="no_reason"),
        pytest.param(ROOM, "气象 不归别人", "部门", id="unknown_department"),
    ],
)
def test_not_everybody_decides_and_not_without_a_reason(
    listed: Post, who: str, words: str, answer: str
) -> None:
    said = listed.says(who, f"综治定 {newest(listed).serial} {words}", chat="")

    assert answer in texts_to(said, who)
    assert newest(listed).department == "telecom"
    assert books(listed)[-1].listed_at is not None


def test_what_stands_in_no_list_is_not_decided(post: Post) -> None:
    post.overhears(RESIDENT, CABLE)

    said = post.says(ROOM, f"综治定 {newest(post).serial} 城管 先回填", chat="")

    assert "不在报综治中心的清单里" in texts_to(said, ROOM)
