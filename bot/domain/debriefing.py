"""复盘 in two lines: what somebody typed, taken apart into the cause and how to prevent it.

Pure; called by ``handlers.debriefing``.
"""

import re

LONGEST_NOTICE = 40
_PREVENTION = re.compile(r"(?:预防|防范|怎么防)(?:措施)?[:：\s]")
_LABEL = re.compile(r"^(?:原因|起因)[:：\s]+")
_CUT = re.compile(r"[\n;；]")
_ENDS = " \t\r\n,，;；。.!！"


def parts(words: str) -> tuple[str, str]:
    """(cause, prevention) as typed; prevention is empty where only one line was given."""
    if found := _PREVENTION.search(words):
        before, after = words[: found.start()], words[found.end() :]
    else:
        cut = _CUT.search(words)
        before, after = (words[: cut.start()], words[cut.end() :]) if cut else (words, "")
    cause = _LABEL.sub("", before.strip(_ENDS))
    return cause.strip(_ENDS), after.strip(_ENDS)
