"""Models of the reader's rules (读懂群众话的规则): categories, danger patterns, cue groups, slots.

They are plain lists of words and cue combinations that a clerk can read and change; the engine in
``bot.domain`` compiles them once. ``ReadingRules`` is the root; it is the merge of the top-level
keys of ``categories.yaml``, ``danger.yaml`` and ``reading.yaml`` of a site. ``config.load``
validates it, ``bot.domain.reading`` uses it. How a rule line is written stands at ``Pattern``.
"""

import re
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from config.vocabulary import Urgency

DEPARTMENTS = (
    "city_management",
    "housing",
    "civil_affairs",
    "street",
    "utilities",
    "fire",
    "environment",
    "health",
    "market",
    "labour",
    "education",
    "emergency",
    "agriculture",
    "transport",
)
DangerClass = Literal[
    "fire",
    "gas",
    "electricity",
    "flood",
    "collapse",
    "crowd",
    "trapped",
    "violence",
    "weapon",
    "domestic",
    "suicide_self",
    "suicide_seen",
    "missing",
    "medical",
    "traffic_accident",
    "minor_harmed",
    "sexual",
    "fraud_now",
    "water",
    "other",
]
DANGER_CLASSES: tuple[str, ...] = get_args(DangerClass)
_GROUP = re.compile(r"<([^<>]*)>")


def _checked_pattern(line: str) -> str:
    """The line itself when every part of it holds at least one word."""
    for part in re.split(r"[+!…]", line):
        for word in part.split("|"):
            if not word.strip().strip("^$"):
                raise ValueError(f"规则“{line}”里有空的一段,请检查 + ! … | 两边是否都写了词")
    return line


def _as_text(value: object) -> object:
    """Numbers that a clerk wrote without quotes (12345, 96110) as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Word = Annotated[str, BeforeValidator(_as_text), Field(min_length=1)]
"""One word or phrase as people type it."""

Pattern = Annotated[str, BeforeValidator(_as_text), AfterValidator(_checked_pattern)]
"""One rule line (一条规则), read by ``bot.domain.patterns``.

``a|b`` either word · ``<组名>`` any word of that cue group · ``a + b`` both, in any order, within
the reach · ``a … b`` a and soon after it b · ``! c`` unless c stands within the reach ·
``^a`` only at the start of a clause · ``a$`` only at its end.
"""


class Frozen(BaseModel):
    """Base of all rule models: no unknown keys, no change after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Category(Frozen):
    """One category (类别) of the diversion list, with the words that speak for it."""

    code: str = Field(pattern=r"^[PN]\d\d$")
    name: str = Field(min_length=1)
    handled_by: Literal[
        "police",
        "city_management",
        "housing",
        "civil_affairs",
        "street",
        "utilities",
        "fire",
        "environment",
        "health",
        "market",
        "labour",
        "education",
        "emergency",
        "agriculture",
        "transport",
    ]
    urgency: Urgency = Urgency.U3
    urgent_if: tuple[Pattern, ...] = ()
    protected: bool = False
    public: bool = False
    strong: tuple[Pattern, ...] = ()
    words: tuple[Pattern, ...] = ()
    weak: tuple[Pattern, ...] = ()
    topics: tuple[Pattern, ...] = ()
    not_words: tuple[Pattern, ...] = ()

    @property
    def by_police(self) -> bool:
        """True when the station handles it itself."""
        return self.handled_by == "police"


class OwnWord(Frozen):
    """One word of own_words.yaml, merged into its category at load.

    ``weight``: 强 opens a ticket by itself, 词 needs company, 弱 tips the scale, 话题 only ranks.
    """

    word: Annotated[str, BeforeValidator(_as_text), Field(pattern=r"^[^\s|+!…<>^$]{1,12}$")]
    category: str = Field(pattern=r"^[PN]\d\d$")
    weight: Literal["强", "词", "弱", "话题"] = "词"


class DangerRule(Frozen):
    """One class of danger: ``sure`` lines are 险情, ``signs`` are 疑似."""

    danger: DangerClass
    category: str = Field(pattern=r"^[PN]\d\d$")
    urgency: Urgency = Urgency.U1
    sure: tuple[Pattern, ...] = ()
    signs: tuple[Pattern, ...] = ()
    unless: tuple[Pattern, ...] = ()
    always: bool = False
    """True where it is better to ask once too often: the second reader cannot say no to it."""


class Manner(Frozen):
    """How people speak: lines that tell report, update, question and chat apart."""

    request: tuple[Pattern, ...] = ()
    complaint: tuple[Pattern, ...] = ()
    complaint_weak: tuple[Pattern, ...] = ()
    formal: tuple[Pattern, ...] = ()
    formal_weak: tuple[Pattern, ...] = ()
    here: tuple[Pattern, ...] = ()
    now: tuple[Pattern, ...] = ()
    ask: tuple[Pattern, ...] = ()
    ask_weak: tuple[Pattern, ...] = ()
    update: tuple[Pattern, ...] = ()
    update_weak: tuple[Pattern, ...] = ()
    over: tuple[Pattern, ...] = ()
    status: tuple[Pattern, ...] = ()
    praise: tuple[Pattern, ...] = ()
    praise_police: tuple[Pattern, ...] = ()
    chat: tuple[Pattern, ...] = ()
    block: tuple[Pattern, ...] = ()
    fiction: tuple[Pattern, ...] = ()
    joke: tuple[Pattern, ...] = ()
    publicity: tuple[Pattern, ...] = ()
    hearsay: tuple[Pattern, ...] = ()
    past: tuple[Pattern, ...] = ()
    ago: tuple[Pattern, ...] = ()
    elsewhere: tuple[Pattern, ...] = ()
    ongoing: tuple[Pattern, ...] = ()
    supposed: tuple[Pattern, ...] = ()
    relayed: tuple[Pattern, ...] = ()


