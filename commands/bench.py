"""``bench``: measures and prints Markdown; compare only figures of one run.

``table`` is the whole performance table, ``table --only WORD`` some of its lines.
Without a word the first answer to a cry for help; ``pages`` every page over a made-up station of
200,000 tickets, ``station`` makes that station alone, ``opening`` what indexes cost a writer,
``stall`` how long a reload of the rules holds up the event loop, ``groups`` what publicity costs
a station with 2,000 groups, ``aside`` how long a Turn keeps the writer, ``flood`` how long the
others wait while one group floods.
"""

from collections.abc import Callable


def main(words: list[str]) -> int:
    """Run the benchmark that is named, or the first one."""
    if not words:
        from bench import first_answer

        return first_answer.main()
    known = _KNOWN.get(words[0])
    if known is None:
        raise SystemExit(f"bench 只有：{'、'.join(_KNOWN)}")
    return known(words[1:])


def _pages(words: list[str]) -> int:
    from bench import pages

    return pages.main(words)


def _station(words: list[str]) -> int:
    from bench import pages

    return pages.station(words)


def _opening(words: list[str]) -> int:
    from bench import opening

    return opening.main(words)


def _stall(_words: list[str]) -> int:
    from bench import stall

    return stall.main()


def _groups(_words: list[str]) -> int:
    from bench import many_groups

    return many_groups.main()


def _aside(words: list[str]) -> int:
    from bench import aside

    return aside.main(words)


def _table(words: list[str]) -> int:
    from bench import table

    return table.main(words)


def _flood(_words: list[str]) -> int:
    from bench import flood

    return flood.main()


_KNOWN: dict[str, Callable[[list[str]], int]] = {
    "table": _table,
    "pages": _pages,
    "station": _station,
    "opening": _opening,
    "stall": _stall,
    "groups": _groups,
    "aside": _aside,
    "flood": _flood,
}
