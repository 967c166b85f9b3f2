"""Sentences people might type, with what the reader should make of them (all invented here).

Each row: text, kind, categories that are right, danger (- none, ? suspected or confirmed,
! confirmed). ``""`` for the categories means that none is asked for.
"""

from typing import NamedTuple


class Spoken(NamedTuple):
    """One sentence and the reading expected of it; ``""`` asks for nothing."""

    text: str
    kind: str
    categories: str
    danger: str
    danger_class: str = ""
    urgency: str = ""


def rows(block: str) -> tuple[Spoken, ...]:
    """The rows of a block, one a line, fields parted by ``|``."""
    lines = (line.split("|") for line in block.strip().splitlines())
    return tuple(Spoken(*(part.strip() for part in line)) for line in lines)


DANGER = rows(
    """
    桂花苑着伙了快来|report|N06|!
    3号楼二单元楼道里冒浓烟 呛得睁不开眼|report|N06|!
    楼下电瓶车充着充着烧起来了|report|N06|!
    厨房油锅起火了咋办啊火苗窜到油烟机了|report|N06|!
    后山冒烟了 风一吹火越来越大|report|N06,N13|!
    我没看到着火 就是一股焦味 配电箱那边|report|N06,N05,N03|?
    进门一股子煤气味 头有点晕|report|N05|!
    施工队把燃气管道挖断了 嘶嘶往外冒|report|N05|!
    娃洗澡半天没动静 热水器在里头 叫不答应|report|N05,N09|!
    电线断了掉在水坑里滋滋响 娃儿们还在旁边耍|report|N03,N05|!
    路灯杆子麻手 刚才一个老人摸了一下就倒了|report|N03,N05|!
    有个娃掉水塘里了快来人啊|report|N06,P19,N13|!
    河里有人在扑腾 快救人|report|N06,N13,P06|!
    水库那边几个学生下水耍 没得大人|report|N06,P19|?
    我奶奶早上出门遛弯到现在没回来 她有老年痴呆|report|P06|!
    孩子放学没到家 电话手表关机了 急死我了|report|P06|!
    我屋老汉走丢了 穿蓝布衫 脑壳不清白|report|P06|!
    菜场捡到一个小男孩 三四岁 哭着说不清家在哪|report|P06|!
    电梯卡在五楼和六楼中间 我和我妈在里面|report|N04|!
    有个小孩被锁车里了 满头大汗|report|P19,N04|!
    我家娃的手夹在扶梯里了|report|N04,P19|!
    他喝醉了在砸东西 我带着孩子躲在厕所里|report|P04|!
    老公又打我了 嘴角都裂了|report|P04|!
    隔壁女的一直惨叫 男的在骂 还有摔东西的声音|report|P04,P03|!
    楼上天天打孩子 今天哭得特别惨|report|P04,P19|?
    婆家把我手机收了 不让我出门 我偷偷发的|report|P04|!
    有个男的从地铁口一直跟着我 我不敢回家|report|P09|!
    刚才电梯里有个男的摸我 我女儿吓哭了|report|P09,P19|?
    2栋门口有个人拎着砍刀 快报警|report|P21,P03|!
    两帮人在夜市打起来了 有人掏刀子|report|P03,P21|!
    东门打群架 板凳都抡起来了 地上有血|report|P03,P21|!
    有人吵架快打起来了|report|P03,P11|-
    对门那面八卦镜的事 两家在楼道吵 快打起来了|report|P03,P11|-
    活着没意思 对不起爸妈 来世再报答|report|P05|!
    我想死 真的撑不下去了|report|P05|!
    安眠药我准备好了 今晚就走 别找我|report|P05|!
    楼顶边上坐着个姑娘在哭 好像要跳|report|P05|!
    大桥栏杆外面站了个男的 快来人|report|P05|!
    我弟刚给我发了遗书 电话打不通|report|P05|!
    我妈喝了农药 快叫救护车|report|P05,N09|!
    小广场有个大爷倒在地上不动了|report|N09|!
    我爸突然嘴歪了说不出话 半边身子动不了|report|N09|!
    楼下老太太三天没见人了 敲门也没人应|report|N09,N08,P06|!
    我老婆羊水破了 车被堵着出不去|report|N09,P14|!
    楼上掉下来一块玻璃 差点砸到我儿子|report|N04,N03,P09|!
    村口窨井盖没了 黑咕隆咚的差点掉进去|report|N03|-
    雨太大 后面围墙要倒了 下面有人住|report|N03,N13|!
    一楼进水到大腿了 老人还在屋里出不来|report|N13|!
    路口撞了 骑电动车的躺地上流血|report|P14|!
    面包车撞倒人跑了 人躺在路边|report|P14|!
    领鸡蛋的挤成一团 有老人被踩了|report|P20|!
    保姆拿针扎我家宝宝 身上全是针眼|report|P19,P04|!
    不是骗你们 真的着火了|report|N06|?
    7号楼是不是着火了?好大的烟|report|N06|?
    救命 他拿刀砸门|report|P04,P21,P03,P09|!
    老头一个人在屋头摔倒了爬不起来 门反锁起的|report|N09,N04|!
    卷闸门里有人喊救命|report|P04,N04,P03|?
    厂里有人掉进污水池了|report|N06,N13|!
    阿婆晕咗喺楼梯口 边个识急救|report|N09|!
    屋企煤气味好大 阿妈头晕|report|N05|!
    燃起来咯 三楼窗子在冒黑烟|report|N06|!
    仓库卷帘门缝里往外冒黑烟 里头好像存的泡沫板|report|N06|!
    奶奶吃年糕噎到了 脸都憋紫了|report|N09|!
    二楼阳台外头挂着个娃 两只手扒着栏杆|report|P19,P05,N04|!
    我爸去水库收网 船翻了 人还没上来|report|N06,N13,P05|!
    前头修路的把电线扯断了 线头在水洼里|report|N03,N05|!
    她发了条朋友圈说太累了下次不来了 电话不接门也不开|report|P05|?
    有个骑摩托的专门抢老太太的金耳环 刚在桥头抢了一个|report|P01,P03|!
    302的老婆婆一个礼拜没下楼 牛奶箱都满了|report|N09,N08,P06|!
    我女儿下晚自习没回来 打电话关机|report|P06|!
    师傅把我妹妹扯上车了 车牌没看清 快点|report|P09,P06,P19|!
    那个崽把他娘推倒在地上还用脚踩|report|P04,P03|!
    """
)

