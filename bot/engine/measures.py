"""The indicators (指标): a small set of named numbers in Prometheus' forms, by prometheus_client.

What happens often is counted where it happens (a histogram's ``observe``, no query); what stands
in the database is read once per scrape from one ``Pulse``. Labels name lanes and outcomes alone,
never a conversation or a person. Served by ``bot.web.health``; alert rules and their runbook:
``deploy/prometheus-alerts.yml``, ``docs/runbook.md``.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from storage.pulse import Pulse

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_SLOW = (*_FAST, 10.0, 30.0)
_BEAT_S, _BEATS = 0.25, 240  # the worst pause of the last minute
OUTCOMES = ("done", "held", "bug", "lost")
Figures = Callable[[], Mapping[str, float | None]]


class Measures:
    """The indicators of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        turns = Histogram(
            "jingge_turn_seconds", "从取出到办完一个事件", ["outcome"],
            buckets=_SLOW, registry=self.registry,
        )  # fmt: skip
        self.turns = {name: turns.labels(name) for name in OUTCOMES}
        self.commits = Histogram(
            "jingge_commit_seconds", "一次成批提交", buckets=_FAST, registry=self.registry
        )
        self.acks = Histogram(
            "jingge_callback_ack_seconds", "回调从进来到答复", buckets=_FAST, registry=self.registry
        )
        self._refused = Counter(
            "jingge_sends_refused", "企业微信退回的话", ["lane"], registry=self.registry
        )
        self._pauses: deque[float] = deque([0.0], maxlen=_BEATS)
        self._state = _State()
        self.registry.register(self._state)

    def refused(self, lane: str) -> None:
        """WeCom refused a send of that lane."""
        self._refused.labels(lane).inc()

    async def beat(self) -> None:
        """Measure for ever how long the loop stood still."""
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_BEAT_S)
            self._pauses.append(max(0.0, time.perf_counter() - began - _BEAT_S))

    @property
    def stall_s(self) -> float:
        """The longest pause of the loop in the last minute."""
        return max(self._pauses)

    def written(
        self, seen: Pulse, figures: Mapping[str, float | None], accept: str
    ) -> tuple[bytes, str]:
        """The exposition in the form that ``accept`` asks for, and its content type."""
        self._state.families = [*_of_pulse(seen), *_of_process({**figures, "stall": self.stall_s})]
        encode, kind = choose_encoder(accept)
        return encode(self.registry), kind


class _State(Collector):
    """Hands the gauges of the last look to the registry."""

    def __init__(self) -> None:
        self.families: list[Metric] = []

    def collect(self) -> Iterable[Metric]:
        """The gauges."""
        return self.families


def _of_pulse(seen: Pulse) -> Iterator[Metric]:
    yield _gauge("jingge_inbox_waiting", "等着处理的事件", seen.waiting)
    yield _gauge("jingge_inbox_oldest_seconds", "最早的等了多久", _age(seen, seen.oldest))
    yield _gauge("jingge_dead_events", "试完五次搁下的事件（最近两万条里）", seen.dead)
    yield _gauge("jingge_danger_unsigned", "没人签收的险情", seen.calls)
    yield _gauge("jingge_danger_unsigned_seconds", "最早的等了多久", _age(seen, seen.first_call))
    yield _gauge("jingge_audit_links", "存证链的环数", seen.links)
    depth = GaugeMetricFamily("jingge_lane_waiting", "等着发的话", labels=["lane"])
    oldest = GaugeMetricFamily("jingge_lane_oldest_seconds", "最早的等了多久", labels=["lane"])
    parked = GaugeMetricFamily("jingge_lane_parked", "放弃了的话（最近两万条里）", labels=["lane"])
    for lane in seen.lanes:
        depth.add_metric([lane.name], lane.waiting)
        oldest.add_metric([lane.name], _age(seen, lane.oldest))
        parked.add_metric([lane.name], lane.parked)
    yield from (depth, oldest, parked)


_OF_PROCESS = {
    "leases": ("jingge_leases_held", "这个进程管着的租约"),
    "queue": ("jingge_writer_queue", "等着写库的活"),
    "writer": ("jingge_writer_busy_seconds", "写库的线程这一批干了多久"),
    "stall": ("jingge_loop_stall_seconds", "最近一分钟里主循环最长的一次停顿"),
    "socket": ("jingge_socket_online", "长连接在不在线（没配就没有这一行）"),
    "archive": ("jingge_archive_age_seconds", "会话存档上次看是多久以前"),
    "kf": ("jingge_kf_age_seconds", "微信客服上次读完是多久以前"),
    "backup": ("jingge_backup_age_seconds", "上次备份做成是多久以前"),
    "redis": ("jingge_redis_online", "Redis 在不在（没配就没有这一行）"),
    "disk": ("jingge_disk_free_ratio", "数据目录的盘还空着几成"),
}


def _of_process(figures: Mapping[str, float | None]) -> Iterator[Metric]:
    for name, (metric, about) in _OF_PROCESS.items():
        value = figures.get(name)
        if value is not None:
            yield _gauge(metric, about, value)


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _age(seen: Pulse, since: datetime | None) -> float:
    return max(0.0, (seen.at - since).total_seconds()) if since else 0.0
