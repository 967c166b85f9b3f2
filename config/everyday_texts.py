"""Sentences of everyday matters: 复盘, 录入, 民意, 失物招领, 表扬, 寻人, 研判.

A part of ``config.text_keys``, kept apart so that each file stays readable.
"""

GROUP: dict[str, str] = {
    "prevention_notice": "category words",
    "opinion_thanks": "",
    "search_group": "words",
    "search_over_group": "",
    "search_ended_group": "",
}
RESIDENT: dict[str, str] = {
    "formal_report": "",
    "claim_lost": "number unit",
    "claim_found": "number unit",
}
STAFF: dict[str, str] = {
    "debrief_asked": "number category",
    "debrief_none": "number",
    "debrief_early": "number",
    "debrief_more": "number",
    "debrief_ok": "number count",
    "debrief_private": "number",
    "field_recorded": "",
    "recorded_none": "",
    "recorded_why": "reason",
    "record_ok": "number what",
    "record_no_crime": "number",
    "record_words": "number",
    "records_told": "days count times people over",
    "records_missing": "numbers",
    "analyst_head": "count",
    "analyst_line": "number what level reason",
    "praise_about": "number summary",
    "praise_banner": "name summary",
    "praises_head": "count",
    "praises_line": "name summary",
    "praises_none": "",
    "opinion_staff": "summary",
    "opinions_head": "month",
    "opinions_line": "grid count",
    "opinions_none": "month",
    "lost_found_staff": "number other summary",
    "claim_wrong": "",
    "claim_ok": "number other",
    "search_refused": "number",
    "search_private": "",
    "search_minor": "",
    "search_long": "",
    "search_runs": "number",
    "search_sent": "number count",
    "search_late": "number",
    "search_over_ok": "number count",
    "search_none": "number",
    "search_two": "",
}
