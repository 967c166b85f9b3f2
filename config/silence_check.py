"""Groups on trial (试听群) against times.yaml: what they are judged by must be kept for a while.

One of the checks between files that ``config.crosscheck`` calls.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from config.fault_lines import Fault
from config.yaml_lines import Document

_NOTHING = ("s", "m", "h", "d")


def silent_groups(files: Mapping[str, Document]) -> Iterator[Fault]:
    """A fault for each silent group of a site that keeps nothing of what was said."""
    if str(_get(files, "times.yaml").get("talk_kept", "7d")).strip("0") not in _NOTHING:
        return
    chats = _get(files, "chats.yaml").get("chats")
    for index, chat in enumerate(chats if isinstance(chats, list) else []):
        if isinstance(chat, dict) and chat.get("shadow") == "true":
            what = "试听群要留几天话才看得出读得对不对，times.yaml 的 talk_kept 却是 0"
            should = "shadow: false，或把 talk_kept 改成 7d"
            yield files["chats.yaml"].fault(("chats", index, "shadow"), what, should)


def _get(files: Mapping[str, Document], name: str) -> dict[str, Any]:
    data = files[name].data if name in files else None
    return data if isinstance(data, dict) else {}
