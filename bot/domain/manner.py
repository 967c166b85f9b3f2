"""How something is said (语气): request, complaint, question, update, chat, publicity, fiction.

``tone`` collects the signs of one message once; ``kinds`` and ``danger`` weigh them. Words and
combinations stand in reading.yaml under ``manner``. Pure.
"""

from dataclasses import dataclass

from bot.domain.engine import Scan


@dataclass(frozen=True, slots=True)
class Tone:
    """The words found for each manner of speaking; empty tuples where nothing was found."""

    signs: dict[str, tuple[str, ...]]

    def has(self, *names: str) -> bool:
        """True when any of these manners was found."""
        return any(self.signs.get(name) for name in names)

    def count(self, name: str) -> int:
        """How many different lines of this manner were found."""
        return len(self.signs.get(name, ()))

    def word(self, name: str) -> str:
        """The words of the first line found for this manner."""
        return self.signs.get(name, ("",))[0]

    @property
    def is_unreal(self) -> bool:
        """True when nobody nearby is meant: publicity, advert, film, game, plain joke."""
        if self.has("publicity", "block"):
            return not self.has("relayed")
        return self.has("fiction", "joke") and not self.has("here", "request")

    @property
    def unreal_as(self) -> str:
        """What it is instead, in Chinese."""
        names = {"publicity": "宣传", "block": "广告接龙", "fiction": "影视游戏", "joke": "玩笑"}
        return next((said for name, said in names.items() if self.has(name)), "")

    @property
    def unreal_word(self) -> str:
        """The words that show it."""
        return next(
            (self.word(n) for n in ("publicity", "block", "fiction", "joke") if self.has(n)), ""
        )

    @property
    def far_word(self) -> str:
        """The words that put it in another place or on another day."""
        return next((self.word(n) for n in ("elsewhere", "ago", "past") if self.has(n)), "")

    @property
    def is_doubtful(self) -> bool:
        """True when it may be no first-hand news: hearsay, old story, supposed, asked, joked."""
        return bool(self.doubt_word)

    @property
    def doubt_word(self) -> str:
        """The words that make it doubtful."""
        names = ("hearsay", "past", "supposed", "ask", "over", "joke", "fiction")
        return next((self.word(name) for name in names if self.has(name)), "")


def tone(scan: Scan) -> Tone:
    """Every manner of speaking that ``scan`` shows."""
    said = scan.manners.items()
    return Tone({name: tuple(scan.words(hit) for hit in found) for name, found in said})
