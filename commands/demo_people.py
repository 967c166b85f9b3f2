"""The demo's people have met the bot before (演示的人): who has spoken, where residents live.

WeCom lets a bot speak first only to whom has once spoken to it; the demo's day begins after that.
Called by ``commands.house`` for the demo alone.
"""

from typing import Any

from bot.engine.app import Engine
from bot.lines import line_of
from config.rules import Rules
from config.vocabulary import ChatKind
from storage import people


async def everybody_has_spoken(engine: Engine, rules: Rules) -> None:
    """Remember that everybody has spoken, in private and in the groups."""
    residents = rules.demo.residents if rules.demo else ()
    users = [person.id for person in rules.people] + [resident.id for resident in residents]
    now = engine.clock.now()

    def remember(conn: Any) -> None:
        db = engine.db_of(conn)
        for user in users:
            chat = f"bot:{user}"
            people.spoke_in(db, line_of(chat), ChatKind.SINGLE, "socket", chat, now)
        for resident in residents:
            key = db.seal.person_key(resident.id)
            people.met(db, key, now, user=resident.id)
            if resident.grid:
                people.lives_in(db, key, resident.grid)
        for group in rules.chats.chats:
            people.spoke_in(db, line_of(group.id), group.kind, "socket", group.id, now)

    await engine.writer.do(remember)
