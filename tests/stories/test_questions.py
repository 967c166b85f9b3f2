"""Questions: the site's own answer, a human where it is unsure, and a ticket when she wants one."""

from tests.stories.world import World

KNOWN = "请问身份证怎么办理"
UNKNOWN = "请问公租房怎么申请"
OFFER = "转为上报"


async def test_known_question_is_answered_from_the_list_and_opens_no_ticket(world: World) -> None:
    wang = world.resident("王阿姨")
    await wang.says(KNOWN)

    said = await wang.last()
    assert "户口簿" in said
    assert "0000-8110001" in said, "the counter's phone of station.yaml"
    assert OFFER in said
    assert await world.tickets() == []


async def test_group_may_hear_an_answer_but_never_her_words(world: World) -> None:
    await world.resident("王阿姨").says("请问小伟的身份证怎么办理", chat="桂花苑")

    said = await world.chat("桂花苑").last()
    assert "户口簿" in said
    assert "小伟" not in said


async def test_answer_about_a_protected_matter_is_told_in_private(world: World) -> None:
    wang, group = world.resident("王阿姨"), world.chat("桂花苑")
    await wang.says("请问家暴告诫书怎么申请", chat="桂花苑")

    assert "告诫书" not in await group.heard_all()
    assert "保护令" in await wang.last()


async def test_offer_turns_the_question_into_a_ticket_of_its_category(world: World) -> None:
    wang = world.resident("王阿姨")
    await wang.says(KNOWN)
    await wang.says(OFFER)

    ticket = await world.only_ticket()
    assert ticket.category == "P17"
    assert "身份证" in (await world.officer("林知远").card()).text
    assert ticket.serial in await wang.heard_all()


async def test_offer_made_in_the_group_can_be_taken_in_private(world: World) -> None:
    wang = world.resident("王阿姨")
    await wang.says(KNOWN, chat="桂花苑")
    await wang.says(OFFER)

    assert (await world.only_ticket()).category == "P17"


async def test_offer_belongs_to_her_who_asked(world: World) -> None:
    await world.resident("王阿姨").says(KNOWN, chat="桂花苑")
    chen = world.resident("陈叔")
    await chen.says(OFFER, chat="桂花苑")

    assert await world.tickets() == []
    assert "哪里、出了什么事" in await world.chat("桂花苑").last()


async def test_unsure_question_goes_to_the_officer_with_both_figures(world: World) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says(UNKNOWN, chat="桂花苑")

    asked = await lin.last()
    assert "公租房" in asked
    assert " 对 " in asked
    assert asked.count("0.") == 2, "the two likeliest entries with their figures"
    assert "王阿姨" not in asked
    assert "已请人" in await world.chat("桂花苑").last()
    assert await world.tickets() == []


async def test_humans_reply_reaches_the_asker_in_private_only(world: World) -> None:
    wang, lin, group = world.resident("王阿姨"), world.officer("林知远"), world.chat("桂花苑")
    await wang.says(UNKNOWN, chat="桂花苑")
    before = len(await group.heard())

    said = await lin.types("回 1 请到街道住房窗口问，带上收入证明，经办电话13912345678")

    told = await wang.last()
    assert "街道住房窗口" in told
    assert "桂花社区警务室" in told
    for secret in ("13912345678", "林知远"):
        assert secret not in told
    assert "已转给" in said
    assert len(await group.heard()) == before


async def test_two_questions_are_answered_by_their_numbers(world: World) -> None:
    wang, chen, lin = world.resident("王阿姨"), world.resident("陈叔"), world.officer("林知远")
    await wang.says(UNKNOWN, chat="桂花苑")
    await chen.says("请问养老金认证在哪里办理", chat="桂花苑")

    assert "1、2" in await lin.types("回 明天来窗口办")
    await lin.types("回 2 社区一楼大厅就能认证")

    assert "大厅" in await chen.last()
    assert "大厅" not in await wang.heard_all()


async def test_question_nobody_answers_reaches_the_command_room(world: World) -> None:
    wang, room = world.resident("王阿姨"), world.staff("邱若兰")
    await wang.says(UNKNOWN, chat="桂花苑")
    before = await room.heard_all() + await world.staff("白景舒").heard_all()
    await world.pass_hours(2.1)

    after = await room.heard_all() + await world.staff("白景舒").heard_all()
    assert "公租房" not in before
    assert "公租房" in after


async def test_staff_get_answers_too_and_no_question_of_theirs_is_handed_on(world: World) -> None:
    fang, lin = world.worker("方小满"), world.officer("林知远")
    before = len(await lin.heard())

    assert "户口簿" in await fang.types(KNOWN)
    assert OFFER not in await fang.heard_all()
    assert "0000-8110110" in await fang.types(UNKNOWN)
    assert len(await lin.heard()) == before


async def test_reply_to_nobodys_question_is_no_answer(world: World) -> None:
    wang, lin = world.resident("王阿姨"), world.officer("林知远")
    await wang.says(UNKNOWN, chat="桂花苑")
    before = len(await wang.heard())

    assert "等您回话的有：1" in await lin.types("回 7 到窗口办")
    await lin.types("回 1 到窗口办")
    await lin.types("回 1 再说一遍")

    assert len(await wang.heard()) == before + 1
