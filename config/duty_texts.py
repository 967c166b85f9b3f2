"""Sentences of the ladder, of hard matters and of wake drills (督办、疑难件、叫醒演练).

Parts of ``config.text_keys``, kept apart so that each file stays readable.
"""

RESIDENT: dict[str, str] = {
    "interim_plain": "number unit summary due",
    "interim_told": "number unit summary due answer",
}

STAFF: dict[str, str] = {
    "chase_half": "number category place left due",
    "supervise_now": "number category place owner_unit reason left paper",
    "ladder_copy": "what",
    "supervised_staff": "number category place what paper left",
    "confer_room": "number category place owner_unit age paper left",
    "confer_topic": "category paper",
    "confer_known": "number",
    "confer_outside": "names",
    "confer_how": "number",
    "chase_sponsor": "number category place owner_unit over",
    "paper_unanswered": "number category place owner_unit what paper",
    "paper_answered": "number what paper name answer",
    "paper_answered_ok": "number what paper",
    "nothing_to_answer": "number",
    "bulletin_head": "count",
    "bulletin_line": "unit count",
    "hard_refused": "number stage",
    "hard_already": "number",
    "hard_ok": "number due",
    "needs_level": "number",
    "regraded_ok": "number to left",
    "interim_ask": "number left",
    "interim_ok": "number answer",
    "uncovered_staff": "grid day",
    "holidays_end_staff": "day",
    "drill_needs_time": "",
    "drill_planned": "at",
    "drill_none": "",
    "drill_ok": "at",
    "drill_off": "at",
    "drill_title": "",
    "drill_desc": "at",
    "drill_over": "",
    "drill_awake_ok": "count",
    "drill_report": "at count times wait",
    "drill_line": "name count why",
    "drill_line_not": "name why",
    "drill_phone_yes": "",
    "drill_phone_no": "",
}
