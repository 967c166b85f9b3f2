"""The lines of publicity as a table to take along (导出宣传): those of the month that is shown.

Called through ``out_boards``.
"""

from handlers.dashboard import publicity_page
from handlers.dashboard.out_tickets import words_of
from handlers.dashboard.shell import Look
from handlers.dashboard.takeaway import Given, Taken


def of_publicity(look: Look, given: Given) -> Taken:
    """The lines of the month that the page shows, and what became of each."""
    it = publicity_page.board(look, given.get("month", ""))
    rows = [
        (
            *(one.day, one.name, one.line.text, one.groups, one.state),
            *(one.approver, one.decided_by, one.told),
        )
        for one in it.lines
    ]
    heads = ("哪天", "说什么", "哪句话", "哪些群", "到哪步", "请谁看", "谁定的", "发得怎样")
    return Taken((words_of("宣传", heads, rows),), about=f"（{it.month}）")
