"""Sentences after an outage (停机以后): the one list, and what asks to phone before anybody goes.

A part of ``config.text_keys``, kept apart so that each file stays readable.
"""

STAFF: dict[str, str] = {
    "late_list_head": "count",
    "late_list_danger": "number category place at summary",
    "late_list_line": "number category place at",
    "late_list_more": "count",
    "late_call_first": "at",
    "late_reminders_head": "count",
}
