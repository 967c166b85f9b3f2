"""Sentences of the reports: 早会日报, 晚报, 周研判, 月通报. A part of ``config.text_keys``."""

STAFF: dict[str, str] = {
    "report_scope": "",
    "report_protected": "count",
    "report_more": "count",
    "report_none": "time",
    "day_lead": "count share times result",
    "day_open": "count over",
    "evening_head": "count over",
    "span_lead": "count what share times result",
    "span_year": "share result",
    "span_slowest": "what unit",
}
