"""A mention with nothing but a quote (只引用不说话): the quoted words are what she means.

People answer a neighbour's message with "@小警" alone. What is quoted is then read like her own
words, danger above all. Our own sentences and cards are no report: quoting them stays a bare
mention. Called by the listener, before the quick look for danger.
"""

import re
from dataclasses import replace

from bot.domain import ticket_numbers
from bot.events import OVERHEARD, Event, Heard
from config.rules import Rules

_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_TELLING = 8


def with_quoted_words(event: Event, rules: Rules) -> Event:
    """``event`` with the quote behind her mention, where she said nothing else herself."""
    if not isinstance(event, Heard) or event.door == OVERHEARD:
        return event
    if event.media or not event.quote.strip():
        return event
    said = event.text.replace("\u2005", " ")
    for name in rules.station.robot_names:
        said = said.replace(f"@{name}", " ")
    if said.strip() or is_ours(event.quote, rules):
        return event
    return replace(event, text=f"{event.text} {event.quote}".strip())


def is_ours(words: str, rules: Rules) -> bool:
    """True when ``words`` hold a whole ticket number or a telling part of one of our sentences."""
    if any(map(ticket_numbers.is_full, ticket_numbers.found_in(words))):
        return True
    parts = (
        max(_PLACEHOLDER.split(sentence), key=len) for sentence in rules.texts.sentences.values()
    )
    return any(len(part) >= _TELLING and part in words for part in parts)
