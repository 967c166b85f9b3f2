"""Settings and chats.yaml of phones, webhooks and the app's own groups."""

import pytest

from config.load import load_rules
from config.settings import load_settings
from tests.config.sites import Site

TEAM = "hook: team}"


def test_webhook_keys_are_read_by_name_and_never_shown() -> None:
    settings = load_settings(None, hooks="team=0000-key, room = 1111-key,broken, =x")

    assert settings.hook_keys == {"team": "0000-key", "room": "1111-key"}
    assert "0000-key" not in repr(settings)


@pytest.mark.parametrize(
    ("given", "has"),
    [({}, False), ({"voice": True}, False), ({"voice": True, "corp_id": "ww1"}, True)],
)
def test_phones_ring_only_where_they_were_bought(given: dict[str, object], has: bool) -> None:
    assert load_settings(None, **given).has_voice is has


def test_team_group_of_the_sample_has_a_webhook(site: Site) -> None:
    group = load_rules(site.path).chat("wrGEZIBAN1")

    assert group is not None
    assert (group.hook, group.appchat) == ("team", False)


@pytest.mark.parametrize("way", ["hook: team", "appchat: true"])
def test_public_group_may_have_neither(site: Site, way: str) -> None:
    typed = "grid: g01, public: true, robots: [小警]}"
    site.spoil("chats.yaml", typed, f"grid: g01, public: true, {way}}}")

    assert "只能给内部工作群" in site.only_fault().what


def test_group_of_the_app_needs_an_id_that_wecom_takes(site: Site) -> None:
    site.spoil("chats.yaml", TEAM, "appchat: true}")
    assert load_rules(site.path).chat("wrGEZIBAN1") is not None

    site.spoil("chats.yaml", "id: wrGEZIBAN1", "id: wr_GEZI_BAN")
    assert any("1 到 32 个字母数字" in fault.what for fault in site.faults())
