"""Sentences of a change of the rules (改规则): proposed, tried, decided, in force.

A part of ``config.text_keys.STAFF``, kept apart so that each file stays readable.
"""

STAFF: dict[str, str] = {
    "rules_refused": "",
    "rules_how": "",
    "rules_unknown": "number",
    "rules_same": "file",
    "rules_busy": "file number",
    "rules_proposed": "file number",
    "rules_faulty": "file faults",
    "rules_waiting": "file number",
    "rules_to_decide": "name file number",
    "rules_grave": "what",
    "rules_own": "number",
    "rules_needs_leader": "number what",
    "rules_decided": "number state",
    "rules_granted": "number",
    "rules_denied": "file number name reason",
    "rules_denied_ok": "number",
    "rules_reading": "",
    "rules_done": "file version",
    "rules_read_done": "version",
    "rules_read_faulty": "faults",
    "rules_hand_waiting": "number what",
    "rules_weaker": "file what",
    "rules_stale": "file number",
    "rules_restoring": "file number",
    "rules_no_before": "number",
    "rules_behind": "version",
}

SAMPLES: dict[str, str] = {
    "file": "categories.yaml",
    "state": "已生效",
    "faults": "categories.yaml 第 12 行：不认识“word”这个键，是不是“words”。",
}
