"""Whether somebody asks for a human (转人工): the whole message, or a clear word in a longer one.

找人 counts only when it is all she says: in a longer sentence it may be a search for a missing
person. Pure; called by ``handlers.humans``.
"""

import re

WISH = "转人工"
_POLITE = r"(?:请|麻烦|帮我|给我|我要|我想|我|要|想)*"
_END = r"(?:吧|啊|呀|谢谢|可以吗|行吗)*"
_HUMAN = r"(?:转|接|找|叫)?(?:个)?(?:人工|真人)(?:服务|客服|接待|坐席)?|找(?:个)?人(?:说话|接待)?"
_ALL = re.compile(rf"{_POLITE}(?:{_HUMAN}){_END}")
_CLEAR = re.compile(r"转人工|人工客服|人工服务|人工接待")
_NUMBER = re.compile(r"[\d\s\-]")
_FEW = 10
_TRAIL = " 。.!！？?，,~～、\t\n"


def is_wish(said: str) -> bool:
    """True when the whole message asks for a human."""
    return _ALL.fullmatch("".join(said.split()).strip(_TRAIL)) is not None


def is_only_a_number(said: str) -> bool:
    """True when there is hardly a word beside the phone number, such as 我姓周，打这个."""
    return len(_NUMBER.sub("", said)) <= _FEW


def holds_wish(said: str) -> bool:
    """True when a longer message asks for one besides."""
    return _CLEAR.search(said) is not None
