"""The words of the commands (口令) and what each means; ``commands`` finds them in a text."""

from enum import StrEnum

from config.vocabulary import Act


class Order(StrEnum):
    """Commands that are not an act on one ticket."""

    MINE = "mine"  # 我的任务
    LOOK = "look"  # 查 0012
    REGISTER = "register"  # 登记 …
    SETTLED = "settled"  # 已办 …
    BUSY = "busy"  # 忙 2小时
    LEAVE = "leave"  # 请假
    STAND_IN = "stand_in"  # 顶班
    HELP = "help"  # 帮助
    WORDING = "wording"  # 告知 0012 …
    ADD = "add"  # 补充 0012 …
    CONTACTED = "contacted"  # 已联系 0012
    RECLASS = "reclass"  # 改类 0012 物业纠纷
    MISSED = "missed"  # 开单 …
    SAMPLES = "samples"  # 抽查
    MERGE = "merge"  # 0013 并入 0012
    SPLIT = "split"  # 拆开 0012
    NOT_SAME = "not_same"  # 不是一回事
    GRANT = "grant"  # 同意 0012
    ORIGINS = "origins"  # 来源
    DENY = "deny"  # 不同意 0012 理由
    LINK = "link"  # 关联 0013 0012
    UNLINK = "unlink"  # 取消关联 0013 0012
    WARNING = "warning"  # 告诫书 0012 已出具
    VISIT_PLAN = "visit_plan"  # 回访计划 0012 每月一次
    REPORTED = "reported"  # 强制报告 0012 已报
    SIGN = "sign"  # 签字 0012
    TRIED = "tried"  # 没联系上 0012
    CALL_BACK = "call_back"  # 回访 0012 …
    NOT_COUNTED = "not_counted"  # 不计 0012 理由
    COUNTED = "counted"  # 计入 0012 理由
    RATES = "rates"  # 三率
    HARD = "hard"  # 疑难 0012 理由
    INTERIM = "interim"  # 进展 0012 …
    REGRADE = "regrade"  # 改档 0012 缓办 理由
    ANSWER = "answer"  # 答复 0012 …
    DRILL = "drill"  # 叫醒演练 明天 6:30
    AWAKE = "awake"  # 醒了
    PART = "part"  # 子任务 0012 方小满 2小时 上门看看
    PART_TAKE = "part_take"  # 接子任务 0012
    PART_DONE = "part_done"  # 完成 0012 结果
    PART_BACK = "part_back"  # 退子任务 0012 理由
    PART_DROP = "part_drop"  # 撤子任务 0012 方小满
    MEET = "meet"  # 召集 0012 明天15点 警务室 方小满 商量
    COMES = "comes"  # 能来 0012
    STAYS_AWAY = "stays_away"  # 来不了 0012
    MINUTES = "minutes"  # 纪要 0012 …
    COMMENT = "comment"  # 批注 0012 …
    LETTER = "letter"  # 转办函 0012
    THEIR_NUMBER = "their_number"  # 部门编号 0012 …
    THEIR_ANSWER = "their_answer"  # 部门答复 0012 …
    WIDE = "wide"  # 大面积 0012
    LIST_FIGURES = "list_figures"  # 清单优化
    STREET_LIST = "street_list"  # 转办清单
    STREET_DECIDES = "street_decides"  # 综治定 0012 住建 理由
    PRESERVE = "preserve"  # 保全 0012 理由
    LIFT = "lift"  # 解除保全 0012 理由
    LOG = "log"  # 日志
    BURDEN = "burden"  # 负担
    BACKUP = "backup"  # 求助 0012 人手不够
    PACE = "pace"  # 办理时段
    DEBRIEF = "debrief"  # 复盘 0012 原因；预防
    RECORDED = "recorded"  # 已录入 0012 编号
    UNRECORDED = "unrecorded"  # 没录入 0012 原因
    RECORDS = "records"  # 录入情况
    PRAISES = "praises"  # 表扬
    OPINIONS = "opinions"  # 民意
    CLAIM = "claim"  # 对上 0013 0012
    SEARCH = "search"  # 寻人 0012 …
    FOUND = "found"  # 已找到 0012
    PATROLLED = "patrolled"  # 巡防报告 …
    PATROL = "patrol"  # 巡防
    DRINK = "drink"  # 劝阻饮酒 …
    CARE_FOUND = "care_found"  # 关爱发现 …
    CAMPAIGN = "campaign"  # 先锋队
    TAG = "tag"  # 五联 0012 隐患联排
    TAG_FIGURES = "tag_figures"  # 五联统计
    IN_GRID = "in_grid"  # 五个在网格中
    FRAUD_FREE = "fraud_free"  # 无诈骗
    STARS = "stars"  # 星级
    LOOP_LIST = "loop_list"  # 大闭环清单
    TAKE_OVER = "take_over"  # 接班
    PUBLICITY = "publicity"  # 宣传 同意 12
    DAILY = "daily"  # 日报
    EVENING = "evening"  # 晚报
    WEEKLY = "weekly"  # 周研判
    MONTHLY = "monthly"  # 月通报
    MORNING_AUDIT = "morning_audit"  # 法制晨审
    HARD_ONE = "hard_one"  # 待判 12 是 市政设施
    RULES_READ = "rules_read"  # 重读规则
    RULES_GRANT = "rules_grant"  # 批准规则 12
    RULES_DENY = "rules_deny"  # 不批规则 12 理由
    RULES_RESTORE = "rules_restore"  # 恢复规则 12
    QUARTERLY = "quarterly"  # 季度报
    YEARLY = "yearly"  # 年报
    FINDINGS = "findings"  # 研判登记簿
    GRID_BOOK = "grid_book"  # 网格台账
    PEACE = "peace"  # 枫桥材料
    DEPARTMENT_LETTER = "department_letter"  # 部门函 城管 2月


