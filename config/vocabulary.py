"""Words that every floor shares (词汇表): stages, acts, roles, urgencies, kinds.

The names are the field's own terms; the Chinese after each is what people read. Nothing here
decides anything: decisions live in ``bot.domain``. Every other module may import this one.
"""

from enum import StrEnum

from config.chat_kinds import ChatKind as ChatKind
from config.chat_kinds import GroupSpeech as GroupSpeech
from config.closing_codes import ClosingCode as ClosingCode
from config.closing_codes import RejectCode as RejectCode


class Stage(StrEnum):
    """Where a ticket (工单) stands in the closed loop (闭环)."""

    DRAFT = "draft"
    NEW = "new"
    ADMITTED = "admitted"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    VERIFYING = "verifying"
    HANDLING = "handling"
    RESOLVED = "resolved"
    RECHECK = "recheck"
    EVALUATION = "evaluation"
    CLOSED = "closed"
    REVIEW = "review"
    ARCHIVED = "archived"
    WAITING = "waiting"
    ON_HOLD = "on_hold"
    DIVERTED = "diverted"
    REJECTED = "rejected"
    MERGED = "merged"
    VOID = "void"
    REOPENED = "reopened"

    @property
    def label(self) -> str:
        """The Chinese name that staff read."""
        return _STAGE_LABELS[self]


_STAGE_LABELS = {
    Stage.DRAFT: "待确认",
    Stage.NEW: "待受理",
    Stage.ADMITTED: "已受理",
    Stage.ASSIGNED: "已交办",
    Stage.ACCEPTED: "已签收",
    Stage.VERIFYING: "核查中",
    Stage.HANDLING: "处置中",
    Stage.RESOLVED: "已处置",
    Stage.RECHECK: "复核",
    Stage.EVALUATION: "待评价",
    Stage.CLOSED: "办结",
    Stage.REVIEW: "问效中",
    Stage.ARCHIVED: "已归档",
    Stage.WAITING: "待补充",
    Stage.ON_HOLD: "挂起",
    Stage.DIVERTED: "已分流",
    Stage.REJECTED: "不予受理",
    Stage.MERGED: "并案",
    Stage.VOID: "作废",
    Stage.REOPENED: "重办",
}


class Act(StrEnum):
    """What somebody (or a timer) does to a ticket; each act is one journal row."""

    OPEN = "open"  # 登记
    ADMIT = "admit"  # 受理
    ASSIGN = "assign"  # 交办
    ACCEPT = "accept"  # 签收
    VERIFY = "verify"  # 到场/核查
    HANDLE = "handle"  # 处置中
    RESOLVE = "resolve"  # 处置结果
    FEEDBACK = "feedback"  # 反馈
    EVALUATE = "evaluate"  # 评价
    CLOSE = "close"  # 办结
    REVIEW = "review"  # 问效
    ARCHIVE = "archive"  # 归档
    SEND_BACK = "send_back"  # 退回
    TRANSFER = "transfer"  # 转办
    DIVERT = "divert"  # 分流
    HAND_OUT = "hand_out"  # 转出(部门不在企业微信里)
    BIG_LOOP = "big_loop"  # 转大闭环(综治中心)
    BIG_LOOP_OUT = "big_loop_out"  # 转大闭环，中心不在企业微信里
    SMALL_LOOP = "small_loop"  # 带结果回小闭环
    ASK = "ask"  # 问反映人
    REPLY = "reply"  # 反映人答复
    SUPPLEMENT = "supplement"  # 补充
    SUSPEND = "suspend"  # 挂起
    RESUME = "resume"  # 恢复
    EXTEND = "extend"  # 延期
    REJECT = "reject"  # 不予受理
    APPEAL = "appeal"  # 申诉
    RECHECK = "recheck"  # 复核
    REWORK = "rework"  # 返工
    LINK = "link"  # 关联
    UNMASK = "unmask"  # 查看原文
    RECUSE = "recuse"  # 回避
    REOPEN = "reopen"  # 重办
    MERGE = "merge"  # 并单
    SPLIT = "split"  # 拆开
    VOID = "void"  # 作废
    RAISE = "raise"  # 升为险情
    CONFIRM = "confirm"  # 是险情
    FALSE_ALARM = "false_alarm"  # 误报
    WARN = "warn"  # 预警提醒
    CHASE = "chase"  # 催办
    SUPERVISE = "supervise"  # 督办
    ESCALATE = "escalate"  # 升级到指挥室
    RING = "ring"  # 叫人(险情值班链)
    CALL = "call"  # 打电话叫人
    SUBTASK = "subtask"  # 子任务
    MEET = "meet"  # 召集
    APPROVE = "approve"  # 报民警(网格长审核通过)
    DECLINE = "decline"  # 不报(网格长不通过)
    OVERRULE = "overrule"  # 采纳(民警推翻不通过)
    JUDGE = "judge"  # 研判(民警定级定路)
    NOTE = "note"  # 记录
    REFUSE = "refuse"  # 拒绝(谁想做而不能做)
    TELL = "tell"  # 告知
    PRESERVE = "preserve"  # 保全
    SEARCH = "search"  # 寻人

    @property
    def label(self) -> str:
        """The Chinese name that staff read and type."""
        return _ACT_LABELS[self]


