"""What WeCom's refusals mean (错误码): one table from errcode to the one who must act.

Sorted by who acts, not by what happened: the sender waits (``Limited``), takes another way
(``Gone``), tries again (``Unreachable``), gives the row up (``Refusal``) or calls the operator
(``NotAllowed``). Every door raises these; nobody else compares numbers.
"""

_DOC = "https://open.work.weixin.qq.com/devtool/query?e="


class WeComFault(Exception):
    """WeCom did not take it; ``errcode`` (0 when there was none), its ``detail`` and a page."""

    def __init__(self, detail: str = "", errcode: int = 0) -> None:
        self.errcode = errcode
        self.detail = " ".join(detail.split())[:200]
        self.doc = f"{_DOC}{errcode}" if errcode else ""
        super().__init__(f"{type(self).__name__} {errcode} {self.detail}".strip())


class Limited(WeComFault):
    """Too much in too short a time; nothing was sent; wait ``retry_after_s`` business seconds."""

    def __init__(self, detail: str = "", errcode: int = 0, retry_after_s: float = 60.0) -> None:
        super().__init__(detail, errcode)
        self.retry_after_s = retry_after_s


class Gone(WeComFault):
    """A right to answer is used up or too old; another way to the same person may work."""


class StreamOver(Gone):
    """The stream takes no more words; on a repeated send it means that the first arrived."""


class Unreachable(WeComFault):
    """The wire failed; ``unknown`` tells that the message may have arrived all the same."""

    def __init__(self, detail: str = "", errcode: int = 0, unknown: bool = False) -> None:
        super().__init__(detail, errcode)
        self.unknown = unknown


class Busy(Unreachable):
    """WeCom is busy for a moment; nothing was taken."""


class WindowShut(Gone):
    """微信客服: 48 hours are over or five messages are said; only her next words open it."""


class SessionHeld(Gone):
    """微信客服: the session is not the program's now: a human has it, it waits, or it ended."""


class StaleToken(Unreachable):
    """The access token was refused; the client fetches one more and repeats once."""


class HalfDead(Unreachable):
    """The socket still stands but WeCom no longer delivers through it."""


class Refusal(WeComFault):
    """Will never work as it stands: wrong receiver, wrong shape, not a member."""


class BadParameter(Refusal):
    """Something in the request is wrong; for single-use codes that is how "used up" sounds."""


class Duplicate(Refusal):
    """A card with this task_id exists: on a repeated send that is as good as a receipt."""


class StaleKnock(Refusal):
    """微信客服: the token of a callback is too old; reading goes on without it."""


class TooManyOwners(Refusal):
    """客户群: the list must be narrowed to some owners."""


class NoCustomerGroup(Refusal):
    """客户群: the group is none, or is none any more; only its id is known."""


class HookGone(Refusal):
    """The webhook was removed from its group, or its key was never one."""


class NotAllowed(WeComFault):
    """Keys, rights or addresses are wrong; the operator must act, repeating makes it worse."""


_TABLE: dict[int, type[WeComFault]] = {
    -1: Busy,
    40014: StaleToken,
    42001: StaleToken,
    45009: Limited,
    45033: Limited,
    846605: Gone,
    846608: StreamOver,
    846609: HalfDead,
    40058: BadParameter,
    81017: TooManyOwners,
    90501: NoCustomerGroup,
    95001: WindowShut,
    95007: StaleKnock,
    95018: SessionHeld,
    42014: Duplicate,
    # Keys, rights and addresses of the corp.
    40001: NotAllowed,
    40013: NotAllowed,
    40056: NotAllowed,
    41001: NotAllowed,
    41004: NotAllowed,
    48002: NotAllowed,
    48009: NotAllowed,
    50003: NotAllowed,
    60020: NotAllowed,
    301002: NotAllowed,
    301042: NotAllowed,
    301052: NotAllowed,
    301049: NotAllowed,
    301050: NotAllowed,
    301051: NotAllowed,
    93000: HookGone,
    853000: NotAllowed,
}
# The archive's C library has numbers of its own; only 10001 to 10003 are worth another try.
_SDK_TABLE: dict[int, type[WeComFault]] = {
    10001: Unreachable,
    10002: Unreachable,
    10003: Unreachable,
    10009: NotAllowed,
    10010: Gone,
    10011: NotAllowed,
}


def fault_of(errcode: int, errmsg: str = "") -> WeComFault:
    """The fault that ``errcode`` stands for; a code that is not in the table is a ``Refusal``.

    Source: WeCom global error codes, /document/path/90313, read 2026-11.
    """
    return _TABLE.get(errcode, Refusal)(errmsg, errcode)


def sdk_fault_of(code: int) -> WeComFault:
    """The fault that a return code of the archive's library stands for; else a ``Refusal``.

    Source: WeCom archive SDK, /document/path/91774, read 2026-11.
    """
    return _SDK_TABLE.get(code, Refusal)("the archive's library refused", code)
