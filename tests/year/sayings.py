"""What people of the year say (话): made-up matters by place, with things nobody else may hear.

Some sentences carry a name, a phone or a room, so that the books can look for them in what the
public reads.
"""

import random

GROUPS = {"wrGUIHUA01": "桂花苑", "wrHUAIAN01": "槐安里", "wrSHIQIAO1": "石桥村"}
GRIDS = {"wrGUIHUA01": "g01", "wrHUAIAN01": "g02", "wrSHIQIAO1": "g03"}
OFFICERS = {"g01": "lin_zhiyuan", "g02": "lin_zhiyuan", "g03": "he_yunfei"}
WORKERS = {"g01": "fang_xiaoman", "g02": "lu_jianing", "g03": "ruan_qiuyue"}
MEDIATORS = {"g01": "shen_boyu", "g02": "shen_boyu", "g03": "yu_wanqing"}
# Secrets of the sentences: none of them may ever stand in a public text.
NAMES = ("万桂香", "冯小满囤", "葛长贵", "侯翠兰", "蒋有福")
PHONES = ("13800138000", "13900139000", "13700137000")
ROOM = "502"

COMMON = (
    "{n}号楼门口的路灯坏了好几天，晚上一直不亮，麻烦修一下",
    "{n}号楼楼上半夜又蹦又跳，吵得睡不着",
    "{n}号楼门口垃圾好几天没人收，臭死了",
    "{n}号楼对门挂了面八卦镜正对我家，天天为这事吵架",
    "{n}号楼两家人为停车位吵起来了，麻烦来调解一下",
    "{n}号楼楼道堆满杂物，消防通道堵死了",
    "{n}号楼门口有人乱停车，出不去",
    "昨晚电动车在{n}号楼车棚被偷了",
    "{n}号楼门口下水道堵了，污水冒出来",
    "{n}号楼有人违规搭建，在楼顶盖房子",
    "{n}号楼下烧烤店油烟太大，熏得开不了窗",
    "老板拖欠我三个月工资不给，我住{n}号楼",
    "{n}号楼下小卖部卖过期牛奶",
    "{n}号楼有人飞线充电",
    "{n}号楼电梯坏了没人修",
    "{n}号楼隔壁装修太早，六点就电钻，吵死了",
    "{n}号楼门口的通信井盖坏了，光缆露在外面，麻烦修一下",
    "学校门口放学堵得厉害，{n}号楼这边也出不去",
)
RARE = (
    "我被骗了两万块钱，刷单骗的，住{n}号楼",
    "{n}号楼有流浪狗追着人咬",
    "{n}号楼着火了，冒好大烟",
    "{n}号楼煤气味很大，快来人",
    "{n}号楼老人走丢了，一上午没找到",
    "{n}号楼高空抛物，砸到车了",
    "有人在{n}号楼下持刀砍人",
)
PRIVATE = (
    "我老公又打我，{n}号楼",
    "投诉你们林警官态度差，推诿不办",
    "孩子在学校被同学打了，住{n}号楼",
    "我不想活了",
)
TALK = ("今晚吃啥", "谢谢民警同志", "请问居住证怎么办", "户口本丢了怎么补办", "你好", "有人拼车吗")
MORE = ("就是车棚旁边那个", "现在还是这样", "能不能快点")
WIDE = "{n}号楼整栋停电了"


def matter(dice: random.Random, *, private: bool) -> str:
    """Something to report; in private sometimes with name, phone and room."""
    pool: tuple[str, ...] = COMMON if dice.random() < 0.93 else RARE
    if private and dice.random() < 0.08:
        pool = PRIVATE
    said = dice.choice(pool).format(n=dice.randint(1, 9))
    if dice.random() < 0.12:
        return f"{said}，我是{dice.choice(NAMES)}，电话{dice.choice(PHONES)}，2单元{ROOM}室"
    return said
