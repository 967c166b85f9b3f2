"""Sentences of publicity (宣传): what is proposed, approved, said and left unsaid.

A part of ``config.text_keys``, kept apart so that each file stays readable.
"""

STAFF: dict[str, str] = {
    "publicity_title": "name day",
    "publicity_case_title": "name",
    "publicity_desc": "code count group",
    "publicity_change_how": "code",
    "publicity_card_over": "name",
    "publicity_ok": "code time count words",
    "publicity_skipped_ok": "code",
    "publicity_gone": "code",
    "publicity_which": "",
    "publicity_not_yours": "name",
    "publicity_words": "why",
    "publicity_withheld": "group name why",
    "publicity_none": "",
    "publicity_how": "",
    "publicity_off": "",
    "publicity_head": "count",
    "publicity_line": "code day name count words",
    "publicity_out_ok": "group",
    "publicity_in_ok": "group",
    "publicity_group_unknown": "said",
    "publicity_figures": "times count people left asked answered",
}

SAMPLES: dict[str, str] = {
    "asked": "5",
    "answered": "4",
}
