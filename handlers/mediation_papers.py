"""The papers of a mediation as documents (文书 docx): filled from the ticket, numbered, drafts.

``filled`` freezes what the ticket says on the day it is written; ``docx_of`` makes the file. What
the reporter said stands there as 反映 and as nobody's fact; names and numbers of the sides are left
blank, because they are written and signed by hand.
"""

import io
import json
from dataclasses import asdict, dataclass

from docx import Document
from docx.document import Document as Sheet
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from bot.domain.clocks import ZONE
from bot.turn import Turn
from config.mediation_rules import Form
from handlers import loop
from handlers import mediation_people as people
from storage.mediations import Mediation
from storage.tickets import Ticket

_FONT = "宋体"
_DRAFT = "（草稿：核对事实和身份，双方签名、盖章以后才算数）"
_SIDE = (
    "{side}：姓名____________  性别____  身份证件号码________________________  住址________________"
)
_CONFIRM = "双方认为有必要的，可以自协议生效之日起{days}日内共同向人民法院申请司法确认。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What stands on a paper."""

    title: str
    number: str
    ticket: str
    category: str
    place: str
    told_on: str
    reflected: str
    terms: str
    due: str
    end: str
    force: str
    confirm_days: int
    written_on: str

    def pack(self) -> str:
        """JSON for the sealed words of the paper."""
        return json.dumps(asdict(self), ensure_ascii=False)


def unpack(words: str) -> Content:
    """What ``pack`` wrote."""
    return Content(**json.loads(words))


def filled(
    turn: Turn, ticket: Ticket, mediation: Mediation, form: Form, number: str, terms: str, due: str
) -> Content:
    """The content of a paper as the ticket stands now."""
    plan = people.plan_of(turn)
    told, today = ticket.opened_at.astimezone(ZONE), turn.now.astimezone(ZONE)
    return Content(
        title=form.name,
        number=number,
        ticket=ticket.number,
        category=loop.category_name(turn, ticket.category),
        place=loop.place_words(turn, ticket),
        told_on=f"{told.year}年{told.month}月{told.day}日",
        reflected=" ".join(ticket.masked.split()),
        terms=terms,
        due=due,
        end=form.end,
        force=plan.force(mediation.force).name,
        confirm_days=plan.confirm_within.days if form.confirm else 0,
        written_on=f"{today.year}年{today.month}月{today.day}日",
    )


def docx_of(content: Content) -> bytes:
    """The bytes of the .docx."""
    sheet = Document()
    _manner(sheet)
    _line(sheet, content.title, size=18, middle=True)
    _line(sheet, content.number, middle=True)
    _line(sheet, _DRAFT, size=9, middle=True)
    for side in ("甲方", "乙方"):
        _line(sheet, _SIDE.format(side=side))
    _heading(sheet, "纠纷主要事实、争议事项")
    _line(
        sheet,
        f"{content.told_on}收到反映（编号{content.ticket}）：{content.category}，地点{content.place}。",
    )
    _line(sheet, f"反映人反映：“{content.reflected}”。以上为反映内容，未作为事实认定。")
    _line(sheet, "双方确认的事实（由调解员核对后填写）：" + "_" * 60)
    _heading(sheet, "双方自愿达成如下协议")
    _line(sheet, content.terms or "_" * 90)
    _heading(sheet, "履行方式、期限")
    _line(sheet, f"于{content.due}以前履行。" if content.due else "_" * 60)
    _line(sheet, content.end)
    if content.confirm_days:
        _line(sheet, _CONFIRM.format(days=content.confirm_days))
    _signatures(sheet, content)
    file = io.BytesIO()
    sheet.save(file)
    return file.getvalue()


def _manner(sheet: Sheet) -> None:
    style = sheet.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(12)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    for section in sheet.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.6)


def _heading(sheet: Sheet, words: str) -> None:
    sheet.add_paragraph().add_run(f"{words}：").bold = True


def _line(sheet: Sheet, words: str, *, size: int = 12, middle: bool = False) -> None:
    paragraph = sheet.add_paragraph()
    paragraph.add_run(words).font.size = Pt(size)
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _signatures(sheet: Sheet, content: Content) -> None:
    for who in ("甲方（签名、按指印）", "乙方（签名、按指印）", "调解员（签名）", "记录人（签名）"):
        _line(sheet, f"{who}：____________")
    _line(sheet, f"{content.force}（盖章）        {content.written_on}制")
