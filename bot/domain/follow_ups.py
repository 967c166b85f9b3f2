"""Words that refer back (接着说): 又来了, 打错了, 补充, by the lists of alike.yaml.

Only short messages refer back; a long one that happens to hold such a word tells its own story.
Called by ``bot.domain.deciding`` and by the handler that attaches.
"""

from collections.abc import Iterable

from bot.domain.moves import LOOSE, Context, Known
from bot.domain.reading import Reading
from config.alike_rules import Alike
from config.vocabulary import Danger, Kind

_SHORT = 12


def is_again(words: str, rules: Alike) -> bool:
    """True for 又来了, 还是那家: the same matter happens again or goes on."""
    return _has(words, rules.again, rules)


def corrects(words: str, rules: Alike) -> bool:
    """True for 房号打错了: what is said now replaces what was said before."""
    return _has(words, rules.corrected, rules)


def adds(words: str, rules: Alike) -> bool:
    """True for 补充一下: more about what was said before."""
    return _has(words, rules.added, rules)


def _says_after(words: str, rules: Alike) -> bool:
    """True for 几点到, 什么时候来: how far what she reported is."""
    return len("".join(words.split())) <= _SHORT and _has(words, rules.asked_after, rules)


def _asks_more(words: str, rules: Alike) -> bool:
    """True for 几点, 多少, 怎么: a place named with such a word answers no 在哪里."""
    return _has(words, rules.asking, rules)


def asks(reading: Reading, rules: Alike, *, is_answered: bool) -> bool:
    """True for a question that tells nothing of a matter; ``is_answered``: the site knows it.

    A spot named without a word that asks (是3号楼吗) says where it is.
    """
    place = reading.place
    is_spot = bool(place.building or place.unit or place.room or place.road)
    is_question = reading.kind is Kind.QUESTION
    if is_answered:
        return is_question or (reading.kind is Kind.CHAT and not is_spot)
    if not is_question or is_spot:
        return False
    return not place.landmark or _asks_more(reading.text_stripped, rules)


def asks_apart(reading: Reading, context: Context, recent: Known | None) -> bool:
    """True for a question that goes to no ticket of hers; in danger all is listened to."""
    if context.has_media or is_grave(recent):
        return False
    if not asks(reading, context.alike, is_answered=context.is_answered):
        return False
    is_other = recent is not None and reading.category not in (*LOOSE, recent.category)
    return context.is_answered or is_other


def asks_after(reading: Reading, context: Context, mine: Known) -> bool:
    """几点到, 什么时候来: said to us, it asks after her matter; in danger it is one cry more."""
    if context.is_overheard or mine.is_told or mine.danger is not Danger.NONE:
        return False
    return _says_after(reading.text_stripped, context.alike)


def is_grave(recent: Known | None) -> bool:
    """True for a danger of a moment ago: every word is for who comes."""
    return recent is not None and recent.danger is not Danger.NONE


def is_thanks(words: str, rules: Alike) -> bool:
    """True for 谢谢林警官: kind words and whom they are for, nothing else (a surname may stay)."""
    left = "".join(char for char in words if char.isalnum())
    if not any(word in left for word in rules.thanks):
        return False
    for word in (*rules.thanks, *rules.thanked):
        left = left.replace(word, "")
    return len(left) <= 1


def _has(words: str, listed: Iterable[str], rules: Alike) -> bool:
    said = "".join(words.split())
    return len(said) <= rules.longest_follow_up and any(word in said for word in listed)
