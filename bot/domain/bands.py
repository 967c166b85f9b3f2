"""Bands of how long it took (时段): sign, start, feedback, counted as the weekly figures show them.

The cuts are those of field.md §3.3 (a city's 110 weekly). A span on a cut belongs to the lower
band. Pure; called by ``handlers.pace``. Which unit comes last is only said where there is enough
to compare.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from config.vocabulary import Act

_LEAST = 10


class Step(StrEnum):
    """Which stretch of time is meant."""

    SIGN = "sign"  # 交办到签收
    START = "start"  # 签收到到场
    FEEDBACK = "feedback"  # 登记到反馈


Stretch = tuple[Step, datetime, timedelta]
_S, _M, _H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
_CUTS: Mapping[Step, tuple[timedelta, ...]] = {
    Step.SIGN: (30 * _S, 60 * _S, 120 * _S, 180 * _S),
    Step.START: (5 * _M, 10 * _M, 15 * _M, 30 * _M),
    Step.FEEDBACK: (30 * _M, 60 * _M, 2 * _H, 4 * _H),
}
_LABELS: Mapping[Step, tuple[str, ...]] = {
    Step.SIGN: ("0–30秒", "30–60秒", "60–120秒", "120–180秒", "180秒以上"),
    Step.START: ("0–5分", "5–10分", "10–15分", "15–30分", "30分以上"),
    Step.FEEDBACK: ("0–30分", "30–60分", "1–2小时", "2–4小时", "4小时以上"),
}


def band_of(step: Step, span: timedelta) -> str:
    """The band that ``span`` falls into."""
    place = sum(span > cut for cut in _CUTS[step])
    return _LABELS[step][place]


def counted(step: Step, spans: Iterable[timedelta]) -> dict[str, int]:
    """How many spans fall into each band, every band named, the shortest first."""
    counts = dict.fromkeys(_LABELS[step], 0)
    for span in spans:
        counts[band_of(step, span)] += 1
    return counts


def slowest(spans: Mapping[str, Iterable[timedelta]]) -> str:
    """The unit with the longest median; empty where fewer than two units have ten spans each."""
    known = {unit: sorted(found) for unit, found in spans.items()}
    medians = {u: found[len(found) // 2] for u, found in known.items() if len(found) >= _LEAST}
    return max(medians, key=lambda unit: medians[unit]) if len(medians) > 1 else ""


def stretches(steps: Iterable[tuple[str, datetime]]) -> Iterator[Stretch]:
    """The stretches of one ticket, each with its end; ``steps`` in their order.

    Signing counts from the last hand-over, going there from the signature, the answer once, from
    the opening.
    """
    begun: dict[Step, datetime] = {}
    for act, at in steps:
        ended = _ENDED_BY.get(act)
        if ended is not None and ended in begun:
            yield ended, at, at - begun.pop(ended)
        if (begins := _BEGUN_BY.get(act)) is not None:
            begun[begins] = at


_ENDED_BY: Mapping[str, Step] = {
    Act.ACCEPT: Step.SIGN,
    Act.VERIFY: Step.START,
    Act.FEEDBACK: Step.FEEDBACK,
}
_BEGUN_BY: Mapping[str, Step] = {
    Act.OPEN: Step.FEEDBACK,
    Act.ASSIGN: Step.SIGN,
    Act.DIVERT: Step.SIGN,
    Act.ACCEPT: Step.START,
}
