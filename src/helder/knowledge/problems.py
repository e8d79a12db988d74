"""A problem in the knowledge base, with the place where a person can mend it."""

from __future__ import annotations

from typing import NamedTuple

Path = tuple[str | int, ...]


class Problem(NamedTuple):
    """`check` names the rule that found it; the text says what was found, what was expected, what to do."""

    file: str
    line: int
    check: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text} [{self.check}]"


class Places:
    """Where each field of each file stands, so that a check far from the parser can still name the line."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[Path, int]] = {}

    def add(self, file: str, lines: dict[Path, int]) -> None:
        self._lines[file] = lines

    def line(self, file: str, path: Path) -> int:
        """The line of a field, or of the nearest field around it that is written."""
        lines = self._lines.get(file, {})
        while path and path not in lines:
            path = path[:-1]
        return lines.get(path, 1)

    def has(self, file: str) -> bool:
        return file in self._lines
