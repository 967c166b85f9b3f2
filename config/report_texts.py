"""Sentences of the reports: 早会日报, 晚报, 周研判, 月通报. A part of ``config.text_keys``."""

STAFF: dict[str, str] = {
    "audit_lead": "count times share over",
    "audit_how": "",
    "report_scope": "",
    "report_protected": "count",
    "report_more": "count",
    "day_open": "count over",
    "evening_head": "day count over",
    "span_lead": "count what share times result",
    "span_alone": "count times",
    "span_year": "share result",
    "span_slowest": "what unit",
}
