"""A log that nobody has to write, a warning that ranks nobody, few words to a group."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.turn import Turn
from config.rules import Rules
from handlers import worklog
from tests.handlers.block import Block, texts_to
from tests.handlers.office import Office

LAMP = "东门的路灯坏了三天了"
QUARREL = "桂花苑3号楼楼上楼下为漏水吵了好几天了，麻烦来调解一下"
OFFICER = "lin_zhiyuan"
DAY = timedelta(days=1)


@pytest.fixture
def worked(block: Block) -> Block:
    """The officer has signed a quarrel and gone to it."""
    block.overhears("wmRESIDENT01", QUARREL)
    number = block.tickets()[0].serial
    block.says(OFFICER, f"签收 {number}", chat="")
    block.says(OFFICER, f"到场 {number}", chat="")
    return block


def log(office: Office, words: str = "日志", user: str = OFFICER) -> str:
    return texts_to(office.says(user, words, chat=""), user)


def test_log_is_written_from_what_was_done(worked: Block) -> None:
    said = log(worked)

    assert "3月4日，1件" in said
    assert worked.tickets()[0].number in said
    assert "签收、到场" in said
    assert "漏水" not in said, "nothing of what residents said"


def test_yesterdays_log_is_asked_for_by_name_or_date(worked: Block) -> None:
    worked.now += DAY

    assert "没有记到" in log(worked)
    assert "签收、到场" in log(worked, "日志 昨天")
    assert "签收、到场" in log(worked, "日志 3月4日")
    assert "看日志回" in log(worked, "日志 上个月")


def test_everybody_reads_his_own_log_only(worked: Block) -> None:
    assert "没有记到" in log(worked, user="tang_shuo")


def test_one_correction_a_day_and_no_second(worked: Block) -> None:
    assert "记下了" in log(worked, "日志 更正 下午走访了独居老人")
    assert "下午走访了独居老人" in log(worked)

    assert "已经更正过" in log(worked, "日志 更正 再改一次")

    assert "再改一次" not in log(worked)
    worked.now += DAY
    assert "记下了" in log(worked, "日志 更正 今天开会")


def test_protected_matter_stands_without_its_kind(block: Block) -> None:
    block.says("wang_ayi", "我老公打我，我怕", chat="")
    ticket = block.tickets()[0]
    assert ticket.protected
    block.says(ticket.owner, f"签收 {ticket.serial}", chat="")

    said = log(block, user=ticket.owner)

    assert "受保护的事" in said
    assert "家" not in said


def test_other_parts_write_into_the_log(worked: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklog, "_SOURCES", [])
    worklog.also(lambda db, rules, person, begins, ends: ["走访 2 户"])

    assert "走访 2 户" in log(worked)


def _limits(office: Office, rules: Rules, **limits: int) -> None:
    burden = rules.times.burden.model_copy(update=limits)
    times = office.rules.times.model_copy(update={"burden": burden})
    office.rules = replace(office.rules, times=times)


def test_leader_alone_hears_of_too_much(worked: Block, sample_rules: Rules) -> None:
    _limits(worked, sample_rules, messages_a_day=0)
    worked.now += timedelta(hours=1)

    said = worked.hour("burden")

    told = [(chat, words) for chat, words in said if "林知远" in words]
    leader = worked.rules.unit_leader(worked.rules.person(OFFICER))  # type: ignore[arg-type]
    assert leader is not None
    assert [chat.partition(":")[2] for chat, _ in told] == [leader.id]
    assert "不排名" in told[0][1]


def test_nobody_hears_anything_while_nobody_has_too_much(worked: Block) -> None:
    assert worked.hour("burden") == []


def test_burden_is_shown_to_who_leads(worked: Block, sample_rules: Rules) -> None:
    leader = worked.rules.unit_leader(worked.rules.person(OFFICER))  # type: ignore[arg-type]
    assert leader is not None
    assert "没有人超出" in log(worked, "负担", user=leader.id)
    _limits(worked, sample_rules, tasks_a_week=0)
    worked.now += timedelta(hours=1)

    assert "林知远" in log(worked, "负担", user=leader.id)
    assert "只给负责人" in log(worked, "负担", user="fang_xiaoman")


# -- words to a group outside tickets -------------------------------------------------------------


def _group_hears(office: Office, *texts: str, danger: bool = False) -> list[tuple[str, str]]:
    """What went into the outbox, with its moment, when the bot says these in 桂花苑."""

    def say(db: object) -> None:
        from bot.events import Scheduled

        event = Scheduled(key=f"cron:x:{office.now.isoformat()}", at=office.now, job="x")
        turn = Turn(db, office.rules, event, office.now)  # type: ignore[arg-type]
        for text in texts:
            turn.say_group("wrGUIHUA01", text, danger=danger)

    office.looks(say)
    return _waiting(office)


def _waiting(office: Office) -> list[tuple[str, str]]:
    with office.database.writer_engine.begin() as conn:
        rows = conn.exec_driver_sql("SELECT due_at FROM group_words ORDER BY due_at").all()
    return [(str(row.due_at)[:16], "") for row in rows]


@pytest.fixture
def public(office: Office) -> Office:
    chats = office.rules.chats
    opened = [
        c.model_copy(update={"public": True}) if c.id == "wrGUIHUA01" else c for c in chats.chats
    ]
    rules = chats.model_copy(update={"chats": tuple(opened)})
    office.rules = replace(office.rules, chats=rules)
    return office


def test_what_waits_takes_new_words_along(public: Office) -> None:
    times = _group_hears(public, "明天停水", "后天体检", "明天停水")

    assert [at for at, _ in times] == ["2026-03-04 01:30", "2026-03-04 01:40"]
    (now, later) = public.said()
    assert now[1]["text"] == "明天停水"
    assert later[1]["text"] == "后天体检\n明天停水"


def test_fourth_message_of_a_day_waits_for_the_morning(public: Office) -> None:
    for text in ("一", "二", "三"):
        _group_hears(public, text)
        public.said()
        public.now += timedelta(minutes=11)

    times = _group_hears(public, "四")

    assert times[-1][0] == "2026-03-04 23:00", "07:00 in Shanghai"
    assert len(times) == 4


def test_danger_is_neither_counted_nor_held_back(public: Office) -> None:
    for _ in range(4):
        public.now += timedelta(seconds=1)
        _group_hears(public, "如果有人身危险，请打110", danger=True)

    assert _waiting(public) == []
    assert len(public.said()) == 4


def test_night_is_quiet_in_groups(public: Office) -> None:
    public.now += timedelta(hours=14)

    times = _group_hears(public, "明天停水")

    assert times[0][0] == "2026-03-04 23:00"
