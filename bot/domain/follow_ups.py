"""Words that refer back (接着说): 又来了, 打错了, 补充, by the lists of alike.yaml.

Only short messages refer back; a long one that happens to hold such a word tells its own story.
Called by ``bot.domain.deciding`` and by the handler that attaches.
"""

from collections.abc import Iterable

from config.alike_rules import Alike

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


def asks_after(words: str, rules: Alike) -> bool:
    """True for 几点到, 什么时候来: how far what she reported is."""
    return len("".join(words.split())) <= _SHORT and _has(words, rules.asked_after, rules)


def asks_more(words: str, rules: Alike) -> bool:
    """True for 几点, 多少, 怎么: a place named with such a word answers no 在哪里."""
    return _has(words, rules.asking, rules)


def _has(words: str, listed: Iterable[str], rules: Alike) -> bool:
    said = "".join(words.split())
    return len(said) <= rules.longest_follow_up and any(word in said for word in listed)
