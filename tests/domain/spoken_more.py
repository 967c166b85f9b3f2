"""A third set of oblique messages; the rules were widened after it was measured (invented here).

Each row: text | kind | categories | danger (- none, ? at least suspected, ! confirmed) | class of
danger | urgency. An empty field asks for nothing.
"""

from tests.domain.spoken import rows

MORE = rows(
    """
    俺家三楼 阳台栏杆外面挂着个孩子 快掉了|report||?,!
    有个老太太在马路牙子上坐着 问啥都不知道 就说要回家|report|P06|?,!
    我家厨房门缝冒白烟 推不开门|report|N06|?,!
    楼下大姐被狗咬了 血流了一腿|report|P18|-,?,!
    拿着钢管的几个人冲进烧烤店了|report||?,!
    我闺女被一个骑车的撞飞了 人没动静|report|P14|?,!
    孩儿他爹喝高了 又砸门 我们娘俩不敢开|report|P04|?,!
    一个小女孩一个人在立交桥底下走 四五岁样子|report|P06,P19|?,!
    变压器那块嘭的一声 火花四射|report||?,!
    老房子后墙昨晚上鼓出来一大块 里面还住着人|report||?,!
    车库里有人在喊 卷帘门放下来了出不来|report||?,!
    塘里头有个娃在扑腾 快点喊人|report||!
    我外公吃错药了 现在人都软了|report|N09|?,!
    她昨晚给我发消息说明天不用等她了 今天哪都找不到人|report||?,!
    有人往楼下扔砖头 差点砸中遛娃的|report||?,!
    他说晚上要带人来砍我|report||?,!
    天然气表那里有嗤嗤的声音 味道越来越重|report|N05|?,!
    水已经漫过一楼窗台了 奶奶还在二楼|report|N13|?,!
    我被锁在储藏室了 手机快没电|report||?,!
    体育馆看台断了一截 好多人摔下去|report||?,!
    有个醉汉躺路中间 车都绕着走|report||-,?,!
    老师拿尺子把我儿子手打肿了|report|P19,N12|-,?,!
    手上的刀口还在流血 我不想再撑了|report|P05|?,!|suicide_self
    刚接了个电话说我医保卡异常 我按他说的下了个软件 钱被转走一万二|report|P02|!|fraud_now
    直播间买玉 打了两万 主播跑路了|report|P02,N10|-,!
    朋友圈有人卖低价手机 转账后拉黑我|report|P02|!|fraud_now
    地锁又被人撬了 车位让别人占了|report|P11,P01,P14,N04|-
    楼上小孩天天弹琴弹到十点半|report|P10|-
    公厕灯都没有 大晚上怎么进|report|N03,N01|-
    我家菜园子的黄瓜一夜之间没剩几根|report|P01,N14|-
    后山有人半夜拿探照灯打鸟|report|P21,N14|-
    旁边洗车店的水全流到人行道 结冰滑倒好几个人|report|N01,N03|-,?
    快递站把我的件弄丢了还不赔|report|N16,N10,P13,P01|-
    老板说厂子效益不好 三个月没给发钱|report|N11|-
    我弟欠了网贷 天天有人打电话骂我妈|report|P09,P13|-
    幼儿园让交一千块伙食费 不交不让进|report|N12|-
    小区对面酒吧门口天天有人打情骂俏吵到两点|report|P10|-
    斑马线都磨没了 学生过马路好危险|report|N03,P14|-
    家里水龙头拧开全是白沫|report|N05|-
    楼道声控灯跟鬼火一样 上楼全靠摸|report|N04,N03|-
    有辆没牌的依维柯在幼儿园门口停了两天了|report|P15,P14|-
    出租车绕了半个城 多收我四十|report|N16|-
    我家承重柱被楼下凿了个洞|report|N02|-
    邻居把监控装到我窗户对面了|report|P11|-
    院子里堆了一院子废纸壳 夏天一点就着|report|N06,N01|-
    公园里有人打着算命的旗号骗老太太钱|report|P02,P22|-
    二楼那对小年轻天天吵 昨天摔了一地东西|report|P12,P11,P10,P04|-,?
    家门口的窨井一下雨就往外冒水|report|N03|-
    昨天报的那个灯还黑着呢|update,report|N03|-
    你们那个户籍室中午有人没|question|P17|-
    港澳签注网上能弄吗|question|P17|-
    小区能不能装几个充电桩|report,question|N15,N04|-
    谢谢王警官 帮我妈把包找回来了|report,chat,update|N15|-
    你们接警的小姑娘说话冲得很|report|P23|-
    收到 马上转给物业|chat,update||-
    今天包子铺不开门吗|chat,question||-
    谁会修洗衣机 推荐一个|chat||-
    昨天那场雨真大|chat||-
    我儿子打游戏打到半夜 气死|chat||-
    刚看完反诈电影 太解气了|chat||-
    孩子发烧四十度 打疫苗的地方开门没|question,report,chat||-,?
    这雾霾天跑步等于吸毒|chat||-
    隔壁装修队的师傅手艺真好|chat||-
    晚上烧烤走起 三缺二|chat||-
    """
)
