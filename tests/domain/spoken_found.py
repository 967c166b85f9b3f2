"""Sentences that were once read wrongly, each with relatives (all invented here).

Each row: text | kind | categories | danger (- none, ? at least suspected, ! confirmed) | class of
danger | urgency. An empty field asks for nothing.
"""

from tests.domain.spoken import rows

QUARRELS = rows(
    """
    对门挂了面镜子正对我家,快打起来了|report|P11|-||U2
    三号楼有人吵架快打起来了|report|P11|-||U2
    有人吵架快打起来了|report|P11|-||U2
    楼下两家为个停车位骂得不可开交 眼看要动手|report|P11,P14|-||U2
    5栋门口两口子吵得凶 就差打起来了|report|P12,P11|-||U2
    隔壁跟对门吵翻天了 撸起袖子要干架|report|P11|-||U2
    婆媳俩在楼道对骂 再没人来劝怕是要打起来|report|P12,P11|-||U2
    菜摊两个女的越吵越凶 搞不好要动手|report|P11,P03|-||U2
    为了晾衣服滴水两家吵得差点打起来 来个人劝劝|report|P11|-||U2
    快来 两家打起来了|report|P03,P11|!|violence|U1
    吵着吵着打起来了 拉都拉不开|report|P03,P11|!|violence|U1
    三号楼门口打起来了|report|P03|!|violence|U1
    开始说要动手 现在真打上了 嘴角都出血了|report|P03|!|violence|U1
    楼下吵架 一个把另一个按在地上打|report|P03|!|violence|U1
    吵架的那家男的拿菜刀出来了|report|P21,P03,P04|!||U1
    他骂完还说要杀了我 在门口不走|report|P09,P21,P03,P11|?||
    """
)

CRIES = rows(
    """
    救命|report||?|other|
    快来人啊|report||?|other|
    救命啊快来人|report||?|other|
    来人啊 救命啊|report||?|other|
    救命!!!|report||?|other|
    快来人 出事了|report||?|other|
    救救我 快|report||?|other|
    三号楼快来人 要出人命了|report||?|other|
    要出人命了快来|report||?|other|
    这题救命|chat||-
    笑死 救命|chat||-
    救命 这也太好看了吧|chat||-
    救命啊这个老师讲得太快了 作业一点不会|chat||-
    他是我的救命恩人|chat||-
    救命 那部剧的结局太离谱了|chat||-
    这个月工资救命钱都花光了哈哈|chat||-
    """
)

HEARSAY = rows(
    """
    听说前几天隔壁小区有人打架|chat,question||-
    听说隔壁小区昨天着火了,是不是真的|question,chat|P22|-
    群里传城东有个小孩被抢走了 真的假的|question,chat|P22|-
    听说上个月北边那个厂子爆炸了|chat,question||-
    网上说外省一个商场塌了 砸死好几个 吓人|chat||-
    听说上周对面小区有人跳楼了 是真的吗|question,chat|P22|-
    我同事说他们小区昨天电梯掉下来了|chat,question||-
    有人转发说江边淹死人了 是谣言吧|question,chat|P22|-
    听说3号楼正在着火|report|N06|?|fire|
    听人说咱小区东门那边正打着架呢|report|P03|?|violence|
    听说7栋现在有人要跳楼 你们快去看看|report|P05|?|suicide_seen|
    邻居说我家楼下现在有煤气味|report|N05|?|gas|
    听说刚刚2单元有个老人摔倒了起不来|report|N09|?||
    群里说咱们地库现在进水了 有车困在里面|report|N13|?||
    """
)

STAFF = rows(
    """
    你们林警官态度太差了,收了人家的烟不办事|report|P23|-
    报警半天没人来|report|P23|-
    那个辅警骂人|report|P23|-
    派出所踢皮球不给立案|report|P23|-
    打了三次110都没见人影|report|P23|-
    片警上门说话阴阳怪气的 像审犯人|report|P23|-
    窗口那个女警爱理不理 让我跑了四趟|report|P23|-
    你们所里的人偏向那一家 根本不公平|report|P23|-
    社区民警拿了对方好处 笔录都乱写|report|P23|-
    出警的把我推了一把 还说我妨碍公务|report|P23|-
    报案三个月了没人给个说法 打电话就说在查|report|P23|-
    我要投诉那个张警官|report|P23|-
    """
)

MONEY_GONE = rows(
    """
    我刚转了5万给骗子|report|P02|!|fraud_now|
    刚把钱打过去才发现是骗子|report|P02|!|fraud_now|
    给对方转了三千现在联系不上了|report|P02|!|fraud_now|
    我妈刚才给那个假客服打了八万块|report|P02|!|fraud_now|
    刷单做任务 垫进去八千多提不出来了|report|P02|!|fraud_now|
    说我账户涉嫌洗钱让我转到安全账户 我已经转了六万|report|P02|!|fraud_now|
    买游戏号 钱给了人就把我拉黑了|report|P02,P13,N10|!|fraud_now|
    验证码一报 卡里两万八就没了|report|P02|!|fraud_now|
    网上谈的对象骗了我四万多 今早发现被拉黑|report|P02|!|fraud_now|
    刚转了5万给客服 是不是骗子|report|P02|!|fraud_now|
    有个说是公安局的打电话让我转钱 我没转|report|P02|-
    刚接了个电话说我快递丢了要理赔 是骗子吧|report,question|P02|-
    骗子电话真多 一天三个|chat,report|P02|-
    有人加我微信拉我刷单 我没理他|report,chat|P02|-
    这种刷单返利的都是骗子 大家注意|chat,report||-
    房东不退押金|report|P13|-
    """
)

