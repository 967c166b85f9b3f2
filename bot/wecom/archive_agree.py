"""Who lets a group's archive be read (同意存档): asked of WeCom, for what was said before we came.

Rows of the archive tell only changes; who had refused earlier is known to WeCom alone. The call
takes a token of the archive's own secret.
Source: https://developer.work.weixin.qq.com/document/path/91782, which writes ``exteranalopenid``.
"""

from datetime import UTC, datetime
from typing import Any

from bot.wecom.archive_rows import Consent
from bot.wecom.client import Api

_SPOKEN = {"Agree": True, "Disagree": False}
_LATEST_S = 4_102_444_800


class Agreements:
    """Asks for the state of a whole group."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def of_room(self, room: str) -> list[Consent]:
        """Everybody there who said yes or no; who never said anything is not among them.

        Raises: any class of ``bot.wecom.errors`` but Gone.
        """
        answer = await self._api.call("msgaudit/check_room_agree", {"roomid": room})
        items = answer.get("agreeinfo")
        found = [_consent(item) for item in items if isinstance(item, dict)] if items else []
        return [consent for consent in found if consent is not None]


def _consent(item: dict[str, Any]) -> Consent | None:
    who, status = item.get("exteranalopenid"), str(item.get("agree_status"))
    if not isinstance(who, str) or not who or status not in _SPOKEN:
        return None
    stamp = item.get("status_change_time")
    seconds = stamp if isinstance(stamp, int) and 0 < stamp < _LATEST_S else 0
    return Consent(by=who, at=datetime.fromtimestamp(seconds, UTC), agreed=_SPOKEN[status])
