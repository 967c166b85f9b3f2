"""The made-up corp: people, chats, robots and the app, read from a site folder as data.

One source for bot and simulator: roster, chats and grids are the clerk's own files, demo.yaml adds
residents and test secrets. Read once at start; nobody changes it afterwards.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simulator.yaml_files import load_yaml

Json = dict[str, Any]

_EVERY_GRID = ("grid_worker", "grid_leader", "officer")
_FILES = ("station", "grids", "roster", "chats", "demo")


@dataclass(frozen=True)
class Person:
    """A member of the sample corp."""

    id: str
    name: str
    role: str
    grids: tuple[str, ...]

    @property
    def grid(self) -> str | None:
        """The first of the person's grids."""
        return self.grids[0] if self.grids else None


@dataclass(frozen=True)
class Chat:
    """A group, or somebody's 1:1 chat with a robot or the app."""

    id: str
    name: str
    kind: str
    grid: str | None
    members: tuple[str, ...]
    robots: tuple[str, ...] = ()

    def as_json(self) -> Json:
        """The chat as ``/sim/world`` shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "grid": self.grid,
            "members": list(self.members),
        }


@dataclass(frozen=True)
class Robot:
    """One 智能机器人; ``mode`` is ``socket`` or ``callback``, ``single`` prefixes its 1:1 chats."""

    id: str
    name: str
    mode: str
    single: str
    secret: str = ""
    token: str = ""
    aes_key: str = ""
    callback: str = ""

    @property
    def door(self) -> str:
        """Name of this door in errors."""
        return f"robot_{self.mode}"


@dataclass(frozen=True)
class App:
    """The one 自建应用."""

    corpid: str
    agentid: int
    secret: str
    token: str
    aes_key: str
    callback: str
    contacts_secret: str = ""


@dataclass(frozen=True)
class KfAccount:
    """One account of 微信客服 and the WeChat people who know it: external_userid → name."""

    id: str
    name: str
    customers: dict[str, str]
    servicers: tuple[str, ...] = ()


class World:
    """Who exists, and which chats they share."""

    kf: tuple[KfAccount, ...] = ()

    def __init__(self, people: list[Person], groups: list[Chat], robots: list[Robot], app: App):
        self.people = {person.id: person for person in people}
        self.robots = {robot.id: robot for robot in robots}
        self.app = app
        self.hooks: dict[str, str] = {}
        self._renamed: list[tuple[dict[str, Person], dict[str, Person], dict[str, Chat]]] = []
        self._by_lower = {person.id.lower(): person for person in people}
        self.chats = {chat.id: chat for chat in groups}
        prefixes = {robot.single: robot.name for robot in robots} | {"app": "应用"}
        for person in people:
            for prefix, title in prefixes.items():
                single = Chat(
                    f"{prefix}:{person.id}",
                    f"{title} · {person.name}",
                    "single",
                    person.grid,
                    (person.id,),
                )
                self.chats[single.id] = single

    def rename(self, old: str, new: str) -> None:
        """Give a member another userid; ``restore`` takes it back."""
        self._renamed.append((dict(self.people), dict(self._by_lower), dict(self.chats)))
        person = replace(self.people.pop(old), id=new)
        self.people[new] = person
        del self._by_lower[old.lower()]
        self._by_lower[new.lower()] = person
        for chat in list(self.chats.values()):
            if old in chat.members:
                members = tuple(new if one == old else one for one in chat.members)
                single = chat.id.rpartition(":")[0] if chat.kind == "single" else ""
                self.chats.pop(chat.id)
                chat_id = f"{single}:{new}" if single else chat.id
                self.chats[chat_id] = replace(chat, id=chat_id, members=members)

    def restore(self) -> None:
        """Everybody has the userid of the roster again."""
        if self._renamed:
            self.people, self._by_lower, self.chats = self._renamed[0]
            self._renamed.clear()

    def person(self, userid: str) -> Person | None:
        """The member with that id; WeCom compares ids without case."""
        return self._by_lower.get(userid.lower())

    def robot_named(self, name: str) -> Robot | None:
        """The robot with that display name."""
        return next((robot for robot in self.robots.values() if robot.name == name), None)

    def single_robot(self, chat_id: str) -> Robot | None:
        """The robot whose 1:1 chat ``chat_id`` is."""
        prefix = chat_id.partition(":")[0]
        return next((robot for robot in self.robots.values() if robot.single == prefix), None)

    def singles_of(self, userid: str) -> list[Chat]:
        """All 1:1 chats of a person."""
        return [
            chat for chat in self.chats.values() if chat.kind == "single" and userid in chat.members
        ]


def _read(folder: Path, name: str) -> Json:
    loaded: Any = load_yaml(folder / f"{name}.yaml")
    return loaded if isinstance(loaded, dict) else {}


def _person(row: Json, role: str | None = None) -> Person:
    grids = row.get("grids") or ([row["grid"]] if row.get("grid") else [])
    return Person(str(row["id"]), str(row["name"]), role or str(row["role"]), tuple(grids))


def _members(row: Json, staff: list[Person], residents: list[Json]) -> tuple[str, ...]:
    grid = row.get("grid")
    found = [
        person.id
        for person in staff
        if (grid in person.grids if grid else person.role in _EVERY_GRID)
    ]
    found += [str(one["id"]) for one in residents if row["id"] in (one.get("chats") or [])]
    found += [str(one) for one in row.get("members") or []]
    return tuple(dict.fromkeys(found))


def load_world(folder: Path) -> World:
    """The world that the YAML files in ``folder`` describe.

    Raises: OSError, when a file is missing; KeyError, when an entry lacks a needed key.
    """
    data = {name: _read(folder, name) for name in _FILES}
    demo = data["demo"]
    residents: list[Json] = list(demo.get("residents") or [])
    staff = [_person(row) for row in data["roster"].get("people") or []]
    groups = [
        Chat(
            str(row["id"]),
            str(row["name"]),
            str(row.get("kind", "internal_group")),
            row.get("grid"),
            _members(row, staff, residents),
            tuple(row.get("robots") or ()),
        )
        for row in data["chats"].get("chats") or []
    ]
    robots = [
        Robot(**{key: str(value) for key, value in row.items()}) for row in demo.get("robots") or []
    ]
    app = App(corpid=str(demo["corp"]["id"]), **demo["app"])
    people = staff + [_person(row, "resident") for row in residents]
    world = World(people, groups, robots, app)
    world.kf = tuple(_kf_account(row) for row in demo.get("kf") or [])
    world.hooks = {str(row["key"]): str(row["chat"]) for row in demo.get("hooks") or []}
    return world


def _kf_account(row: Json) -> KfAccount:
    customers = {str(one["id"]): str(one["name"]) for one in row.get("customers") or []}
    servicers = tuple(str(one) for one in row.get("servicers") or [])
    return KfAccount(str(row["id"]), str(row["name"]), customers, servicers)
