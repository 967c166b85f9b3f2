"""Model of sentences.yaml (本所自己的测试句): sentences of a station and how they should be read.

Nothing works by it: ``check``, the trial of a change and the page of the rules read them and say
which ones are read otherwise. A site without the file has none.
"""

from typing import Literal, Self

from pydantic import Field, model_validator

from config.shapes import Shape

NO_TICKET = "不立单"
MOST = 500
Grade = Literal["无", "疑似", "险情"]


class Sentence(Shape):
    """What is said, and what should be read: a category, ``NO_TICKET`` or (None) whatever.

    ``chat``: in which group, where landmarks and estates matter. ``at_us``: said to the robot.
    """

    say: str = Field(min_length=1, max_length=300)
    read: str | None = Field(default=None, pattern=rf"^([A-Z]\d\d|{NO_TICKET})$")
    danger: Grade = "无"
    chat: str = ""
    at_us: bool = False

    @model_validator(mode="after")
    def _wants_something(self) -> Self:
        if self.read is None and self.danger == "无":
            raise ValueError("要写应该读成什么：read: N03（或 不立单），或 danger: 险情（或 疑似）")
        return self


class Sentences(Shape):
    """sentences.yaml."""

    sentences: tuple[Sentence, ...] = Field(default=(), max_length=MOST)
