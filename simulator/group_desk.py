"""Customer groups as WeCom keeps them: owner, members, member versions, and how they were before.

Every change leaves a snapshot, so that ``groupchat/get`` can lag behind the letter (trap 22).
Member versions are hashes, as in the real thing: equal or not, never older or younger.
"""

import copy
import hashlib
import itertools
from dataclasses import dataclass, field

from simulator.world import Chat, Json, World

OK, OWNER_LEFT = 0, 1
_COLLEAGUE, _OUTSIDER = 1, 2


def external_id(user: str) -> str:
    """A resident's external_userid; people of other corps and WeChat have no userid."""
    return user if user.startswith(("wm", "wo")) else f"wm{user}"


@dataclass
class Group:
    """One group; ``members`` by account: 1 colleague, 2 outsider; ``lag`` gets show the past."""

    id: str
    name: str
    owner: str
    members: dict[str, int] = field(default_factory=dict)
    notice: str = ""
    status: int = OK
    version: str = ""
    is_dismissed: bool = False
    lag: int = 0
    before: "Group | None" = None

    def as_json(self) -> Json:
        """The group as the control API shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "owner": self.owner,
            "members": list(self.members),
            "version": self.version,
            "status": self.status,
            "dismissed": self.is_dismissed,
        }


class GroupDesk:
    """All customer groups of one run; ``many_owners`` makes an unfiltered list too long."""

    def __init__(self, world: World) -> None:
        self.many_owners = False
        self.groups: dict[str, Group] = {}
        self._staff = {p.id for p in world.people.values() if p.role != "resident"}
        self._numbers = itertools.count(1)
        for chat in world.chats.values():
            if chat.kind == "customer_group":
                owner = next((user for user in chat.members if user in self._staff), "")
                self.add(chat.id, chat.name, owner, chat.members)

    def add(self, chat: str, name: str, owner: str, users: tuple[str, ...] | list[str]) -> Group:
        """A new group."""
        group = Group(chat, name, owner)
        group.members = dict(map(self.member, [owner, *users] if owner else users))
        group.version = self._new_version(group)
        self.groups[chat] = group
        return group

    def member(self, user: str) -> tuple[str, int]:
        """Account and type of somebody."""
        is_staff = user in self._staff
        return (user, _COLLEAGUE) if is_staff else (external_id(user), _OUTSIDER)

    def keep(self, group: Group) -> None:
        """Remember how it stands, before something changes."""
        past = copy.deepcopy(group)
        past.before = None
        group.before = past

    def members_changed(self, group: Group) -> None:
        """From now on the member list has another version."""
        group.version = self._new_version(group)

    def _new_version(self, group: Group) -> str:
        seed = f"{group.id}:{next(self._numbers)}"
        return hashlib.sha256(seed.encode()).hexdigest()[:32]

    def as_chat(self, group: Group) -> Chat:
        """The group as a place where people speak."""
        return Chat(group.id, group.name, "customer_group", None, tuple(group.members))
