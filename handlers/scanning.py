"""Where she scanned the poster (扫码地点): the place of a report whose words name none.

It holds for what she reports within the session that the scan opened: until she comes in again,
until a human has ended it, and no longer than WeCom's 48 hours. Called by ``customers`` and
``intake``.
"""

from dataclasses import replace
from datetime import timedelta

from bot.domain import posters
from bot.events import Heard, Joined
from bot.turn import Turn
from handlers.opening import Seed
from storage import kf

_DOOR = "kf:"
_SESSION = timedelta(hours=48)


def entered(turn: Turn, event: Joined) -> None:
    """A session began: with a poster or without one."""
    if event.chat.startswith(_DOOR):
        kf.scanned(turn.db, event.line, event.scene, event.at)


def placed(turn: Turn, event: Heard, seed: Seed) -> Seed:
    """``seed`` at the building of her poster, unless words say where it is."""
    said = posters.said_in(seed.place)
    if not event.chat.startswith(_DOOR) or seed.carrier or posters.names_spot(said):
        return seed
    scene = kf.scene_of(turn.db, event.line, event.at, event.at - _SESSION)
    grid = turn.rules.grid(scene.split(".")[0]) if scene else None
    spot = posters.place_in(scene, grid)
    if spot is None or grid is None:
        return seed
    place = replace(seed.place, community=spot.community, building=spot.building)
    return replace(seed, place=place, grid=grid.id, scanned=True)
