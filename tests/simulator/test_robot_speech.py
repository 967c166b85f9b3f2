import pytest

from tests.simulator.corp import ROBOT
from tests.simulator.fakes import Wire, heard, running

LONG = "字" * 6827  # 20481 bytes


async def test_trap_11_push_before_contact_is_refused(wire: Wire) -> None:
    wire.sim.virgin = True
    wire.sim.clear()
    robot = await wire.robot()

    assert await robot.markdown("res_a", chat_type=1) == 93001
    assert await robot.markdown("wrONE") == 93001
    await heard(wire, robot)
    assert await robot.markdown("wrONE") == 0
    assert await wire.errors() == ["push_before_contact"] * 2


@pytest.mark.parametrize(
    ("chatid", "chat_type", "errcode"),
    [
        pytest.param("wrone", 2, 93006, id="lower-cased group"),
        pytest.param("nobody", 1, 93006, id="unknown user"),
        pytest.param("wrNONE", 2, 93008, id="not in that group"),
        pytest.param("wrONE", 0, 0, id="chat_type 0 tries the group"),
        pytest.param("res_a", 0, 0, id="chat_type 0 falls back to the user"),
    ],
)
async def test_trap_11_push_targets(wire: Wire, chatid: str, chat_type: int, errcode: int) -> None:
    robot = await wire.robot()

    assert await robot.markdown(chatid, chat_type=chat_type) == errcode
    assert len(await wire.errors()) == (errcode != 0)


async def test_trap_11_thirty_first_message_in_a_minute_is_refused(wire: Wire) -> None:
    robot = await wire.robot()

    codes = [await robot.markdown("wrONE", str(n)) for n in range(31)]

    assert codes == [0] * 30 + [45009]
    assert await robot.markdown("wrTWO") == 0
    await wire.sim_post("clock", advance_s=61)
    assert await robot.markdown("wrONE") == 0
    assert await wire.errors() == ["conversation_minute"]


async def test_trap_11_thousand_and_first_message_in_an_hour_is_refused(wire: Wire) -> None:
    robot = await wire.robot()
    for _ in range(40):
        for n in range(25):
            assert await robot.markdown("wrONE", str(n)) == 0
        await wire.sim_post("clock", advance_s=61)

    assert await robot.markdown("wrONE") == 45009
    assert await wire.errors() == ["conversation_hour"]


@pytest.mark.parametrize("kind", ["text", "markdown_v2", "stream"])
async def test_push_of_other_types_is_refused(wire: Wire, kind: str) -> None:
    robot = await wire.robot()
    body = {"chatid": "wrONE", "chat_type": 2, "msgtype": kind, kind: {"content": "x"}}

    assert (await robot.send("aibot_send_msg", body))["errcode"] == 40008
    assert await wire.errors() == ["robot_msgtype"]


async def test_trap_12_a_stream_of_20481_bytes_is_refused(wire: Wire) -> None:
    robot = await wire.robot()
    req_id = await heard(wire, robot)

    assert await robot.stream(req_id, LONG) == 40058
    assert await robot.stream(req_id, LONG[:-1]) == 0
    assert await wire.errors() == ["robot_bytes"]


async def test_trap_12_a_stream_never_finished_freezes_after_six_minutes(wire: Wire) -> None:
    robot = await wire.robot()
    req_id = await heard(wire, robot)
    assert await robot.stream(req_id, "正在看", finish=False) == 0

    await wire.sim_post("clock", advance_s=361)

    assert await robot.stream(req_id, "太晚了") == 846608
    assert await wire.texts("wrONE") == ["@小试 漏水", "正在看"]
    assert await wire.errors() == ["stream_not_finished", "stream_s"]


async def test_trap_12_a_repeated_last_frame_is_one_message(wire: Wire) -> None:
    robot = await wire.robot()
    req_id = await heard(wire, robot)

    assert [await robot.stream(req_id, "好了") for _ in range(2)] == [0, 0]
    assert await robot.stream(req_id, "又变了") == 846608

    assert await wire.texts("wrONE") == ["@小试 漏水", "好了"]
    assert await wire.errors() == ["stream_after_finish"]


async def test_a_fourth_unfinished_message_of_one_user_is_not_delivered(wire: Wire) -> None:
    robot = await wire.robot()
    first = await heard(wire, robot)
    await heard(wire, robot)
    await heard(wire, robot)

    fourth = await wire.say("wrONE", "res_a", "快来", mention=True)
    await robot.stream(first, "来了")
    fifth = await wire.say("wrONE", "res_a", "快来", mention=True)

    assert (fourth["delivered"], fourth["reason"]) == (False, "unfinished")
    assert fifth["delivered"] is True
    assert await wire.errors() == ["unfinished"]


async def test_another_users_messages_are_still_delivered(wire: Wire) -> None:
    robot = await wire.robot()
    for _ in range(3):
        await heard(wire, robot)

    assert (await wire.say("wrONE", "res_b", "在吗", mention=True))["delivered"] is True


