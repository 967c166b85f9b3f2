"""Checks of the corp (企业): clock, token, trusted address, app, visible range.

Each asks WeCom one thing. A refusal that belongs to an earlier check is not said twice: the later
one is skipped with a word.
"""

import asyncio
from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Any

from bot.wecom.errors import NotAllowed, Refusal, WeComFault
from bot.wecom.probe import NoAnswer
from commands.doctor import words
from commands.doctor.findings import Finding, Patient, skipped, to_do, to_know, well
from commands.doctor.patient import Standing
from config.people_rules import Person

_APP = "管理后台→“应用管理”→自建应用"
_CLOCK_OFF = timedelta(seconds=60)
_AT_ONCE = 4
_MOST_NAMED = 30
_NOT_THERE = 60111
_STATES = {1: Standing.INSIDE, 2: Standing.ASLEEP, 4: Standing.ASLEEP, 5: Standing.UNKNOWN}
NO_CORP = skipped("企业和应用还没有写进设置，先不查。")


async def token(patient: Patient) -> list[Finding]:
    """Corp, secret, ban, network and proxy: a token is given out."""
    if not patient.has_corp:
        return [NO_CORP]
    await patient.corp.token()
    return [well("企业 ID 和应用 Secret 都对，拿到了 access_token。")]


async def clock(patient: Patient) -> list[Finding]:
    """The machine's clock against the Date of WeCom's answer; callbacks allow ten minutes."""
    there = patient.corp.server_time if patient.has_corp else None
    if there is None:
        return [skipped("企业微信没有回答，没有时间可比。")]
    off = patient.now() - there.astimezone(UTC)
    if abs(off) < _CLOCK_OFF:
        return [well("本机时钟和企业微信一致。")]
    way = "快" if off > timedelta(0) else "慢"
    minutes = max(1, round(abs(off) / timedelta(minutes=1)))
    return [
        to_do(
            f"本机时钟比企业微信{way}约 {minutes} 分钟：请打开对时（timedatectl set-ntp true，"
            "内网请指向自己的 NTP 服务器）。差十分钟以上，回调一条也收不到。"
        )
    ]


async def trusted_address(patient: Patient) -> list[Finding]:
    """60020: the address of this machine as WeCom sees it must be typed in."""
    if not await _has_token(patient):
        return [skipped("没有拿到 access_token，先办上面那一条。")]
    try:
        await patient.agent()
    except NotAllowed as fault:
        if fault.errcode == words.UNTRUSTED:
            return [to_do(words.of_untrusted(fault))]
    except WeComFault:
        pass
    return [well("企业微信接受从这台机器发出的调用。")]


async def app_enabled(patient: Patient) -> list[Finding]:
    """The app is the one of the settings, and not switched off."""
    agent = await _agent_or_none(patient)
    if agent is None:
        return [skipped("调用不了接口，先办上面那一条。")]
    if int(agent.get("close") or 0):
        return [to_do(f"应用被停用了：{_APP}→右上角“启用应用”。")]
    return [well(f"应用“{agent.get('name') or patient.settings.app_agentid}”已启用。")]


async def visible_range(patient: Patient) -> list[Finding]:
    """Every person of roster.yaml is in the corp, active, and seen by the app."""
    if patient.rules is None:
        return [skipped("规则目录有错，名册读不出来。")]
    if await _agent_or_none(patient) is None:
        return [skipped("调用不了接口，先办上面那一条。")]
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(person: Person) -> tuple[Person, Standing]:
        async with gate:
            return person, await _standing(patient, person.id)

    found = await asyncio.gather(*map(one, patient.rules.people))
    patient.standing.update({person.id: standing for person, standing in found})
    findings = [
        to_do(sentence.format(names=_names(people)))
        for standing, sentence in _RANGE.items()
        if (people := [person for person, what in found if what is standing])
    ]
    return findings or [well(f"名册 {len(found)} 人都在应用的可见范围里，都已激活。")]


_RANGE = {
    Standing.OUTSIDE: f"不在应用的可见范围里：{{names}}。{_APP}→“可见范围”→“编辑”，加上他们。",
    Standing.UNKNOWN: "企业微信里没有这些账号：{names}。请到“通讯录”核对账号，"
    "改 roster.yaml 的 id；已离职的请从名册拿掉，换上接手的人。",
    Standing.ASLEEP: "账号还没激活或被禁用：{names}。请到“通讯录”邀请他们加入并登录一次。",
}


async def _standing(patient: Patient, user: str) -> Standing:
    try:
        member = await patient.corp.get("user/get", userid=user)
    except Refusal as fault:
        return Standing.UNKNOWN if fault.errcode == _NOT_THERE else Standing.OUTSIDE
    return _STATES.get(int(member.get("status") or 1), Standing.INSIDE)


def _names(people: Iterable[Person]) -> str:
    listed = [f"{person.name}（{person.id}）" for person in people]
    more = f" 等 {len(listed)} 人" if len(listed) > _MOST_NAMED else ""
    return "、".join(listed[:_MOST_NAMED]) + more


async def _has_token(patient: Patient) -> bool:
    if not patient.has_corp:
        return False
    try:
        await patient.corp.token()
    except (WeComFault, NoAnswer):
        return False
    return True


async def _agent_or_none(patient: Patient) -> dict[str, Any] | None:
    """The app's entry; None when an earlier check has said why there is none.

    Raises: WeComFault and NoAnswer of agent/get itself.
    """
    if not await _has_token(patient):
        return None
    try:
        return await patient.agent()
    except NotAllowed as fault:
        if fault.errcode == words.UNTRUSTED:
            return None
        raise


async def phone_calls(patient: Patient) -> list[Finding]:
    """紧急通知: without it nobody is woken at night."""
    if not patient.settings.has_voice:
        return [
            to_know(
                "险情只能靠消息提醒，夜里叫不醒人。要能打电话：在“应用管理”购买“紧急通知”，"
                "把自建应用加进可调用接口的应用，设 JINGGE_VOICE=true。"
            )
        ]
    return [
        well("“紧急通知”已配置，险情会打电话。关联、开通和余额要到第一次拨打才知道，请先试打一次。")
    ]
