"""Events and messages survive the journey through the database, whatever stands in them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import events, messages
from bot.door_events import (
    Alarmed,
    Bounced,
    Deed,
    Filed,
    GroupChange,
    Learned,
    OrderSeen,
    Paged,
    Proposed,
    Recalled,
    Regrouped,
)
from bot.events import (
    ButtonKey,
    Clicked,
    Due,
    Event,
    Heard,
    Joined,
    Media,
    Ordered,
    ReplyHandle,
    Scheduled,
)
from bot.lines import PARTITIONS, line_of, partition_of
from bot.messages import Attachment, Button, Card, CardUpdate, Errand, Message, Post, Text
from config.vocabulary import Act

WORDS = st.text(max_size=30)
MOMENTS = st.datetimes(timezones=st.just(UTC))
LINES = st.text("0123456789abcdef", min_size=12, max_size=12)
HANDLES = st.none() | st.builds(ReplyHandle, kind=WORDS, token=WORDS, until=MOMENTS)
PLACES = {"key": WORDS, "at": MOMENTS, "chat": WORDS, "by": WORDS, "door": WORDS, "reply": HANDLES}
MEDIA = st.builds(Media, kind=WORDS, url=WORDS, aes_key=WORDS, media_id=WORDS)
EVENTS = st.one_of(
    st.builds(
        Heard, **PLACES, text=WORDS, quote=WORDS, media=st.lists(MEDIA, max_size=2).map(tuple)
    ),
    st.builds(
        Clicked,
        **PLACES,
        task_id=WORDS,
        button=WORDS,
        selected=st.dictionaries(WORDS, st.lists(WORDS, max_size=2).map(tuple), max_size=2),
    ),
    st.builds(Ordered, **PLACES, act=st.sampled_from(Act), ticket=WORDS, text=WORDS),
    st.builds(Joined, **PLACES, scene=WORDS, greet=st.booleans()),
    st.builds(Bounced, key=WORDS, at=MOMENTS, chat=WORDS, msgid=WORDS, why=WORDS),
    st.builds(
        Due,
        key=WORDS,
        at=MOMENTS,
        line=LINES,
        timer=st.integers(),
        kind=WORDS,
        ticket=st.integers(),
        data=st.dictionaries(WORDS, st.integers() | WORDS, max_size=2),
    ),
    st.builds(Scheduled, key=WORDS, at=MOMENTS, job=WORDS),
    st.builds(Recalled, key=WORDS, at=MOMENTS, chat=WORDS, by=WORDS, door=WORDS, of=WORDS),
    st.builds(
        Alarmed,
        key=WORDS,
        at=MOMENTS,
        door=WORDS,
        text=WORDS,
        values=st.dictionaries(WORDS, WORDS, max_size=2),
    ),
    st.builds(
        Filed,
        **dict.fromkeys(("key", "client", "request", "text", "address", "category"), WORDS),
        at=MOMENTS,
        notes=st.lists(WORDS, max_size=2).map(tuple),
        contact=WORDS,
        adds=st.booleans(),
    ),
    st.builds(
        Regrouped,
        **dict.fromkeys(("key", "chat", "version", "name", "owner"), WORDS),
        at=MOMENTS,
        change=st.sampled_from(GroupChange),
        owner_left=st.booleans(),
        staff=st.lists(WORDS, max_size=2).map(tuple),
        **dict.fromkeys(("joined", "members", "residents"), st.integers(0, 500)),
    ),
    st.builds(
        Learned,
        key=WORDS,
        at=MOMENTS,
        line=LINES,
        what=WORDS,
        ticket=st.integers(),
        data=st.dictionaries(WORDS, st.integers() | WORDS, max_size=2),
    ),
    st.builds(
        Paged,
        **dict.fromkeys(("key", "by", "session", "detail", "ticket"), WORDS),
        at=MOMENTS,
        deed=st.sampled_from(Deed),
        until=st.none() | MOMENTS,
    ),
    st.builds(
        Proposed,
        **dict.fromkeys(("key", "by", "file", "base", "before", "text", "why"), WORDS),
        at=MOMENTS,
    ),
    st.builds(OrderSeen, key=WORDS, at=MOMENTS, kind=WORDS, order=WORDS, data=st.just({"a": [1]})),
)
CARDS = st.builds(
    Card,
    task_id=WORDS,
    title=WORDS,
    desc=WORDS,
    text=WORDS,
    quote=WORDS,
    fields=st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple),
    buttons=st.lists(
        st.builds(Button, text=WORDS, key=WORDS, style=st.integers(1, 4)), max_size=2
    ).map(tuple),
    source=WORDS,
    url=WORDS,
)
MESSAGES = st.one_of(
    st.builds(Text, text=WORDS, choices=st.lists(st.tuples(WORDS, WORDS), max_size=2).map(tuple)),
    CARDS,
    st.builds(CardUpdate, card=CARDS, replace_text=WORDS),
    st.builds(Errand, what=WORDS, ticket=st.integers(), data=st.dictionaries(WORDS, WORDS)),
    st.builds(
        Post,
        text=WORDS,
        mentions=st.lists(WORDS, max_size=2).map(tuple),
        table=st.lists(st.lists(WORDS, max_size=2).map(tuple), max_size=2).map(tuple),
    ),
    st.builds(Attachment, kind=WORDS, name=WORDS, kept=WORDS),
)
NOW = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
HOME = line_of("wrGUIHUA01")


@given(EVENTS)
def test_event_comes_out_as_it_went_in(event: Event) -> None:
    assert events.unpack(events.pack(event)) == event


@given(MESSAGES)
def test_message_comes_out_as_it_went_in(message: Message) -> None:
    assert messages.unpack(messages.pack(message)) == message


@given(EVENTS)
def test_event_of_a_newer_version_is_read_without_what_is_unknown(event: Event) -> None:
    newer = {**json.loads(events.pack(event)), "colour": "green"}

    assert events.unpack(json.dumps(newer)) == event


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("{}", KeyError, id="no_kind"),
        pytest.param('{"_": "flown", "key": "k"}', KeyError, id="unknown_kind"),
        pytest.param('{"_": "joined", "key": "k"}', KeyError, id="part_missing"),
        pytest.param('{"_": "joined", "at": "soon"}', ValueError, id="no_moment"),
        pytest.param('{"_": "joined", "at": "2026-03-04"}', TypeError, id="fields_missing"),
        pytest.param("not json", ValueError, id="no_json"),
    ],
)
def test_what_is_no_packed_event_says_so(text: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        events.unpack(text)


def test_what_cannot_be_written_down_is_our_bug() -> None:
    event = Due(key="k", at=NOW, line=HOME, timer=1, kind="x", data={"odd": object()})

    with pytest.raises(TypeError, match="object"):
        events.pack(event)


def test_every_kind_of_event_is_tried_here() -> None:
    tried = {"heard", "clicked", "ordered", "joined", "bounced", "due", "scheduled"}
    tried |= {
        "recalled",
        "alarmed",
        "filed",
        "learned",
        "orderseen",
        "regrouped",
        "paged",
        "proposed",
    }

    assert set(events._KINDS) == tried


@given(EVENTS)
def test_every_event_has_a_line_and_a_partition(event: Event) -> None:
    assert partition_of(event.line) in range(PARTITIONS)


def test_conversations_spread_over_all_partitions() -> None:
    found = {partition_of(line_of(f"chat-{n}")) for n in range(200)}

    assert found == set(range(PARTITIONS))


def test_line_names_a_conversation_without_telling_whose_it_is() -> None:
    assert line_of("bot:wang") == line_of("bot:wang")
    assert "wang" not in line_of("bot:wang")
    assert line_of("bot:wang") != line_of("app:wang")


@given(
    st.sampled_from(Act), st.text("XH0123456789-K", max_size=16), st.integers(0, 999_999_999), LINES
)
def test_button_key_comes_out_as_it_went_in(act: Act, number: str, version: int, line: str) -> None:
    key = ButtonKey(act, number, version, line)

    assert ButtonKey.unpack(key.pack()) == key
    assert len(key.pack().encode()) <= 128


@given(WORDS | st.text("|²0123456789abcdef", max_size=30))
def test_reading_a_button_key_never_raises(packed: str) -> None:
    key = ButtonKey.unpack(packed)

    assert key is None or partition_of(key.line) in range(PARTITIONS)


@pytest.mark.parametrize(
    "packed",
    [
        "",
        "accept",
        f"accept|XH260304-0012K|x|{HOME}",
        f"accept|XH260304-0012K|²|{HOME}",
        "accept|XH260304-0012K|1|short",
        "accept|XH260304-0012K|1|zzzzzzzzzzzz",
        f"accept|XH260304-0012K|1|{HOME}|more",
    ],
)
def test_button_key_that_is_not_ours_is_none(packed: str) -> None:
    assert ButtonKey.unpack(packed) is None


@pytest.mark.parametrize(
    ("button", "line"),
    [
        pytest.param(
            ButtonKey(Act.ACCEPT, "XH260304-0012K", 3, HOME).pack(), HOME, id="home_of_the_ticket"
        ),
        pytest.param("help", line_of("app:lin"), id="own_chat"),
    ],
)
def test_click_is_handled_on_the_line_of_its_ticket(button: str, line: str) -> None:
    click = Clicked(
        key="c:1", at=NOW, chat="app:lin", by="lin", door="app", task_id="t", button=button
    )

    assert click.line == line


def test_cron_jobs_share_one_line() -> None:
    hours = [
        Scheduled(key=f"cron:x:{n}", at=NOW + timedelta(hours=n), job=f"j{n}") for n in range(3)
    ]

    assert len({hour.line for hour in hours}) == 1
