"""Sentences of repeats (重复): to staff alone; a part of ``config.text_keys.STAFF``."""

STAFF: dict[str, str] = {
    "repeat_place": "place days count people categories",
    "repeat_kind": "grid category days count mean weeks",
    "repeat_person": "category days count",
    "repeat_hint": "number category days count",
    "repeat_protected": "number count",
    "repeat_again": "number days",
    "focus_opened": "number what level reason numbers",
    "focus_more": "number what level reason numbers",
    "focus_red": "number what reason name",
    "effect_good": "days",
    "effect_bad": "days count numbers",
    "effect_against": "days count numbers",
    "effect_none_yet": "",
    "effect_seen": "count numbers",
    "origins_head": "days",
    "origins_line": "what count done satisfied share",
    "origins_none": "",
    "origins_effect": "share",
    "slip_refused": "",
    "level_yellow": "",
    "level_red": "",
    "what_repeat_place": "",
    "what_repeat_kind": "",
    "what_repeat_person": "",
}

SAMPLES = {
    "done": "8/10（80%，49–94%）",
    "effect": "本系统里没有再登记同样的事。",
    "satisfied": "9/10（90%，60–98%）",
}
