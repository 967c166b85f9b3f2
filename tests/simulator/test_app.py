import pytest

from tests.simulator.corp import CORP, SECRET
from tests.simulator.fakes import Wire


async def get(wire: Wire, path: str) -> int:
    return int((await wire.ask("GET", f"/cgi-bin/{path}"))[1]["errcode"])


@pytest.mark.parametrize(
    ("path", "errcode"),
    [
        pytest.param("user/get?userid=wg_li", 41001, id="no token"),
        pytest.param("user/get?userid=wg_li&access_token=no", 40014, id="wrong token"),
        pytest.param(f"gettoken?corpid={CORP}&corpsecret=no", 40001, id="wrong secret"),
        pytest.param(f"gettoken?corpid={CORP}", 41004, id="no secret"),
        pytest.param(f"gettoken?corpid=no&corpsecret={SECRET}", 40013, id="wrong corp"),
    ],
)
async def test_trap_16_tokens_and_secrets(wire: Wire, path: str, errcode: int) -> None:
    assert await get(wire, path) == errcode
    assert len(await wire.errors()) == 1


async def test_trap_16_repeated_wrong_secrets_are_banned_for_an_hour(wire: Wire) -> None:
    wrong, good = (f"gettoken?corpid={CORP}&corpsecret={one}" for one in ("no", SECRET))

    codes = [await get(wire, wrong) for _ in range(5)]
    banned = await get(wire, good)
    await wire.sim_post("clock", advance_s=3601)

    assert codes == [40001] * 5
    assert banned == 45009
    assert await get(wire, good) == 0


async def test_trap_16_the_same_token_until_it_expires(wire: Wire) -> None:
    first = await wire.token()

    assert await wire.token() == first
    await wire.sim_post("clock", advance_s=7201)
    assert await get(wire, f"user/get?userid=wg_li&access_token={first}") == 42001
    assert await wire.token() != first
    assert await get(wire, f"user/get?userid=wg_li&access_token={first}") == 42001


async def test_trap_16_an_injected_40014_revokes_the_token(wire: Wire) -> None:
    await wire.sim_post("faults", on="message/send", do="error", code=40014)
    first = await wire.token()

    assert (await wire.text("wg_li"))["errcode"] == 40014
    assert (await wire.text("wg_li"))["errcode"] == 40014
    assert await wire.token() != first
    assert await wire.errors() == [], "the fault broke it, not the bot"


async def test_an_uploaded_picture_comes_back_and_dies_after_three_days(wire: Wire) -> None:
    import aiohttp

    form = aiohttp.FormData()
    form.add_field("media", b"\x89PNG picture", filename="图.png", content_type="image/png")
    token = await wire.token()
    url = f"{wire.url}/cgi-bin/media"
    async with wire.http.post(f"{url}/upload?access_token={token}&type=image", data=form) as up:
        kept = await up.json()
    path = f"{url}/get?access_token={token}&media_id={kept['media_id']}"
    async with wire.http.get(path) as answer:
        raw, kind = await answer.read(), answer.content_type
    await wire.sim_post("clock", advance_s=3 * 86400 + 1)

    assert (raw, kind) == (b"\x89PNG picture", "image/png")
    assert isinstance(kept["created_at"], str)
    late = await wire.ask("GET", path.removeprefix(wire.url).replace(token, await wire.token()))
    assert late == (200, late[1])
    assert late[1]["errcode"] == 40007


async def test_trap_13_an_empty_or_unknown_upload_is_refused(wire: Wire) -> None:
    import aiohttp

    codes = []
    for kind, raw in (("image", b""), ("smoke", b"123456"), ("image", b"12345")):
        form = aiohttp.FormData()
        form.add_field("media", raw, filename="a.png")
        path = f"{wire.url}/cgi-bin/media/upload?access_token={await wire.token()}&type={kind}"
        async with wire.http.post(path, data=form) as answer:
            codes.append((await answer.json())["errcode"])

    assert codes == [44001, 40004, 40006]


async def test_members_are_found_without_regard_to_case(wire: Wire) -> None:
    found = await wire.call("user/get", userid="OFF_WANG")

    assert (found["userid"], found["name"]) == ("Off_Wang", "王所")
    assert (await wire.call("user/get", userid="ghost"))["errcode"] == 60111


async def test_trap_08_plain_ids_come_back_as_invalid(wire: Wire) -> None:
    asked = {"open_userid_list": ["woSIMwg_li", "wg_li"]}

    found = await wire.call("batch/openuserid_to_userid", asked)

    assert found["userid_list"] == [{"open_userid": "woSIMwg_li", "userid": "wg_li"}]
    assert found["invalid_open_userid_list"] == ["wg_li"]


async def test_a_login_code_works_once(wire: Wire) -> None:
    code = (await wire.sim_post("login", user="wg_li"))["code"]

    assert (await wire.call("auth/getuserinfo", code=code))["userid"] == "wg_li"
    assert (await wire.call("auth/getuserinfo", code=code))["errcode"] == 40029


async def test_an_app_made_group_hears_the_app(wire: Wire) -> None:
    made = {"name": "警格群", "userlist": ["Off_Wang", "wg_li"], "chatid": "grid1"}

    assert (await wire.call("appchat/create", made))["chatid"] == "grid1"
    assert (await wire.call("appchat/create", made))["errcode"] == 86215
    more = {"chatid": "grid1", "add_user_list": ["res_a"], "name": "新名"}
    assert (await wire.call("appchat/update", more))["errcode"] == 0
    body = {"chatid": "grid1", "msgtype": "text", "text": {"content": "各位好"}}
    assert (await wire.call("appchat/send", body))["errcode"] == 0

    info = (await wire.call("appchat/get", chatid="grid1"))["chat_info"]
    assert (info["name"], info["userlist"]) == ("新名", ["Off_Wang", "wg_li", "res_a"])
    assert await wire.texts("grid1") == ["各位好"]
    foreign = {**body, "chatid": "wrONE"}
    assert (await wire.call("appchat/send", foreign))["errcode"] == 86003


async def test_an_unknown_endpoint_is_refused(wire: Wire) -> None:
    assert (await wire.call("message/whisper", {"x": 1}))["errcode"] == 40066


async def test_calls_are_written_down_without_secrets(wire: Wire) -> None:
    await wire.text("wg_li", "你好")
    status, calls = await wire.ask("GET", "/sim/calls")
    newest = (await wire.ask("GET", f"/sim/calls?since={calls[0]['n']}"))[1]

    assert status == 200
    assert [row["what"] for row in calls] == ["gettoken", "message/send"]
    assert [row["what"] for row in newest] == ["message/send"]
    assert newest[0]["body"]["text"] == {"content": "你好"}
    assert SECRET not in str(calls)
