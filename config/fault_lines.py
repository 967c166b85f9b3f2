"""One fault of a rule file, and the Chinese words for it.

A clerk without a programmer at hand reads these: file, line, key, the line as typed and how it
should look. ``config.load`` gathers all of them before anybody is told.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong where; ``typed`` is the line as it stands, ``should`` how it should look."""

    file: str
    line: int
    key: str
    what: str
    typed: str = ""
    should: str = ""

    @property
    def sentence(self) -> str:
        """Up to three lines for the clerk."""
        place = f"{self.file} 第 {self.line} 行" + (f"，{self.key}" if self.key else "")
        said = f"{place}：{self.what}。"
        if self.typed:
            said += f"\n    这一行：{_short(self.typed)}"
        if self.should:
            said += f"\n    应写成：{self.should}"
        return said


def _short(typed: str) -> str:
    return typed if len(typed) <= 160 else f"{typed[:157]}…"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of ``known`` that looks most like ``word``, or None when none comes near."""
    found = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def unknown(kind: str, word: str, known: Iterable[str]) -> tuple[str, str]:
    """(what is wrong, what to write) for a name that no file explains."""
    names = list(known)
    near = nearest(word, names)
    should = near or "、".join(names[:8]) or "先在对应的文件里添上"
    return f"没有“{word}”这个{kind}", should


# Words for pydantic's error types; {…} are filled from the error's own context.
_WORDS = {
    "missing": "缺了这一项",
    "string_type": "这里要写文字",
    "int_type": "这里要写整数",
    "int_parsing": "这里要写整数",
    "int_from_float": "这里要写整数",
    "float_type": "这里要写数字",
    "float_parsing": "这里要写数字",
    "bool_type": "这里要写 true 或 false",
    "bool_parsing": "这里要写 true 或 false",
    "tuple_type": "这里要写列表，用方括号",
    "list_type": "这里要写列表，用方括号",
    "set_type": "这里要写列表，用方括号",
    "frozen_set_type": "这里要写列表，用方括号",
    "dict_type": "这里要写成“键: 值”",
    "model_type": "这里要写成“键: 值”",
    "model_attributes_type": "这里要写成“键: 值”",
    "enum": "这个词不认识，可以写 {expected}",
    "literal_error": "这个词不认识，可以写 {expected}",
    "string_pattern_mismatch": "写法不对",
    "string_too_short": "这里不能空着",
    "string_too_long": "太长了，最多 {max_length} 个字",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "要小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "time_type": "这里要写时刻",
    "time_parsing": "时刻写得不对",
    "date_type": "这里要写日期",
    "date_parsing": "日期写得不对",
    "date_from_datetime_parsing": "日期写得不对",
    "datetime_type": "这里要写日期",
    "time_delta_type": "这里要写时长",
    "value_error": "{error}",
}


def in_words(error: dict[str, Any]) -> str:
    """The Chinese sentence for one error of pydantic."""
    context = {name: _plain(value) for name, value in error.get("ctx", {}).items()}
    pattern = _WORDS.get(str(error["type"]))
    return pattern.format(**context) if pattern else f"写得不对（{error['msg']}）"


def _plain(value: object) -> str:
    return str(value).replace("'", "").replace(" or ", " 或 ").replace(", ", "、")
