"""The bench of where, when and masking: empty without the data, at its floors where they are."""

from pathlib import Path

import pytest

from bench import reading_parts

_NEEDED = pytest.mark.skipif(
    not reading_parts.rows_of("time_jionlp"), reason="the development data is not on this machine"
)


def test_without_the_data_only_our_own_probes_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JINGGE_DATA", str(tmp_path))

    assert reading_parts.time_figures() == []
    assert reading_parts.masking_figures() == []
    assert reading_parts.speed_figures() == []
    assert [row["task"] for row in reading_parts.place_figures()] == ["place probes: exact"]


def test_probes_reach_the_goal() -> None:
    figure = reading_parts.place_figures()[0]

    assert float(str(figure["figure"])) >= float(str(figure["goal"]))


@_NEEDED
def test_figures_are_at_their_floors() -> None:
    rows = [*reading_parts.time_figures(), *reading_parts.place_figures()]

    below = [row for row in rows if float(str(row["figure"])) < float(str(row["floor"]))]
    assert len(rows) == 9
    assert below == []


@_NEEDED
def test_every_personal_number_is_masked_and_no_door() -> None:
    masked, doors = reading_parts.masking_figures()

    assert masked["figure"] == 1.0
    assert doors["figure"] == 0.0