async def test_a_first_entry_is_told_once_a_day_and_welcomed(wire: Wire) -> None:
    robot = await wire.robot()

    first = await wire.sim_post("enter", chat="bot:res_a", user="res_a")
    event = await robot.next()
    welcome = {"msgtype": "text", "text": {"content": "您好"}}
    ack = await robot.send("aibot_respond_welcome_msg", welcome, event["headers"]["req_id"])
    second = await wire.sim_post("enter", chat="bot:res_a", user="res_a")

    assert event["body"]["event"]["eventtype"] == "enter_chat"
    assert (first["delivered"], second["delivered"], ack["errcode"]) == (True, False, 0)
    assert await wire.texts("bot:res_a") == ["您好"]


async def test_trap_03_a_late_welcome_is_refused(wire: Wire) -> None:
    robot = await wire.robot()
    await wire.sim_post("enter", chat="bot:res_a", user="res_a")
    req_id = (await robot.next())["headers"]["req_id"]
    turn = wire.sim.desks[ROBOT].turns[req_id]
    turn.at_real -= 5.1

    welcome = {"msgtype": "text", "text": {"content": "您好"}}
    ack = await robot.send("aibot_respond_welcome_msg", welcome, req_id)

    assert ack["errcode"] == 846608
    assert await wire.errors() == ["event_late"]


async def test_a_stream_cannot_answer_an_event(wire: Wire) -> None:
    robot = await wire.robot()
    await wire.sim_post("enter", chat="bot:res_a", user="res_a")

    assert await robot.stream((await robot.next())["headers"]["req_id"], "您好") == 846605


async def test_a_picture_is_encrypted_and_lives_five_minutes(wire: Wire) -> None:
    import base64

    from simulator.crypto import decrypt_bytes, key_of

    robot = await wire.robot()
    png = b"\x89PNG demo bytes"

    await wire.say("bot:res_a", "res_a", "", image=base64.b64encode(png).decode())
    image = (await robot.next())["body"]["image"]
    async with wire.http.get(image["url"]) as answer:
        raw = await answer.read()
    await wire.sim_post("clock", advance_s=301)
    async with wire.http.get(image["url"]) as answer:
        late = answer.status

    assert decrypt_bytes(key_of(image["aeskey"]), raw) == png
    assert late == 404


async def test_an_uploaded_file_can_be_pushed(wire: Wire) -> None:
    import base64
    import hashlib

    robot = await wire.robot()
    raw = b"0123456789"
    asked = {"type": "file", "filename": "a.txt", "total_size": 10, "total_chunks": 2}
    sums = {"md5": hashlib.md5(raw, usedforsecurity=False).hexdigest()}
    begun = await robot.send("aibot_upload_media_init", asked | sums)
    upload = {"upload_id": begun["body"]["upload_id"]}
    for index in (1, 0, 0):
        part = base64.b64encode(raw[index * 5 : index * 5 + 5]).decode()
        chunk = {**upload, "chunk_index": index, "base64_data": part}
        assert (await robot.send("aibot_upload_media_chunk", chunk))["errcode"] == 0
    done = await robot.send("aibot_upload_media_finish", upload)

    body = {"chatid": "wrONE", "chat_type": 2, "msgtype": "file"}
    media = {"file": {"media_id": done["body"]["media_id"]}}
    assert (await robot.send("aibot_send_msg", body | media))["errcode"] == 0
    assert await wire.texts("wrONE") == ["[文件] a.txt"]


async def test_trap_13_an_upload_that_does_not_add_up_is_refused(wire: Wire) -> None:
    robot = await wire.robot()
    asked = {"type": "file", "filename": "a", "total_size": 10, "total_chunks": 1, "md5": "0"}
    begun = await robot.send("aibot_upload_media_init", asked)

    done = await robot.send("aibot_upload_media_finish", {"upload_id": begun["body"]["upload_id"]})

    assert done["errcode"] == 40058
    assert await wire.errors() == ["upload_sum"]


async def test_in_a_virgin_corp_the_first_private_word_is_an_entry_too() -> None:
    async with running(virgin=True) as wire:
        robot = await wire.robot()

        await wire.say("bot:res_a", "res_a", "你好")

        assert (await robot.next())["body"]["event"]["eventtype"] == "enter_chat"
        assert (await robot.next())["body"]["text"]["content"] == "你好"


@pytest.mark.parametrize("words", ["", "路灯坏了"])
async def test_a_voice_brings_only_what_was_written_down_of_it(wire: Wire, words: str) -> None:
    robot = await wire.robot()

    await wire.say("bot:res_a", "res_a", words, voice=True)

    body = (await robot.next())["body"]
    assert (body["msgtype"], body["voice"]) == ("voice", {"content": words})


async def test_a_voice_in_a_group_reaches_no_robot(wire: Wire) -> None:
    await wire.robot()

    said = await wire.say("wrONE", "res_a", "", voice=True, mention=True)

    assert said["reason"] == "not mentioned"
