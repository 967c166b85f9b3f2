"""What is sent after a report without a word (补充): its owner hears what kind of thing came."""

from datetime import timedelta

import pytest

from bot.events import Media
from tests.handlers.block import texts_to
from tests.handlers.office import Office

WORKER, RESIDENT = "fang_xiaoman", "wang_ayi"
LAMP = "桂花苑3号楼楼下的路灯坏了三天了"


def of(*kinds: str) -> tuple[Media, ...]:
    return tuple(Media(kind=kind, media_id=f"m{n}") for n, kind in enumerate(kinds))


@pytest.mark.parametrize(
    ("media", "heard"),
    [
        pytest.param(of("voice"), "发来语音", id="voice"),
        pytest.param(of("video"), "发来视频", id="video"),
        pytest.param(of("file"), "发来文件", id="file"),
        pytest.param(of("image"), "发来图片", id="image"),
        pytest.param(of("image", "image", "video"), "发来图片、视频", id="several"),
        pytest.param(of("card"), "发来附件", id="something new"),
        pytest.param((), "发来一条没有文字的消息", id="nothing"),
    ],
)
def test_owner_hears_what_a_worker_sends_minutes_after_her_report(
    office: Office, media: tuple[Media, ...], heard: str
) -> None:
    office.says(WORKER, LAMP)
    owner = office.tickets()[0].owner
    office.now += timedelta(minutes=1)

    said = texts_to(office.says(WORKER, "", media=media), owner)

    assert len(office.tickets()) == 1
    assert f"有人补充：{heard}" in said
    assert said.count("图片") == heard.count("图片")


def test_words_that_come_with_a_recording_are_what_is_told(office: Office) -> None:
    office.says(WORKER, LAMP)
    owner = office.tickets()[0].owner
    office.now += timedelta(minutes=1)

    said = texts_to(
        office.says(WORKER, "刚才那盏灯，现在冒火星了吗我再看看", media=of("voice")), owner
    )

    assert "冒火星" in said
    assert "发来" not in said


@pytest.mark.parametrize(("kind", "heard"), [("image", "图片收到了"), ("video", "视频收到了")])
def test_resident_who_sends_a_thing_alone_is_asked_what_it_is_about(
    office: Office, kind: str, heard: str
) -> None:
    said = texts_to(office.says(RESIDENT, "", chat="", media=of(kind)), RESIDENT)

    assert heard in said
    assert "出了什么事" in said


def test_video_for_a_named_ticket_is_not_called_a_photo(office: Office) -> None:
    office.says(WORKER, LAMP)
    ticket = office.tickets()[0]
    office.says(ticket.owner, f"签收 {ticket.serial}", chat="")
    office.says(ticket.owner, f"拍 {ticket.serial}", chat="")

    said = office.says(ticket.owner, "", chat="", media=of("video"))

    assert f"视频记到{ticket.serial}了" in texts_to(said, ticket.owner)
