"""Judges what publicity says (宣传话术): kind, short, nobody named, no number but official ones.

The same judgement holds for publicity.yaml at ``check`` and for an approver's own words in a chat.
Called by ``config.crosscheck`` and ``handlers.publicity_acts``.
"""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from config.fault_lines import Fault
from config.publicity_rules import LONGEST, OFFICER, Publicity
from config.selecting import Files, select, texts_of
from config.text_check import judge_public
from config.yaml_lines import Document

HOTLINES = frozenset({"110", "119", "120", "122", "12110", "12345", "96110", "12356", "12350"})
_NUMBER = re.compile(r"\d[\d-]*")
_SCOLDING = re.compile("严禁|违者|必究|后果自负|一律|不听劝|勒令|责令|屡教不改|太不像话|素质")
_SECRET = re.compile("秘密|机密|绝密|侦查|技侦|布控|蹲守")
_STATION = ("room_phone", "gas_phone", "fraud_phone", "care_phone", "counter_phone", "police_sms")
_LEAST_NAME = 2


def faults_of(words: str, phones: Collection[str], names: Collection[str]) -> Iterator[str]:
    """What may not be said to residents in ``words``, in Chinese.

    ``phones`` are the station's own published ones; ``names`` belong to people who are known.
    """
    if len(words) > LONGEST:
        yield f"太长，{len(words)} 个字，最多 {LONGEST} 个字"
    if "{" in words or "}" in words:
        yield "不用花括号，电话直接写"
    if found := _SCOLDING.search(words):
        yield f"口气像训人（“{found[0]}”），换成商量的话"
    if found := _SECRET.search(words):
        yield f"不能出现“{found[0]}”"
    for number in _NUMBER.findall(words):
        plain = number.strip("-")
        if len(plain) > 2 and plain not in HOTLINES and plain not in phones:
            yield f"“{plain}”不是公布的热线，不能写"
    for name in names:
        if len(name) >= _LEAST_NAME and name in words:
            yield f"不写人名（“{name}”）"
    yield from judge_public(words)


def publicity_faults(files: Files) -> Iterator[Fault]:
    """A fault for each wording, each trigger and each group of publicity.yaml that may not be."""
    document = files.get("publicity.yaml")
    if document is None:
        return
    phones = [phone for key in _STATION for _, phone in texts_of(files, "station.yaml", key)]
    names = [name for _, name in texts_of(files, "roster.yaml", "people.*.name")]
    for pattern in ("topics.*.variants.*.text", "local_words"):
        for path, words in texts_of(files, "publicity.yaml", pattern):
            for what in faults_of(words, phones, names):
                yield document.fault(path, what)
    yield from _unknown_approver(document, files)
    yield from _same_words(document, files)
    yield from _protected_triggers(document, files)
    yield from _groups_inside(document, files)


def _unknown_approver(document: Document, files: Files) -> Iterator[Fault]:
    known = {user for _, user in texts_of(files, "roster.yaml", "people.*.id")}
    for path, user in texts_of(files, "publicity.yaml", "approver"):
        if known and user != OFFICER and user not in known:
            yield document.fault(path, f"名册里没有“{user}”（roster.yaml）", "approver: officer")


def _same_words(document: Document, files: Files) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, words in texts_of(files, "publicity.yaml", "topics.*.variants.*.text"):
        if words.strip() in seen:
            yield document.fault(path, "这句和前面一句一样，换个说法", "text: …")
        seen.add(words.strip())


def _protected_triggers(document: Document, files: Files) -> Iterator[Fault]:
    """A protected matter never leads to a line in a group."""
    if "categories.yaml" not in files:
        return
    protected = {
        str(one.get("code"))
        for _, one in select(files["categories.yaml"].data, "categories.*")
        if isinstance(one, dict) and one.get("protected") == "true"
    }
    for path, code in texts_of(files, "publicity.yaml", "topics.*.cases.*"):
        if code in protected:
            what = f"{code} 是受保护的一类，出了事不能在群里提"
            yield document.fault(path, what, "删掉这一类")


def _groups_inside(document: Document, files: Files) -> Iterator[Fault]:
    """Lines are for residents: a team's own group is none of theirs."""
    if "chats.yaml" not in files:
        return
    inside = {
        str(one.get("id"))
        for _, one in select(files["chats.yaml"].data, "chats.*")
        if isinstance(one, dict) and one.get("public") != "true"
    }
    for path, chat in texts_of(files, "publicity.yaml", "topics.*.chats.*"):
        if chat in inside:
            yield document.fault(
                path, f"“{chat}”是内部工作群，宣传发给群众群", "chats: [wrGUIHUA01]"
            )


def publicity_hints(document: Document, rules: Publicity, today: date) -> Iterator[Fault]:
    """Topics that come so often that their wordings run out within the time they must rest."""
    span = rules.again_after.days
    for index, topic in enumerate(rules.topics):
        year = [today + timedelta(days=ahead) for ahead in range(366)]
        days = [day for day in year if topic.is_on(day)]
        most = max((sum(0 <= (b - a).days < span for b in days) for a in days), default=0)
        if most > len(topic.variants):
            known = len(topic.variants)
            what = f"“{topic.name}”{span} 天里要说 {most} 次，只有 {known} 种说法，后面会空着"
            yield document.fault(("topics", index, "variants"), what, "再添几句，或少排几天")
