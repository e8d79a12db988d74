"""YAML as plain text: every scalar stays what was typed, and every field knows its line.

YAML would turn `no` into false, `1.10` into 1.1 and `12:30` into 750. Here a scalar gets a type only from the field
it stands in. Repeated keys and aliases, which hide mistakes and can grow without bound, are problems.
"""

from __future__ import annotations

from typing import Any

import yaml

from helder.knowledge.problems import Path

Plain = dict[str, Any] | list[Any] | str | None

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Document:
    """A parsed file: its data, the line of each path, and what was wrong with it as (line, text)."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self.problems: list[tuple[int, str]] = []
        self._seen: set[int] = set()
        self.data: Plain = None
        try:
            node = yaml.compose(text, Loader=_LOADER)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            self.problems.append((mark.line + 1 if mark else 1, f"not readable as YAML: {_short(error)}"))
            return
        except RecursionError:
            self.problems.append((1, "nested too deeply: expected a few levels"))
            return
        try:
            self.data = None if node is None else self._plain(node, ())
        except RecursionError:
            self.problems.append((1, "nested too deeply: expected a few levels"))

    def _plain(self, node: yaml.Node, path: Path) -> Plain:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self._seen:
            self.problems.append((line, "an alias (*name): write the value out"))
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*path, i)) for i, item in enumerate(node.value)]
        plain = isinstance(node, yaml.ScalarNode) and not node.style
        return None if plain and node.value in ("", "~", "null") else str(node.value)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in found:
                self.problems.append((key_node.start_mark.line + 1, f"`{key}` stands twice: keep one"))
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            found[key] = self._plain(value_node, (*path, key))
        return found


def _short(error: yaml.YAMLError) -> str:
    return str(getattr(error, "problem", None) or error).splitlines()[0]
