"""Uploads of a robot over the websocket: init, chunks in any order, finish.

Chunks may be repeated; the session lives 30 simulated minutes. Called by `robot_socket.py`.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.limits import RULES
from simulator.world import Json

if TYPE_CHECKING:
    from simulator.robots import RobotDesk
    from simulator.sim import Sim

MOST_BYTES = {
    "image": 10 * 1024 * 1024,
    "voice": 2 * 1024 * 1024,
    "video": 10 * 1024 * 1024,
    "file": 20 * 1024 * 1024,
}
LEAST_BYTES = 5


@dataclass
class Upload:
    """One upload under way."""

    kind: str
    filename: str
    size: int
    chunks: int
    md5: str
    at_s: float
    parts: dict[int, bytes] = field(default_factory=dict)


def begin(sim: "Sim", desk: "RobotDesk", body: Json) -> Json:
    """aibot_upload_media_init → ``body.upload_id``."""
    kind, size, chunks = str(body.get("type")), body.get("total_size"), body.get("total_chunks")
    if not isinstance(size, int) or not isinstance(chunks, int):
        return desk.refuse("parameter", "total_size or total_chunks")
    if kind not in MOST_BYTES:
        return desk.refuse("media_type", kind)
    if not LEAST_BYTES < size <= MOST_BYTES[kind]:
        return desk.refuse("media_size", f"{kind}: {size} bytes")
    if not 1 <= chunks <= RULES["upload_chunks"].number:
        return desk.refuse("upload_chunks", str(chunks))
    now_s = sim.clock.seconds()
    minute, hour = RULES["upload_minute"].number, RULES["upload_hour"].number
    over = desk.uploads.over("", now_s, minute, hour)
    if over:
        return desk.refuse(f"upload_{over}", desk.robot.id)
    desk.uploads.hit("", now_s)
    upload_id = f"up{sim.new_msgid()}"
    name, md5 = str(body.get("filename", "")), str(body.get("md5", ""))
    desk.sessions[upload_id] = Upload(kind, name, size, chunks, md5, now_s)
    return {"errcode": 0, "errmsg": "ok", "body": {"upload_id": upload_id}}


def _session(sim: "Sim", desk: "RobotDesk", body: Json) -> Upload | Json:
    found = desk.sessions.get(str(body.get("upload_id")))
    life_s = RULES["upload_session"].number
    if found is None or sim.clock.seconds() > found.at_s + life_s:
        return desk.refuse("upload_session", str(body.get("upload_id")))
    return found


def chunk(sim: "Sim", desk: "RobotDesk", body: Json) -> Json:
    """aibot_upload_media_chunk; the same index again replaces the part."""
    session = _session(sim, desk, body)
    if not isinstance(session, Upload):
        return session
    try:
        raw = base64.b64decode(str(body.get("base64_data", "")), validate=True)
        index = int(body["chunk_index"])
    except (binascii.Error, KeyError, TypeError, ValueError):
        return desk.refuse("parameter", "chunk_index or base64_data")
    if len(raw) > RULES["upload_chunk_bytes"].number:
        return desk.refuse("upload_chunk_bytes", f"{len(raw)} bytes")
    if not 0 <= index < session.chunks:
        return desk.refuse("upload_chunks", f"chunk_index {index}")
    session.parts[index] = raw
    return {"errcode": 0, "errmsg": "ok"}


def finish(sim: "Sim", desk: "RobotDesk", body: Json) -> Json:
    """aibot_upload_media_finish → ``body.media_id``."""
    session = _session(sim, desk, body)
    if not isinstance(session, Upload):
        return session
    raw = b"".join(session.parts[index] for index in sorted(session.parts))
    md5 = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    if len(session.parts) != session.chunks or len(raw) != session.size or md5 != session.md5:
        return desk.refuse("upload_sum", f"{len(raw)} of {session.size} bytes")
    media_id = sim.keep_file(session.filename, session.kind, raw)
    shown = {
        "type": session.kind,
        "media_id": media_id,
        "created_at": str(int(sim.clock.seconds())),
    }
    return {"errcode": 0, "errmsg": "ok", "body": shown}


UPLOADS: dict[str, Callable[["Sim", "RobotDesk", Json], Json]] = {
    "aibot_upload_media_init": begin,
    "aibot_upload_media_chunk": chunk,
    "aibot_upload_media_finish": finish,
}
