"""What sort of place a conversation is, and what a public group hears of a danger.

A part of ``config.vocabulary``, which hands these words on.
"""

from enum import StrEnum


class GroupSpeech(StrEnum):
    """What a public group hears of a danger (one column of crisis.yaml)."""

    SAFETY = "safety"
    NEUTRAL = "neutral"
    NONE = "none"


class ChatKind(StrEnum):
    """What sort of place a conversation is in WeCom."""

    INTERNAL_GROUP = "internal_group"
    CUSTOMER_GROUP = "customer_group"
    SINGLE = "single"
    KF = "kf"
