"""joint.yaml: calendar, teams and tags that do not hang together are told to the clerk."""

import pytest

from tests.config.sites import Site


@pytest.mark.parametrize(
    ("typed", "instead", "says"),
    [
        ("to: 2026-03-31", "to: 2026-02-01", "有始有终"),
        ("to: 2026-03-31", "to: 2028-03-31", "最长一年"),
        ("{day: 2026-03-06,", "{day: 三月六号,", "2026-03-06"),
        ("name: 服务联动, rest: true", "name: 服务联动", "rest: true"),
        ("categories: [N06, N13, P21]", "categories: [N06, P17]", "写了两次"),
        ("stars: {shown: false}", "stars: {shown: false, least: 3}", "least"),
        ("police: tang_shuo", "police: fang_xiaoman", "不是民警或辅警"),
        ("centre: street", "centre: nowhere", "没有"),
        ("members: [ruan_qiuyue,", "members: [nobody_there,", "nobody_there"),
    ],
)
def test_what_does_not_fit_is_told(site: Site, typed: str, instead: str, says: str) -> None:
    site.spoil("joint.yaml", typed, instead)

    assert says in site.only_fault().sentence


def test_site_without_the_file_has_none_of_it(site: Site) -> None:
    (site.path / "joint.yaml").unlink()

    assert site.faults() == []
