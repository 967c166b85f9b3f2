"""Sentences of what is done on the list of tickets: lists kept by name, nudges.

A part of ``config.text_keys.STAFF``, kept apart so that each file stays readable.
"""

STAFF: dict[str, str] = {
    "view_kept": "name",
    "view_nothing": "",
    "view_unnamed": "count",
    "view_full": "count",
    "view_dropped": "name",
    "view_gone": "",
    "nudge_staff": "name number category place left reason",
    "nudge_ok": "number name",
    "nudge_later": "number name at",
    "nudge_again": "number at",
    "nudge_own": "number",
    "nudge_nobody": "number",
}
