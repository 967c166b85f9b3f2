"""Puts the doors, the control API and the web page on one port.

``serve`` starts everything and hands back a running server; ``python -m simulator`` and the tests
call it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from simulator import (
    app_data,
    app_messages,
    appchat,
    archive_api,
    archive_control,
    console,
    customer_groups,
    groupmsg,
    js_tickets,
    kf_api,
    phones,
    report_grids,
    staff,
    tags,
    webhooks,
)
from simulator.answers import errors_as_json
from simulator.app_api import MOST_BODY_BYTES, AppDoor, Endpoint
from simulator.control import Control
from simulator.group_control import GroupControl
from simulator.kf_control import KfControl
from simulator.playing import Playing
from simulator.report_api import ENDPOINTS as REPORT_ENDPOINTS
from simulator.report_control import ReportControl
from simulator.robot_socket import LINKS, SIM, Links, websocket
from simulator.sim import Sim

STATIC = Path(__file__).parent / "web" / "static"
_TICK_S = 0.05

ENDPOINTS: dict[str, Endpoint] = {
    "getcallbackip": app_data.getcallbackip,
    "message/send": app_messages.send,
    "message/recall": app_messages.recall,
    "message/update_template_card": app_messages.update_card,
    "media/upload": app_data.media_upload,
    "media/get": app_data.media_get,
    "user/get": staff.user_get,
    "user/list_id": staff.list_id,
    "department/list": staff.department_list,
    "batch/openuserid_to_userid": app_data.openuserids,
    "auth/getuserinfo": app_data.getuserinfo,
    "pstncc/call": phones.call,
    "pstncc/getstates": phones.getstates,
    "appchat/create": appchat.create,
    "appchat/update": appchat.update,
    "appchat/get": appchat.get,
    "appchat/send": appchat.send,
    **js_tickets.ENDPOINTS,
    **groupmsg.ENDPOINTS,
    **customer_groups.ENDPOINTS,
    "kf/sync_msg": kf_api.sync_msg,
    "kf/send_msg": kf_api.send_msg,
    "kf/send_msg_on_event": kf_api.send_on_event,
    "kf/service_state/get": kf_api.state_get,
    "kf/service_state/trans": kf_api.state_trans,
    "kf/servicer/list": kf_api.servicer_list,
    "kf/add_contact_way": kf_api.add_contact_way,
    "agent/get": console.agent_get,
    "kf/account/list": console.kf_account_list,
    **REPORT_ENDPOINTS,
    **report_grids.ENDPOINTS,
    **tags.ENDPOINTS,
}
OPEN_ENDPOINTS: dict[str, Endpoint] = {
    "gettoken": archive_api.gettoken,
    "msgaudit/check_room_agree": archive_api.check_room_agree,
    "msgaudit/groupchat/get": archive_api.room_get,
    "msgaudit/get_permit_user_list": console.permit_user_list,
    "aibot/response": app_data.aibot_response,
    "webhook/send": webhooks.send,
    "webhook/upload_media": webhooks.upload_media,
}


async def _page(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "index.html")


async def _robot_media(request: web.Request) -> web.Response:
    raw = request.app[SIM].sealed_bytes(request.match_info["id"])
    if raw is None:
        raise web.HTTPNotFound(text="unknown or older than 5 minutes")
    headers = {"Content-Disposition": 'attachment; filename="photo.png"'}
    return web.Response(body=raw, content_type="application/octet-stream", headers=headers)


async def _media(request: web.Request) -> web.Response:
    stored = request.app[SIM].media.files.get(request.match_info["id"])
    if stored is None or stored.key:
        raise web.HTTPNotFound
    return web.Response(body=stored.raw, content_type="image/png")


def build(sim: Sim) -> web.Application:
    """The aiohttp application of one simulator."""
    app = web.Application(middlewares=[errors_as_json], client_max_size=MOST_BODY_BYTES)
    app[SIM] = sim
    app[LINKS] = Links()
    control = Control(sim)
    app.add_routes(control.routes())
    app.add_routes(KfControl(sim, control.settled).routes())
    app.add_routes(phones.PhoneDesk(sim).routes())
    app.add_routes(webhooks.HookDesk(sim).routes())
    app.add_routes(staff.StaffDesk(sim, control.people.postman).routes())
    app.add_routes(ReportControl(sim).routes())
    playing = Playing(sim)
    app.add_routes(playing.routes())
    app.add_routes(groupmsg.routes(sim))
    app.add_routes(tags.routes(sim))
    app.add_routes(archive_control.ArchiveControl(sim, control.people.postman).routes())
    app.add_routes(GroupControl(sim, control.settled).routes())
    console.plug(app, sim)
    app.router.add_get("/ws", websocket)
    app.router.add_route("*", "/cgi-bin/{what:.+}", AppDoor(sim, ENDPOINTS, OPEN_ENDPOINTS).handle)
    app.router.add_get("/robot-media/{id}", _robot_media)
    app.router.add_get("/media/{id}", _media)
    if STATIC.is_dir():
        app.router.add_get("/", _page)
        app.router.add_static("/static/", STATIC)

    async def running(_app: web.Application) -> AsyncIterator[None]:
        ticker = asyncio.get_running_loop().create_task(_tick(sim))
        yield
        await playing.stop()
        ticker.cancel()
        await asyncio.gather(ticker, return_exceptions=True)
        await sim.close()
        await control.people.postman.close()

    async def hang_up(_app: web.Application) -> None:
        links: Links = app[LINKS]
        await asyncio.gather(*(link.ws.close(code=1001) for link in list(links)))

    app.cleanup_ctx.append(running)
    app.on_shutdown.append(hang_up)
    return app


async def _tick(sim: Sim) -> None:
    while True:
        sim.clock.run_due()
        await asyncio.sleep(_TICK_S)


@asynccontextmanager
async def serve(sim: Sim, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Run the simulator as long as the block; gives its URL.

    Raises: OSError, when the port is in use.
    """
    runner = web.AppRunner(build(sim), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0][1]
        sim.public_url = f"http://{host}:{bound}"
        yield sim.public_url
    finally:
        await runner.cleanup()
