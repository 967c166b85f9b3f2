"""Sentences about what is kept, what goes, one's own log and one's burden.

A part of ``config.text_keys``, kept apart so that each file stays readable.
"""

RESIDENT: dict[str, str] = {
    "purpose_note": "",
    "erase_asked": "count",
    "erased": "count",
    "unregistered": "count",
    "unregistered_none": "",
}

STAFF: dict[str, str] = {
    "hold_placed": "number",
    "hold_lifted": "number",
    "hold_there": "number",
    "hold_not_there": "number",
    "hold_refused": "",
    "log_head": "day count",
    "log_empty": "day",
    "log_judged": "count",
    "log_own_words": "words",
    "log_corrected": "day",
    "log_corrected_once": "day",
    "log_how": "",
    "log_card": "year month",
    "log_exported": "year month",
    "burden_head": "",
    "burden_line": "name messages tasks",
    "burden_none": "",
    "burden_refused": "",
}
