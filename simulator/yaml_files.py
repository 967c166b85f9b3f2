"""YAML as people mean it: ``22:30`` and ``0012`` stay text, only true and false are truth values.

PyYAML follows YAML 1.1, where ``22:30`` is the number 1350; so its guesses are replaced by four of
YAML 1.2. Called by ``world`` and ``script``.
"""

import re
from pathlib import Path
from typing import Any

import yaml

_GUESSES = {
    "null": (r"^(?:~|null|)$", ["~", "n", ""]),
    "bool": (r"^(?:true|false)$", ["t", "f"]),
    "int": (r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    "float": (r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", list("-0123456789")),
}


class _Loader(yaml.CSafeLoader):
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _name, (_pattern, _first) in _GUESSES.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(_pattern), _first)


def load_yaml(path: Path) -> Any:
    """The values of one file. Raises: OSError, UnicodeDecodeError, yaml.YAMLError."""
    return yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506  (a safe loader)
