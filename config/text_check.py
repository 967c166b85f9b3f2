"""Judges every sentence of texts.yaml before anybody hears it (话术检查).

Each is rendered with samples and must hold the manners of its listener: length of the door, no
promise, no police word to the public, no personal data in a group, the phone number in a danger.
Called by ``config.load``; the filter for what people typed is ``bot.domain.privacy``, not this.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from config.fault_lines import Fault, nearest
from config.selecting import select
from config.text_keys import GROUP, RESIDENT, STAFF, STATION_WORDS
from config.text_rules import SAMPLES, Texts, stray_brace, words_of
from config.yaml_lines import Document

GROUP_CHARACTERS = 60
DANGER_CHARACTERS = 75
APP_BYTES = 2048  # text of a custom app; a robot's stream takes 20480, so this binds for both
# Characters that fit into the parts of a card; WeCom cuts or refuses what is longer.
CARD_CHARACTERS = {"field_": 5, "card_source": 13, "card_title": 26, "card_desc": 30}
CARD_TITLES = ("danger_staff_title", "suspected_staff_title", "danger_staff_advice")

_PROMISES = re.compile(
    "(?<!请)(?<!请您)(?<!请大家)(马上|立刻|立即|这就|很快|几分钟)就?(到|来|过来|赶)"
    "|(马上|立刻|立即)(派|安排)|已经?(出警|派人|派警)|(民警|警察|消防|我们)?(正在|正)赶(来|过来|往)"
    r"|在(来的)?路上|\d+分钟(之?内|左右)?就?(赶?到|来)|保证(解决|办好|处理)|一定(解决|处理好|抓到)"
)
_TAKEN = re.compile("已有人接手|已经?通知")
_PUBLIC_WORDS = re.compile("受理|受案|立案|出警")
_SECRET_WORDS = re.compile("秘密|机密|绝密|侦查|技侦")
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx]|\d{15})(?!\d)")
_CONDITION = re.compile(
    "^.{0,12}?(如果|要是|假如|万一|若|有人|着火|起火|闻到|看到|看见|发现|遇到|碰到|见到|刚|的话|时)"
)
_GAS_FIRST = re.compile("^[^。！]*(别|不要|不)(碰|开|动)[^。！]*")


# Danger lines of no class, and the numbers that must stand in them.
_GENERAL: dict[str, dict[str, Any]] = {
    "danger_none_life_group": {"numbers": ["110", "120"]},
    "danger_again_group": {"numbers": ["110"]},
    "danger_taken_group": {"numbers": ["110"]},
}
AFTER_SIGNATURE = "danger_taken_group"


def text_faults(files: Mapping[str, Document]) -> Iterator[Fault]:
    """Every fault of texts.yaml; needs station.yaml and crisis.yaml for the danger lines."""
    document = files.get("texts.yaml")
    if document is None:
        return
    if not isinstance(document.data, dict):
        yield document.fault((), "整个文件要写成“键: 话”")
        return
    dangers = _dangers(files)
    yield from _wrong_keys(document, dangers)
    samples = {**SAMPLES, **_station(files)}
    for key, sentence in document.data.items():
        if not isinstance(sentence, str) or not sentence.strip():
            yield document.fault((key,), "这里要写一句话", f"{key}: …")
            continue
        if key not in dangers and not _is_known(key):
            continue
        words = list(_wrong_words(document, key, sentence))
        yield from words
        if not words:
            said = Texts({key: sentence}).fill(key, samples)
            for what in _judge(key, said, dangers, samples):
                yield document.fault((key,), f"{what}；说出来是“{said}”")


def _station(files: Mapping[str, Document]) -> dict[str, str]:
    """The station's own words as typed; a sample where the file gives none."""
    data = files["station.yaml"].data if "station.yaml" in files else None
    typed = data if isinstance(data, dict) else {}
    words = {word: str(typed.get(word) or "0000") for word in STATION_WORDS}
    return words | {"station": str(typed.get("name") or "派出所")}


def _dangers(files: Mapping[str, Document]) -> dict[str, dict[str, Any]]:
    """Text key → the danger class that it speaks for."""
    found = dict(_GENERAL)
    data = files["crisis.yaml"].data if "crisis.yaml" in files else None
    for _, danger in select(data, "classes.*"):
        if isinstance(danger, dict) and isinstance(danger.get("id"), str):
            if danger.get("group_speech") != "none":
                found[f"danger_{danger['id']}_group"] = danger
            if not danger.get("private_text"):
                found[f"danger_{danger['id']}_private"] = danger
    return found