Bars = tuple[tuple[float, float], ...]


class Weights(Frozen):
    """How much each sign counts, and how much is needed to open a ticket."""

    strong: float = 4.0
    combined: float = 5.0
    word: float = 2.0
    weak: float = 1.0
    topic: float = 1.5
    open_at: float = 5.0
    report_at: Bars = (
        (0, 0.97), (1, 0.94), (2, 0.91), (3, 0.8), (4, 0.8), (5, 0.5), (6, 0.35), (11, 0.15)
    )  # fmt: skip
    """(points of the rules, chance the second reader must give a report), in between a line."""
    letter_at: float = Field(default=0.6, gt=0, lt=1)
    """The highest bar for words that name a district, town or road, as letters do."""
    danger_at: Bars = ((0, 0.8), (1, 0.65), (2, 0.55), (5, 0.4))
    addressed_at: float = Field(default=0.5, gt=0, lt=1)
    """The highest bar for what is said to the bot (by mention or in private), not overheard."""
    danger_addressed_at: float = Field(default=0.4, gt=0, lt=1)
    danger_sure_at: float = Field(default=0.6, gt=0, lt=1)
    despair_addressed_at: float = Field(default=0.6, gt=0, lt=1)
    despair_at: float = Field(default=0.99, gt=0, lt=1)
    danger_never_below: float = Field(default=0.08, ge=0, lt=1)
    least_category: float = 1.0
    reach: int = Field(default=30, ge=4, le=200)
    gap: int = Field(default=8, ge=1, le=40)


class PlaceWords(Frozen):
    """Words of the place grammar (地点): general landmarks, sides, things that are no place."""

    landmarks: tuple[Word, ...] = ()
    sides: tuple[Word, ...] = ()


class TimeWords(Frozen):
    """Words of the time grammar (时间): day parts in hours, fuzzy spans in minutes before now.

    ``feasts`` are holidays on a fixed date of the solar calendar, as month and day.
    """

    day_parts: dict[str, tuple[float, float]] = Field(default_factory=dict)
    fuzzy: dict[str, tuple[float, float]] = Field(default_factory=dict)
    days: dict[str, int] = Field(default_factory=dict)
    feasts: dict[str, tuple[int, int]] = Field(default_factory=dict)
    recurring: tuple[Word, ...] = ()


class ReadingRules(Frozen):
    """Everything the reader needs; one value per version of the site's rules."""

    categories: tuple[Category, ...]
    danger: tuple[DangerRule, ...] = ()
    cues: dict[str, tuple[Word, ...]] = Field(default_factory=dict)
    shields: tuple[Word, ...] = ()
    negators: tuple[Word, ...] = ()
    typos: dict[str, str] = Field(default_factory=dict)
    dialects: dict[str, dict[str, str]] = Field(default_factory=dict)
    dialects_on: tuple[str, ...] = ()
    manner: Manner = Manner()
    weights: Weights = Weights()
    places: PlaceWords = PlaceWords()
    times: TimeWords = TimeWords()
    own_words: tuple[OwnWord, ...] = ()
    model: bytes = Field(default=b"", repr=False)

    @model_validator(mode="after")
    def _names_exist(self) -> "ReadingRules":
        """Refuse unknown cue groups, unknown categories, double codes and unknown dialects."""
        faults = [*self._unknown_groups(), *self._unknown_codes()]
        faults += [f"dialects_on 里的“{d}”没有写在 dialects 里" for d in self._unknown_dialects()]
        if faults:
            raise ValueError(";".join(faults))
        return self

    def category(self, code: str) -> Category:
        """The category with this code; raises KeyError when there is none."""
        for category in self.categories:
            if category.code == code:
                return category
        raise KeyError(code)

    def lines(self) -> tuple[str, ...]:
        """Every rule line of the site, for checks."""
        found: list[str] = []
        for owner in (*self.categories, *self.danger, self.manner):
            for field in type(owner).model_fields:
                value = getattr(owner, field)
                if isinstance(value, tuple):
                    found.extend(value)
        return tuple(found)

    def _unknown_groups(self) -> list[str]:
        return [
            f"规则“{line}”用了没有定义的词组<{name}>"
            for line in self.lines()
            for name in _GROUP.findall(line)
            if name not in self.cues
        ]

    def _unknown_codes(self) -> list[str]:
        codes = [category.code for category in self.categories]
        doubled = sorted({code for code in codes if codes.count(code) > 1})
        unknown = sorted({rule.category for rule in self.danger} - set(codes))
        return [f"类别编号 {code} 写了两次" for code in doubled] + [
            f"danger 里用了没有的类别编号 {code}" for code in unknown
        ]

    def _unknown_dialects(self) -> list[str]:
        return [name for name in self.dialects_on if name not in self.dialects]
