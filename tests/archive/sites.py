"""The sample site with one group more: residents of WeChat, heard through the archive alone."""

import shutil
from pathlib import Path

from tests.config.sites import SAMPLE

GROUP = "wrKEHU0001"
_LINE = (
    f"  - {{id: {GROUP}, name: 桂花苑业主群, kind: customer_group, grid: g01, public: true,"
    " robots: [], hears: all}\n"
)


def site_with_customer_group(folder: Path) -> Path:
    """A copy of the sample site in ``folder`` that lists the group."""
    site = folder / "site"
    shutil.copytree(SAMPLE, site)
    chats = site / "chats.yaml"
    chats.write_text(chats.read_text(encoding="utf-8") + _LINE, encoding="utf-8")
    return site
