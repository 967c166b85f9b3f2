"""What may be done to a ticket, as forms (能办的事): each one becomes an order, as in a chat.

One table: which word, what has to be written or chosen. Which of them are offered says the loop's
table and the rights of the person; what is done says the handler of the order. Nothing here does
anything by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import lifecycle, rights
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Act, ClosingCode, Danger, Stage, Urgency
from handlers import loop
from storage.tickets import Ticket

_UNSIGNED = (Stage.ASSIGNED, Stage.DIVERTED)
PEOPLE, DEPARTMENTS, CODES, LEVELS, CATEGORIES = "people", "departments", "codes", "levels", "kinds"
_ASKS = {
    PEOPLE: "选谁",
    DEPARTMENTS: "选部门",
    CODES: "选办结方式",
    LEVELS: "选等级",
    CATEGORIES: "选类别",
}


@dataclass(frozen=True, slots=True)
class Form:
    """One thing to do: ``word`` is the order; ``choose`` names a list, ``hint`` what to write."""

    act: Act | None
    word: str
    hint: str = ""
    choose: str = ""
    needs_words: bool = False
    first: bool = False
    grave: bool = False

    @property
    def is_button(self) -> bool:
        """True when there is nothing to write or choose."""
        return not (self.hint or self.choose)


@dataclass(frozen=True, slots=True)
class Offer:
    """A form as it is offered: with the choices of its list."""

    form: Form
    choices: tuple[str, ...] = ()
    first: bool = False

    @property
    def asks(self) -> str:
        """What stands in the list before something was chosen."""
        return _ASKS.get(self.form.choose, "请选")


_TABLE = (
    Form(Act.CONFIRM, "是险情", first=True, grave=True),
    Form(Act.ACCEPT, "签收", first=True),
    Form(Act.VERIFY, "到场", first=True),
    Form(Act.RESOLVE, "处置", "怎么办的，10个字以上", CODES, needs_words=True, first=True),
    Form(Act.FEEDBACK, "发给群众", first=True),
    Form(Act.RECHECK, "复核通过", first=True),
    Form(Act.REVIEW, "没有反复", first=True),
    Form(Act.APPROVE, "报民警", first=True),
    Form(Act.JUDGE, "研判", "", LEVELS, first=True),
    Form(Act.OVERRULE, "采纳", first=True),
    Form(Act.RESUME, "恢复", first=True),
    Form(Act.REWORK, "返工", "差在哪里", needs_words=True),
    Form(Act.DECLINE, "不报", "为什么不报", needs_words=True),
    Form(Act.ASK, "问", "想问反映人什么", needs_words=True),
    Form(Act.CHASE, "催办", "想带的一句话（可不写）"),
    Form(Act.TRANSFER, "转", "", PEOPLE),
    Form(Act.DIVERT, "分流", "为什么归它管（可不写）", DEPARTMENTS),
    Form(Act.SEND_BACK, "退回", "为什么退", needs_words=True),
    Form(Act.SUSPEND, "挂起", "例如：2天 等鉴定", needs_words=True),
    Form(Act.EXTEND, "延期", "例如：2天 等材料", needs_words=True),
    Form(Act.BIG_LOOP, "大闭环", "为什么报上去", needs_words=True),
    Form(Act.SMALL_LOOP, "回小闭环", "结果", needs_words=True),
    Form(Act.CLOSE, "结案", "凭什么结，例如：电话回访过", needs_words=True),
    Form(Act.REOPEN, "重办", "又出现了什么", needs_words=True),
    Form(Act.APPEAL, "申诉", "反映人怎么说", needs_words=True),
    Form(Act.REJECT, "不予受理", "为什么", needs_words=True, grave=True),
    Form(Act.VOID, "作废", "为什么", needs_words=True, grave=True),
    Form(Act.FALSE_ALARM, "误报", grave=True),
    Form(Act.UNMASK, "查看原文", "为什么要看（另一人批）", needs_words=True),
    Form(Act.RECUSE, "回避", grave=True),
    Form(None, "补充", "新情况、门牌", needs_words=True),
    Form(None, "改类", "", CATEGORIES),
    Form(None, "子任务", "多久、做什么，例如：2小时 上门看看", PEOPLE, needs_words=True),
    Form(None, "批注", "写给办的人看", needs_words=True),
)
WORDS = {form.word: form for form in _TABLE}
# Whoever works it asks; a second person decides, so that his own office need not allow it.
_ASKED_FOR = (Act.SUSPEND, Act.EXTEND, Act.REJECT, Act.BIG_LOOP)


def offered(ticket: Ticket, person: Person, rules: Rules) -> list[Offer]:
    """Everything this person may do to it now."""
    matter = loop.matter_of(ticket)
    fits = (f for f in _TABLE if _may(f, ticket, person, rules))
    return [
        Offer(form, _choices(form, ticket, rules), _is_next(form, ticket))
        for form in fits
        if form.act is None or not rights.may_act(person, form.act, matter, rules)
    ]


def _may(form: Form, ticket: Ticket, person: Person, rules: Rules) -> bool:
    if form.act is None:
        return ticket.is_open and not rights.may_act(
            person, Act.SUPPLEMENT, loop.matter_of(ticket), rules
        )
    office = rights.office_for(person, form.act, loop.matter_of(ticket), rules)
    if form.act is Act.UNMASK:
        return True
    if form.act is Act.CHASE and ticket.owner == person.id:
        return False
    if form.act in _ASKED_FOR:
        return (ticket.stage, form.act) in lifecycle.TABLE
    return lifecycle.may(ticket.stage, form.act, office.role) and _fits(form.act, ticket)


def _fits(act: Act, ticket: Ticket) -> bool:
    if act is Act.CONFIRM:
        return ticket.danger is Danger.SUSPECTED
    return act is not Act.FALSE_ALARM or ticket.danger is not Danger.NONE


def _is_next(form: Form, ticket: Ticket) -> bool:
    """True for what comes next; who has not signed is not asked for the result yet."""
    early = form.act in (Act.VERIFY, Act.RESOLVE) and ticket.stage in _UNSIGNED
    return form.first and not early


def _choices(form: Form, ticket: Ticket, rules: Rules) -> tuple[str, ...]:
    lists: dict[str, Sequence[str]] = {
        PEOPLE: [p.name for p in rules.people if p.role.is_staff and p.id != ticket.owner],
        DEPARTMENTS: [one.name for one in rules.divert.departments],
        CODES: [code.label for code in ClosingCode if code.is_offered],
        LEVELS: [level.label for level in (Urgency.U2, Urgency.U3, Urgency.U4)],
        CATEGORIES: [category.name for category in rules.reading.categories],
    }
    return tuple(dict.fromkeys(lists.get(form.choose, ())))


def order(word: str, number: str, choice: str, words: str) -> str:
    """The order as it is said; empty when there is no such form or something is missing."""
    form = WORDS.get(word)
    if form is None or (form.needs_words and not words.strip()):
        return ""
    if form.choose and not choice.strip():
        return ""
    return " ".join(part for part in (word, number, choice.strip(), words.strip()) if part)
