"""Which pages are measured (量哪些页), and who looks at them. Read by ``bench.pages``."""

from dataclasses import dataclass
from urllib.parse import quote

LEADER, WORKER = "zhong_yihang", "fang_xiaoman"


@dataclass(frozen=True, slots=True)
class Ask:
    """One page, and who looks at it."""

    name: str
    path: str
    user: str = LEADER


def asks(number: str, old: str, deep: int) -> list[Ask]:
    """Every page; ``deep`` is the id of a ticket far back."""
    lists = {
        "工单 在办": "/tickets",
        "工单 险情": "/tickets?kind=danger",
        "工单 全部": "/tickets?kind=all",
        "工单 全部，深处的下一页": f"/tickets?kind=all&before={deep}",
        "工单 办完的，一类一格": "/tickets?kind=ended&category=N03&grid=g02",
        "工单 少见的一类": "/tickets?kind=all&category=P06",
        "工单 一个部门": "/tickets?kind=all&department=housing",
        "工单 去年一月": "/tickets?kind=all&since=2025-01-01&until=2025-01-31",
        "工单 找词（有）": "/tickets?kind=all&words=" + quote("路灯"),
        "工单 找词（没有）": "/tickets?kind=all&words=" + quote("八卦镜"),
        "工单 找词，深处": f"/tickets?kind=all&before={deep}&words=" + quote("路灯"),
        "一件事（新）": f"/tickets/{number}",
        "一件事（两年前）": f"/tickets/{old}",
    }
    boards = {
        "今天": "/", "交接班": "/handover", "网格": "/grids", "大屏": "/wall",
        "反复": "/repeats", "反复 办完的": "/repeats?state=ended", "部门": "/departments",
        "调解": "/mediation", "调解 结束了的": "/mediation?state=ended", "值班": "/duty",
        "群": "/groups", "留痕": "/audit", "留痕 一个人": f"/audit?user={WORKER}",
        "系统": "/system", "登录设备": "/logins",
    }  # fmt: skip
    reports = {
        "日报": "/reports?kind=day", "周研判": "/reports?kind=week",
        "月通报": "/reports?kind=month", "月通报 去年": "/reports?kind=month&on=2025-06-10",
        "法制晨审": "/reports?kind=audit",
        "月通报 本月": "/reports?kind=month&on=2026-11-18",
        "季度报": "/reports?kind=quarter", "年报": "/reports?kind=year",
        "年报 今年": "/reports?kind=year&on=2026-11-18",
        "网格台账": "/reports?kind=grids", "研判登记簿": "/reports?kind=findings",
        "枫桥材料": "/reports?kind=peace", "部门函": "/reports?kind=letter",
        "图 周": "/reports/charts?length=week", "图 月": "/reports/charts?length=month",
        "图 季": "/reports/charts?length=quarter", "图 年": "/reports/charts?length=year",
        "月通报 PDF": "/reports/file?kind=month&form=pdf",
        "月通报 Excel": "/reports/file?kind=month&form=xlsx",
        "月通报 Word": "/reports/file?kind=month&form=docx",
    }  # fmt: skip
    worker = {
        "今天": "/", "工单 在办": "/tickets", "工单 全部": "/tickets?kind=all",
        "工单 深处": f"/tickets?kind=all&before={deep}", "工单 我的": "/tickets?kind=mine",
        "工单 找词（没有）": "/tickets?kind=all&words=" + quote("八卦镜"),
    }  # fmt: skip
    api = {"/api/tickets": "/api/tickets", "/api/tickets/…": f"/api/tickets/{number}"}
    led = {**boards, **lists, **reports, **api}
    return [Ask(n, path) for n, path in led.items()] + [
        Ask(f"网格员：{n}", path, WORKER) for n, path in worker.items()
    ]
