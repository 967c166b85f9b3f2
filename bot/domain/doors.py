"""Words without the door (去掉门牌): what is said of a matter besides where it is.

People in danger name their door, and so does who reports a broken lamp: a door alone is no danger.
Where no rule saw one, the second reader must be as sure without the door. Called by
``bot.domain.reading``.
"""

import re

_NUMBER = "[0-9a-z一二三四五六七八九十百]{1,4}"
_DOOR = re.compile(
    rf"{_NUMBER}\s*(?:号楼|号院|栋|幢|座|单元|层|楼|室|号)|(?<=[楼栋幢元])\s*\d{{3,4}}|"
    r"\d{1,3}-\d{1,2}(?:-\d{3,4})?"
)


def without_doors(text: str) -> str:
    """Normalised ``text`` without building, unit, floor and room; the same where none is named."""
    return " ".join(_DOOR.sub(" ", text).split())
