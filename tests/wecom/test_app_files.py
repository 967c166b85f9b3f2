"""Kept pictures and documents through the app: a picture may still be on its way."""

import base64
from dataclasses import replace

import pytest

from bot.messages import Attachment, Paper
from bot.wecom.app import App
from bot.wecom.errors import Refusal, Unreachable
from tests.wecom.api_server import ApiServer
from tests.wecom.fakes import row

CHAT = "app:officer_lin"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
PHOTO = Attachment(kind="image", name="0012照片1.jpg", kept="a" * 24)


class Shelf:
    """What is kept; empty until it is fetched."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    async def read(self, name: str) -> bytes:
        if not self.data:
            raise FileNotFoundError(name)
        return self.data


async def test_picture_goes_to_one_member_as_an_image(app: App, server: ApiServer) -> None:
    app.read_kept = Shelf(PNG).read
    server.answers.append({"errcode": 0, "media_id": "M1"})

    await app.send(row(PHOTO, CHAT))

    (sent,) = server.bodies("message/send")
    assert (sent["touser"], sent["msgtype"], sent["image"]) == (
        "officer_lin", "image", {"media_id": "M1"},
    )  # fmt: skip


async def test_another_kind_of_picture_goes_as_a_file(app: App, server: ApiServer) -> None:
    app.read_kept = Shelf(b"RIFF0000WEBP" + b"0" * 20).read
    server.answers.append({"errcode": 0, "media_id": "M1"})

    await app.send(row(PHOTO, CHAT))

    assert server.bodies("message/send")[0]["msgtype"] == "file"


async def test_picture_that_is_being_fetched_is_waited_for_and_then_given_up(app: App) -> None:
    app.read_kept = Shelf().read

    with pytest.raises(Unreachable):
        await app.send(row(PHOTO, CHAT))
    with pytest.raises(Refusal):
        await app.send(replace(row(PHOTO, CHAT), tries=9))


async def test_letter_leaves_without_a_picture_that_is_lost(app: App, server: ApiServer) -> None:
    app.read_kept = Shelf().read
    server.answers.append({"errcode": 0, "media_id": "M1"})
    paper = Paper(name="a.docx", title="转办函", pictures=("a" * 24,))

    await app.send(replace(row(paper, CHAT), tries=9))

    assert server.bodies("message/send")[0]["msgtype"] == "file"
