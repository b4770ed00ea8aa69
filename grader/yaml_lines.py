"""Where in a YAML file does each value stand?

PyYAML's own loader forgets lines and lets a later key silently replace an
earlier one. This reads the same text into plain values, remembers the line
of each, and refuses what an instructor cannot have meant: a key that is
there twice, a key that is no text, tags, aliases, numbers that are no numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Set, Tuple, Union

import yaml

# The C parser is several times faster; PyYAML may be built without it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: The way to a value: ("criteria", 3, "points").
Place = Tuple[Union[str, int], ...]


class YamlError(Exception):
    """The file is not YAML that we understand; `line` says where, or 0."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


@dataclass
class Document:
    """A YAML file's value, and the line of everything in it."""

    value: Any = None
    lines: Dict[Place, int] = field(default_factory=dict)

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the closest one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(path: Path) -> Document:
    """Read a YAML file with one document in it, or raise YamlError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise YamlError(0, "cannot be read: %s" % error.strerror) from error
    try:
        return _document(data)
    except yaml.MarkedYAMLError as error:
        raise _marked(error, data) from error
    except yaml.reader.ReaderError as error:
        line = data[: int(error.position)].count(b"\n") + 1
        raise YamlError(line, "not a text: %s" % error.reason) from error


def _document(data: bytes) -> Document:
    loader = _Loader(data)
    try:
        root = loader.get_single_node()
        if root is None:
            raise YamlError(1, "the file is empty")
        document = Document()
        document.value = _value(loader, root, (), document.lines, set())
        return document
    finally:
        loader.dispose()


def _marked(error: yaml.MarkedYAMLError, data: bytes) -> YamlError:
    """Turn an exception of PyYAML into one line, with advice where we can."""
    mark = error.problem_mark or error.context_mark
    why = str(error.problem or error.context or "it cannot be read")
    at = mark.line if mark is not None else 0
    lines = data.splitlines()
    if at < len(lines) and b"\t" in lines[at]:
        why += "; a tab is not understood here, use spaces"
    elif "mapping values" in why:
        why += "; a text with ': ' in it needs quotes"
    return YamlError(at + 1, "not YAML: " + why)


def _value(
    loader: Any,
    node: Any,
    place: Place,
    lines: Dict[Place, int],
    above: Set[int],
) -> Any:
    """Return what a node stands for; `above` holds the nodes seen so far."""
    line = node.start_mark.line + 1
    lines.setdefault(place, line)
    if id(node) in above:
        raise YamlError(line, "an alias (*name) is not understood here")
    above.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(loader, node, line)
    if not node.tag.startswith("tag:yaml.org,2002:"):
        raise YamlError(line, "a tag (%s) is not understood here" % node.tag)
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(loader, item, place + (at,), lines, above)
            for at, item in enumerate(node.value)
        ]
    return _mapping(loader, node, place, lines, above)


def _mapping(
    loader: Any,
    node: Any,
    place: Place,
    lines: Dict[Place, int],
    above: Set[int],
) -> Dict[str, Any]:
    out: Dict[str, Any] = {}
    for key_node, item in node.value:
        key = _key(loader, key_node)
        here = key_node.start_mark.line + 1
        if key in out:
            first = lines[place + (key,)]
            raise YamlError(
                here, "key '%s' is there twice; first in line %d" % (key, first)
            )
        lines[place + (key,)] = here
        out[key] = _value(loader, item, place + (key,), lines, above)
    return out


def _scalar(loader: Any, node: Any, line: int) -> Any:
    try:
        value = loader.construct_object(node)
    except ValueError as error:  # such as the date 2024-13-45
        raise YamlError(line, "'%s': %s" % (node.value, error)) from error
    if isinstance(value, float) and not math.isfinite(value):
        raise YamlError(line, "'%s' is no number to count with" % node.value)
    return value


def _key(loader: Any, node: Any) -> str:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.ScalarNode):
        raise YamlError(line, "a key must be a word")
    key = loader.construct_object(node)
    if not isinstance(key, str):
        raise YamlError(
            line, "key '%s' is read as no text; put it in quotes" % node.value
        )
    return key
