"""还联系不上的人: everybody on duty whom no private word of the bot would reach.

The bot speaks to a member in his robot chat once he has spoken there, else through the app, which
reaches whoever is active and in its visible range. Who has neither gets nothing at night, not
even danger: a fault before go-live, with the one thing to do for each.
"""

import asyncio
from collections.abc import Iterable

from sqlalchemy import Connection

from bot.lines import line_of
from commands.doctor.findings import Finding, Patient, skipped, to_do, well
from commands.doctor.patient import Standing
from config.people_rules import Person
from config.rules import Rules
from config.vocabulary import Role
from storage import people
from storage.session import Db

_MOST_LINES = 40
_ALWAYS = (Role.COMMAND_ROOM, Role.LEADER, Role.OFFICER, Role.AUXILIARY, Role.ADMIN)


async def unreachable(patient: Patient) -> list[Finding]:
    """One line per person on duty who cannot be reached; what he or the administrator does."""
    rules = patient.rules
    if rules is None:
        return [skipped("规则目录有错，名册读不出来。")]
    everybody = on_duty(rules)
    spoke = await asyncio.to_thread(_who_spoke, patient, everybody)
    if not patient.standing and not patient.has_corp and not patient.settings.has_socket:
        return [skipped("应用和机器人都还没有配置，先不查。")]
    silent = [person for person in everybody if not _is_reached(patient, person, spoke)]
    if not silent:
        return [well(f"值班和网格上的 {len(everybody)} 人都联系得上。")]
    lines = [to_do(_one_thing(patient, person)) for person in silent[:_MOST_LINES]]
    rest = len(silent) - _MOST_LINES
    return (
        [*lines, to_do(f"还有 {rest} 人也联系不上，办完上面的再运行一次。")] if rest > 0 else lines
    )


def on_duty(rules: Rules) -> list[Person]:
    """Whoever duty lists, shifts, grids, departments or leave name, and all police; roster order.

    Anybody of them may be handed a ticket, or be called when somebody else does not answer.
    """
    named = {userid for listed in rules.roster.duty.values() for userid in listed}
    named |= {userid for shift in rules.roster.shifts for userid in shift.people}
    named |= {userid for grid in rules.grids.grids for userid in grid.team}
    named |= {userid for one in rules.divert.departments for userid in one.contacts}
    named |= {leave.substitute for leave in rules.roster.leave if leave.substitute}
    return [person for person in rules.people if person.id in named or person.role in _ALWAYS]


def _is_reached(patient: Patient, person: Person, spoke: set[str]) -> bool:
    standing = patient.standing.get(person.id)
    if standing in (Standing.UNKNOWN, Standing.ASLEEP):
        return False
    return person.id in spoke or standing is Standing.INSIDE


def _one_thing(patient: Patient, person: Person) -> str:
    who = f"联系不上 {person.name}（{person.id}，{person.unit}）："
    robot = patient.settings.socket_name
    match patient.standing.get(person.id):
        case Standing.UNKNOWN:
            return f"{who}企业微信里没有这个账号，请改 roster.yaml 的 id。"
        case Standing.ASLEEP:
            return f"{who}账号没激活或被禁用，请他登录一次企业微信。"
        case Standing.OUTSIDE:
            return f"{who}没对机器人说过话，应用也看不见他，请把他加进应用的“可见范围”。"
        case _ if patient.settings.has_socket:
            return f"{who}没对机器人说过话，应用也查不了，请他给“{robot}”发一句话。"
        case _:
            return f"{who}应用查不了，先办好上面“企业微信”几条再看。"


def _who_spoke(patient: Patient, everybody: Iterable[Person]) -> set[str]:
    """Userids that have spoken to the robot that can push; empty without such a robot."""
    memory = patient.memory
    if memory is None or memory.seal is None or not patient.settings.has_socket:
        return set()
    seal = memory.seal

    def look(conn: Connection) -> set[str]:
        db = Db(conn, seal)
        chats = ((person.id, line_of(f"bot:{person.id}")) for person in everybody)
        return {userid for userid, line in chats if people.has_spoken(db, line)}

    return memory.database.read_now(look)
