"""Checks of the doors that a station may or may not have bought or opened (其他的门).

A door that is not configured is skipped with a word, never a fault. Each asks one harmless
question with the secret of that door.
Source: https://developer.work.weixin.qq.com/document/path/94661 (kf/account/list), 91614
(msgaudit/get_permit_user_list), 94481 (report/grid/list), read 2026-11.
"""

import asyncio
from urllib.parse import urlsplit

from bot.wecom.errors import NotAllowed, Refusal
from commands.doctor.findings import Finding, Patient, skipped, to_do, well
from config.settings import Settings

_KF_PAGE = "管理后台→“应用管理”→“微信客服”"
_ARCHIVE_PAGE = "管理后台→“管理工具”→“会话内容存档”"
_REPORT_PAGE = "管理后台→“应用管理”→“居民上报”和“巡查上报”"
_OVER = 301052
_MOST_ACCOUNTS = 100


async def trusted_domain(patient: Patient) -> list[Finding]:
    """The pages that open inside WeCom (sidebar, login) need the app's trusted domain."""
    if patient.settings.public_url == Settings.model_fields["public_url"].default:
        return [skipped("没有设置 JINGGE_PUBLIC_URL，侧边栏和网页登录不开。")]
    host = urlsplit(patient.settings.public_url).hostname or ""
    if not await patient.can_ask():
        return [skipped("调用不了接口，先办“企业”那几条。")]
    domain = str((await patient.agent()).get("redirect_domain") or "")
    if domain.partition(":")[0].lower() == host.lower():
        return [well(f"可信域名是 {host}，侧边栏和网页登录能用。")]
    return [
        to_do(
            f"应用的可信域名是“{domain or '空'}”，网页在 {host}：管理后台→“应用管理”→自建应用→"
            "“网页授权及JS-SDK”→“设置可信域名”，填它并按提示校验域名归属。"
        )
    ]


async def customer_service(patient: Patient) -> list[Finding]:
    """微信客服: the app may call it, and the accounts of the settings are there."""
    wanted = [part.strip() for part in patient.settings.kf_accounts.split(",") if part.strip()]
    if not wanted:
        return [skipped("没有配置微信客服。")]
    if not await patient.can_ask():
        return [skipped("调用不了接口，先办“企业”那几条。")]
    try:
        answer = await patient.corp.post("kf/account/list", {"offset": 0, "limit": _MOST_ACCOUNTS})
    except (NotAllowed, Refusal):
        return [
            to_do(
                f"应用管不了微信客服：{_KF_PAGE}→“可调用接口的应用”里加上自建应用，"
                "再到“通过 API 管理微信客服账号”把账号交给它。"
            )
        ]
    rows = answer.get("account_list") or []
    known = {str(row.get("open_kfid", "")) for row in rows if isinstance(row, dict)}
    missing = [account for account in wanted if account not in known]
    if missing:
        return [
            to_do(
                f"这些客服账号应用看不到：{'、'.join(missing)}。{_KF_PAGE}→"
                "“通过 API 管理微信客服账号”，核对账号 ID。"
            )
        ]
    return [well(f"微信客服 {len(wanted)} 个账号都在。")]


async def archive(patient: Patient) -> list[Finding]:
    """会话内容存档: library and keys lie there, the secret holds, people have a licence."""
    secret = patient.settings.archive_secret.get_secret_value()
    if not secret:
        return [skipped("没有配置会话内容存档。")]
    findings = await asyncio.to_thread(_archive_files, patient)
    try:
        answer = await patient.corp_by(secret).post("msgaudit/get_permit_user_list", {"type": 2})
    except (NotAllowed, Refusal) as fault:
        if fault.errcode == _OVER:
            return [*findings, to_do(f"会话内容存档已到期：{_ARCHIVE_PAGE}→续期。")]
        return [
            *findings,
            to_do(
                f"会话内容存档的 Secret 不对，或可信 IP 没有这台机器：{_ARCHIVE_PAGE}，"
                "重新复制 Secret，并在同一页填写可信 IP 地址（和应用的“企业可信IP”是两处）。"
            ),
        ]
    people = answer.get("ids") or []
    if not people:
        findings.append(
            to_do(f"还没有一个人开启存档：{_ARCHIVE_PAGE}→“开启范围”，选上群里的同事。")
        )
    return findings or [well(f"会话内容存档可用，开启了 {len(people)} 人。")]


def _archive_files(patient: Patient) -> list[Finding]:
    library, keys = patient.settings.archive_sdk, patient.settings.archive_keys
    found = []
    if not library.is_file():
        found.append(
            to_do(f"存档 SDK 不在：{_ARCHIVE_PAGE}下载，JINGGE_ARCHIVE_SDK 写 .so 的路径。")
        )
    if not any(keys.glob("*.pem")):
        found.append(
            to_do(
                "存档私钥不在：把“消息加密公钥”各版本对应的私钥存成 1.pem、2.pem，"
                "JINGGE_ARCHIVE_KEYS 写它们所在的文件夹。"
            )
        )
    return found


async def orders(patient: Patient) -> list[Finding]:
    """政民沟通: the app may read grids and orders."""
    secret = patient.settings.report_secret.get_secret_value()
    if not secret:
        return [skipped("没有配置政民沟通（居民上报、巡查上报）。")]
    try:
        answer = await patient.corp_by(secret).post("report/grid/list", {})
    except (NotAllowed, Refusal):
        return [
            to_do(
                f"读不到政民沟通的网格：{_REPORT_PAGE}→“可调用接口的应用”，两处都加上自建应用，"
                "JINGGE_REPORT_SECRET 写这个应用的 Secret。"
            )
        ]
    count = len(answer.get("grid_list") or [])
    if not count:
        return [to_do(f"政民沟通里还没有网格：{_REPORT_PAGE}→“网格管理”，先建好网格。")]
    return [well(f"政民沟通可用，有 {count} 个网格。")]
