"""Orders of the clocks (疑难、进展、改档、答复): which function answers which, in one table."""

from collections.abc import Callable, Mapping

from bot.domain.commands import Order
from bot.turn import Turn
from config.people_rules import Person
from handlers import interim, ladder
from storage.tickets import Ticket

ORDERS: Mapping[Order, Callable[[Turn, Ticket, Person, str], str]] = {
    Order.HARD: interim.call_hard,
    Order.INTERIM: interim.progress,
    Order.REGRADE: interim.regrade,
    Order.ANSWER: ladder.answered,
}
