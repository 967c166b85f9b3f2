"""Dialects and typos: each region's words reach the rules, and no ordinary sentence is changed."""

from datetime import datetime

import pytest

from bot.domain.engine import engine_for
from bot.domain.reading import read
from bot.domain.words import normalise
from config.reading_rules import ReadingRules

# What everybody says and what looks, somewhere inside, like a typo or a dialect word.
_EVERYDAY = """
今天天气真好，下午去公园走走
怎么样，晚饭吃了没
没什么事，就是想问问你
为什么事情总是这样
你怎么样了，好点没
我家养了一只阿拉斯加
他们单位这把年纪的人不多
其中不少人都来了
今朝有酒今朝醉
服务业的同志都来开会
这是工人师傅的宿舍
这是工地旁边的小店
植物叶子黄了要浇水吗
房屋业主请来签字
一路登山看风景
新买的电剃须刀真好用
发电体系的课今天开讲
想4点去接孩子
我想4天就回来
他说话轻声了不少
需要验证吗，我这边登录不了
更加暴露了他的本性
大家爆料说要涨工资
厂家爆款打折
人家爆胎了在路边换
上报井盖的事情谢谢大家
挽救名声要紧
身份正常，可以办理
他的身份正确无误
居住正常，没问题
几点动车到站
一点动车票都没买到
凉亭水边拍照很好看
报亭电话是多少
天井该修一修了
红酒架上的酒拿两瓶
欠条子写好了没有
面条子真劲道
京AJC123是谁的车
这批货10pcs一箱
可移动的书架
来自沙特的椰枣
小区生态真好，想清净几天
紫砂了解一下，老板有壶
刚刷但是没看懂这部剧
压着货了，老板再等等
闲着活了半辈子
简历被投了好几家
睡着咧就不吵他了
熬夜个把月写完了
赶早班车去上班
股价跌进前十
累垮了，休息两天
身体要紧别累垮了
没得到通知的同学请举手
这顿饭没得说
这次比赛没得奖也没关系
鬼鬼祟祟地给她准备生日惊喜
数风流人物还看今朝
屋里人都睡了，小声点
夜黑风高的晚上讲鬼故事
夜来香开了
不可响应这种号召
学校在哪里，怎么坐车
隔壁小孩今天满月
明天加班，后天休息
请问派出所几点上班
物业费在哪里交
身份证丢了怎么补
孩子作业写到十点
今晚吃火锅，谁来
谢谢邻居帮忙收快递
楼下的桂花开了
这个瓜三块钱一斤
记得把垃圾分类
周末一起打球吗
妈妈做的饭真香
老师说明天开家长会
路灯修好了，谢谢
电梯维保通知，明天停用两小时
停水通知已经贴在门口
广场舞比赛拿了第二名
这只猫好可爱
公交车改线了，大家注意
下雨了记得收衣服
奶奶在楼下晒太阳
爷爷爱听戏
快递放门卫了
小区门口新开了一家面馆
这家店的排骨不错
周五晚上有电影放映
健身器材装好了
今年的草莓真甜
孩子的书包放门口了
请把车停到白线里
这趟车经过火车站吗
明早六点接亲，鞭炮不放
手机电屏幕亮着
洗衣机脱水声音有点大
他是我叔叔的朋友
女儿考上高中了
我们一家去看海
火锅店找服务员
买点药回来
这条裤子有点长
会议改到三点
谁有充电宝借我用一下
家里来客人了
菜场的鱼很新鲜
我妈腌的咸菜好吃
考试加油
生日快乐
晚安，明天见
这场球踢得好
老家的房子要翻新
消防演练下午三点开始
请大家不要乱停车
社区通知打疫苗
儿子学会骑车了
帮我带一份早餐
今天地铁人真多
门口的银杏黄了
这本书写得真好
窗户擦干净了
报名截止到周日
他在派出所上班
老板涨工资了
房东人很好
我们在河边散步
高考加油，孩子们
跟着导航走就行
拿着票进场
藕炸片真好吃
义务业主委员会招人
面临居住问题的老人
取代款式旧的那件
携带款项请注意安全
一般情况下打假热线有人接
最后一名服务员下班了
广场武术队招新
水桶人手一个
制造业招聘会在社区举行
他在公司当院长
老婆儿子都在家
给喷空调的师傅开门
叫人打扫一下楼梯
叫人打电话通知他
互相打招呼是礼貌
目前日子过得不错
昨夜到现在一直下雨
半夜到家吃了碗面
倒入面粉搅拌均匀
变成晚上上班了
他弹琴晚上才回来
跟他打交道很愉快
然而家里没有酱油了
几点算迟到
几点解封，难点解析在第几页
争执到最后都笑了
还差人手，谁来帮忙包饺子
小心火烛，平安过年
不可多得的好机会
如今儿子都成家了
隔壁儿子考上大学了
银行卡倒是有一张
老特别了，这家店的汤
显赫人家的院子
接着偷懒一会儿
跟着偷看剧本
乌苏啤酒来一箱
阿拉伯数字怎么写
伊拉克的新闻
听日语歌学日语
听晚会直播
机关牢记使命
门打开咧，进来吧
缝缝补补又三年
产权归屋主所有
我没得罪过谁
稻谷堆在晒场上
旁边个子高的是我哥
""".strip().splitlines()