SUICIDE = rows(
    """
    7号楼有人要跳楼,坐在窗台外面|report|P05|!|suicide_seen|
    有个女的站在天台边上哭着要往下跳|report|P05|!|suicide_seen|
    我姐发信息说不想活了 现在联系不上|report|P05|?|suicide_seen|
    我室友割腕了 快来|report|P05|!|suicide_seen|
    对面楼顶有个人坐在边边上 脚都悬起了|report|P05|!|suicide_seen|
    有人说要跳河 在大桥上|report|P05|!|suicide_seen|
    我不想活了|report|P05|!|suicide_self|
    我站在楼顶了 跳下去就什么都不用想了|report|P05|!|suicide_self|
    药我都攒够了 今晚就走 你们别找我|report|P05|!|suicide_self|
    活着太累了 我想一了百了|report|P05|!|suicide_self|
    孩子托付给你们了 我先走一步 下辈子再做牛做马|report|P05|?|suicide_self|
    没人要我了 还不如从桥上跳下去|report|P05|?|suicide_self|
    """
)

STREET = rows(
    """
    井盖没了|report|N03|-||U2
    北门口那个井盖翻了 晚上看不见|report|N03|-||U2
    村口窨井盖没了 黑咕隆咚的差点掉进去|report|N03|-||U2
    下水道盖子让人撬走了 就剩个窟窿|report|N03,P01|-||U2
    井盖子裂成两半了 车一压就翘|report|N03|-||U2
    慢车道上少个井盖 骑车的差点栽进去|report|N03|-||U2
    有个老头掉井里了 井盖没盖|report||!||U1
    井盖没了 一个小孩刚掉下去|report||!||U1
    电线断了掉地上|report|N03,N05|!|electricity|U1
    电线杆子上头冒火花|report|N03,N05|!|electricity|U1
    高压线耷拉到地上 滋滋响|report|N03,N05|!|electricity|U1
    一根黑电线从杆子上垂下来 快够着人头了|report|N03,N05|?|electricity|
    路边配电箱漏电 狗碰一下就倒了|report|N03,N05|!|electricity|U1
    老楼墙裂得厉害 手都能伸进去|report||?|collapse|
    楼要塌了|report||!|collapse|U1
    后面那堵围墙歪了 眼看要倒|report||?|collapse|
    村里老屋塌了半边|report||!|collapse|
    """
)

LIFTS = rows(
    """
    电梯困人了|report|N04|!|trapped|U1
    电梯卡在五楼半 里面有个老太太|report|N04|!|trapped|U1
    我关电梯里了 按铃没人应|report|N04|!|trapped|U1
    2号楼电梯停半空 有人在里头喊|report|N04|!|trapped|U1
    电梯里困了三个娃|report|N04|!|trapped|U1
    电梯门打不开 我妈在里面出不来|report|N04|!|trapped|U1
    电梯坏了|report|N04|-
    5栋电梯坏了 没人修|report|N04|-
    电梯又停了 天天爬十二楼|report|N04|-
    电梯按键失灵半个月了|report|N04|-
    电梯门老是关不严 嘎吱嘎吱响|report|N04|-
    电梯里空调坏了 闷得很 物业不修|report|N04|-
    """
)

CHATTER = rows(
    """
    这电影打架打得真精彩|chat||-
    昨晚球赛打疯了|chat||-
    今天热死了|chat||-
    笑死|chat||-
    两边粉丝打起来了哈哈哈|chat||-
    这把团战直接打爆了|chat||-
    火候大了 锅都烧糊了 晚饭吃炭吧|chat||-
    先把肉砍成块 拿刀背拍一拍再下锅|chat||-
    老板要砍我绩效 我要跟他拼了|chat||-
    作业写到想跳楼|chat||-
    我家猫跟狗打起来了|chat||-
    这歌听得我想哭死|chat||-
    追的剧女主跳河了 气死我|chat||-
    堵车堵到怀疑人生|chat||-
    游戏里被人捅了一刀 服了|chat||-
    炒股亏到要上天台|chat||-
    """
)

FOLLOWING = rows(
    """
    没事了|update||-
    误会误会|update||-
    不用来了|update||-
    已经解决了|update||-
    不用麻烦了 他们自己走了|update||-
    刚才看错了 不好意思|update||-
    好了好了 没啥事|update||-
    搞错了 不是我们楼|update||-
    人找到了 谢谢大家|update||-
    和好了 不用管了|update||-
    咋样了|update,question||-
    有人管吗|update,question||-
    什么时候来|update,question||-
    我报的事有下文没|update,question||-
    到底来不来啊|update,question||-
    都半天了 还来不来人|update,question||-
    处理到哪一步了|update,question||-
    人呢 怎么还没到|update,question||-
    有消息没得|update,question||-
    """
)

FAMILIES = (
    *QUARRELS,
    *CRIES,
    *HEARSAY,
    *STAFF,
    *MONEY_GONE,
    *SUICIDE,
    *STREET,
    *LIFTS,
    *CHATTER,
    *FOLLOWING,
)
