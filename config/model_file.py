"""The second reader's model file (模型文件): shipped in ``config/model``, or a site's own.

``second.bin`` are arrays (``bot.domain.second`` reads them), ``second.json`` beside it says how it
was trained and holds its SHA-256: a file that was cut or mixed up is refused at start, not met in a
cry for help. A site that trained its own puts both into its folder. Called by ``config.load``.
"""

import hashlib
import json
from pathlib import Path

from config.fault_lines import Fault

SHIPPED = Path(__file__).parent / "model"
MODEL, REPORT = "second.bin", "second.json"
_LARGEST_BYTES = 5_000_000


def read_model(site: Path) -> tuple[bytes, list[Fault]]:
    """(the bytes of the model, faults); no bytes when there is a fault."""
    folder = site if (site / MODEL).exists() else SHIPPED
    try:
        raw = (folder / MODEL).read_bytes()
        told = json.loads((folder / REPORT).read_text("utf-8"))["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return b"", [_fault(folder, f"读不出 {MODEL} 或 {REPORT}", "从仓库重新取，或重新训练")]
    if len(raw) > _LARGEST_BYTES:
        return b"", [_fault(folder, "模型文件超过 5 MB", "用 make train 训练的不会这么大")]
    if hashlib.sha256(raw).hexdigest() != told:
        return b"", [_fault(folder, f"{MODEL} 和 {REPORT} 对不上", "两个文件要一起换")]
    return raw, []


def _fault(folder: Path, what: str, should: str) -> Fault:
    return Fault(f"{folder.name}/{MODEL}", 1, "", what, "", should)
