"""What a search for a missing person may say in a group (寻人): nothing that names a minor.

Pure; called by ``handlers.searching`` and ``handlers.mass``.
"""

from config.everyday_rules import Search

LONGEST = 60


def is_search(words: str, rules: Search) -> bool:
    """True when words for many groups look for somebody."""
    return any(word in words for word in rules.words)


def refusal(words: str, told: str, heard: str, rules: Search) -> str:
    """The key of the sentence that refuses ``words``; empty when groups may hear them.

    ``told`` is what was reported, ``heard`` what the outbound filter leaves of ``words``.
    """
    if len(words) > LONGEST:
        return "search_long"
    if heard != words:
        return "search_private"
    is_minor = any(word in words + told for word in rules.minor_words)
    if is_minor and any(word in words for word in rules.minor_never):
        return "search_minor"
    return ""
