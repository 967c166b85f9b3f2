"""Sentences about messages of which the readers were not sure (待判).

A part of ``config.text_keys.STAFF``, kept apart so that each file stays readable.
"""

STAFF: dict[str, str] = {
    "judge_title": "group count",
    "judge_guess": "category",
    "judge_done": "",
    "judge_how": "",
    "judge_gone": "number",
    "judge_no_ok": "number",
    "judge_refused": "",
    "judged_figures": "count share times",
    "judged_kind": "share",
}
