"""移动户籍室: when and where the counter comes, told to whoever asks; nothing is kept of who asked.

The days stand in joint.yaml. The day before, the officer of the place is reminded, and where the
file says so, who may speak in the group gets a sentence to send. Called by ``field``, ``rounds``.
"""

from datetime import date, timedelta

from bot.domain.clocks import ZONE
from bot.turn import Turn
from config.joint_rules import Counter, Stop
from config.vocabulary import Danger
from handlers import opening
from handlers.intake import Hearing

_ASKING = (
    "什么时候",
    "几时",
    "几号",
    "哪天",
    "哪一天",
    "啥时",
    "几点",
    "时间",
    "在哪",
    "来吗",
    "来不来",
)
_MARKS = "？?！!。. ，,～~"
_MOST = 3
_WEEKDAYS = "一二三四五六日"


def asked(turn: Turn, hearing: Hearing) -> bool:
    """True when somebody asked for the days of the counter; then she has them."""
    counter = turn.rules.joint.counter
    if counter is None or hearing.reading.danger is not Danger.NONE:
        return False
    if not _is_asked(counter.name, hearing.said):
        return False
    turn.answer(words(turn, counter, hearing.grid))
    return True


def _is_asked(name: str, said: str) -> bool:
    bare = said.strip().strip(_MARKS)
    return name in said and (bare == name or any(word in said for word in _ASKING))


def words(turn: Turn, counter: Counter, grid: str) -> str:
    """The next days, the one of her own grid first."""
    local = turn.now.astimezone(ZONE)
    ahead = [one for one in counter.stops if _ends(one) > (local.date(), local.time())]
    ahead.sort(key=lambda one: (one.day, one.hours.from_))
    own = [one for one in ahead if one.grid == grid][:1]
    shown = [*own, *(one for one in ahead if one not in own)][:_MOST]
    if not shown:
        return turn.text("counter_none", name=counter.name)
    lines = [turn.text("counter_line", time=moment(one), place=one.place) for one in shown]
    return turn.text("counter_next", name=counter.name, lines="\n".join(lines), bring=counter.bring)


def _ends(stop: Stop) -> tuple[date, object]:
    return stop.day, stop.hours.to


def moment(stop: Stop) -> str:
    """3月6日（周五）09:00–11:30."""
    day = f"{stop.day.month}月{stop.day.day}日（周{_WEEKDAYS[stop.day.weekday()]}）"
    return f"{day}{stop.hours.from_:%H:%M}–{stop.hours.to:%H:%M}"


def stops_on(turn: Turn, day: date) -> list[Stop]:
    """Where the counter is on ``day``."""
    counter = turn.rules.joint.counter
    return [one for one in counter.stops if one.day == day] if counter else []


def remind(turn: Turn) -> None:
    """The day before: the officer hears of it, and a sentence for the group is left."""
    counter = turn.rules.joint.counter
    tomorrow = turn.now.astimezone(ZONE).date() + timedelta(days=1)
    for stop in stops_on(turn, tomorrow):
        if counter is not None:
            _remind_of(turn, counter, stop)


def _remind_of(turn: Turn, counter: Counter, stop: Stop) -> None:
    values = {"name": counter.name, "time": moment(stop), "place": stop.place}
    grid = turn.rules.grid(stop.grid)
    officer = grid.officer if grid else ""
    there = turn.rules.stand_in(officer, turn.now, opening.away_now(turn))
    if there is not None:
        turn.tell(there.id, turn.text("counter_tomorrow", **values, bring=counter.bring))
    if not counter.publicity:
        return
    for chat in turn.rules.chats.chats:
        if chat.grid == stop.grid and chat.public:
            turn.draft(
                chat.id,
                turn.text(
                    "counter_publicity", name=counter.name, time=moment(stop), area=stop.place
                ),
                kind="answer",
            )
