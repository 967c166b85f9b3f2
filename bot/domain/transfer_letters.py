"""The letter to a department outside (转办函): as a Word file and as plain words for the phone.

Numbered; it carries the exact place, what was asked and the photos that came with it, and never
who reported or a phone of hers. Made by ``handlers.letters_out`` and ``run_bot.py divert``.
"""

import re
from dataclasses import dataclass

from bot.domain import privacy
from bot.messages import Paper

_STARRED = re.compile(r"[0-9Xx]*\*{2,}[0-9Xx]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Everything a letter says."""

    number: str
    ticket: str
    department: str
    station: str
    category: str
    place: str
    said_at: str
    asked: str
    photos: tuple[str, ...]
    due: str
    minder: str
    phone: str
    day: str
    reason: str = ""


def number_of(prefix: str, year: int, serial: int) -> str:
    """The letter's number, ``XH转〔2026〕12号``."""
    return f"{prefix}转〔{year}〕{serial}号"


def lines(letter: Letter) -> list[str]:
    """The body of the letter, one paragraph each; numbers of persons are masked."""
    found = [
        f"{letter.department}：",
        f"群众{letter.said_at}向我们反映一件事，按分流清单属于贵单位职责，现转请办理。",
        f"事项：{letter.category}（我方编号 {letter.ticket}）",
        f"地点：{letter.place}",
        f"反映内容：{without_numbers(letter.asked)}",
    ]
    if letter.reason:
        found.append(f"转办理由：{without_numbers(letter.reason)}")
    if letter.photos:
        found.append(f"照片：{len(letter.photos)}张，随函附上")
    found += [
        f"请在{letter.due}前答复办理情况；不属于贵单位的，请写明理由和应由谁办，退回我们。",
        f"联系人：{letter.minder}，电话 {letter.phone}（反映人信息不随函提供，需要联系由我们转达）",
    ]
    return found


def without_numbers(words: str) -> str:
    """The words on one line; of numbers of persons not even the stars stay."""
    return _STARRED.sub("（略）", privacy.mask(" ".join(words.split())))


def plain(letter: Letter) -> str:
    """The whole letter as words for a phone."""
    body = lines(letter)
    return "\n".join([f"转办函 {letter.number}", *body, f"{letter.station}  {letter.day}"])


def paper(letter: Letter) -> Paper:
    """The letter as a Word file (.docx), with the photos at its end; the seal is put on by hand."""
    return Paper(
        name=f"转办函{letter.ticket}.docx",
        title="转办函",
        number=letter.number,
        lines=(*lines(letter), letter.day),
        signs=(f"{letter.station}（章）",),
        pictures=letter.photos,
    )