TROUBLE = rows(
    """
    电动车停楼下一晚上 早上起来没了|report|P01|-
    昨晚工棚里电缆被人剪走了|report|P01|-
    电动车被偷了咋办|report|P01|-
    快递放门口又被人拿走了 这个月第二回|report|P01|-
    地里的白菜一夜之间让人砍光了|report|P01,N14|-
    刚转了5万给客服 是不是骗子|report|P02|!
    刷单做任务 垫进去八千多提不出来了|report|P02|!
    我妈在跟冒充公安的视频 让她把钱转安全账户|report|P02|-
    网上认识的导师带我投资 现在平台打不开了 十几万没了|report|P02|!
    老公在外面有人了 要跟我离婚 孩子他不让我见|report|P12|-
    兄弟三个谁也不管老娘 推来推去|report|P12,N08|-
    房东不退押金 还把我东西扔出来了|report|P13|-
    欠我三万块货款拖了两年 打电话不接|report|P13|-
    谁的白色轿车堵在车库口 麻烦挪一下 急着送孩子|report|P14|-
    外卖骑手在小区里横冲直撞 差点撞到老人|report|P14|-
    学校门口天天堵得水泄不通 接娃的车乱停|report|P14|-
    有个生面孔在单元里一家一家拧门把手|report|P15|-
    两个人自称检查燃气的 没证件 非要进屋|report|P15|-
    一辆没牌的面包车在巷子里停了三天 里面有人盯着看|report|P15|-
    在凉亭捡到一串钥匙 有个小熊挂件 失主来门岗拿|report|P16|-
    身份证和钱包落在出租车上了|report|P16|-
    邻居家的大狼狗不牵绳 扑到我腿上|report|P18|-
    流浪狗成群 早上咬了一个老太太|report|P18|-
    楼顶养鸽子 天天一地鸽子粪 臭死了|report|P18,N01|-
    几个初中生把我儿子堵厕所要钱|report|P19|-
    网吧里全是没成年的学生 老板也不看身份证|report|P19|-
    12栋那家棋牌室天天赌 一晚上输赢好几万|report|P07|-
    巷子里那家按摩店不正经 天天男的进进出出|report|P07|-
    举报2号楼有人吸毒 半夜一股怪味|report|P08|-
    楼梯间扔了好多针管和锡纸|report|P08|-
    前男友天天发短信威胁我 还堵我公司门口|report|P09|?
    有人在更衣室装针孔摄像头|report|P09|-
    楼上半夜一两点还在拖椅子 没法睡|report|P10|-
    广场舞音响开得震天响 孩子写不了作业|report|P10|-
    隔壁ktv唱到凌晨三点 天天如此|report|P10|-
    对门把鞋柜摆到我家门口 说了几次不听|report|P11|-
    楼上空调水滴到我家被子上 找他还骂人|report|P11|-
    隔壁盖房占了我家半米地界 天天吵|report|P11,N14|-
    家里老宅翻出一颗老炮弹 不敢动|report|P21|-
    隔壁仓库里堆了几十桶汽油|report|P21,N06|-
    民警态度太差 还骂人|report|P23|-
    报了警两个小时没人来 打电话还不耐烦|report|P23|-
    架空层来了一帮人给老人发鸡蛋听课 要登记身份证|report|P22|-
    垃圾房三天没人清 苍蝇乱飞 臭得不行|report|N01|-
    烧烤摊占了整条人行道 油烟往楼上灌|report|N01|-
    楼下饭店油烟直排 窗户都不敢开|report|N01|-
    一楼把绿化带围起来种菜|report|N02,N01|-
    顶楼在搭彩钢棚 叮叮当当的|report|N02|-
    楼下装修把承重墙砸了|report|N02|-
    村里大桥头的路灯坏了半个月 黑灯瞎火的|report|N03|-
    小区门口路灯坏了三天了|report|N03|-
    人行道地砖翘起来一大片 老人绊了好几跤|report|N03|-
    5栋电梯又坏了 老人爬十几楼|report|N04|-
    物业费收得勤 楼道灯坏了一年没人换|report|N04|-
    楼上漏水 我家天花板都发霉了|report|N04|-
    单元门禁坏了好久 谁都能进|report|N04|-
    停水两天了 一点通知都没有|report|N05|-
    家里水龙头流出来黄泥汤|report|N05|-
    又跳闸了 空调开不了 孩子热得直哭|report|N05|-
    暖气片冰凉 家里才十三度|report|N05|-
    一楼有人从窗户拉线下来充电 下雨也不收|report|N06|-
    消防通道被私家车停满了|report|N06,P14|-
    楼道里堆满破沙发和纸箱 走都走不过去|report|N06|-
    工地打桩打到后半夜 整栋楼都在抖|report|N07|-
    河水发黑发臭 上面漂着死鱼|report|N07|-
    后面厂子偷偷排废水 味道刺鼻|report|N07|-
    桥洞下睡了个流浪汉 晚上零下五度 怕冻坏了|report|N08|-
    隔壁孤老没人照顾 天天捡剩菜吃|report|N08|-
    小诊所给我妈输液过敏 一问没有证|report|N09|-
    健身房突然关门 年卡的钱不退|report|N10|-
    超市买的牛奶过期三个月了|report|N10|-
    工地拖了我们八个月工资 老板不接电话|report|N11|-
    老板不给加班费 还说爱干不干|report|N11|-
    补习班跑路了 学费一万多要不回来|report|N12,N10|-
    幼儿园乱收费 说是自愿其实强制|report|N12|-
    羊跑到我家麦地里啃了一大片青苗|report|N14|-
    有人晚上在河里电鱼|report|N14,P21|-
    出租车拒载 还骂我|report|N16|-
    公交车到站不停 喊都不应|report|N16|-
    建议东门加个减速带 车太快了|report|N15,N03|-
    想表扬一下巡逻的民警 帮我找回了孩子的书包|report|N15|-
    一个穿黑衣服的在车棚里挨个掀车座|report|P15,P01|-
    我挂在阳台的腊肉少了四块|report|P01|-
    说是医保局的让我点链接 钱一下就划走六千|report|P02|!
    老板说下个月给 都下了五个月了 一分没见着|report|N11|-
    隔壁天天半夜在屋里练架子鼓|report|P10|-
    早上看见一只大黑狗追着小学生跑|report|P18|-
    孩子在学校被同学扇巴掌还录了视频|report|P19|-
    公园石凳上睡着个没穿棉袄的老头 冻得直抖|report|N08,N09|-
    房东半夜换锁 我行李都在里面|report|P13|-
    报了三回警 来了个辅警骂我没事找事|report|P23|-
    理发店充了两千 上礼拜门一锁人跑了|report|N10|-
    路口红绿灯一直闪黄灯 车都抢着过|report|N03,P14|-
    转居民反映:6栋楼道堆放杂物 请物业核实处理|report|N06,N04|-
    """
)

