"""A backup that was asked for and never made is as old as can be; none asked for has no age."""

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

from commands.watch import _backup_age
from storage import backup_files
from storage.backup_files import State


def test_age_of_the_last_good_backup(tmp_path: Path) -> None:
    assert _backup_age(Path()) is None
    assert _backup_age(tmp_path) == math.inf

    backup_files.note(tmp_path, State(datetime.now(UTC) - timedelta(hours=8), "f"))

    assert 8 * 3600 <= (_backup_age(tmp_path) or 0) < 8 * 3600 + 600
