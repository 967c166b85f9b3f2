"""Sentences of diversion (分流): the letter's minder, the street's list, wide events.

Parts of ``config.text_keys``, kept apart so that each file stays readable.
"""

GROUP: dict[str, str] = {"wide_group": "name department"}
RESIDENT: dict[str, str] = {
    "diverted_outside": "department number dept_phone due",
    "outside_answer": "department answer",
}
STAFF: dict[str, str] = {
    "field_photos": "",
    "divert_reason": "number department",
    "divert_contact": "number",
    "divert_list": "number category department",
    "divert_not_listed": "number category department",
    "minder_staff": "number department letter",
    "minder_reminder": "number department times days",
    "not_outside": "number",
    "their_number_ok": "number said",
    "street_list_none": "",
    "street_list_head": "count",
    "street_list_line": "number category place department days",
    "street_list_hint": "",
    "street_not_listed": "number",
    "street_reason": "number",
    "street_stays_ok": "number department",
    "street_stays_staff": "number department reason",
    "street_again_staff": "number department days",
    "wide_proposed": "name count number other",
    "wide_ok": "number name count times",
    "wide_already": "number",
    "wide_refused": "number names",
}
