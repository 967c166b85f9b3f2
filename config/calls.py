"""How a phone call of 紧急通知 ends (接听结果): WeCom's numbers in words that staff read.

``getstates`` answers with a number; the journal of a danger says the words. Which numbers mean
that it still rings and which that somebody talks is said here once, for the lane and the handler.
Source: https://developer.work.weixin.qq.com/document/path/91628, read 2026-11.
"""

RINGING = 1
TALKS = (2, 3)
LIMITED = 13

WHY: dict[int, str] = {
    0: "响完没人接",
    RINGING: "一直在响",
    4: "没人接，对方挂机",
    5: "不在服务区",
    6: "号码欠费",
    7: "对方拒接",
    8: "手机关机",
    9: "空号",
    10: "号码限制呼入",
    11: "线路错误",
    12: "响到超时没人接",
    LIMITED: "打得太密，8分钟最多3次、24小时最多8次",
    14: "线路没有回音",
    15: "主叫超限",
    16: "线路忙",
    17: "呼叫被取消",
    20: "外呼超时，结果不明",
}

# Why a call could not be made at all, by WeCom's errcode; 0 is our own limit.
NOT_MADE: dict[int, str] = {
    0: "超过企业微信的次数限制",
    301049: "应用没有在“紧急通知”里关联",
    301050: "“紧急通知”没有开启",
    301051: "“紧急通知”余额不足",
}
LATE = "断线太久，这通电话已经过时"
OTHER = "企业微信没有接受这通电话"
