"""Named by the seeds: 移动户籍室, 关爱日, 巡防, 先锋队, 劝阻饮酒, 无诈骗, 五联, 大闭环, lived."""

from tests.stories.world import World


async def test_counter_and_care_days_come_round_without_any_list_of_persons(world: World) -> None:
    wang, far = world.resident("王阿姨"), world.staff("阮秋月")
    await wang.says("移动户籍室什么时候来", chat="桂花苑")
    said = await world.chat("桂花苑").last()
    assert "3月13日（周五）09:00–11:30 桂花苑小广场" in said

    await world.pass_hours(24)
    assert "石桥村文化广场" in await world.officer("贺云飞").heard_all()
    assert "只说情况，不用报名单" in await far.heard_all()

    assert "已交给石桥警务室" in await far.types("关爱发现 石桥村12号 孩子一个人在家没人做饭")
    ticket = await world.only_ticket()
    assert (ticket.category, ticket.owner) == ("P19", "he_yunfei")
    assert "没人做饭" not in await far.types(f"查 {ticket.serial}")
    assert "孩子" not in await world.chat("石桥村").heard_all()


async def test_patrol_walks_its_evening_and_what_it_saw_becomes_tickets(world: World) -> None:
    worker, leader = world.staff("方小满"), world.staff("钟一航")
    assert "19:00–21:00 桂花夜间巡防" in await worker.types("今天")

    said = await worker.types("巡防报告\n桂花苑3号楼楼道堆了杂物\n桂花苑东门路灯不亮")
    assert "发现2件" in said
    assert sorted(t.department for t in await world.tickets()) == ["city_management", "fire"]
    await worker.types("劝阻饮酒 桂花苑烧烤摊 劝住了要砸酒瓶的，制止了动手")

    assert "桂花社区第一网格 报告1次，发现2件，办结0/2" in await leader.types("巡防")
    assert "劝阻1次，制止过激1次" in await leader.types("劝阻饮酒")
    assert "报告1次" not in await worker.types("巡防")


async def test_campaign_tags_and_the_month_are_told_in_sums(world: World) -> None:
    leader, officer = world.staff("钟一航"), world.officer("林知远")
    await world.resident("王阿姨").says("桂花苑3号楼两家邻居为楼道鞋柜吵架", chat="桂花苑")
    await world.staff("方小满").types("登记 桂花苑3号楼楼道堆了杂物")

    assert "现在是治安联防" in await officer.types("五联 0001")
    assert "改成服务联动" in await officer.types("五联 0001 服务联动")

    assert "纠纷1，办结0/1；隐患1，办结0/1" in await leader.types("先锋队")
    assert "服务联动 1件，办结0/1" in await leader.types("五联统计")
    month = await leader.types("五个在网格中")
    assert "矛盾化解在网格中：纠纷1件，办结0/1" in month
    assert "人员管控在网格中：本系统不存人员名单，不统计" in month
    assert await leader.types("星级") == "星级没有启用。"
    assert "example.org" in await world.staff("方小满").types("资料 问卷")


async def test_days_without_fraud_are_the_leaders_alone(world: World) -> None:
    leader = world.staff("钟一航")
    await world.resident("王阿姨").says("桂花苑3号楼楼道堆了杂物", chat="桂花苑")
    before = await world.chat("桂花苑").heard()
    await world.pass_days(3)

    assert "桂花社区 连续3天（从3月4日数起，同期登记1件）" in await leader.types("无诈骗")

    assert not any("诈骗" in line for line in (await world.chat("桂花苑").heard())[len(before) :])
    assert "综合指挥室" in await world.staff("方小满").types("无诈骗")


async def test_ticket_goes_from_the_small_loop_to_the_big_one_and_back(world: World) -> None:
    officer, street = world.officer("林知远"), world.staff("潘振国")
    leader = world.staff("钟一航")
    await world.resident("王阿姨").says("桂花苑3号楼两家邻居为楼道鞋柜吵架", chat="桂花苑")
    await officer.types("签收 0001")

    assert "钟一航" in await officer.types("大闭环 0001 要街道一起定楼道规矩")
    await leader.types("同意 0001")
    assert (await world.ticket()).owner == "pan_zhenguo"
    assert "综治中心" in await world.resident("王阿姨").last()
    for one in (officer, street, leader):
        assert "0001" in await one.types("大闭环清单")

    assert "回小闭环" in await street.types("处置 0001 调解成功，两家签了公约")
    await street.types("回小闭环 0001 定了楼道公约，两家都签了")
    assert "两家都签了" in await officer.last()
    await officer.types("处置 0001 调解成功，两家签了公约")
    assert (await world.ticket()).stage in ("resolved", "evaluation")
    assert "没有单子" in await street.types("大闭环清单")
