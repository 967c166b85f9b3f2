"""A YAML file as plain values plus the line of every key (读 YAML,并记住每个键在第几行).

Why nodes and not loaded objects: every scalar stays the text that was typed (``22:30``, ``0012``,
``110``; the models decide what it means), and every fault must name its line. Anchors and tags
are refused: clerks do not use them, and they can blow a file up. Called by ``config.load``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml
from yaml.error import MarkedYAMLError, YAMLError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from config.fault_lines import Fault

Path = tuple[str | int, ...]
_NULLS = ("", "~", "null", "Null", "NULL")
_FULLWIDTH_COLON = re.compile(r"^(\s*(?:- )?)([A-Za-z_][\w-]*)\s*：\s*(.*)$")
_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")  # what a YAML parser counts as one
_BARE_WORD_FIRST = re.compile(r"^(\s*[A-Za-z_][\w-]*: )(\{[a-z_]+\}[^,}]+.*)$")
_MAYBE_ANCHOR = re.compile(r"(?:^|[\s,:\[{-])&\S", re.MULTILINE)
_BRACKET = re.compile(r"[\[\]{}]")
_DEEPEST = 40
_TAB_INDENT = re.compile(r"^ *\t\s*")
_OWN_TAGS = ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One rule file: its name, text lines, values, and the line (from 1) of each path.

    Equal to itself alone: ``parse`` gives the same document for the same bytes, so what was made
    of a document can be kept by it.
    """

    file: str
    text: tuple[str, ...]
    data: Any
    lines: dict[Path, int]
    faults: tuple[Fault, ...] = ()

    def line_of(self, path: Path) -> int:
        """Line of ``path``, or of the nearest thing around it that stands in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Path, what: str, should: str = "") -> Fault:
        """A fault at ``path``, with the line as typed."""
        number = self.line_of(path)
        typed = self.text[number - 1] if number <= len(self.text) else ""
        return Fault(self.file, number, spell(path), what, typed.strip(), should)


def spell(path: Path) -> str:
    """``people[3].grids``, counted from 1 as people count."""
    words = ""
    for part in path:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else part
    return words


@lru_cache(maxsize=64)
def parse(file: str, raw: bytes) -> Document:
    """The values of ``raw``; what is wrong with it stands in ``faults``, nothing is raised.

    Kept for the same bytes, because a reload mostly reads files that did not change: leave the
    values as they are.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _wrong_encoding(file, raw, error.start)
    typed = tuple(_LINE_END.split(text))
    empty = Document(file, typed, None, {})
    if _too_deep(text):
        return _with(empty, empty.fault((), "括号嵌套得太深，读不下去"))
    try:
        return _read(_compose(text), empty, text)
    except MarkedYAMLError as error:
        return _broken(empty, _line_of(error), error.problem or "")
    except (YAMLError, ValueError, AttributeError) as error:
        return _broken(empty, 1, str(error).splitlines()[0] if str(error) else "")
    except RecursionError:
        return _with(empty, empty.fault((), "括号嵌套得太深，读不下去"))


def _read(root: Node | None, empty: Document, text: str) -> Document:
    if root is None:
        return _with(empty, empty.fault((), "这个文件是空的"))
    reader = _Reader(empty, _anchored(text))
    data = reader.value(root, ())
    return Document(empty.file, empty.text, data, reader.lines, tuple(reader.faults))


def _compose(text: str) -> Node | None:
    """The node tree by libyaml, ten times faster; what it refuses is told by the plain parser.

    Raises: YAMLError, in the plain parser's words, which ``_PROBLEMS`` knows.
    """
    try:
        found: Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    except YAMLError:
        found = yaml.compose(text, Loader=yaml.SafeLoader)
    return found


def _anchored(text: str) -> frozenset[tuple[int, int]]:
    """(line, column) of every node that has an anchor; nodes themselves do not say so."""
    if not _MAYBE_ANCHOR.search(text):
        return frozenset()
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    marks = [event.start_mark for event in events if getattr(event, "anchor", None)]
    return frozenset((mark.line, mark.column) for mark in marks if mark)


def _line_of(error: MarkedYAMLError) -> int:
    """Where to look: for what was never closed its beginning, else where reading ended."""
    problem = error.problem or ""
    unclosed = "unexpected end of stream" in problem or "expected ',' or" in problem
    first, second = error.problem_mark, error.context_mark
    mark = (second or first) if unclosed else (first or second)
    return mark.line + 1 if mark else 1


def _too_deep(text: str) -> bool:
    """True for brackets nested as no clerk nests them; a parser would take minutes."""
    depth = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket in "[{" else -1
        if depth > _DEEPEST:
            return True
    return False


def _with(document: Document, *faults: Fault) -> Document:
    return Document(document.file, document.text, None, {}, faults)


def _wrong_encoding(file: str, raw: bytes, at: int) -> Document:
    """Say which encoding it probably is; the first bad byte's line is shown decoded."""
    name = "UTF-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "GBK"
    codec = "utf-16" if name == "UTF-16" else "gb18030"
    number = raw.count(b"\n", 0, at) + 1
    typed = tuple(raw.decode(codec, errors="replace").splitlines()) or ("",)
    shown = typed[min(number, len(typed)) - 1].strip()
    should = "用记事本打开，“另存为”时编码选 UTF-8"
    fault = Fault(file, number, "", f"文件不是 UTF-8 编码（看着像 {name}）", shown, should)
    return Document(file, typed, None, {}, (fault,))


