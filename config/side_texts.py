"""Sentences of the ways out that are no chats: phones, teams' groups, the roster, the operator.

A part of ``config.text_keys.STAFF``, kept apart so that each file stays readable.
"""

STAFF: dict[str, str] = {
    "call_placed": "name",
    "call_answered": "name",
    "call_unanswered": "name why",
    "call_failed": "name why",
    "operator_voice": "why",
    "operator_ip": "why",
    "operator_hook": "why",
    "operator_inactive": "",
    "operator_closed": "",
    "staff_left": "name count",
    "staff_left_ticket": "name number category place",
    "staff_left_reason": "name to",
    "staff_renamed": "name said to",
    "roster_doubtful": "count",
    "roster_outside": "names",
    "roster_names": "names",
    "human_wanted_staff": "place about",
    "human_waits_staff": "place about",
    "human_about": "number",
    "human_phone_staff": "draft",
    "team_danger": "number category place name",
    "team_taken": "number name",
    "team_false_alarm": "number",
    "team_table_head": "count",
    "team_table_columns": "",
}