def _wrong_keys(document: Document, dangers: dict[str, dict[str, Any]]) -> Iterator[Fault]:
    known = {**GROUP, **RESIDENT, **STAFF}
    for key in (*known, *dangers):
        if key not in document.data:
            words = " ".join(f"{{{word}}}" for word in known.get(key, "").split())
            should = f"{key}: …{words}" if words else f"{key}: …"
            yield document.fault((), f"缺了“{key}”这句话", should)
    for key in document.data:
        if key in known or key in dangers:
            continue
        if dangers == _GENERAL and key.startswith("danger_"):
            continue  # crisis.yaml could not be read, nothing to compare with
        near = nearest(key, (*known, *dangers))
        should = f"{near}: …" if near else "删掉这一句"
        yield document.fault((key,), f"程序里用不到“{key}”这句话", should)


def _is_known(key: str) -> bool:
    return key in GROUP or key in RESIDENT or key in STAFF


def _wrong_words(document: Document, key: str, sentence: str) -> Iterator[Fault]:
    """Placeholders that the program does not fill in this sentence."""
    allowed = [*_own_words(key), *STATION_WORDS]
    if stray_brace(sentence):
        yield document.fault((key,), "花括号要成对，里面只写一个词", "{number}")
    for word in words_of(sentence):
        if word not in allowed:
            near = nearest(word, allowed)
            own = "、".join(f"{{{name}}}" for name in _own_words(key)) or "（没有）"
            what = f"这句话里不能用 {{{word}}}，这句可用：{own}"
            should = sentence.replace(f"{{{word}}}", f"{{{near}}}") if near else ""
            yield document.fault((key,), what, should)


def _own_words(key: str) -> list[str]:
    return (GROUP.get(key) or RESIDENT.get(key) or STAFF.get(key) or "").split()


def _judge(
    key: str, said: str, dangers: dict[str, dict[str, Any]], samples: Mapping[str, str]
) -> Iterator[str]:
    """What is wrong with a rendered sentence, in Chinese."""
    if len(said.encode()) > APP_BYTES:
        yield f"太长，超过企业微信一条消息的 {APP_BYTES} 字节"
    if found := _SECRET_WORDS.search(said):
        yield f"不能出现“{found[0]}”"
    yield from _judge_length(said, _limit(key))
    if key in dangers:
        yield from _judge_danger(key, said, dangers[key])
    if key not in STAFF:
        yield from _judge_public(said, samples)


def judge_public(said: str) -> Iterator[str]:
    """What may not be said to the public in ``said``, in Chinese; for sentences of other files."""
    yield from _judge_public(said, {})


def _judge_public(said: str, samples: Mapping[str, str]) -> Iterator[str]:
    """No promise, no police word, nobody's number."""
    if found := _PROMISES.search(said):
        yield f"不能许诺“{found[0]}”"
    if found := _PUBLIC_WORDS.search(said):
        yield f"对群众不说“{found[0]}”，说收到、登记、转给"
    if (found := _PERSONAL.search(said)) and found[0] not in samples.values():
        yield f"像是手机号或证件号“{found[0]}”，不能写在话里"


def _limit(key: str) -> int:
    """Most characters of a sentence, by where it is shown."""
    if key in CARD_TITLES:
        return CARD_CHARACTERS["card_title"]
    part = next((limit for start, limit in CARD_CHARACTERS.items() if key.startswith(start)), 0)
    if part or key in STAFF:
        return part or APP_BYTES
    if key.startswith("danger_"):
        return DANGER_CHARACTERS
    return GROUP_CHARACTERS if key in GROUP else APP_BYTES


def _judge_length(said: str, limit: int) -> Iterator[str]:
    if len(said) > limit:
        yield f"太长，{len(said)} 个字，最多 {limit} 个字"


def _judge_danger(key: str, said: str, danger: dict[str, Any]) -> Iterator[str]:
    numbers = danger.get("numbers")
    listed = [str(number) for number in numbers] if isinstance(numbers, list) else []
    for number in listed:
        if not re.search(rf"(?<!\d){re.escape(number)}(?!\d)", said):
            yield f"险情的话里没有电话号码 {number}"
    if key == AFTER_SIGNATURE:
        return
    if danger.get("number_first") in ("false", "False"):
        if not _GAS_FIRST.match(said):
            yield "燃气要先说别碰开关、到室外，再说号码"
    elif listed and not any(number in _opening(said) for number in listed):
        yield f"险情的话要先说号码，{listed[0]} 要在第一句里"
    if key.endswith("_group") and not _CONDITION.match(said):
        yield "群里的险情话要从条件说起，例如“如果……”，因为有的会是误报"
    if found := _TAKEN.search(said):
        yield f"没人签收以前不能说“{found[0]}”，说“我正在通知值班人员”"


def _opening(said: str) -> str:
    """The first sentence."""
    return re.split("[。！]", said, maxsplit=1)[0]
