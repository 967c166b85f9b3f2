"""Every key of every rule file has an example that a fault can show."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from config.examples import EXAMPLES, example
from config.load import _MODELS
from config.model_faults import keys_at
from config.yaml_lines import Path


def paths_of(model: type[BaseModel], path: Path = ()) -> Iterator[Path]:
    """Every key of a model and of the models inside it."""
    for key in keys_at(model, path):
        here = (*path, key)
        yield here
        for step in ((), (0,), ("x",)):
            if len(here) < 6 and keys_at(model, (*here, *step)):
                yield from paths_of(model, (*here, *step))
                break


@pytest.mark.parametrize("file", sorted(_MODELS))
def test_every_key_has_an_example(file: str) -> None:
    missing = [path for path in paths_of(_MODELS[file]) if not example(path)]

    assert missing == []


def test_examples_begin_with_their_key() -> None:
    wrong = [key for key, said in EXAMPLES.items() if not said.startswith(key.split(".")[-1] + ":")]

    assert wrong == []


def test_parent_decides_where_a_key_means_two_things() -> None:
    assert example(("leave", 0, "from")) == "from: 2026-03-04"
    assert example(("quiet_hours", "from")) == 'from: "22:00"'
    assert example(()) == ""
