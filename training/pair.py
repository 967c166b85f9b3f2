"""The two files of a site's model (模型文件), put in place together and taken back in one step.

The pair before lies beside it as ``*.old``. Taking back swaps the two, so that it can itself be
taken back; where there is no pair, the shipped model counts. Called by ``training.site``; needs
nothing that trains.
"""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from config.faults import StartupFault
from config.model_file import MODEL, REPORT, read_model

_NAMES = (MODEL, REPORT)


def put(site: Path, raw: bytes, report: Mapping[str, object]) -> None:
    """Put the model into ``site``; what was there is kept for ``take_back``.

    Raises: StartupFault when the program would refuse the file at start (then nothing is changed),
    or when the folder cannot be written to.
    """
    told = {"sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw), **report}
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    try:
        with tempfile.TemporaryDirectory(prefix=".training-", dir=site) as name:
            _put(site, Path(name), raw, text)
    except OSError as fault:
        raise StartupFault(f"{site} 写不进去（{fault.strerror}），请看权限和磁盘空间。") from fault


def _put(site: Path, draft: Path, raw: bytes, text: str) -> None:
    (draft / MODEL).write_bytes(raw)
    (draft / REPORT).write_text(text, "utf-8")
    _, faults = read_model(draft)
    if faults:
        raise StartupFault(*(fault.sentence for fault in faults))
    for file in _NAMES:
        _move(site / file, _old(site / file))
        (draft / file).replace(site / file)


def take_back(site: Path) -> str:
    """The Chinese sentence that says which model counts now. Raises: StartupFault without any."""
    if not (_old(site / MODEL).exists() or (site / MODEL).exists()):
        raise StartupFault(f"{site} 里没有训练过的模型，用的就是出厂的，没有可退回的。")
    for file in _NAMES:
        kept = site / f".{file}.swap"
        _move(site / file, kept)
        _move(_old(site / file), site / file)
        _move(kept, _old(site / file))
    which = "上一次训练的" if (site / MODEL).exists() else "出厂的"
    return f"已退回，重启后用{which}模型。再运行一次就换回来。"


def _old(path: Path) -> Path:
    return path.with_name(f"{path.name}.old")


def _move(path: Path, to: Path) -> None:
    """``to`` is what ``path`` was; nothing where that was nothing."""
    if path.exists():
        path.replace(to)
    else:
        to.unlink(missing_ok=True)
