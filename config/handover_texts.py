"""Sentences of a shift that is taken over (交接班).

A part of ``config.text_keys.STAFF``, kept apart so that each file stays readable.
"""

STAFF: dict[str, str] = {
    "handover_how": "",
    "handover_refused": "",
    "handover_taken": "at name",
    "handover_first": "at",
    "handover_still": "at",
    "handover_given": "name at left",
    "handover_counts": "danger unsigned promised drafts wishes",
    "handover_head": "what count",
    "handover_line": "number category place owner due",
    "handover_wish": "number act name",
    "handover_draft": "group count",
    "handover_away": "names",
    "handover_nothing": "",
    "handover_more": "",
    "shift_title": "",
    "shift_first": "",
    "shift_before": "name",
    "shift_how": "",
    "shift_count": "count",
    "shift_lines": "count",
    "shift_away": "count names",
    "shift_done": "at",
    "shift_over": "",
}

SAMPLES: dict[str, str] = {
    "danger": "2",
    "unsigned": "3",
    "promised": "4",
    "drafts": "2",
    "wishes": "1",
}