_SAID = (
    ("北方", "夜个儿楼下俩人支巴起来了", "昨天楼下俩人打起来了"),
    ("北方", "他削我 我搁家不吱声", "他打我 我在家不吭声"),
    ("西北", "贼娃子把羊偷走咧 寻不着", "小偷把羊偷走咧 找不着"),
    ("西北", "晚夕有人打捶", "晚上有人打架"),
    ("中原", "后晌有个人掂着刀", "下午有个人拿着刀"),
    ("中原", "恁家叫人偷了木牛", "你家被人偷了没有"),
    ("西南", "屋头没得水 啷个办", "家里没水 怎么办"),
    ("西南", "娃儿跶到 遭撞了", "孩子摔倒 被撞了"),
    ("武汉", "伢被撮了钱 么样办", "孩子被骗了钱 怎么办"),
    ("武汉", "屋里头冇得电", "家里没电"),
    ("江南", "今朝小囡寻勿着", "今天小孩找不到"),
    ("江南", "电梯里关牢了 呒没人来", "电梯里关住了 没人来"),
    ("粤味", "佢嘅单车俾人偷咗", "他的单车被偷了"),
    ("粤味", "琴晚嘈到瞓唔着", "昨晚吵到睡不着"),
)


@pytest.mark.parametrize("said", _EVERYDAY)
def test_everyday_sentence_is_left_as_it_is(said: str, rules: ReadingRules) -> None:
    plain = normalise(said)

    assert engine_for(rules).corrected(plain).text == plain.text


@pytest.mark.parametrize(("region", "said", "meant"), _SAID)
def test_what_a_region_says_becomes_what_the_rules_know(
    region: str, said: str, meant: str, rules: ReadingRules
) -> None:
    assert region in rules.dialects_on
    assert engine_for(rules).corrected(normalise(said)).text == meant


@pytest.mark.parametrize(("region", "said", "meant"), _SAID)
def test_region_that_is_off_is_not_understood(
    region: str, said: str, meant: str, rules: ReadingRules
) -> None:
    deaf = rules.model_copy(update={"dialects_on": ()})

    assert engine_for(deaf).corrected(normalise(said)).text != meant


def test_every_region_has_words_enough(rules: ReadingRules) -> None:
    assert set(rules.dialects) == {"北方", "西北", "中原", "西南", "武汉", "江南", "粤味"}
    assert min(len(words) for words in rules.dialects.values()) >= 40
    assert len(rules.typos) >= 120


def test_correction_happens_once(rules: ReadingRules) -> None:
    """What a word becomes is no left side itself, so that the order never matters."""
    engine = engine_for(rules)
    table = [rules.typos, *(rules.dialects[name] for name in rules.dialects_on)]
    rights = {right for words in table for right in words.values()}

    again = {right: engine.corrected(normalise(right)).text for right in rights}

    assert {right: after for right, after in again.items() if after != right} == {}


def test_typo_of_a_danger_word_is_heard(rules: ReadingRules, at: datetime) -> None:
    assert read("3号楼着伙了快来", at, None, rules).endangers_life