OTHER = rows(
    """
    请问补办身份证要带什么材料|question|P17|-
    派出所周末上班吗|question|P17|-
    居住证怎么续签 网上能办不|question|P17|-
    养狗要办证吗 在哪办|question|P18,P17|-
    明天几点来水|question|N05|-
    群里传的抢小孩是真的吗|question|P22|-
    社区医院礼拜天打不打疫苗|question|N09|-
    装修几点以后不让敲|question|N07,P10|-
    物业电话多少|question|N04|-
    小孩上户口要跑几趟|question|P17|-
    没事了没事了|update||-
    没事了 误会 不用来了|update||-
    咋样了|update||-
    有人管吗|update||-
    我那个事怎么样了|update||-
    车已经挪了 谢谢|update||-
    找到了找到了 在外婆家|update||-
    补充一下 是3栋不是2栋|update||-
    又来了|update||-
    路灯修好了 谢谢|update||-
    还是没人来|update||-
    人走了|update||-
    电来了电来了|update||-
    民警同志已经到了 谢谢|update||-
    刚才那个事不用管了 自己解决了|update||-
    早上好 祝大家周末愉快|chat||-
    昨天看的那个纪录片 火灾现场太惨了|chat||-
    宝宝昨晚闹了一夜 我也没睡|chat||-
    今天蟹黄包子好吃到爆 有要带的吗|chat||-
    收到|chat||-
    好的谢谢|chat||-
    哈哈哈笑死我了|chat||-
    新开的火锅爆炸好吃|chat||-
    昨晚那电影里砍人那段太吓人了|chat||-
    晚上开黑 枪法好的来|chat||-
    今天热死了 人都要化了|chat||-
    加班加到想死 奶茶续命|chat||-
    我儿子把我气得要跳楼😂|chat||-
    晚上打麻将三缺一 输了请吃饭|chat||-
    晚霞像着火一样好看|chat||-
    双十一又剁手了|chat||-
    出一辆二手婴儿车 八成新 5栋自提|chat||-
    水蜜桃接龙 1.一箱 2.两箱|chat||-
    【反诈提醒】凡是要求转账到安全账户的都是诈骗 请转发给家人|chat||-
    【温馨提示】近期天气干燥 请注意用火安全 发现火情及时拨打119|chat||-
    社区义诊 周六上午测血压 欢迎居民参加|chat||-
    专业疏通下水道 24小时上门|chat||-
    听说外地有个电梯掉下去了|chat||-
    小时候村里着过一次火 烧了半条街|chat||-
    做梦梦到被人追杀 醒来一身汗|chat||-
    帮我家娃投个票 谢谢各位|chat||-
    谁偷走了我的青春|chat||-
    这瓜甜得有毒吧|chat||-
    蚊子咬得我想报警|chat||-
    外卖再不来我要饿死了|chat||-
    今天钓鱼一条没钓到 气得想跳河🤣|chat||-
    """
)
