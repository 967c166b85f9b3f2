"""One sentence of texts.yaml exchanged where it stands (改一句话); the rest of the file stays.

Used by the page of the rules; what comes out is judged by ``check`` like any other change.
"""

import json

import yaml
from yaml.nodes import MappingNode, ScalarNode

LONGEST = 2000


class Unknown(ValueError):
    """There is no such sentence, or the file cannot be read."""


def with_sentence(text: str, key: str, sentence: str) -> str:
    """The text of the file with that sentence in place of the old one. Raises: Unknown."""
    sentence = sentence.replace("\r\n", "\n").strip()
    if not sentence or len(sentence) > LONGEST:
        raise Unknown("这句话是空的，或者太长了")
    node = _nodes(text).get(key)
    if node is None:
        raise Unknown(f"没有“{key}”这一句")
    if node.value == sentence:
        raise Unknown("这句话没有改")
    begin, end = node.start_mark.index, node.end_mark.index
    tail = "\n" if text[begin:end].endswith("\n") else ""
    return f"{text[:begin]}{json.dumps(sentence, ensure_ascii=False)}{tail}{text[end:]}"


def _nodes(text: str) -> dict[str, ScalarNode]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as fault:
        raise Unknown("这个文件现在读不出来，请在全文里改") from fault
    pairs = root.value if isinstance(root, MappingNode) else []
    return {key.value: value for key, value in pairs if isinstance(value, ScalarNode)}
