"""The sentences of texts.yaml: how a ``{word}`` is filled, and samples to try each with.

Only bare ``{word}`` is a placeholder; nothing typed by a clerk or a resident is ever evaluated.
``config.rules.Rules.text`` fills them; ``config.text_check`` judges them at start.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from config import change_texts, field_texts, handover_texts, publicity_texts, repeats_texts

_WORD = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True)
class Texts:
    """texts.yaml: key → sentence."""

    sentences: Mapping[str, str] = field(default_factory=dict)

    def fill(self, key: str, values: Mapping[str, object]) -> str:
        """The sentence with its words replaced by ``values``.

        Raises: KeyError, when the key or a value is missing.
        """
        return _WORD.sub(lambda found: str(values[found[1]]), self.sentences[key])


def words_of(sentence: str) -> list[str]:
    """The placeholders of a sentence, each once, in order."""
    return list(dict.fromkeys(_WORD.findall(sentence)))


def stray_brace(sentence: str) -> bool:
    """True when a brace stands that belongs to no placeholder."""
    rest = _WORD.sub("", sentence)
    return "{" in rest or "}" in rest


# What each word looks like at its longest in daily use; check renders every sentence with these.
SAMPLES: dict[str, str] = {
    "talk_days": "30",
    "year": "2026",
    "month": "3",
    "reporter_days": "365",
    "closed_years": "5",
    "grave_years": "5",
    "messages": "52",
    "tasks": "34",
    "words": "下午去了三号楼走访，没有单号",
    "day": "3月4日",
    "about": "她正在办的是0012。",
    "act": "处置",
    "actor": "桂花社区警务室",
    "age": "3分钟",
    "answer": "就是3号楼旁边那根，晚上一直不亮",
    "area": "桂花苑",
    "limit": "1个工作日",
    "at": "3月4日 9:05",
    "category": "邻里纠纷",
    "categories": "N03市政设施、N06消防隐患",
    "chat": "桂花苑群",
    "code": "735201",
    "colour": "黄色",
    "codes": "已解决｜调解成功｜调解不成｜已移交｜不属实｜无法联系",
    "count": "3",
    "days": "7",
    "department": "溪河街道综治中心",
    "departments": "城管｜住建｜民政｜街道综治中心",
    "dept_phone": "0000-8112001",
    "doors": "向人民法院起诉、申请仲裁、法律援助热线12348",
    "door": "智能机器人小警",
    "draft": "您反映的路灯已经修好了，谢谢您提醒。",
    "due": "3月4日 18:00",
    "force": "警务室民警调解",
    "forms": "人民调解协议书、口头协议登记、治安调解协议书",
    "from": "3月4日",
    "from_unit": "溪河城管中队",
    "grid": "桂花社区第一网格",
    "group": "桂花苑",
    "key": "aibot:abcdef0123456789",
    "left": "9分钟",
    "letter": "转办函 XH转〔2026〕12号",
    "level": "黄",
    "mean": "1.4",
    "name": "林知远",
    "names": "林知远、唐朔",
    "near": "0012、0021",
    "next": "回“到场 0012”",
    "number": "0012",
    "numbers": "0012、0013、0021",
    "other": "0011",
    "people": "3",
    "weeks": "15",
    "over": "1小时20分钟",
    "owner": "林知远",
    "owner_unit": "桂花社区警务室",
    "paper": "12",
    "place": "桂花苑3号楼2单元",
    "public_result": "双方和好了，镜子也拆了，以后有事先找我们说",
    "question": "是哪根灯杆？",
    "reason": "不在本辖区，归隔壁社区",
    "result": "双方和解，已签协议",
    "said": "签收一下那个",
    "score": "2",
    "share": "45/50（90%，79–96%）",
    "side": "甲方",
    "stage": "处置中",
    "stage_plain": "正在了解情况",
    "summary": "对门挂了面镜子正对我家，快打起来了",
    "time": "3月4日 9:05",
    "times": "2",
    "to": "3月6日",
    "unit": "桂花社区警务室",
    "until": "今天 11:00",
    "version": "3",
    "urgency": "紧急",
    "wait": "1分钟",
    "waited": "2分钟",
    "what": "身份证号和电话",
    "who": "社区民警",
    "why": "一直连不上",
    **change_texts.SAMPLES,
    **field_texts.SAMPLES,
    **handover_texts.SAMPLES,
    **publicity_texts.SAMPLES,
    **repeats_texts.SAMPLES,
}
