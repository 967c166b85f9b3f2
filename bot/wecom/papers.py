"""A ``Paper`` as a Word file (文书): plain A4 that an office can still change by hand.

python-docx writes it; nothing in it is a form of the law. Called by the app's door.
"""

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph
from PIL import Image

from bot.messages import Paper

_FONT = "SimSun"
_TITLE_PT, _TEXT_PT = 20, 12
_WIDE_CM = 14


def written(paper: Paper, pictures: Sequence[bytes] = ()) -> bytes:
    """The bytes of the document; ``pictures`` are what is kept under the paper's names."""
    doc = Document()
    _fonts(doc)
    if paper.mark:
        _line(doc, paper.mark, WD_ALIGN_PARAGRAPH.LEFT)
    title = _line(doc, paper.title, WD_ALIGN_PARAGRAPH.CENTER)
    title.runs[0].bold = True
    title.runs[0].font.size = Pt(_TITLE_PT)
    if paper.number:
        _line(doc, paper.number, WD_ALIGN_PARAGRAPH.RIGHT)
    _table(doc, paper.rows)
    for line in paper.lines:
        _line(doc, line, WD_ALIGN_PARAGRAPH.LEFT)
    for sign in paper.signs:
        _line(doc, f"{sign}：", WD_ALIGN_PARAGRAPH.LEFT)
    for picture in pictures:
        doc.add_picture(_plain(picture), width=Cm(_WIDE_CM))
    held = io.BytesIO()
    doc.save(held)
    return held.getvalue()


def _plain(picture: bytes) -> io.BytesIO:
    """The picture as a kind that Word knows, whatever phone it came from."""
    held = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as opened:
        opened.convert("RGB").save(held, "JPEG", quality=85)
    held.seek(0)
    return held


def _fonts(doc: Doc) -> None:
    style = doc.styles["Normal"]
    style.font.name = _FONT
    style.font.size = Pt(_TEXT_PT)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)


def _line(doc: Doc, text: str, where: WD_ALIGN_PARAGRAPH) -> Paragraph:
    made = doc.add_paragraph(text)
    made.alignment = where
    return made


def _table(doc: Doc, rows: tuple[tuple[str, str], ...]) -> None:
    if not rows:
        return
    table = doc.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for label, value in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
        cells[0].width, cells[1].width = Cm(4), Cm(12)
