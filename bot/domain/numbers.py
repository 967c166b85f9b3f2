"""Chinese numerals as people write them: 三, 十二, 二十一, 一百零三, 五零一, 两.

``places`` and ``times`` call it. Numbers above 9999 do not occur in addresses and hours.
"""

HAN_DIGITS = frozenset("零〇一二两三四五六七八九")
HAN_NUMERALS = "零〇一二两三四五六七八九十百"
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "幺": 1}
_TIMES = {"十": 10, "百": 100, "千": 1000}


def to_int(said: str) -> int | None:
    """The value of an arabic or Chinese numeral, or None when it is not one."""
    if not said:
        return None
    if said.isascii():
        return int(said) if said.isdigit() else None
    if all(c in _DIGIT for c in said):
        return int("".join(str(_DIGIT[c]) for c in said))
    return _spelled(said)


def _spelled(said: str) -> int | None:
    total, digit = 0, 0
    for c in said:
        if c in _TIMES:
            total += (digit or (1 if not total else 0)) * _TIMES[c]
            digit = 0
        elif c in _DIGIT:
            digit = _DIGIT[c]
        else:
            return None
    return total + digit


def to_digits(said: str) -> str:
    """The numeral as arabic digits, letters in capitals; what is no numeral stays as it is."""
    value = to_int(said)
    if value is None or said.isascii():
        return said.upper()
    if all(c in _DIGIT for c in said):
        return "".join(str(_DIGIT[c]) for c in said)
    return str(value)
