"""Whether the people of joint.yaml fit (警格联动和名册): a patrol is led by one of the police.

One of the checks between files that ``config.crosscheck`` calls.
"""

from collections.abc import Iterator

from config.fault_lines import Fault
from config.selecting import Files, select, texts_of
from config.vocabulary import Role

_LEADS = (Role.OFFICER, Role.AUXILIARY)


def patrol_faults(files: Files) -> Iterator[Fault]:
    """A fault for each patrol without one of the police, who is not sent alone either."""
    if "joint.yaml" not in files or "roster.yaml" not in files:
        return
    roles = {
        str(person.get("id")): str(person.get("role"))
        for _, person in select(files["roster.yaml"].data, "people.*")
        if isinstance(person, dict)
    }
    for path, user in texts_of(files, "joint.yaml", "patrols.*.police"):
        if roles.get(user, Role.OFFICER) not in _LEADS:
            what = f"带巡防的“{user}”不是民警或辅警"
            yield files["joint.yaml"].fault(path, what, "police: tang_shuo")
