"""A WeChat customer in a story (微信客户): she speaks, taps, scans a poster, and reads."""

from dataclasses import dataclass

from tests.stories.world import Json, World

ACCOUNT = "wkXIHE01"


@dataclass(frozen=True)
class Customer:
    """Somebody who only has WeChat."""

    world: World
    id: str

    async def says(self, text: str, **more: object) -> None:
        """Write to the station's account."""
        await self.world.post("/sim/kf/say", customer=self.id, text=text, **more)

    async def taps(self, choice: str) -> None:
        """Tap a choice of the last menu."""
        await self.says(choice, tap=True)

    async def scans(self, place: str) -> bool:
        """Open the account by a poster; True when WeCom allows a greeting."""
        answer = await self.world.post(
            "/sim/kf/enter", customer=self.id, scene="poster", param=place
        )
        return bool(answer["welcome"])

    async def heard(self) -> list[str]:
        """What the bot told her, oldest first."""
        lines = await self.world.lines(f"/sim/chats/kf:{ACCOUNT}:{self.id}")
        return [line.text for line in lines if line.is_bot]

    async def last(self) -> str:
        """The bot's last words to her; empty when it was silent."""
        said = await self.heard()
        return said[-1] if said else ""

    async def session(self) -> Json:
        """How WeCom sees her session."""
        sessions = (await self.world.get("/sim/kf"))["sessions"]
        return next(dict(one) for one in sessions if one["customer"] == self.id)

    async def state(self) -> int:
        """0 new, 1 the program, 2 waiting for a human, 3 a human, 4 ended."""
        return int((await self.session())["state"])

    async def servicer(self, do: str, text: str = "") -> None:
        """A human takes, answers or ends her session."""
        await self.world.post(
            "/sim/kf/servicer", customer=self.id, do=do, user="fang_xiaoman", text=text
        )
