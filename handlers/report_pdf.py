"""A report as PDF (打印用): A4 pages set by Pillow, as the posters are, for the printer.

The pages are pictures in black and white (a letter to sign, a page to pin up), so nothing in them
can be edited or searched; who wants to go on working takes Excel or Word. Same lines and tables as
everywhere. Called by the page of reports.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bot.domain.sheets import Report, Table
from handlers import fonts

DPI = 200
WIDTH, HEIGHT = 1654, 2339  # A4
_MARGIN, _FOOT = 120, 110
_ROOM = WIDTH - 2 * _MARGIN
_TEXT, _HEAD, _TITLE, _CELL = 30, 36, 48, 24
_PAD, _LEAST = 10, 60  # around the words of a cell; the narrowest column
_NEVER_FIRST = "，。、；：！？）”》%）"


def as_pdf(report: Report) -> bytes:
    """The report as a document for the printer. Raises: LookupError where there is no font."""
    font = fonts.plain()
    if font is None:
        raise LookupError("no Chinese font on this machine")
    press = _Press(font)
    for words, size in _lines(report):
        press.words(words, size)
    for table in report.tables:
        if table.rows:
            press.table(table)
    press.down(_PAD)
    for words in report.notes:
        press.words(words, _TEXT)
    for words in report.signed:
        press.words(words, _TEXT, to_right=True)
    return _file(press, f"{report.title} {report.period}")


def _lines(report: Report) -> Iterator[tuple[str, int]]:
    yield f"{report.title} {report.period}", _TITLE
    yield from ((words, _TEXT) for words in report.lead)


def _file(press: "_Press", title: str) -> bytes:
    pages = list(press.numbered())
    stream = BytesIO()
    pages[0].save(
        stream, "PDF", save_all=True, append_images=pages[1:], resolution=DPI, title=title
    )
    return stream.getvalue()


@dataclass
class _Press:
    """Sets lines and tables from the top of a page down, and takes a new page when one is full."""

    font: Path
    pages: list[Image.Image] = field(default_factory=list)
    y: int = HEIGHT
    _faces: dict[int, ImageFont.FreeTypeFont] = field(default_factory=dict)

    def face(self, size: int) -> ImageFont.FreeTypeFont:
        """The face of that size, made once."""
        if size not in self._faces:
            self._faces[size] = fonts.face(self.font, size)
        return self._faces[size]

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        """Draws on the last page."""
        return ImageDraw.Draw(self.pages[-1])

    def room(self, height: int) -> None:
        """So much height on one page."""
        if not self.pages or self.y + height > HEIGHT - _FOOT:
            self.pages.append(Image.new("L", (WIDTH, HEIGHT), 255))
            self.y = _MARGIN

    def down(self, height: int) -> None:
        """A gap, except at the end of a page."""
        self.y += height

    def words(self, words: str, size: int, *, to_right: bool = False) -> None:
        """A paragraph."""
        step = int(size * 1.6)
        for line in self.wrapped(words, size, _ROOM):
            self.room(step)
            long = int(self.face(size).getlength(line))
            left = _MARGIN + (_ROOM - long if to_right else 0)
            self.pen.text((left, self.y), line, fill=0, font=self.face(size))
            self.y += step

    def wrapped(self, words: str, size: int, width: int) -> list[str]:
        """The words in lines that fit; no line begins with a comma."""
        face, lines, long = self.face(size), [""], 0.0
        for sign in words:
            more = face.getlength(sign)
            if lines[-1] and long + more > width and sign not in _NEVER_FIRST:
                lines.append("")
                long = 0.0
            lines[-1] += sign
            long += more
        return lines

    def table(self, table: Table) -> None:
        """A table under its heading; its heads stand again on each page."""
        self.room(_HEAD * 2 + 3 * _CELL * 2)
        self.down(_PAD)
        self.words(table.title, _HEAD)
        widths = self._widths((table.heads, *table.rows))
        self._row(table.heads, widths)
        for row in table.rows:
            page = len(self.pages)
            self.room(self._height(row, widths))
            if len(self.pages) > page:
                self._row(table.heads, widths)
            self._row(row, widths)
        self.down(2 * _PAD)

    def _widths(self, rows: Sequence[Sequence[str]]) -> list[int]:
        """As wide as the words want, the widest narrowed until all fit; what is left is shared."""
        face = self.face(_CELL)
        wanted = [
            max(_LEAST, *(int(face.getlength(row[place])) + 2 * _PAD + 2 for row in rows))
            for place in range(len(rows[0]))
        ]
        most = max(wanted)
        while sum(min(one, most) for one in wanted) > _ROOM and most > _LEAST:
            most -= 4
        widths = [min(one, most) for one in wanted]
        left = _ROOM - sum(widths)
        return [one + max(0, left // len(widths)) for one in widths]

    def _cells(self, row: Sequence[str], widths: Sequence[int]) -> list[list[str]]:
        pairs = zip(row, widths, strict=True)
        return [self.wrapped(words, _CELL, width - 2 * _PAD) for words, width in pairs]

    def _height(self, row: Sequence[str], widths: Sequence[int]) -> int:
        lines = max(len(cell) for cell in self._cells(row, widths))
        return lines * int(_CELL * 1.4) + 2 * _PAD

    def _row(self, row: Sequence[str], widths: Sequence[int]) -> None:
        height = self._height(row, widths)
        self.room(height)
        left, pen = _MARGIN, self.pen
        for lines, width in zip(self._cells(row, widths), widths, strict=True):
            pen.rectangle((left, self.y, left + width, self.y + height), outline=0)
            for number, line in enumerate(lines):
                top = self.y + _PAD + number * int(_CELL * 1.4)
                pen.text((left + _PAD, top), line, fill=0, font=self.face(_CELL))
            left += width
        self.y += height

    def numbered(self) -> Iterator[Image.Image]:
        """The pages with their numbers, in black and white."""
        for number, page in enumerate(self.pages, 1):
            at = (WIDTH // 2, HEIGHT - _FOOT // 2)
            words = f"{number} / {len(self.pages)}"
            ImageDraw.Draw(page).text(at, words, fill=0, font=self.face(_CELL), anchor="mm")
            yield page.convert("1", dither=Image.Dither.NONE)
