"""部门函 by the clock (到点的部门函): a draft for who answers for it, never sent by itself.

At the hour of divert.yaml's ``letters``, on the first working day of the week or the month, each
department that still has something open or overdue gets its letter drafted. Our minder of a
department outside reads it, else whoever sits in the command room. Only where the site says
``send`` the department's own people in WeCom get it as well. Called by ``routine``.
"""

from bot.domain import spans
from bot.domain.clocks import ZONE
from bot.domain.spans import Length, Time
from bot.turn import Turn
from config.divert_rules import Department, Letters
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Role
from config.workdays import is_first_workday
from handlers import digest_letter, digests, opening

JOB = "department_letters"
_LENGTHS = {"week": Length.WEEK, "month": Length.MONTH}


def jobs(rules: Rules) -> dict[str, str]:
    """The hour of the letters; nothing where divert.yaml names none."""
    plan = rules.divert.letters
    return {JOB: f"{plan.at.minute} {plan.at.hour} * * *"} if plan else {}


def daily(turn: Turn) -> None:
    """On the day: a draft for each department that has something left."""
    plan = turn.rules.divert.letters
    today = turn.now.astimezone(ZONE).date()
    if plan is None or not is_first_workday(today, plan.every, turn.rules.times.work):
        return
    time = spans.asked(_LENGTHS[plan.every], "", turn.now)
    for department in turn.rules.divert.departments:
        _letter(turn, plan, time, department)


def _letter(turn: Turn, plan: Letters, time: Time, department: Department) -> None:
    report = digest_letter.of(turn, time, None, department.id)
    reader = _reader(turn, department)
    if not any(table.rows for table in report.tables) or reader is None:
        return
    words = digests.said(turn, report)
    sent = department.contacts if plan.send else ()
    for contact in sent:
        turn.tell(contact, words)
    head = "letter_sent" if sent else "letter_draft"
    turn.tell(reader.id, f"{turn.text(head, department=department.name)}\n{words}")


def _reader(turn: Turn, department: Department) -> Person | None:
    """Our minder of that department, or the one on duty in the command room; None: nobody is."""
    there = turn.rules.duty(Role.COMMAND_ROOM, turn.now, None, opening.away_now(turn))
    minder = turn.rules.person(department.minder) if department.minder else None
    return minder or next(iter(there), None)
