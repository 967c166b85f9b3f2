"""One poster (海报): a QR code with a few lines around it, as a PNG and a PDF for the printer.

segno makes the code (ISO 18004, level H: a torn corner does no harm), Pillow sets the lines in a
font that this machine has. Called by ``commands.posters``.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from config.faults import StartupFault
from handlers import fonts

WIDTH, HEIGHT, DPI = 1240, 1754, 150  # A4
_BLUE, _RED, _INK = "#123f7a", "#b3261e", "#222222"
_MARGIN, _CODE = 90, 760


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on a poster, from top to bottom; ``link`` is what the code says."""

    station: str
    title: str
    place: str
    how: str
    danger: str
    link: str


def font_file(given: Path | None) -> Path:
    """A font with Chinese characters. Raises: StartupFault when this machine has none."""
    known = (given,) if given else fonts.KNOWN
    found = next((path for path in known if path.is_file()), None)
    if found is None:
        raise StartupFault(
            "找不到中文字体，海报画不出来。请安装 fonts-noto-cjk（或 fonts-wqy-zenhei），"
            "或用 --font 指定字体文件。"
        )
    return found


def draw(sheet: Sheet, font: Path) -> Image.Image:
    """The poster as a picture."""
    page = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, WIDTH, 150), fill=_BLUE)
    _line(pen, sheet.station, 75, 60, "white", font)
    y = _block(pen, sheet.title, 205, 64, _BLUE, font)
    y = _block(pen, sheet.place, y + 10, 52, _INK, font)
    code = _code(sheet.link)
    page.paste(code, ((WIDTH - code.width) // 2, y + 20))
    y = _block(pen, sheet.how, y + code.height + 50, 46, _INK, font)
    pen.rectangle((0, HEIGHT - 170, WIDTH, HEIGHT), fill=_RED)
    lines = _wrapped(pen, sheet.danger, fonts.face(font, 42))
    for index, line in enumerate(lines):
        top = HEIGHT - 85 + int((index - (len(lines) - 1) / 2) * 58)
        _line(pen, line, top, 42, "white", font)
    return page


def save(page: Image.Image, stem: Path) -> None:
    """``<stem>.png`` and ``<stem>.pdf``. Raises: OSError."""
    page.save(stem.with_name(f"{stem.name}.png"), dpi=(DPI, DPI), optimize=False)
    page.save(stem.with_name(f"{stem.name}.pdf"), resolution=DPI)


def _code(link: str) -> Image.Image:
    """The QR code, every module a whole number of pixels."""
    made = segno.make_qr(link, error="h", boost_error=False)
    across = made.symbol_size(border=4)[0]
    kept = io.BytesIO()
    made.save(kept, kind="png", scale=max(1, _CODE // across), border=4)
    return Image.open(io.BytesIO(kept.getvalue())).convert("RGB")


def _block(
    pen: ImageDraw.ImageDraw, text: str, top: int, size: int, colour: str, font: Path
) -> int:
    """Centred lines from ``top`` down; where the next thing may begin."""
    step = int(size * 1.4)
    for line in _wrapped(pen, text, fonts.face(font, size)):
        _line(pen, line, top + step // 2, size, colour, font)
        top += step
    return top


def _line(
    pen: ImageDraw.ImageDraw, text: str, middle: int, size: int, colour: str, font: Path
) -> None:
    pen.text((WIDTH // 2, middle), text, fill=colour, font=fonts.face(font, size), anchor="mm")


def _wrapped(pen: ImageDraw.ImageDraw, text: str, face: ImageFont.FreeTypeFont) -> list[str]:
    """The text in lines that fit; a line never begins with a full stop or a comma."""
    lines = [""]
    for sign in text:
        longer = lines[-1] + sign
        if pen.textlength(longer, font=face) <= WIDTH - 2 * _MARGIN or sign in "，。、；：！？”）":
            lines[-1] = longer
        else:
            lines.append(sign)
    return lines
