"""The knock of 微信客服: a callback without content, without AgentID and without sender.

It goes to the app's address; what happened stands in the log that the bot reads. Called by the
endpoints and by `kf_control.py`.
"""

import dataclasses

from simulator import app_callback
from simulator.callbacks import Parcel, Postman
from simulator.kf_desk import Session
from simulator.limits import RULES
from simulator.sim import Sim
from simulator.world import Json


def happened(sim: Sim, session: Session, event_type: str, **more: object) -> Json:
    """A system event of this session, and the knock that tells of it."""
    event = {
        "event_type": event_type,
        "open_kfid": session.account,
        "external_userid": session.customer,
        **more,
    }
    row = sim.kf.add(session.account, sim.clock.seconds(), 4, "event", event=event)
    knock(sim, session.account)
    return row


def knock(sim: Sim, account: str) -> None:
    """Tell the bot that there is something."""
    if sim.bot_url:
        until_s = sim.clock.seconds() + RULES["kf_token"].number
        sim.spawn("callback kf", _deliver(sim, account, sim.kf.new_token(account, until_s)))


async def _deliver(sim: Sim, account: str, token: str) -> None:
    app = sim.world.app
    xml = app_callback.to_xml(
        {
            "ToUserName": app.corpid,
            "CreateTime": int(sim.clock.seconds()),
            "MsgType": "event",
            "Event": "kf_msg_or_event",
            "Token": token,
            "OpenKfId": account,
        }
    )
    to = dataclasses.replace(
        app_callback.receiver(sim),
        wrap=lambda sealed: app_callback.to_xml({"ToUserName": app.corpid, "Encrypt": sealed}),
    )
    postman = Postman(sim)
    try:
        tries = 1 + RULES["callback_retries"].number
        await postman.deliver(to, Parcel(xml, tries, "", f"kf:{account}"))
    finally:
        await postman.close()