_ACT_LABELS = {
    Act.OPEN: "登记",
    Act.ADMIT: "受理",
    Act.ASSIGN: "交办",
    Act.ACCEPT: "签收",
    Act.VERIFY: "到场",
    Act.HANDLE: "处置中",
    Act.RESOLVE: "处置",
    Act.FEEDBACK: "反馈",
    Act.EVALUATE: "评价",
    Act.CLOSE: "办结",
    Act.REVIEW: "问效",
    Act.ARCHIVE: "归档",
    Act.SEND_BACK: "退回",
    Act.TRANSFER: "转办",
    Act.DIVERT: "分流",
    Act.HAND_OUT: "转出",
    Act.BIG_LOOP: "大闭环",
    Act.BIG_LOOP_OUT: "大闭环（发函）",
    Act.SMALL_LOOP: "回小闭环",
    Act.ASK: "询问",
    Act.REPLY: "答复",
    Act.SUPPLEMENT: "补充",
    Act.SUSPEND: "挂起",
    Act.RESUME: "恢复",
    Act.EXTEND: "延期",
    Act.REJECT: "不予受理",
    Act.APPEAL: "申诉",
    Act.RECHECK: "复核",
    Act.REWORK: "返工",
    Act.LINK: "关联",
    Act.UNMASK: "查看原文",
    Act.RECUSE: "回避",
    Act.REOPEN: "重办",
    Act.MERGE: "并单",
    Act.SPLIT: "拆开",
    Act.VOID: "作废",
    Act.RAISE: "升为险情",
    Act.CONFIRM: "是险情",
    Act.FALSE_ALARM: "误报",
    Act.WARN: "提醒",
    Act.CHASE: "催办",
    Act.SUPERVISE: "督办",
    Act.ESCALATE: "升级",
    Act.RING: "叫人",
    Act.CALL: "电话叫人",
    Act.SUBTASK: "子任务",
    Act.MEET: "召集",
    Act.APPROVE: "报民警",
    Act.DECLINE: "不报",
    Act.OVERRULE: "采纳",
    Act.JUDGE: "研判",
    Act.NOTE: "记录",
    Act.REFUSE: "未办成",
    Act.TELL: "告知",
    Act.PRESERVE: "保全",
    Act.SEARCH: "寻人",
}


class Loop(StrEnum):
    """What a process does; one does all, several may share it in any split."""

    HEAR = "hear"
    WORK = "work"
    SEND = "send"
    TICK = "tick"
    WEB = "web"


class Role(StrEnum):
    """Who somebody is for a ticket; the roster gives each member one role."""

    RESIDENT = "resident"
    CONTACT = "contact"
    GRID_WORKER = "grid_worker"
    MICRO_WORKER = "micro_worker"
    GRID_LEADER = "grid_leader"
    ASSISTANT = "assistant"
    AUXILIARY = "auxiliary"
    OFFICER = "officer"
    NARCOTICS = "narcotics"
    INSPECTOR = "inspector"
    LEGAL_OFFICER = "legal_officer"
    DEPARTMENT = "department"
    DEPARTMENT_LEAD = "department_lead"
    MEDIATOR = "mediator"
    COMMAND_ROOM = "command_room"
    ANALYST = "analyst"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    AUDITOR = "auditor"

    @property
    def is_staff(self) -> bool:
        """True for everybody who works tickets; residents and contacts only report."""
        return self not in (Role.RESIDENT, Role.CONTACT)

    @property
    def is_police(self) -> bool:
        """True for those who may be sent to violence (民警、辅警、指挥室、所领导)."""
        return self in _POLICE


_POLICE = frozenset(
    {Role.AUXILIARY, Role.OFFICER, Role.NARCOTICS, Role.INSPECTOR, Role.COMMAND_ROOM, Role.LEADER}
)


class Urgency(StrEnum):
    """Grades of field.md §3.3; a smaller number is more urgent."""

    U1 = "U1"
    U2 = "U2"
    U3 = "U3"
    U4 = "U4"
    U5 = "U5"

    @property
    def label(self) -> str:
        """The Chinese word on a card."""
        return {"U1": "险情", "U2": "紧急", "U3": "一般", "U4": "缓办", "U5": "咨询"}[self.value]


class Kind(StrEnum):
    """What a message is: only a report opens a ticket."""

    REPORT = "report"
    UPDATE = "update"
    QUESTION = "question"
    CHAT = "chat"


class Danger(StrEnum):
    """Grade of danger of a ticket: 险情 rings at once, 疑似 asks the duty person first."""

    NONE = "none"
    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
