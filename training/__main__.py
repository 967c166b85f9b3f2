"""``make train`` and ``make train-site``: fits the second reader, for everybody or for one site.

Faults that keep it from starting are Chinese sentences on stderr and exit code 2, the missing
scikit-learn among them: it is installed for development only, so it is imported late. Usage:
``python -m training [FOLDER]`` | ``--site DIR [--anyway]`` | ``--site DIR --back``.
"""

import argparse
import sys
from pathlib import Path

from config.faults import StartupFault
from config.model_file import SHIPPED
from config.settings import load_settings
from training import pair

_TRAINERS = ("sklearn", "scipy")


def main(words: list[str]) -> int:
    """Exit code: 0 when all is well, 2 when nothing was written."""
    parser = argparse.ArgumentParser(prog="python -m training", description="训练第二读者")
    parser.add_argument("folder", type=Path, nargs="?", default=SHIPPED, help="出厂模型写到哪里")
    parser.add_argument("--site", type=Path, help="规则目录：用语料和本所的工单训练它的模型")
    parser.add_argument("--anyway", action="store_true", help="有变差的也替换（险情的除外）")
    parser.add_argument("--back", action="store_true", help="退回上一个模型")
    given = parser.parse_args(words)
    if given.site is None and (given.back or given.anyway):
        parser.error("--back、--anyway 要和 --site 一起用")
    try:
        return _done(given)
    except StartupFault as fault:
        sys.stderr.write("".join(f"{sentence}\n" for sentence in fault.sentences))
    except ModuleNotFoundError as fault:
        if (fault.name or "").partition(".")[0] not in _TRAINERS:
            raise
        sys.stderr.write(
            "训练要用 scikit-learn，它只在训练时装：请运行 make train 或 make train-site"
            "（会自动安装），或 .venv/bin/uv pip install scikit-learn。\n"
        )
    return 2


def _done(given: argparse.Namespace) -> int:
    if given.site is None:
        from training.shipped import main as train

        return train(given.folder)
    if given.back:
        sys.stdout.write(f"{pair.take_back(given.site)}\n")
        return 0
    from training.site import main as train_site

    return train_site(given.site, load_settings(), anyway=given.anyway)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
