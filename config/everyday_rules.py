"""Model of everyday.yaml (日常小事): 复盘, 报案录入, 民意, 失物招领, 寻人, 锦旗.

Which categories are looked back on, which are crimes whose formal report is made elsewhere, what
counts as an opinion, how a lost thing is told from a found one, and what a search for a missing
person may say. Read by ``bot.domain.{debriefing,lost_found,searching}`` and the handlers; a site
without the file gets ``Everyday.none``.
"""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field

from config.shapes import CategoryCode, Duration, Name, Shape

_Names = tuple[Name, ...]
_Group = Annotated[_Names, Field(min_length=1)]


class Opinions(Shape):
    """What is thanked for and counted by the month, without clock or ticket (民意)."""

    categories: tuple[CategoryCode, ...] = Field(min_length=1)
    words: _Names = Field(min_length=1)


class LostFound(Shape):
    """失物招领: words that tell lost from found, and the things, each group one thing."""

    category: CategoryCode
    lost: _Names = Field(min_length=1)
    found: _Names = Field(min_length=1)
    things: tuple[_Group, ...] = Field(min_length=1)
    within: Duration


class Search(Shape):
    """寻人: a word to the groups that two persons agreed to.

    ``words`` mark a search in other broadcasts; ``minor_words`` a minor, of whom nothing of
    ``minor_never`` is said. After ``kept`` the search is over.
    """

    categories: tuple[CategoryCode, ...] = Field(min_length=1)
    words: _Names = Field(min_length=1)
    minor_words: _Names = Field(min_length=1)
    minor_never: _Names = Field(min_length=1)
    kept: Duration

    @classmethod
    def standard(cls) -> Self:
        """What holds for a site without the file."""
        return cls(
            categories=("P06",),
            words=("走失", "走丢", "寻人"),
            minor_words=("孩子", "小孩", "学生"),
            minor_never=("叫", "名字", "学校", "照片"),
            kept=timedelta(days=1),
        )


class Everyday(Shape):
    """everyday.yaml."""

    debrief: tuple[CategoryCode, ...]
    crimes: tuple[CategoryCode, ...]
    banners: _Names = ()
    opinions: Opinions | None = None
    lost_found: LostFound | None = None
    search: Search | None = None

    @classmethod
    def none(cls) -> Self:
        """What holds for a site without the file: a search can still be asked for by two."""
        return cls(debrief=(), crimes=(), search=Search.standard())
