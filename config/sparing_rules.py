"""Parts of times.yaml about not being a burden (少打扰): words in groups, load of a person.

``group_words``: what the bot says in a public group outside tickets. ``burden``: from when on a
leader is warned that one of his people gets too much; nobody is ranked by it.
"""

from datetime import time, timedelta

from pydantic import Field

from config.shapes import Duration, Shape


class GroupWords(Shape):
    """At most ``a_day`` messages in a public group, ``apart`` from each other; danger is exempt."""

    a_day: int = Field(default=3, ge=0, le=3)
    apart: Duration = timedelta(minutes=10)


class Burden(Shape):
    """What is too much for one person, and when his leader is told (1 Monday … 7 Sunday)."""

    messages_a_day: int = Field(default=40, ge=5, le=500)
    tasks_a_week: int = Field(default=30, ge=5, le=500)
    report_day: int = Field(default=1, ge=1, le=7)
    report_at: time = time(9, 0)

    @property
    def hour(self) -> str:
        """The warning's hour as a cron expression."""
        days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        return f"{self.report_at.minute} {self.report_at.hour} * * {days[self.report_day - 1]}"