WORDS: tuple[tuple[str, Act | Order], ...] = (
    ("我的任务", Order.MINE),
    ("我的工单", Order.MINE),
    ("误报", Act.FALSE_ALARM),
    ("是险情", Act.CONFIRM),
    ("没有反复", Act.REVIEW),
    ("签收", Act.ACCEPT),
    ("接单", Act.ACCEPT),
    ("到场", Act.VERIFY),
    ("已到场", Act.VERIFY),
    ("处置", Act.RESOLVE),
    ("办结", Act.RESOLVE),
    ("结案", Act.CLOSE),
    ("退回", Act.SEND_BACK),
    ("转给", Act.TRANSFER),
    ("转办", Act.TRANSFER),
    ("转", Act.TRANSFER),
    ("发出", Act.FEEDBACK),
    ("告知", Order.WORDING),
    ("查", Order.LOOK),
    ("问", Act.ASK),
    ("登记", Order.REGISTER),
    ("已办", Order.SETTLED),
    ("忙", Order.BUSY),
    ("请假", Order.LEAVE),
    ("顶班", Order.STAND_IN),
    ("帮助", Order.HELP),
    ("重办", Act.REOPEN),
    ("反馈", Act.FEEDBACK),
    ("问效", Act.REVIEW),
    ("分流", Act.DIVERT),
    ("补充", Order.ADD),
    ("已联系", Order.CONTACTED),
    ("处置完了", Act.RESOLVE),
    ("发给群众", Act.FEEDBACK),
    ("又出现了", Act.REOPEN),
    ("改类", Order.RECLASS),
    ("不是诉求", Act.VOID),
    ("开单", Order.MISSED),
    ("补录", Order.MISSED),
    ("抽查", Order.SAMPLES),
    ("来源", Order.ORIGINS),
    ("并入", Order.MERGE),
    ("拆开", Order.SPLIT),
    ("不是一回事", Order.NOT_SAME),
    ("同意", Order.GRANT),
    ("不同意", Order.DENY),
    ("保全", Order.PRESERVE),
    ("解除保全", Order.LIFT),
    ("日志", Order.LOG),
    ("负担", Order.BURDEN),
    ("求助", Order.BACKUP),
    ("求援", Order.BACKUP),
    ("增援", Order.BACKUP),
    ("办理时段", Order.PACE),
    ("挂起", Act.SUSPEND),
    ("延期", Act.EXTEND),
    ("恢复", Act.RESUME),
    ("作废", Act.VOID),
    ("取消并单", Order.SPLIT),
    ("不予受理", Act.REJECT),
    ("申诉", Act.APPEAL),
    ("复核通过", Act.RECHECK),
    ("复核", Act.RECHECK),
    ("返工", Act.REWORK),
    ("查看原文", Act.UNMASK),
    ("回避", Act.RECUSE),
    ("关联", Order.LINK),
    ("取消关联", Order.UNLINK),
    ("告诫书", Order.WARNING),
    ("回访计划", Order.VISIT_PLAN),
    ("强制报告", Order.REPORTED),
    ("签字", Order.SIGN),
    ("没联系上", Order.TRIED),
    ("回访", Order.CALL_BACK),
    ("不计", Order.NOT_COUNTED),
    ("不计入三率", Order.NOT_COUNTED),
    ("计入三率", Order.COUNTED),
    ("计入", Order.COUNTED),
    ("三率", Order.RATES),
    ("疑难", Order.HARD),
    ("进展", Order.INTERIM),
    ("改档", Order.REGRADE),
    ("答复", Order.ANSWER),
    ("叫醒演练", Order.DRILL),
    ("醒了", Order.AWAKE),
    ("子任务", Order.PART),
    ("联办", Order.PART),
    ("接子任务", Order.PART_TAKE),
    ("完成", Order.PART_DONE),
    ("退子任务", Order.PART_BACK),
    ("撤子任务", Order.PART_DROP),
    ("召集", Order.MEET),
    ("能来", Order.COMES),
    ("来不了", Order.STAYS_AWAY),
    ("纪要", Order.MINUTES),
    ("批注", Order.COMMENT),
    ("报民警", Act.APPROVE),
    ("不报", Act.DECLINE),
    ("采纳", Act.OVERRULE),
    ("研判", Act.JUDGE),
    ("转办函", Order.LETTER),
    ("部门编号", Order.THEIR_NUMBER),
    ("部门答复", Order.THEIR_ANSWER),
    ("大面积", Order.WIDE),
    ("清单优化", Order.LIST_FIGURES),
    ("转办清单", Order.STREET_LIST),
    ("综治定", Order.STREET_DECIDES),
    ("复盘", Order.DEBRIEF),
    ("已录入", Order.RECORDED),
    ("没录入", Order.UNRECORDED),
    ("未录入", Order.UNRECORDED),
    ("录入情况", Order.RECORDS),
    ("表扬", Order.PRAISES),
    ("民意", Order.OPINIONS),
    ("对上", Order.CLAIM),
    ("寻人", Order.SEARCH),
    ("已找到", Order.FOUND),
    ("巡防报告", Order.PATROLLED),
    ("巡防", Order.PATROL),
    ("劝阻饮酒", Order.DRINK),
    ("关爱发现", Order.CARE_FOUND),
    ("先锋队", Order.CAMPAIGN),
    ("五联", Order.TAG),
    ("五联统计", Order.TAG_FIGURES),
    ("五个在网格中", Order.IN_GRID),
    ("无诈骗", Order.FRAUD_FREE),
    ("星级", Order.STARS),
    ("大闭环清单", Order.LOOP_LIST),
    ("接班", Order.TAKE_OVER),
    ("宣传", Order.PUBLICITY),
    ("早会日报", Order.DAILY),
    ("日报", Order.DAILY),
    ("晚报", Order.EVENING),
    ("周研判", Order.WEEKLY),
    ("月通报", Order.MONTHLY),
    ("法制晨审", Order.MORNING_AUDIT),
    ("晨审", Order.MORNING_AUDIT),
    ("待判", Order.HARD_ONE),
    ("重读规则", Order.RULES_READ),
    ("批准规则", Order.RULES_GRANT),
    ("不批规则", Order.RULES_DENY),
    ("恢复规则", Order.RULES_RESTORE),
    ("季度报", Order.QUARTERLY),
    ("季报", Order.QUARTERLY),
    ("年报", Order.YEARLY),
    ("研判登记簿", Order.FINDINGS),
    ("网格台账", Order.GRID_BOOK),
    ("枫桥材料", Order.PEACE),
    ("部门函", Order.DEPARTMENT_LETTER),
    ("大闭环", Act.BIG_LOOP),
    ("回小闭环", Act.SMALL_LOOP),
    ("催办", Act.CHASE),
)
