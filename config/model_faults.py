"""pydantic's errors as faults with file, line, key and the way it should look.

Split from ``config.load`` because the wording is a matter of its own: an unknown key gets the
nearest known one, a wrong type its example, an unknown word the list of words.
"""

import re
import types
from collections.abc import Iterator, Sequence
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from config.examples import example
from config.fault_lines import Fault, in_words, nearest
from config.yaml_lines import Document, Path

_QUOTED = re.compile("“([^”]+)”")


def model_faults(
    document: Document, model: type[BaseModel], error: ValidationError
) -> Iterator[Fault]:
    """One fault per error of the file."""
    for found in error.errors(include_url=False):
        yield _fault(document, model, dict(found))


def reading_faults(
    files: Sequence[Document], model: type[BaseModel], error: ValidationError
) -> Iterator[Fault]:
    """Faults of a model that is the merge of several files' top-level keys."""
    for found in error.errors(include_url=False):
        loc = found["loc"]
        if not loc:
            yield from _spoken(files, in_words(dict(found)))
            continue
        owner = (doc for doc in files if loc[0] in doc.data)
        yield _fault(next(owner, files[0]), model, dict(found))


def _spoken(files: Sequence[Document], sentences: str) -> Iterator[Fault]:
    """Faults of a whole-model check: find the line that each one quotes."""
    for sentence in sentences.split(";"):
        quoted = _QUOTED.search(sentence)
        places = (
            (doc, number, typed)
            for doc in files
            for number, typed in enumerate(doc.text, 1)
            if quoted and quoted[1] in typed
        )
        doc, number, typed = next(places, (files[0], 1, ""))
        yield Fault(doc.file, number, "", sentence, typed.strip())


def _fault(document: Document, model: type[BaseModel], found: dict[str, Any]) -> Fault:
    loc: Path = tuple(found["loc"])
    if found["type"] == "extra_forbidden":
        return _unknown_key(document, model, loc)
    if found["type"] == "missing":
        key = str(loc[-1])
        return document.fault(loc, f"缺了“{key}”这一项", example(loc) or f"{key}: …")
    path = _standing(document, loc)
    return document.fault(path, in_words(found), example(path))


def _unknown_key(document: Document, model: type[BaseModel], loc: Path) -> Fault:
    key = str(loc[-1])
    known = keys_at(model, loc[:-1])
    near = nearest(key, known)
    if "：" in key:
        return document.fault(
            loc, "冒号“：”是全角的，请用半角“:”加一个空格", key.replace("：", ": ")
        )
    if near is None:
        should = f"这里可以写：{'、'.join(known)}" if known else "删掉这一行"
        return document.fault(loc, f"不认识“{key}”这个键", should)
    typed = document.text[document.line_of(loc) - 1].strip()
    should = typed.replace(key, near, 1) if len(typed) <= 160 else f"{near}: …"
    return document.fault(loc, f"不认识“{key}”这个键，是不是“{near}”", should)


def _standing(document: Document, loc: Path) -> Path:
    """The part of pydantic's location that is a place in the file (no union or key marks)."""
    while loc and loc not in document.lines:
        loc = loc[:-1]
    return loc


def keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the mapping at ``path`` of ``model`` may have; empty when it is no model."""
    here: Any = model
    for part in path:
        here = _inside(here, part)
    shape = _model_in(here)
    if shape is None:
        return []
    return [field.alias or name for name, field in shape.model_fields.items()]


def _inside(annotation: Any, part: str | int) -> Any:
    shape = _model_in(annotation)
    if shape is not None:
        fields = {field.alias or name: field for name, field in shape.model_fields.items()}
        return fields[str(part)].annotation if str(part) in fields else None
    arguments = [kind for kind in get_args(annotation) if kind is not Ellipsis]
    return arguments[-1] if arguments else None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation is, also as ``Model | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (Union, types.UnionType):
        found = (_model_in(kind) for kind in get_args(annotation))
        return next((kind for kind in found if kind), None)
    return None
