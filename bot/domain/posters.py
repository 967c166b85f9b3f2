"""The building whose poster somebody scanned (扫码地点), as the place of words that name none.

A poster tells where she stood, not where it happened: it fills what nobody said, it is shown as
what it is, and the first words that name a spot take its place. Reports are not compared by it.
Pure; called by ``handlers``.
"""

from collections.abc import Mapping

from bot.domain.reading import Place
from config.people_rules import Grid

SCANNED = "scanned"
"""Key in a ticket's place: the spot comes from a poster, not from anybody's words."""
_LONGEST_NUMBER = 4
_SPOT = ("community", "building", "road", "landmark")


def place_in(scene: str, grid: Grid | None) -> Place | None:
    """The place on the poster ``grid.estate.building``; None when the grid knows no such one."""
    _, _, spot = scene.partition(".")
    name, _, number = spot.rpartition(".")
    if not number.isdecimal() or len(number) > _LONGEST_NUMBER:
        name, number = spot, ""
    estate = next((one for one in grid.estates if one.name == name), None) if grid else None
    if estate is None or (number and not estate.has_building(int(number))):
        return None
    return Place(community=estate.name, building=number)


def names_spot(said: Mapping[str, str]) -> bool:
    """True when the words say where; a storey or a room alone leaves the building open."""
    return any(said.get(name) for name in _SPOT)


def said_in(place: Place) -> dict[str, str]:
    """What ``place`` says, without what it does not."""
    return {name: getattr(place, name) for name in Place.__slots__ if getattr(place, name)}


def kept(known: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """What stands of a ticket's place beside newly said words: a poster's spot gives way."""
    return {} if SCANNED in known and names_spot(said) else dict(known)


def as_place(known: Mapping[str, str]) -> Place:
    """A ticket's place as the reader's value."""
    return Place(**{name: known.get(name, "") for name in Place.__slots__})
