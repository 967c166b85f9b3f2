"""Model of a mapping file (列对照): which column of a 12345 export holds what.

Written by a clerk once for the export of his city; ``commands.import12345`` reads it. Faults are
told in Chinese like those of the site's rules.
"""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError

from config.fault_lines import Fault
from config.faults import StartupFault
from config.model_faults import model_faults
from config.shapes import CategoryCode, Code, Shape
from config.yaml_lines import parse


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, str) else value


_Column = Annotated[str, Field(min_length=1, max_length=60)]
_Columns = Annotated[tuple[_Column, ...], BeforeValidator(_as_list), Field(min_length=1)]


class Columns(Shape):
    """Which columns; order and description must be there."""

    order: _Column
    description: _Columns
    address: _Columns
    name: _Column | None = None
    phone: _Column | None = None
    category: _Column | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """Every column that is read, each once."""
        single = (self.order, self.name, self.phone, self.category)
        found = (*self.description, *self.address, *single)
        return tuple(dict.fromkeys(name for name in found if name))


class ImportMap(Shape):
    """A mapping file."""

    client: Code
    encoding: Literal["auto", "utf-8", "gb18030"] = "auto"
    delimiter: Literal[",", ";", "tab"] = ","
    columns: Columns
    categories: dict[str, CategoryCode] = Field(default_factory=dict)
    skip_if: dict[str, tuple[str, ...]] = Field(default_factory=dict)


def load_map(path: Path) -> ImportMap:
    """The mapping. Raises: StartupFault with all its faults."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise StartupFault(f"对照表 {path} 读不出来（{error.strerror}）。") from None
    document = parse(path.name, body)
    faults: list[Fault] = list(document.faults)
    if not faults:
        try:
            return ImportMap.model_validate(document.data)
        except ValidationError as error:
            faults += model_faults(document, ImportMap, error)
    raise StartupFault(*(fault.sentence for fault in sorted(faults)))
