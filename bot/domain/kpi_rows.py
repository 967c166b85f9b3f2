"""The definitions of the figures (指标定义): one row each, with its formula as it is printed.

A report only says which rows it shows; nothing else in the program works out a rate of a station.
Source: field practice of 110, 12345 and 数字城管; where a term can be read in two ways, the
formula says which. Pure; called by ``handlers.figures``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median_low

from bot.domain import clocks
from bot.domain.kpis import LEAST, Book, Fate, Figure, Matter, Share, Timing

WEIGHTS = (0.30, 0.35, 0.35)  # 响应、解决、满意
Part = tuple[int, int, str, str]  # hits, n, value, note


@dataclass(frozen=True, slots=True)
class Kpi:
    """One row of the definition."""

    key: str
    name: str
    formula: str
    count: Callable[[Book], Part]


def _count(found: Iterable[Matter], is_so: Callable[[Matter], bool]) -> int:
    return sum(is_so(one) for one in found)


def _share(hits: int, n: int, note: str = "") -> Part:
    return hits, n, "", note


def _valid(book: Book) -> Part:
    taken = _count(book.new, lambda one: one.is_taken)
    return _share(taken, len(book.new))


def _answered(book: Book) -> Part:
    missed = book.judged.hits
    note = f"抽查发现漏记{missed}件，算进基数" if missed else ""
    return _share(_count(book.real, lambda one: one.is_touched), len(book.real) + missed, note)


def _timing(found: Sequence[Matter], of: Callable[[Matter], Timing]) -> Part:
    kept = _count(found, lambda one: of(one) is Timing.IN_TIME)
    late = _count(found, lambda one: of(one) is Timing.LATE)
    running = _count(found, lambda one: of(one) is Timing.RUNNING)
    return _share(kept, kept + late, f"还没到时限{running}件，不算" if running else "")


def _sign_median(book: Book) -> Part:
    spans = sorted(one.sign_span for one in book.real if one.sign_span is not None)
    words = clocks.span_words(median_low(spans)) if spans else "没有"
    return 0, len(spans), words, ""


def _closed_of_due(book: Book) -> Part:
    return _share(_count(book.due, lambda one: one.fate is Fate.CLOSED), len(book.due))


def _done(book: Book) -> Part:
    base = [one for one in book.real if one.fate is not Fate.OUTSIDE]
    out = len(book.real) - len(base)
    merged = _count(book.new, lambda one: one.fate is Fate.MERGED)
    words = (f"并案{merged}件" if merged else "", f"还在部门{out}件" if out else "")
    left = "、".join(filter(None, words))
    closed = _count(base, lambda one: one.fate is Fate.CLOSED)
    return _share(closed, len(base), f"{left}，不算" if left else "")


_AGES = (
    (timedelta(days=1), "1天内"),
    (timedelta(days=3), "1–3天"),
    (timedelta(days=7), "3–7天"),
    (timedelta.max, "7天以上"),
)


def _overdue(book: Book) -> Part:
    open_ones = [one for one in book.matters if one.is_open]
    late = [one.overdue_by for one in open_ones if one.overdue_by is not None]
    ages = dict.fromkeys((name for _, name in _AGES), 0)
    for span in late:
        ages[next(name for most, name in _AGES if span <= most)] += 1
    return _share(len(late), len(open_ones), "、".join(f"{k}{v}件" for k, v in ages.items() if v))


def _once(book: Book) -> Part:
    clean = _count(book.closed, lambda one: not one.was_reopened)
    return _share(clean, len(book.closed))


def _back(book: Book) -> Part:
    base = [one for one in book.matters if one.came_back or one.is_closed_now]
    return _share(_count(base, lambda one: one.came_back), len(base))


def _divert_right(book: Book) -> Part:
    return _share(book.diverted - book.divert_returned, book.diverted)


def _diverted(book: Book) -> Part:
    base = [one for one in book.real if one.is_non_police]
    return _share(_count(base, lambda one: one.was_diverted), len(base))


def _of(share: Share, note: str = "") -> Part:
    return _share(share.hits, share.n, note)


def _composite(book: Book) -> Part:
    rates = (book.response, book.solved, book.satisfied)
    least = min(rate.n for rate in rates)
    if least < LEAST:
        return 0, least, "基数不够", f"三率的基数都满{LEAST}件才算"
    score = sum(w * r.hits / r.n for w, r in zip(WEIGHTS, rates, strict=True)) * 100
    return 0, least, f"{score:.1f}分", ""


def _left_out(book: Book) -> Part:
    return _share(book.left_out.hits, book.left_out.n, book.reasons)


def _disputes(book: Book) -> Part:
    base = [one for one in book.real if one.is_dispute]
    return _share(_count(base, lambda one: one.is_settled), len(base))


def _criminal(book: Book) -> Part:
    base = [one for one in book.real if one.is_dispute]
    return _share(_count(base, lambda one: one.is_criminal), len(base), "目标是0")


def _real_share(is_so: Callable[[Matter], bool]) -> Callable[[Book], Part]:
    return lambda book: _share(_count(book.real, is_so), len(book.real))


def _burden(book: Book) -> Part:
    value, _, note = book.burden.partition("；")
    return 0, 0, value or "没有", note


KPIS: tuple[Kpi, ...] = (
    Kpi("valid", "有效率（受理）", "受理 ÷（受理＋不予受理＋作废）", _valid),
    Kpi("answered", "接处警率", "有人动过手的 ÷（新登记＋抽查发现的漏记）", _answered),
    Kpi("sign", "签收及时率", "时限内签收 ÷ 交办的", lambda b: _timing(b.real, lambda m: m.sign)),
    Kpi("sign_median", "签收用时（中位）", "交办到签收，排在正中的那件", _sign_median),
    Kpi("contact", "到场/联系及时率", "时限内到场或联系 ÷ 签收的",
        lambda b: _timing(b.real, lambda m: m.contact)),
    Kpi("close", "结案率", "已办结 ÷ 应结（这段时间到期的）", _closed_of_due),
    Kpi("done", "办结率", "已办结 ÷（受理－并案－还在部门的）", _done),
    Kpi("on_time", "按期办结率", "到期前给了结果的 ÷ 到期的（停表不算）",
        lambda b: _share(_count(b.due, lambda m: m.due is Timing.IN_TIME), len(b.due))),
    Kpi("overdue", "超期在办", "到现在还过着时限的 ÷ 期末在办（按超了多久分段）", _overdue),
    Kpi("once", "一次办结率", "没有重办过的 ÷ 办结的", _once),
    Kpi("back", "重办返工率", "重办或返工的 ÷（办结的＋重办返工的）", _back),
    Kpi("extended", "延期率", "延期过的 ÷ 到期的",
        lambda b: _share(_count(b.due, lambda m: m.was_extended), len(b.due))),
    Kpi("returned", "退单率", "退回过的 ÷ 交办的",
        lambda b: _share(_count(b.real, lambda m: m.was_returned),
                         _count(b.real, lambda m: m.was_given))),
    Kpi("divert_right", "分流准确率", "1－部门退回的 ÷ 分流的（按次）", _divert_right),
    Kpi("non_police", "非警务占比", "非警务类 ÷ 受理的（不含并案）",
        _real_share(lambda m: m.is_non_police)),
    Kpi("diverted", "分流率", "分流过的 ÷ 非警务类", _diverted),
    Kpi("response", "响应率", "时限内签收并联系或到场 ÷ 计入三率的", lambda b: _of(b.response)),
    Kpi("solved", "解决率", "群众说解决（没评价看复核、问效）÷ 说得清的",
        lambda b: _of(b.solved)),
    Kpi("satisfied", "满意率", "4分以上 ÷ 评了分的", lambda b: _of(b.satisfied)),
    Kpi("composite", "三率综合分", "响应×0.30＋解决×0.35＋满意×0.35", _composite),
    Kpi("left_out", "不计入三率", "不计的 ÷ 办完的", _left_out),
    Kpi("rated", "评价覆盖率", "评了的 ÷ 请评的", lambda b: _of(b.rated)),
    Kpi("disputes", "纠纷化解率", "已解决或调解成功 ÷ 发现的纠纷", _disputes),
    Kpi("criminal", "民转刑", "受案的纠纷 ÷ 发现的纠纷", _criminal),
    Kpi("repeats", "重复报警率", "属于重复的 ÷ 受理的（不含并案）",
        _real_share(lambda m: m.is_repeat)),
    Kpi("lasting", "问效合格率", "30天内没再发生 ÷ 问效过的", lambda b: _of(b.lasting)),
    Kpi("hazards", "隐患整改率", "复核改好的 ÷ 检查发现的", lambda b: _of(b.hazards)),
    Kpi("void", "误报率", "作废 ÷ 登记的",
        lambda b: _share(_count(b.new, lambda m: m.fate is Fate.VOID), len(b.new))),
    Kpi("missed", "漏记率（抽查）", "该立没立的 ÷ 抽查判过的没立单的话",
        lambda b: _of(b.judged)),
    Kpi("burden", "负担", "机器人发给一个人一天的话；一个人一周的单", _burden),
)  # fmt: skip


def figures(book: Book, keys: Iterable[str] = ()) -> list[Figure]:
    """The figures of these keys, all of them where none is named, in the order of the table."""
    wanted = set(keys) or {one.key for one in KPIS}
    return [_figure(one, book) for one in KPIS if one.key in wanted]


def _figure(kpi: Kpi, book: Book) -> Figure:
    hits, n, value, note = kpi.count(book)
    return Figure(
        key=kpi.key, name=kpi.name, formula=kpi.formula, hits=hits, n=n, value=value, note=note
    )
