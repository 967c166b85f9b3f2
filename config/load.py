"""A site folder becomes ``Rules``, or a list of everything that is wrong with it.

Three passes over all files before anybody is told: read and parse, validate each file against its
model, check the files against each other. So a clerk sees every fault at once. Called at start,
at reload, and by ``run_bot.py check``. Imports nothing beyond config, pydantic and PyYAML.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from config.alike_rules import Alike
from config.checklist_rules import Checklists
from config.closing_rules import Closing
from config.contradictions import group_faults
from config.crosscheck import cross_faults
from config.demo_rules import Demo
from config.divert_rules import Crisis, Divert
from config.everyday_rules import Everyday
from config.faq_check import faq_faults
from config.faq_rules import Faq
from config.fault_lines import Fault, nearest
from config.faults import StartupFault
from config.joint_rules import Joint
from config.mediation_rules import Mediation
from config.model_faults import model_faults, reading_faults
from config.model_file import read_model
from config.own_words import OwnWords, merged
from config.partner_rules import Partners
from config.people_rules import Chats, Grids, Roster, Station
from config.publicity_rules import Publicity
from config.reading_rules import ReadingRules
from config.repeats_rules import Repeats
from config.retention_rules import Retention
from config.rights_rules import Rights
from config.rules import Rules
from config.selecting import Files
from config.sentence_rules import Sentences
from config.service_rules import Services
from config.text_check import text_faults
from config.text_rules import Texts
from config.time_rules import Times
from config.yaml_lines import Document, parse

_MODELS: dict[str, type[BaseModel]] = {
    "station.yaml": Station,
    "grids.yaml": Grids,
    "roster.yaml": Roster,
    "chats.yaml": Chats,
    "times.yaml": Times,
    "divert.yaml": Divert,
    "crisis.yaml": Crisis,
    "demo.yaml": Demo,
    "alike.yaml": Alike,
    "faq.yaml": Faq,
    "own_words.yaml": OwnWords,
    "partners.yaml": Partners,
    "closing.yaml": Closing,
    "rights.yaml": Rights,
    "mediation.yaml": Mediation,
    "repeats.yaml": Repeats,
    "checklists.yaml": Checklists,
    "services.yaml": Services,
    "retention.yaml": Retention,
    "everyday.yaml": Everyday,
    "joint.yaml": Joint,
    "publicity.yaml": Publicity,
    "sentences.yaml": Sentences,
}
# Files that a site may leave out, each with the part of ``Rules`` that then keeps its standard.
_PARTS = {
    "demo.yaml": "demo",
    "alike.yaml": "alike",
    "faq.yaml": "faq",
    "partners.yaml": "partners",
    "closing.yaml": "closing",
    "rights.yaml": "rights",
    "mediation.yaml": "mediation",
    "repeats.yaml": "repeats",
    "checklists.yaml": "checklists",
    "services.yaml": "services",
    "retention.yaml": "retention",
    "everyday.yaml": "everyday",
    "joint.yaml": "joint",
    "publicity.yaml": "publicity",
    "sentences.yaml": "sentences",
}
_OPTIONAL = (*_PARTS, "own_words.yaml", "dialects.yaml")
_RULE_LINES = ("categories.yaml", "danger.yaml", "reading.yaml")
READING_FILES = (*_RULE_LINES, "dialects.yaml")
REQUIRED = (*(name for name in _MODELS if name not in _OPTIONAL), "texts.yaml", *_RULE_LINES)
_OF_TEXTS = ("texts.yaml", "station.yaml", "crisis.yaml")  # what the check of texts.yaml looks at
FILES = (*REQUIRED, *_OPTIONAL)
_LARGEST_BYTES = 2_000_000
_Model = TypeVar("_Model", bound=BaseModel)


def load_rules(site: Path) -> Rules:
    """The rules of the site folder.

    Raises: StartupFault, with one Chinese sentence per fault, all of them, sorted by file and line.
    """
    rules, faults = inspect(site)
    if rules is None or faults:
        raise StartupFault(*(fault.sentence for fault in faults))
    return rules


def version_of(site: Path) -> str:
    """The version that ``load_rules`` would give this folder, good or not. Raises: OSError."""
    raw, _ = _read(site)
    weights, _ = read_model(site)
    return _version({**raw, "second.bin": weights})


def inspect(site: Path) -> tuple[Rules | None, list[Fault]]:
    """The rules, as far as they can be built, and every fault of the folder in reading order."""
    if not site.is_dir():
        should = "python run_bot.py check --site 文件夹"
        return None, [Fault(str(site), 1, "", "没有这个文件夹", "", should)]
    try:
        raw, faults = _read(site)
    except OSError as error:
        return None, [Fault(str(site), 1, "", f"文件夹打不开（{error.strerror}）", "", "看看权限")]
    documents = {name: parse(name, body) for name, body in raw.items()}
    for document in documents.values():
        faults += document.faults
    parts: dict[str, BaseModel] = {}
    for name, model in _MODELS.items():
        if _has_data(documents, name):
            part, broken = _validated(documents[name], model)
            parts |= {} if part is None else {name: part}
            faults += broken
    weights, broken_model = read_model(site)
    lines = tuple(documents[name] for name in READING_FILES if _has_data(documents, name))
    reading, unread = _reading(lines, _wanted(documents), parts.get("own_words.yaml"), weights)
    faults += unread
    readable = {name: doc for name, doc in documents.items() if doc.data is not None}
    if reading is not None:
        faults += _found(group_faults, *(readable[name] for name in _wanted(documents)))
    faults += _found(cross_faults, *readable.values())
    faults += _found(text_faults, *(readable[name] for name in _OF_TEXTS if name in readable))
    faults += _found(faq_faults, *readable.values())
    faults = sorted({*faults, *broken_model})
    if faults or reading is None:
        return None, faults
    version = _version({**raw, "second.bin": weights})
    return _assembled(parts, reading, documents["texts.yaml"], version), []


def _read(site: Path) -> tuple[dict[str, bytes], list[Fault]]:
    """The bytes of every rule file, and a fault for each that is missing or cannot be read."""
    present = sorted(path.name for path in site.iterdir())
    raw: dict[str, bytes] = {}
    faults = []
    for name in (*REQUIRED, *_OPTIONAL):
        if name in present:
            try:
                raw[name] = _bytes_of(site / name)
            except OSError as error:
                why = error.strerror or str(error)
                faults.append(Fault(name, 1, "", f"文件读不出来（{why}）", "", "看看权限"))
        elif name in REQUIRED:
            faults.append(_missing(site, name, present))
    return raw, faults


def _bytes_of(path: Path) -> bytes:
    if path.stat().st_size > _LARGEST_BYTES:
        raise OSError(0, "超过 2 MB，不像规则文件")
    return path.read_bytes()


def _missing(site: Path, name: str, present: list[str]) -> Fault:
    known = (*REQUIRED, *_OPTIONAL, "demo_day.yaml")
    near = nearest(name, (other for other in present if other not in known))
    should = f"把 {near} 改名为 {name}" if near else f"从示例 config/site/{name} 拷一份来改"
    return Fault(name, 1, "", f"文件夹 {site} 里缺少这个文件", "", should)


def _has_data(documents: dict[str, Document], name: str) -> bool:
    return name in documents and documents[name].data is not None


@lru_cache(maxsize=64)
def _validated(
    document: Document, model: type[BaseModel]
) -> tuple[BaseModel | None, tuple[Fault, ...]]:
    """The file as its model; kept for the same document, as ``parse`` keeps that."""
    try:
        return model.model_validate(document.data), ()
    except ValidationError as error:
        return None, tuple(model_faults(document, model, error))


@lru_cache(maxsize=4)
def _reading(
    files: tuple[Document, ...], wanted: tuple[str, ...], own: BaseModel | None, weights: bytes
) -> tuple[ReadingRules | None, tuple[Fault, ...]]:
    """What the reader needs, of several files; None when one of them is broken.

    The same files give the same object: the reader compiled for it serves on after a reload.
    """
    merged_data: dict[str, Any] = {}
    faults: list[Fault] = []
    for document in files:
        if not isinstance(document.data, dict):
            return None, (*faults, document.fault((), "整个文件要写成“键: 值”"))
        again = document.data.keys() & merged_data.keys()
        faults += [document.fault((key,), f"“{key}”在另一个文件里已经写过") for key in again]
        merged_data |= document.data
    if {document.file for document in files} < set(wanted):
        return None, tuple(faults)
    try:
        reading = ReadingRules.model_validate(merged_data)
    except ValidationError as error:
        return None, (*faults, *reading_faults(files, ReadingRules, error))
    if isinstance(own, OwnWords):
        reading = merged(reading, own)
    return reading.model_copy(update={"model": weights}), tuple(faults)


@lru_cache(maxsize=16)
def _found(check: Callable[[Files], Iterator[Fault]], *files: Document) -> tuple[Fault, ...]:
    """What a check of several files finds in these."""
    return tuple(check({document.file: document for document in files}))


def _wanted(documents: dict[str, Document]) -> tuple[str, ...]:
    """The files of the reader that must be readable: the three, and the dialects if there."""
    return tuple(name for name in READING_FILES if name in (*_RULE_LINES, *documents))


def _assembled(
    parts: dict[str, BaseModel], reading: ReadingRules, texts: Document, version: str
) -> Rules:
    given: dict[str, Any] = {part: parts[name] for name, part in _PARTS.items() if name in parts}
    return Rules(
        station=_part(parts, "station.yaml", Station),
        grids=_part(parts, "grids.yaml", Grids),
        roster=_part(parts, "roster.yaml", Roster),
        chats=_part(parts, "chats.yaml", Chats),
        times=_part(parts, "times.yaml", Times),
        divert=_part(parts, "divert.yaml", Divert),
        crisis=_part(parts, "crisis.yaml", Crisis),
        texts=Texts({key: str(sentence) for key, sentence in texts.data.items()}),
        reading=reading,
        version=version,
        **given,
    )


def _part(parts: dict[str, BaseModel], name: str, model: type[_Model]) -> _Model:
    part = parts[name]
    assert isinstance(part, model)  # noqa: S101 - _MODELS says so
    return part


def _version(raw: dict[str, bytes]) -> str:
    """Twelve hex digits over names and bytes of all rule files, in order."""
    digest = hashlib.sha256()
    for name in sorted(raw):
        digest.update(f"{name} {len(raw[name])}\n".encode())
        digest.update(raw[name])
    return digest.hexdigest()[:12]
