"""Whether a secret that came over the wire is ours (对暗号): in constant time, whatever bytes came.

Headers and cookies may hold bytes that are no text; they fit nothing and break nothing. Called by
every door that compares a token, a signature or a form key.
"""

import hmac


def same(ours: str, given: str) -> bool:
    """True when both are the same words; never for an empty ``ours``."""
    right = hmac.compare_digest(ours.encode(), given.encode("utf-8", "surrogatepass"))
    return bool(ours) and right