def _broken(document: Document, number: int, problem: str) -> Document:
    """Faults of a file that cannot be parsed: known slips on any line, else the parser's own."""
    slips = tuple(_slips(document))
    if any(slip.line <= number <= slip.line + 1 for slip in slips):
        return _with(document, *slips)
    number = min(max(number, 1), max(len(document.text), 1))
    typed = document.text[number - 1].strip() if document.text else ""
    what = f"这里 YAML 写得不对：{_in_chinese(problem)}"
    should = "键: 值（冒号是半角，后面空一格；缩进用空格）"
    own = Fault(document.file, number, "", what, typed, should)
    return _with(document, *slips, own)


def _slips(document: Document) -> Iterator[Fault]:
    """Tabs, full-width colons and bare sentences that begin with a brace, wherever they stand."""
    for number, typed in enumerate(document.text, 1):
        if tab := _TAB_INDENT.match(typed):
            should = typed[: tab.end()].replace("\t", "  ") + typed[tab.end() :]
            yield _slip(document, number, "缩进里有制表符（Tab），请改用空格", should)
        if colon := _FULLWIDTH_COLON.match(typed):
            should = f"{colon[1]}{colon[2]}: {colon[3]}"
            yield _slip(document, number, "冒号“：”是全角的，请用半角“:”加一个空格", should)
        if brace := _BARE_WORD_FIRST.match(typed):
            should = f'{brace[1]}"{brace[2]}"'
            yield _slip(document, number, "花括号开头的话要整句加引号", should)


def _slip(document: Document, number: int, what: str, should: str) -> Fault:
    return Fault(document.file, number, "", what, document.text[number - 1].strip(), should.strip())


_PROBLEMS = {
    "could not find expected": "这一行少了冒号",
    "mapping values are not allowed": "多了一个冒号，或者上一行没写完（带冒号的文字加引号）",
    "found character '\\t'": "用了制表符（Tab），请改用空格",
    "found unexpected end of stream": "引号或括号没有关上",
    "expected ',' or": "括号里少了逗号或少了右括号",
    "expected <block end>": "缩进和上面没对齐",
    "expected alphabetic or numeric character": "星号 * 或 & 开头的文字请加引号",
    "found undefined alias": "星号 * 开头的文字请加引号",
    "found character": "这个符号开头的文字请加引号",
    "unacceptable character": "有看不见的控制字符，请删掉重打",
    "but found another document": "文件里不要有单独一行 ---",
}


def _in_chinese(problem: str) -> str:
    known = (said for start, said in _PROBLEMS.items() if start in problem)
    return next(known, problem or "读不懂")


@dataclass(slots=True)
class _Reader:
    """Walks a node tree once and gathers values, lines and faults."""

    document: Document
    anchored: frozenset[tuple[int, int]]
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def value(self, node: Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        mark = node.start_mark
        if (mark.line, mark.column) in self.anchored or not _is_plain(node):
            self._fault(node, path, "配置里不用 &、*、! 这些记号；文字以它们开头时请加引号")
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return self._sequence(node, path)
        return self._scalar(node)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._fault(key_node, path, "键只能是一个词")
                continue
            key = str(key_node.value)
            here = (*path, key)
            if key in found:
                first = self.lines[here]
                what = f"“{key}”写了两遍，第一遍在第 {first} 行"
                self._fault(key_node, here, what, "留一个，删掉另一个")
                continue
            self.lines[here] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, here)
        return found

    def _sequence(self, node: SequenceNode, path: Path) -> list[Any]:
        for item in node.value:
            if _has_fullwidth_comma(node, item):
                should = str(item.value).replace("，", ", ").replace("、", ", ")
                self._fault(item, path, "列表里用了中文逗号或顿号，请用半角逗号", f"[{should}]")
        return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]

    def _scalar(self, node: Node) -> str | None:
        plain = isinstance(node, ScalarNode) and not node.style
        return None if plain and node.value in _NULLS else str(node.value)

    def _fault(self, node: Node, path: Path, what: str, should: str = "") -> None:
        number = node.start_mark.line + 1
        typed = self.document.text[number - 1].strip()
        fault = Fault(self.document.file, number, spell(path), what, typed, should)
        self.faults.append(fault)


def _is_plain(node: Node) -> bool:
    """True when nobody wrote a ``!tag``; YAML's own guesses are what it means by itself."""
    tag = str(node.tag or "")
    return not tag or tag == "!" or tag.removeprefix("tag:yaml.org,2002:") in _OWN_TAGS


def _has_fullwidth_comma(node: SequenceNode, item: Node) -> bool:
    """A bare word of a ``[…]`` list that holds ， or 、 was meant to be several words."""
    if not (node.flow_style and isinstance(item, ScalarNode)) or item.style:
        return False
    return "，" in item.value or "、" in item.value
