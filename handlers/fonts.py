"""The Chinese font of this machine (字体), for what the program draws itself: reports, posters.

Looked for where Debian's fonts-noto-cjk and fonts-wqy put it; a station without one has no PDF, and
its page does not offer any. Called by ``report_pdf`` and ``commands.poster_sheet``.
"""

from pathlib import Path

from PIL import ImageFont

KNOWN = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"),
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
)
_PLAIN_FIRST = (KNOWN[1], *KNOWN[2:], KNOWN[0])
_SIMPLIFIED = {"noto": 2, "wqy": 0}  # faces inside the collections


def plain() -> Path | None:
    """A font for running text; None where this machine has none."""
    return next((path for path in _PLAIN_FIRST if path.is_file()), None)


def face(font: Path, size: int) -> ImageFont.FreeTypeFont:
    """The simplified face of a font at that size in pixels. Raises: OSError."""
    index = next((n for name, n in _SIMPLIFIED.items() if name in str(font).lower()), 0)
    return ImageFont.truetype(str(font), size, index=index if font.suffix == ".ttc" else 0)
