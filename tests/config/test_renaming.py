"""A new userid stands wherever the old one stood, and nothing else changes."""

from dataclasses import replace

from config.load import load_rules
from config.people_rules import Chats
from config.renaming import renamed
from config.rules import Rules
from config.vocabulary import Role
from tests.config.sites import Site


def test_person_is_found_under_the_new_userid_with_all_offices(site: Site) -> None:
    rules = load_rules(site.path)
    after = renamed(rules, {"lin_zhiyuan": "linzy2", "qiu_ruolan": "qiu2", "wei_heping": "wei2"})

    assert after.person("lin_zhiyuan") is None
    found = after.person("linzy2")
    assert found is not None
    assert (found.name, found.role) == ("林知远", Role.OFFICER)
    grid = after.grid("g01")
    assert grid is not None
    assert grid.officer == "linzy2"
    assert after.roster.duty[Role.COMMAND_ROOM][0] == "qiu2"
    assert "qiu2" in after.roster.shifts[0].people
    assert [p.id for p in after.contacts("city_management")] == ["wei2"]
    assert after.texts is rules.texts
    assert after.version == rules.version


def test_groups_follow_their_speakers(site: Site) -> None:
    rules = load_rules(site.path)
    group = rules.chats.chats[0].model_copy(
        update={"owner": "lin_zhiyuan", "speakers": ("lin_zhiyuan", "tang_shuo")}
    )
    rules = replace(rules, chats=Chats(chats=(group, *rules.chats.chats[1:])))

    after = renamed(rules, {"lin_zhiyuan": "linzy2"}).chats.chats[0]

    assert (after.owner, after.speakers) == ("linzy2", ("linzy2", "tang_shuo"))


def test_roster_that_was_mended_is_left_alone(site: Site) -> None:
    rules = load_rules(site.path)

    assert renamed(rules, {"gone_before": "x1"}) is rules
    assert renamed(rules, {"lin_zhiyuan": "tang_shuo"}) is rules
    assert renamed(rules, {}) is rules


def test_mediator_named_in_a_force_keeps_her_place(rules: Rules) -> None:
    new = renamed(rules, {"min_zhengyi": "min.zhengyi"})

    assert new.mediation is not None
    assert new.mediation.force("town").people == ("min.zhengyi",)
